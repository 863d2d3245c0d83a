"""Several identical server processes over one index behind nginx: do all answer, and what memory do they share?

    python benchmarks/readers.py --index index [--readers 3] [--questions 60]

Needs Debian's `nginx`. A visitor stays with one process (hash of the address), because the page's queue lives in it. PSS counts a
page of memory that three processes share as a third of a page each (/proc/*/smaps_rollup, Linux).
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import httpx
from recording import ROOT, save
from serving import write

CONFIGURATION = """
daemon off; pid {folder}/pid; error_log {folder}/log; worker_processes 1;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream readers {{ hash $http_x_visitor$remote_addr consistent; {servers} }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://readers; proxy_http_version 1.1; proxy_set_header Host $host; proxy_buffering off;
      proxy_set_header X-Reader ""; add_header X-Reader $upstream_addr;
    }}
  }}
}}
"""


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def memory(pid: int) -> dict[str, int]:
    """MB of a process: resident, its share of what is shared, and what is its own."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines()[1:]
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return {"resident": kilobytes["Rss"] >> 10, "proportional": kilobytes["Pss"] >> 10,
            "own": (kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]) >> 10}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--readers", type=int, default=3)
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--write", action="store_true", help="into docs/scaling.md")
    options = parser.parse_args()
    ports, front = [free_port() for _ in range(options.readers)], free_port()
    command = [sys.executable, "-m", "assistant", "serve", "--index", str(options.index.resolve()), "--port"]
    readers = [subprocess.Popen([*command, str(port)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
               for port in ports]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "nginx.conf"
        path.write_text(CONFIGURATION.format(folder=folder, port=front, servers=" ".join(
            f"server 127.0.0.1:{port};" for port in ports)), "utf-8")
        proxy = subprocess.Popen(["nginx", "-c", str(path), "-e", f"{folder}/log"])  # noqa: S607
        try:
            for port in ports:
                _wait(port)
            answered: dict[str, int] = {}
            with httpx.Client(base_url=f"http://127.0.0.1:{front}", trust_env=False, timeout=60) as client:
                for number in range(options.questions):
                    visitor = {"X-Visitor": str(number)}
                    reply = client.post("/plain", data={"q": "Is ketamine addictive?"}, headers=visitor)
                    if reply.status_code == 200 and "<blockquote" in reply.text:
                        answered[reply.headers["x-reader"]] = answered.get(reply.headers["x-reader"], 0) + 1
            figures = {"asked": options.questions, "answered by each": sorted(answered.values()),
                       "memory, MB": [memory(reader.pid) for reader in readers]}
        finally:
            for process in (proxy, *readers):
                process.terminate()
            for process in (proxy, *readers):
                process.wait()
    print(figures, f"Saved {save('readers', figures)}.", sep="\n")
    if options.write:
        write("readers", [f"{options.questions} questions, answered by each: {figures['answered by each']}", *(
            f"process {number}: resident {held['resident']} MB, with its share of what is shared {held['proportional']} MB, "
            f"its own {held['own']} MB" for number, held in enumerate(figures["memory, MB"], 1))], ROOT / "docs" / "scaling.md")
    raise SystemExit(0 if sum(answered.values()) == options.questions and len(answered) == options.readers else 1)


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit(f"The reader at port {port} did not get ready.")


if __name__ == "__main__":
    main()

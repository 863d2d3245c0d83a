"""How long a build takes: with nothing changed, with one source changed, and anew.

    python benchmarks/build.py [--index index] [--rounds 3] [--anew] [--write]

Works on copies of the index and the corpus. Each build is a process of its own, from the command line, start-up and all.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from recording import ROOT, newest, save
from serving import write

CHANGED = "One more sentence stands at the end of this source."


def build(corpus: Path, index: Path) -> tuple[float, dict[str, Any]]:
    """Seconds, and what the build says of itself."""
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "assistant", "build", "--corpus", str(corpus), "--index", str(index), "--json"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True, cwd=ROOT)
    return time.perf_counter() - begun, json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"), help="built and current")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--anew", action="store_true", help="build everything once more too (minutes)")
    parser.add_argument("--write", action="store_true", help="into docs/scaling.md")
    options = parser.parse_args()
    record: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        shutil.copytree(ROOT / "corpus", corpus)
        shutil.copytree(options.index, index, symlinks=True, ignore=shutil.ignore_patterns("beir", ".lock"))
        build(corpus, index)
        source = next(path for path in sorted((corpus / "texts").glob("*.md")) if path.name.startswith("fact-"))
        for name, changes in (("nothing changed", False), ("one source changed", True)):
            taken = []
            for number in range(options.rounds):
                if changes:
                    source.write_text(f"{source.read_text('utf-8').rstrip()}\n\n{CHANGED} It is number {number}.\n", "utf-8")
                seconds, said = build(corpus, index)
                if said["published"] != changes:
                    raise SystemExit(f"{name}: published is {said['published']}.")
                taken.append(seconds)
            record[name] = {"s": round(statistics.median(taken), 2), "embedded": said["embedded"], "reused": said["reused"]}
        if options.anew:
            seconds, said = build(corpus, Path(folder) / "anew")
            record["anew"] = {"s": round(seconds, 1), "embedded": said["embedded"], "reused": said["reused"]}
    saved = save("build", record)
    lines = as_lines(newest("build"))
    print(*lines, f"Saved {saved}.", sep="\n")
    if options.write:
        write("build", lines, ROOT / "docs" / "scaling.md")


def as_lines(record: dict[str, Any]) -> list[str]:
    """A saved run as it stands in docs/scaling.md."""
    load = record["load"][0] if record["load"] else "-"
    return [f"{record['date'][:10]}, {record['commit']}, {record['machine']}, load {load}",
            *(f"{name:20} {found['s']:7.2f} s   {found['embedded']:6} texts embedded, {found['reused']:6} reused"
              for name in ("nothing changed", "one source changed", "anew") if (found := record.get(name)))]


if __name__ == "__main__":
    main()

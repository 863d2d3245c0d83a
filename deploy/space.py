"""This checkout with its built index -> a folder that a Hugging Face Space runs as it is: python deploy/space.py FOLDER

    FOLDER/README.md          the front matter that a Space is configured by
    FOLDER/requirements.txt   deploy/serving.txt: no torch, because the index comes along built
    FOLDER/app.py, assistant/, corpus/, index/
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONT = """---
title: Ketamine Answers
emoji: 📖
colorFrom: green
colorTo: gray
sdk: gradio
sdk_version: {gradio}
python_version: "3.11"
app_file: app.py
pinned: false
license: apache-2.0
short_description: Cited passages about ketamine, word for word
---

Questions about ketamine, answered with passages from named sources, quoted word for word, and always the same safety notice.
Nothing is generated. Set the Space's variables as docs/deploy-space.md of the project says.
"""


def write_space(folder: Path, root: Path = ROOT) -> None:
    """Fill a new or empty folder. Raises SystemExit with one sentence when it cannot."""
    if folder.exists() and (not folder.is_dir() or any(found.name != ".git" for found in folder.iterdir())):
        raise SystemExit(f"{folder} already holds something: name a folder that is empty or new.")
    published = (root / "index" / "current").resolve()
    if (root / "index" / "current").is_file():
        published = root / "index" / (root / "index" / "current").read_text("utf-8").strip()
    if not (published / "manifest.json").is_file():
        raise SystemExit(f"{root / 'index'} holds no built index: run `python -m assistant build` first.")
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("assistant", "corpus"):
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", "LICENSE"):
        shutil.copy(root / name, folder / name)
    shutil.copytree(published, folder / "index" / published.name)
    (folder / "index" / "current").write_text(published.name + "\n", "utf-8")  # a hub keeps no links
    requirements = (root / "deploy" / "serving.txt").read_text("utf-8")
    (folder / "requirements.txt").write_text(requirements, "utf-8")
    (version,) = re.findall(r"^gradio==(\S+)$", requirements, re.MULTILINE)
    (folder / "README.md").write_text(FRONT.format(gradio=version), "utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("Give one folder: python deploy/space.py FOLDER")
    write_space(Path(sys.argv[1]))

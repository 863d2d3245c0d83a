"""The house stays as drawn: imports point down, one door per heavy dependency, rooms hold no code."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

PACKAGE = ROOT / "assistant"
BELOW = {  # package -> the packages that it may import from; every one may import the modules at the top
    "screening": "",
    "corpus": "screening",
    "ingestion": "corpus",
    "index": "corpus screening",
    "answering": "index corpus screening",
    "indexing": "answering index corpus screening",
    "evaluation": "indexing answering index corpus screening",
    "server": "evaluation indexing answering index corpus screening",
    "cli": "server evaluation indexing answering index ingestion corpus screening",
}
TOP = {"schema", "notices", "errors", "messages", "links", "arrays", "atomic_files", "child_process"}  # nouns and sentences,
# files and processes: import from each other only
DOORS = {  # outside library -> the one package or module that imports it
    "sentence_transformers": "index.encoder_torch", "transformers": "index.encoder_torch",
    "onnxruntime": "index.encoder_onnx", "onnx": "index.encoder_onnx",
    "tokenizers": "index.encoder_onnx index.encoder_torch", "huggingface_hub": "index.encoder",
    "torch": "index.encoder_torch indexing.training",
    "sklearn": "indexing.training", "scipy": "indexing.training",
    "faiss": "index", "tantivy": "index", "bm25s": "index", "Stemmer": "index", "rapidfuzz": "index",
    "filelock": "index ingestion",
    "threadpoolctl": "index", "psycopg": "index.stores.postgres.connection", "ray": "index.encoder_ray",
    "sentencex": "corpus.passages", "pyphen": "corpus.lint.readability", "safetensors": "arrays",
    "ir_measures": "evaluation.metrics", "tqdm": "cli.terminal",
    "gradio": "server", "fastapi": "server", "uvicorn": "server", "jinja2": "server", "markupsafe": "server",
    "brotli": "server", "mcp": "server.mcp_server", "mcp_types": "server.mcp_server",
    "pypdfium2": "ingestion", "mammoth": "ingestion", "lxml": "ingestion", "readability": "ingestion",
    "markdown_it": "ingestion", "yaml": "ingestion", "httpx": "ingestion", "tomlkit": "ingestion",
}
ROOMS = ("corpus", "index", "eval")


def imports(path: Path) -> set[str]:
    """Every module named in an import statement of a file, at any depth."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """assistant/index/bm25.py -> index.bm25"""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_point_down_only(path: Path) -> None:
    package, _, inside = name_of(path).partition(".")
    if not inside and package in ("__init__", "__main__"):
        return
    may = {package, *BELOW[package].split(), *TOP} if inside else TOP
    for name in imports(path):
        if name.startswith("assistant.") and (below := name.split(".")[1]) != "__version__":
            assert below in may, f"{name_of(path)} must not import {name}"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_each_outside_library_has_one_door(path: Path) -> None:
    for name in imports(path):
        doors = DOORS.get(name.split(".")[0])
        inside = doors is None or any(f"{name_of(path)}.".startswith(f"{door}.") for door in doors.split())
        assert inside, f"{name} may be imported only by {doors}"


def test_every_outside_library_has_its_door() -> None:
    outside = {name.split(".")[0] for path in modules() for name in imports(path)} - set(sys.stdlib_module_names) - {"assistant"}
    assert outside == set(DOORS) | {"numpy"}


def test_every_package_and_every_module_at_the_top_has_a_place_in_the_picture() -> None:
    found = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert found == set(BELOW)
    assert {path.stem for path in PACKAGE.glob("*.py")} == TOP | {"__init__", "__main__"}


def test_no_folder_holds_more_than_sixteen_modules_and_no_module_more_than_300_lines() -> None:
    for folder in {path.parent for path in modules()}:
        assert len(list(folder.glob("*.py"))) <= 17, folder  # sixteen and __init__.py
    assert not {name_of(path): lines for path in modules() if (lines := len(path.read_text("utf-8").splitlines())) > 300}


def docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_every_module_says_what_flows_through_it(path: Path) -> None:
    assert path.stem in ("schema", "__init__") or "->" in docstring(path).splitlines()[0]
    assert docstring(path)


def test_no_two_modules_say_that_the_same_flows_through_them() -> None:
    firsts = [docstring(path).splitlines()[0].split(".")[0] for path in modules()]
    assert [first for first in set(firsts) if firsts.count(first) > 1] == []


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_what_a_module_says_about_the_libraries_that_it_alone_imports_is_so(path: Path) -> None:
    text = docstring(path)
    assert not re.search(r"\bOwns\b|(?<!only )\bimporter of\b", text), "one form: The only importer of X."
    for named in re.findall(r"The only importer of\s+(\w+)(?: and (\w+))?", text):
        for library in filter(None, named):
            importers = [name_of(other) for other in modules() if library in {name.split(".")[0] for name in imports(other)}]
            assert importers == [name_of(path)], library


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_hold_no_code_and_a_readme(room: str) -> None:
    assert not list((ROOT / room).rglob("*.py"))
    assert 5 <= len((ROOT / room / "README.md").read_text("utf-8").splitlines()) <= 14


def test_nothing_imports_a_room() -> None:
    for path in [*modules(), *(ROOT / "tests").rglob("*.py"), ROOT / "app.py"]:
        assert not {name.split(".")[0] for name in imports(path)} & set(ROOMS), path


@pytest.mark.parametrize(("module", "unwanted"), [
    ("assistant", {"torch", "gradio", "faiss", "numpy"}),
    ("assistant.screening.urgent", {"torch", "gradio", "faiss", "numpy"}),
    ("assistant.index.encoder", {"torch", "faiss", "numpy", "safetensors"}),
    ("assistant.index.location", {"psycopg", "faiss", "numpy", "sentencex"}),
    ("assistant.answering.assistant", {"torch", "gradio", "sentence_transformers"}),
    ("assistant.evaluation.evaluate", {"torch", "gradio", "sentence_transformers"}),
    ("assistant.server.web.page", {"torch", "sentence_transformers"}),
])
def test_importing_loads_nothing_heavy_that_is_not_needed(module: str, unwanted: set[str]) -> None:
    code = f"import sys, {module}; print(*sorted(set(sys.modules) & {unwanted!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == ""

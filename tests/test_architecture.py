"""The house stays as drawn: imports point down, one door per heavy dependency, rooms hold no code."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "assistant"
LAYERS = [  # a module may import from layers above its own line, and from its own line only where noted
    {"schema", "errors", "measures", "papers"},
    {"jsonl", "strict_toml", "foreign_numbers"},
    {"statistics", "trec", "beir", "terminal", "tally", "turnstile", "buckets", "headers", "quiet", "trees", "walking", "boxing",
     "packing"},
    {"lines", "wording", "links", "paragraphs", "labels", "listening", "squeezing", "contrast", "pdfs", "books", "webpages",
     "origins"},
    {"places", "highlight", "relevance"},
    {"tongues", "alarms", "differing", "exemplars", "site", "citing", "reading", "fetching"},
    {"editorial", "phrases"},
    {"named", "about", "languages"},
    {"corpus", "classifier", "passages", "embedding", "keywords", "urgent", "limits", "generation", "nearest",
     "engine"},
    {"spelling", "maxsim", "desk", "grading", "fingerprints", "folder", "keeping", "records", "crew", "training"},
    {"weights"},
    {"shelf", "stacks", "postings", "tables"},
    {"lookup"},
    {"proving"},
    {"index", "phrasing", "phonebook", "overlap", "bookkeeping"},
    {"ranking", "linting", "selection", "retention", "staleness", "publishing"},
    {"decision", "companions"},
    {"answering", "checking", "importing"},
    {"golden", "receipts", "freshness", "words"},
    {"building", "rebuilding", "fitting"},
    {"evaluation", "rendering", "guard", "loading", "comparing", "reports", "watching"},
    {"choices", "service", "book", "adding", "confusion"},
    {"editors"},
    {"web", "report_page", "gating", "notebook", "tools"},
    {"measuring", "asking", "bringing"},
    {"cli"},
    {"__main__", "__init__"},
]
DOORS = {
    "sentence_transformers": {"embedding"}, "torch": {"embedding", "training"}, "transformers": {"embedding"},
    "sklearn": {"training"}, "scipy": {"training"},
    "onnxruntime": {"embedding"}, "tokenizers": {"embedding"}, "huggingface_hub": {"embedding"},
    "faiss": {"nearest"}, "tantivy": {"stacks"}, "psycopg": {"engine"}, "ray": {"crew"},
    "bm25s": {"keywords"}, "Stemmer": {"keywords"}, "sentencex": {"passages"},
    "safetensors": {"packing"}, "threadpoolctl": {"maxsim"}, "filelock": {"generation"},
    "ir_measures": {"measures"}, "gradio": {"web"}, "fastapi": {"web"}, "uvicorn": {"listening"},
    "jinja2": {"rendering"}, "brotli": {"squeezing"}, "tqdm": {"terminal"},
    "rapidfuzz": {"spelling"}, "pyphen": {"grading"},
    "kreuzberg": {"pdfs"}, "mammoth": {"books"}, "lxml": {"trees"}, "readability": {"webpages"},
    "markdown_it": {"reading"}, "httpx": {"fetching"}, "tomlkit": {"importing"}, "mcp": {"tools"}, "mcp_types": {"tools"},
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
    return sorted(PACKAGE.glob("*.py"))


def layer(module: str) -> int:
    return next(number for number, names in enumerate(LAYERS) if module in names)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_imports_point_down_only(path: Path) -> None:
    names = {name for names in LAYERS for name in names}
    for name in imports(path):
        below = name.removeprefix("assistant.").split(".")[0]
        if name.startswith("assistant.") and below in names and below != path.stem and path.stem != "__init__":
            assert layer(below) < layer(path.stem), f"{path.stem} must not import {below}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_each_heavy_dependency_has_one_door(path: Path) -> None:
    for name in imports(path):
        doors = DOORS.get(name.split(".")[0])
        assert doors is None or path.stem in doors, f"{name} may be imported only by {doors}"


def test_every_module_has_a_place_in_the_picture() -> None:
    assert {path.stem for path in modules()} == {name for names in LAYERS for name in names}


def test_every_module_says_what_flows_through_it() -> None:
    for path in modules():
        text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        assert path.stem in ("schema", "errors", "__init__") or "->" in text.splitlines()[0], path.name


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
    ("assistant.answering.assistant", {"torch", "gradio", "sentence_transformers"}),
    ("assistant.evaluation.evaluate", {"torch", "gradio", "sentence_transformers"}),
    ("assistant.server.web.page", {"torch", "sentence_transformers"}),
])
def test_importing_loads_nothing_heavy_that_is_not_needed(module: str, unwanted: set[str]) -> None:
    code = f"import sys, {module}; print(*sorted(set(sys.modules) & {unwanted!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == ""

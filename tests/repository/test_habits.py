"""The project's habits hold, and its pages name nothing that does not exist."""

from __future__ import annotations

import ast
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from assistant import __version__
from assistant.cli import main
from tests.support import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
GITHUB = ROOT / ".github"
FORMS = sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml"))
KINDS = "py|md|toml|txt|jsonl|json|html|css|js|yml|yaml|cff|ipynb|service|conf|cfg|pdf|png"
WHERE = ("", "assistant", "docs", "corpus", "eval", "tests", "deploy",
         "assistant/server/web", "assistant/server/web/templates", "assistant/server/web/static", "index/current")
MADE = (".venv/", ".peers", "index/", "/", "beir/", "eval/reports/", "mine/",
        "eval/editors.jsonl")  # made by commands; "/..." is an address
GIVEN = {"questions.jsonl", "requirements.txt"}  # the reader's own, or made by a script
CODE = [ROOT / "app.py", *(path for folder in ("assistant", "benchmarks", "tests")
                           for path in sorted((ROOT / folder).rglob("*.py")))]
TABLES = sorted(path for folder in ("assistant", "corpus") for path in (ROOT / folder).rglob("*.toml"))
MODULES = {name for path in CODE for name in path.relative_to(ROOT).with_suffix("").parts}
GONE_NAME = "_".join(("no", "such", "name"))
MADE_FILES = {"questions.jsonl", "corpus.jsonl", "queries.jsonl"}  # the reader's own, or of a BEIR folder
# names of modules before the packages, as the table of docs/decisions.md has them, but those that name something else now
DECISIONS = (ROOT / "docs" / "decisions.md").read_text("utf-8")
OLD_MODULES = {name for row in re.findall(r"^\| (`[a-z`, ]+) \|", DECISIONS, re.MULTILINE)
               for name in re.findall(r"[a-z]+", row)} - MODULES


@cache
def options(command: str) -> str:
    """The help of a command of ours; empty when there is none."""
    top = main.parser()
    chosen = next(action for action in top._actions if action.dest == "command").choices or {}
    return str(chosen[command].format_help()) if command in chosen else ""


def stale(text: str) -> list[str]:
    """Every path, command, test and name of a module in Markdown that does not exist."""
    blocks = re.findall(r"^(?:    |\t)(.+)$", text, re.MULTILINE) + [
        line for block in re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL) for line in block.splitlines()]
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    found = [f"link {target}" for target in re.findall(r"\]\(((?!http|#)[^)#]+)", text)
             if not any((ROOT / place / target).exists() for place in ("", "docs"))]
    for piece in [*spans, *blocks]:
        found += stale_command(piece)
    for span in spans:
        found += stale_name(span)
    return found


def stale_command(piece: str) -> list[str]:
    found = []
    for name, rest in re.findall(r"python -m assistant ([a-z][\w-]*)([^|`]*)", piece):
        known = options(name)
        if not known:
            found.append(f"command {name}")
        else:
            said = rest.split("#")[0]
            found += [f"option {name} {option}" for option in re.findall(r"(?<!\S)(--[a-z][a-z-]*)", said) if option not in known]
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    found += [f"make {name}" for name in re.findall(r"^make ([a-z]+)", piece) if name not in targets]
    found += [f"script {path}" for path in re.findall(r"python3? ([\w/.-]+\.py)", piece) if not (ROOT / path).exists()]
    return found


def stale_name(span: str) -> list[str]:
    path, _, test = span.partition("::")
    if re.fullmatch(rf"[\w.-]+(?:/[\w.-]+)*\.(?:{KINDS})|(?:[\w.-]+/)+", path):
        if path.startswith(MADE) or path in GIVEN:
            return []
        place = next((ROOT / where / path for where in WHERE if (ROOT / where / path).exists()), None)
        if place is None:
            return [f"path {path}"]
        return [f"test {span}"] if test and f"def {test}(" not in place.read_text("utf-8") else []
    dotted = re.fullmatch(r"(?:assistant\.)?([a-z_]+)\.([A-Za-z_]\w*)", span)
    modules = list((ROOT / "assistant").rglob(f"{dotted[1]}.py")) if dotted else []
    if dotted and modules and not any(re.search(rf"^(?:def |class )?{dotted[2]}\b", module.read_text("utf-8"), re.MULTILINE)
                                      for module in modules):
        return [f"name {span}"]
    return []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_command_test_and_name_on_a_page_exists(page: Path) -> None:
    assert stale(page.read_text("utf-8")) == []


@pytest.mark.parametrize(("text", "finding"), [
    ("`docs/gone.md`", "path docs/gone.md"), ("`tests/cli/test_main.py::test_gone`", "test tests/cli/test_main.py::test_gone"),
    ("    python -m assistant fly", "command fly"), ("`python -m assistant ask --fast`", "option ask --fast"),
    ("`make coffee`", "make coffee"), ("`python benchmarks/gone.py`", "script benchmarks/gone.py"),
    ("`passages.GONE`", "name passages.GONE"), ("[x](gone.md)", "link gone.md"), ("`gone/`", "path gone/"),
    ("```sh\nmake tea\n```", "make tea"),
])
def test_a_page_that_went_stale_is_noticed(text: str, finding: str) -> None:
    assert stale(text) == [finding]


def words_of(tree: ast.AST) -> frozenset[str]:
    """Every word of a module's code, its docstrings left out."""
    for node in documented(tree):
        if ast.get_docstring(node) is not None:
            node.body[0] = ast.Pass()
    return frozenset(re.findall(r"\w+", ast.unparse(tree)))


def documented(tree: ast.AST) -> Iterator[ast.Module | ast.ClassDef | ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)))


@cache
def code_words() -> dict[Path, frozenset[str]]:
    return {path: words_of(ast.parse(path.read_text("utf-8"))) for path in CODE}


@cache
def every_word() -> frozenset[str]:
    return frozenset().union(*code_words().values(), MODULES)


def stale_docstrings(code: str) -> list[str]:
    """Every name in backticks in a docstring that its own file does not have, and: no module of ours has it (dotted), no code
    (with an underscore), or only a module of before (``OLD_MODULES``)."""
    own, missing = words_of(ast.parse(code)), []
    for node in documented(ast.parse(code)):
        for span in re.findall(r"`+([A-Za-z_][\w./]*)`+", ast.get_docstring(node) or ""):
            *_, module, name = ["", *span.split(".")]
            if span.endswith((".py", ".toml", ".jsonl")):
                missing += stale_file(span)
            elif name in own or module in own or "/" in span:
                continue
            elif module:
                missing += [span] if stale_dotted(module, name) else []
            else:
                missing += [span] if name in OLD_MODULES or ("_" in name and name not in every_word()) else []
    return missing


def stale_dotted(module: str, name: str) -> bool:
    """True when no module or package ``module`` of ours has ``name``."""
    return not any(name in code_words()[path] if path.stem in (module, "__init__") else name in (path.stem, path.parent.name)
                   for path in CODE if module == path.stem or module in path.parent.parts[-2:])


def stale_file(name: str) -> list[str]:
    """``name``, unless some file of ours ends in it."""
    folder = ROOT / "assistant"
    return [] if name in MADE_FILES or any((place / name).exists() for place in (ROOT, ROOT / "corpus", ROOT / "eval", folder)) \
        or any(path.as_posix().endswith(f"/{name}") for path in folder.rglob(Path(name).name)) else [f"path {name}"]


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_name_in_a_docstring_exists(path: Path) -> None:
    assert stale_docstrings(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_in_a_comment_of_toml_exists(path: Path) -> None:
    comments = " ".join(re.findall(r"^#(.*)$", path.read_text("utf-8"), re.MULTILINE))
    named = re.findall(r"(?<![\w/.])[\w/-]+\.(?:py|toml|jsonl|md)\b", comments)
    assert [gone for name in named for gone in stale_file(name)] == []
    assert [name for name in re.findall(r"`([a-z_]+)`", comments) if name in OLD_MODULES] == []


@pytest.mark.parametrize(("code", "finding"), [
    ('"""a file -> its text (``boxing``)."""', "boxing"), ('"""``linting.RULES``"""', "linting.RULES"),
    ('"""``exemplars.GONE``"""', "exemplars.GONE"), ('"""See ``limits.py``."""', "path limits.py"),
    (f'def f():\n    """``{GONE_NAME}``"""', GONE_NAME),
])
def test_a_docstring_that_went_stale_is_noticed(code: str, finding: str) -> None:
    assert stale_docstrings(code) == [finding]
    assert stale_docstrings('book = 1\n"""``book``, ``labels.LABELS``, ``with_words``"""') == []


def test_contributing_tells_how_to_add_a_source_a_rule_and_a_measure_in_ten_lines_each() -> None:
    parts = re.split(r"^## How to add a (\w+)\n", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), flags=re.MULTILINE)[1:]
    assert parts[::2] == ["source", "rule", "measure"]
    for text in parts[1::2]:
        assert 5 <= len(text.strip().splitlines()) <= 10


def hooks() -> list[dict[str, str]]:
    configured = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    return [hook for repo in configured["repos"] for hook in repo["hooks"]]


def test_make_check_is_lint_and_tests_and_pre_commit_runs_what_make_lint_runs() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"^check: lint test$", makefile, re.MULTILINE)
    (lint,) = re.findall(r"^lint:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    linted = {line.split()[0].removeprefix("$(BIN)/") for line in lint.splitlines()}
    assert linted == {"ruff", "mypy"}
    for hook in hooks():
        tool, *arguments = shlex.split(hook["entry"])
        assert tool.startswith(".venv/bin/")
        assert hook["language"] == "system"
        assert [name for name in arguments if name.endswith(".py") and not (ROOT / name).exists()] == []
    tools = {shlex.split(hook["entry"])[0].removeprefix(".venv/bin/") for hook in hooks()}
    assert tools - {"python"} == linted, "python runs two test files that are quick"
    with (ROOT / "pyproject.toml").open("rb") as file:
        chosen = tomllib.load(file)["tool"]["ruff"]["lint"]["select"]
    assert {"E", "W", "I"} <= set(chosen), "line length, white space and import order"


def test_the_workflow_of_a_public_host_runs_make_lint_and_make_test() -> None:
    (path,) = (GITHUB / "workflows").glob("*.yml")
    steps = [step.get("run", "") for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values() for step in job["steps"]]
    assert [step for step in steps if step.startswith("make ")] == ["make lint", "make test"]


@pytest.mark.parametrize("form", [path for path in FORMS if path.stem != "config"], ids=lambda path: path.stem)
def test_a_form_asks_for_the_generation_and_the_kind_of_question_and_never_for_the_question(form: Path) -> None:
    fields = {field["id"]: field for field in yaml.safe_load(form.read_text("utf-8"))["body"] if "id" in field}
    assert {"kind", "generation"} <= fields.keys()
    assert fields["kind"]["type"] == "dropdown"
    assert not {"question", "message"} & fields.keys()
    assert re.search(r"do not write the (question|message) itself|No words of visitors", form.read_text("utf-8"))


def test_a_pull_request_is_asked_for_generation_and_kind_of_question_and_never_for_the_question() -> None:
    text = (GITHUB / "pull_request_template.md").read_text("utf-8")
    for asked in ("not the question", "Generation", "Kinds of question", "make check"):
        assert asked in text


@pytest.mark.parametrize(("changelog", "printed"), [
    ("# Changelog\n\n## [Unreleased]\n\n### Added\n- One.\n", "# Unreleased\n\n### Added\n- One.\n"),
    ("# C\n\n## [Unreleased]\n- Later.\n\n## [0.2.0] - 2026-12-01\n- Two.\n\n## [0.1.0]\n- One.\n", "# 0.2.0\n\n- Two.\n"),
])
def test_the_release_notes_are_those_of_the_newest_version(changelog: str, printed: str) -> None:
    assert runpy.run_path(str(ROOT / "deploy" / "release_notes.py"))["notes"](changelog) == printed


def test_make_notes_prints_the_newest_section_of_the_changelog() -> None:
    done = subprocess.run(["make", "-s", "notes", f"PYTHON={sys.executable}"], cwd=ROOT, capture_output=True, text=True,
                          check=True)
    assert done.stdout.splitlines()[0].removeprefix("# ") in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert len(done.stdout.splitlines()) > 5


@pytest.mark.parametrize(("schema", "files"), [
    ("vendor.citation-file-format", [ROOT / "CITATION.cff"]),
    ("vendor.github-issue-forms", [path for path in FORMS if path.stem != "config"]),
    ("vendor.github-issue-config", [path for path in FORMS if path.stem == "config"]),
    ("vendor.github-workflows", sorted((GITHUB / "workflows").glob("*.yml"))),
])
def test_files_for_others_fit_their_published_schemas(schema: str, files: list[Path]) -> None:
    done = subprocess.run([sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *files,
                           *(["--force-filetype", "yaml"] if schema.endswith("format") else [])],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_citation_file_names_this_version_and_licence() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    assert (cited["version"], cited["license"]) == (__version__, project["license"])


def test_text_files_end_with_one_line_end_and_hold_no_trailing_white_space() -> None:
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=False).stdout.split()
    for name in listed or pytest.skip("not a git checkout"):
        path = ROOT / name
        if path.suffix in (".py", ".toml", ".yml", ".yaml", ".cff") and path.is_file() and not name.startswith("corpus/"):
            text = path.read_bytes().decode("utf-8")
            assert text == "" or (text.endswith("\n") and not text.endswith("\n\n")), name
            assert "\r" not in text.replace("\\r", ""), name
            assert not re.search(r"[ \t]+$", text, re.MULTILINE), name

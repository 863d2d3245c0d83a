"""The shipped weights are those of the shipped messages; they go into an index only for the model that they were made for."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from assistant.corpus.exemplars import DANGER, REFUSAL, UNANSWERED
from assistant.corpus.files import SHIPPED
from assistant.corpus.reader import read_corpus
from assistant.errors import BadInput, CorpusError
from assistant.index import generation, weights
from assistant.index.encoder import PACKAGED, identify
from assistant.index.index import Index
from assistant.index.serialization import canonical
from assistant.indexing import fit, training
from assistant.indexing.build import build_index
from assistant.indexing.check import check
from assistant.screening.classifier import NETWORK_FILE
from assistant.screening.labels import LABELS
from tests.support import ROOT, ToyEncoder

GIVEN = ROOT / "corpus" / "weights"


def test_the_shipped_weights_are_as_new_as_the_shipped_messages() -> None:
    """Whoever changes these messages runs `python -m assistant fit` and commits what it writes."""
    assert weights.outdated(read_corpus(ROOT / "corpus")) == []
    assert weights.fits(GIVEN, identify(PACKAGED))


def test_the_shipped_weights_are_small_and_their_report_tells_what_they_are_worth() -> None:
    report = json.loads((GIVEN / "report.json").read_text("utf-8"))
    assert sum((GIVEN / name).stat().st_size for name in weights.FILES) == report["bytes"] <= fit.MOST_BYTES
    assert date.fromisoformat(report["date"])
    figures = report["figures"]
    assert set(figures) == set(LABELS)
    assert report["sections"]["among the first 1"] < report["sections"]["among the first 3"]
    assert all(each["auroc"] > 0.85 and each["calibration error"] < 0.06 for each in figures.values())
    assert (GIVEN / "report.json").read_bytes() == canonical(report) + b"\n"


# ---- a small folder of messages, and the toy encoder


@pytest.fixture
def taught(corpus: Path) -> Path:
    """A folder with a few messages of every kind, which five words can tell apart."""
    words = ("bladder", "alcohol", "help", "depression", "ketamine bladder", "ketamine help")
    for of in (DANGER, REFUSAL):
        rows = [{"text": f"{word} {number}", of.key: label}
                for label, word in zip((*of.labels, None), (*words[:len(of.labels)], "calm"), strict=True)
                for number in range(12)]
        (corpus / of.file).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    rows = [{"text": f"{label} alcohol {number}", "kind": label} for label in UNANSWERED.labels for number in range(9)]
    (corpus / UNANSWERED.file).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (corpus / "asked.toml").write_text(
        '[[asked]]\nsource_id = "bladder"\nheading = "Bladder"\nquestions = ["' + '", "'.join(
            f"ketamine bladder {number}" for number in range(20)) + '"]\n')
    return corpus


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "EPOCHS", 2)
    monkeypatch.setattr(training, "_folds", by_turns)  # to five words nearly all messages are alike


def by_turns(wanted: np.ndarray, _: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    turn = np.arange(len(wanted)) // 2 % training.FOLDS
    return [(np.flatnonzero(turn != fold), np.flatnonzero(turn == fold)) for fold in range(training.FOLDS)]


def test_a_fit_writes_weights_and_a_report_and_the_same_again(taught: Path, tmp_path: Path) -> None:
    report = fit.fit(taught, encoder=ToyEncoder(), today=date(2026, 11, 29))
    assert report == json.loads((taught / "weights" / "report.json").read_text("utf-8"))
    assert set(report["files"]) == set(weights.FILES)
    assert report["counts"]["asked"] == {"sections": 1, "questions": 20}
    fit.fit(taught, tmp_path / "again", encoder=ToyEncoder(), today=date(2026, 11, 29))
    for path in (taught / "weights").iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()
    assert weights.outdated(read_corpus(taught)) == []


def test_weights_go_into_every_generation_and_answer_from_there(taught: Path, tmp_path: Path) -> None:
    fit.fit(taught, encoder=ToyEncoder())
    build_index(taught, tmp_path / "index", encoder=ToyEncoder())
    folder = generation.current(tmp_path / "index")
    assert {path.name for path in folder.iterdir()} >= set(weights.FILES)
    shutil.rmtree(taught)
    index = Index.open(tmp_path / "index", ToyEncoder())
    assert index.network
    assert index.network.sections == (("bladder", "Bladder"),)
    one = np.eye(5, dtype=np.float32)[1]
    assert tuple(index.network.read(one, one).logits) == LABELS
    (folder / NETWORK_FILE).write_bytes(b"x")
    with pytest.raises(Exception, match=r"network\.safetensors was changed"):
        Index.open(tmp_path / "index", ToyEncoder())


def test_asked_as_questions_have_vectors_only_where_the_weights_do_not_know_their_section(taught: Path, tmp_path: Path) -> None:
    build_index(taught, tmp_path / "before", encoder=ToyEncoder())
    fit.fit(taught, encoder=ToyEncoder())
    with (taught / "asked.toml").open("a") as stream:
        stream.write('\n[[asked]]\nsource_id = "alcohol"\nheading = "Alcohol"\nquestions = ["is alcohol bad"]\n')
    build_index(taught, tmp_path / "index", encoder=ToyEncoder())
    before, index = (Index.open(tmp_path / name, ToyEncoder()) for name in ("before", "index"))
    assert before.store.rows - index.store.rows == 20 - 1
    assert [index.passages[number].source_id for number in np.flatnonzero(index.section >= 0)] == ["bladder"]


def test_weights_for_another_model_are_left_out_and_the_build_says_so_in_one_line(corpus: Path, tmp_path: Path) -> None:
    said: list[str] = []
    build_index(corpus, tmp_path / "index", encoder=ToyEncoder(), log=said.append)
    (line,) = [line for line in said if "weights" in line]
    assert "python -m assistant fit" in line
    index = Index.open(tmp_path / "index", ToyEncoder())
    assert index.network is None


@pytest.mark.parametrize("name", [DANGER.file, REFUSAL.file, UNANSWERED.file, "asked.toml"])
def test_a_message_that_was_added_after_the_fit_is_a_fault_that_names_file_and_way_out(taught: Path, tmp_path: Path,
                                                                                     name: str) -> None:
    fit.fit(taught, encoder=ToyEncoder())
    build_index(taught, tmp_path / "index", encoder=ToyEncoder())
    assert not [finding for finding in check(taught, tmp_path / "index") if finding.rule == "weights"]
    more = {"asked.toml": '\n[[asked]]\nsource_id = "alcohol"\nheading = "Alcohol"\nquestions = ["is alcohol bad"]\n',
            "unanswered.jsonl": '{"text": "one more", "kind": "off_topic"}\n',
            REFUSAL.file: '{"text": "one more", "subject": null}\n'}
    with (taught / name).open("a") as stream:
        stream.write(more.get(name, '{"text": "one more", "kind": null}\n'))
    (finding,) = [finding for finding in check(taught, tmp_path / "index") if finding.rule == "weights"]
    assert finding.level == "error"
    assert finding.where == str(taught / name)
    assert f"python -m assistant fit --corpus {taught}" in finding.problem


def test_comments_and_headings_around_the_messages_make_no_weights_old(taught: Path) -> None:
    fit.fit(taught, encoder=ToyEncoder())
    (taught / "asked.toml").write_text("# a word to editors\n" + (taught / "asked.toml").read_text())
    assert weights.outdated(read_corpus(taught)) == []


def test_messages_that_a_folder_brings_without_weights_of_its_own_are_not_passed_over_in_silence(corpus: Path) -> None:
    assert weights.outdated(read_corpus(corpus)) == []
    shutil.copy(SHIPPED / DANGER.file, corpus)
    assert weights.outdated(read_corpus(corpus)) == []  # the very messages of the shipped weights
    with (corpus / DANGER.file).open("a") as stream:
        stream.write('{"text": "one more", "kind": null}\n')
    assert weights.outdated(read_corpus(corpus)) == [corpus / DANGER.file]


@pytest.mark.parametrize("harm", ["report", "file"])
def test_weights_that_are_not_whole_stop_a_build_in_one_sentence(taught: Path, tmp_path: Path, harm: str) -> None:
    fit.fit(taught, encoder=ToyEncoder())
    path = taught / "weights" / ("report.json" if harm == "report" else NETWORK_FILE)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(CorpusError, match=r"run `python -m assistant fit`"):
        build_index(taught, tmp_path / "index", encoder=ToyEncoder())


def test_without_messages_there_is_nothing_to_fit(corpus: Path, tmp_path: Path) -> None:
    for name in ("notice.toml", "helplines.toml"):
        shutil.copy(SHIPPED / name, tmp_path)
    with pytest.raises(BadInput, match=r"no exemplars\.jsonl"):
        fit.fit(corpus, encoder=ToyEncoder(), shipped=tmp_path)

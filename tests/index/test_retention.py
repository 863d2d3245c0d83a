"""Three generations are kept; going back is one switch to the one before, and no build undoes it by itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.answering.assistant import Assistant
from assistant.errors import BadInput, BuildFailed, IndexCorrupt
from assistant.index import generation, retention
from assistant.indexing.build import BuildResult, build_index
from tests.cli.test_main import call, one_sentence
from tests.support import BLADDER, ToyEncoder


def build(corpus: Path, index: Path, words: str = "", force: bool = False) -> BuildResult:
    if words:
        (corpus / "bladder.txt").write_text(f"Bladder\n\n{BLADDER} {words}\n")
    return build_index(corpus, index, encoder=ToyEncoder(), force=force)


@pytest.fixture
def three(corpus: Path, index: Path) -> list[str]:
    """Names of three published generations, oldest first."""
    return [generation.current(index).name,
            *(build(corpus, index, f"These are words number {number}.").generation for number in (2, 3))]


def live(index: Path) -> str:
    return generation.current(index).name


def quoted(index: Path) -> str:
    return Assistant.open(index, encoder=ToyEncoder()).ask("bladder").citations[0].exact


def test_going_back_publishes_the_generation_before_and_keeps_the_other(index: Path, three: list[str]) -> None:
    assert "number 3" in quoted(index)
    assert retention.rollback(index) == (three[1], three[2])
    assert "number 2" in quoted(index)
    assert retention.generations(index) == [three[1], three[0], three[2]]
    assert retention.rollback(index) == (three[0], three[1])
    assert quoted(index) == BLADDER
    with pytest.raises(BadInput, match="no earlier generation"):
        retention.rollback(index)
    assert retention.generations(index) == [three[0], three[2], three[1]]


def test_the_command_says_what_it_did_and_exits_with_2_when_there_is_none(
        index: Path, three: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "rollback", "--index", index)
    assert (code, err) == (0, "")
    assert one_sentence(out.replace("again. ", "again: "))
    assert three[1] in out
    assert three[2] in out
    call(capsys, "rollback", "--index", index)
    for folder in (index, index / "nowhere"):
        code, out, err = call(capsys, "rollback", "--index", folder)
        assert (code, out) == (2, "")
        assert one_sentence(err)
        assert str(folder) in err
    assert not (index / "nowhere").exists()
    assert live(index) == three[0]


def test_an_unchanged_build_does_not_bring_back_what_was_rolled_back(
        index: Path, corpus: Path, three: list[str]) -> None:
    retention.rollback(index)
    result = build(corpus, index)
    assert (result.published, result.generation, result.changed) == (False, three[1], ("bladder",))
    assert three[2] in result.reason
    assert "--force" in result.reason
    assert live(index) == three[1]
    forced = build(corpus, index, force=True)
    assert forced.published
    assert "number 3" in quoted(index)


def test_after_a_change_it_publishes_and_going_back_leads_past_what_was_rolled_back(
        index: Path, corpus: Path, three: list[str]) -> None:
    retention.rollback(index)
    result = build(corpus, index, "These are words number 4.")
    assert result.published
    assert retention.generations(index) == [result.generation, three[1], three[0]]
    assert retention.rollback(index)[0] == three[1]


def test_a_generation_that_is_not_whole_is_not_gone_back_to(index: Path, three: list[str]) -> None:
    (index / three[1] / "corpus.json").write_bytes(b"{}")
    with pytest.raises(IndexCorrupt, match=r"nothing was changed.*corpus\.json"):
        retention.rollback(index)
    assert live(index) == three[2]
    assert not retention.rolled_back(index)


@pytest.mark.parametrize("harm", ["gone", "no pointer", "false pointer"])
def test_going_back_is_a_way_out_when_the_published_one_is_harmed(index: Path, three: list[str], harm: str) -> None:
    if harm == "gone":
        generation.discard(index / three[2])
    else:
        (index / "current").unlink()
        if harm == "false pointer":
            (index / "current").symlink_to("elsewhere")
    wanted = three[1] if harm == "gone" else three[2]
    assert retention.rollback(index)[0] == wanted
    assert live(index) == wanted


def test_what_was_never_published_is_no_way_back_and_is_cleared_away(index: Path, corpus: Path, three: list[str]) -> None:
    generation.switch(index, three[1])  # as if the third build had been killed just before its switch
    result = build(corpus, index)
    assert result.published
    assert retention.generations(index) == [result.generation, three[1], three[0]]


def test_a_clock_that_was_set_back_makes_no_old_generation_out_of_a_new_one(index: Path, corpus: Path) -> None:
    first = live(index)
    future = "2999" + first[4:]
    (index / first).rename(index / future)
    generation.switch(index, future)
    result = build(corpus, index, force=True)
    assert result.generation > future


def test_going_back_waits_for_no_build(index: Path, three: list[str]) -> None:
    with generation.locked(index), pytest.raises(BuildFailed, match="Another build"):
        retention.rollback(index)
    assert live(index) == three[2]


def test_a_link_that_a_killed_build_left_is_cleared_away(index: Path, corpus: Path) -> None:
    os.symlink("nowhere", index / ".draft-1-current")
    build(corpus, index)
    assert not list(index.glob(".draft-*"))


def test_a_reader_whose_generation_is_taken_away_meanwhile_gets_the_newer_one(
        index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.index import index as module

    def overtaken(folder: Path) -> object:
        monkeypatch.undo()
        build(corpus, index, "These are words number 9.")
        generation.discard(folder)
        return generation.verify(folder)

    monkeypatch.setattr(module, "verify", overtaken)
    assert "number 9" in quoted(index)


@pytest.mark.model
def test_a_real_generation_is_gone_back_to_only_when_its_own_model_works(
        shipped_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import shutil

    from assistant.corpus.files import SHIPPED

    copy, corpus = tmp_path / "index", tmp_path / "corpus"
    shutil.copytree(shipped_index, copy, symlinks=True)
    shutil.copytree(SHIPPED, corpus)
    first = live(copy)
    (corpus / "notice.toml").write_text((corpus / "notice.toml").read_text("utf-8").replace("Ask a", "See a", 1), "utf-8")
    assert call(capsys, "build", "--corpus", corpus, "--index", copy)[0] == 0
    assert live(copy) != first
    assert call(capsys, "rollback", "--index", copy)[0] == 0
    assert live(copy) == first
    assert Assistant.open(copy).ask("Is ketamine addictive?").citations

"""A receipt says where the quoted words stand, and never says so of other words."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.assistant import Assistant
from assistant.answering.receipts import SHORTEST_HASH, Receipt, check_receipt, read_receipt
from assistant.cli import main
from assistant.errors import BadInput
from assistant.index import retention
from assistant.indexing.build import build_index
from assistant.schema import Citation
from tests.support import BLADDER, ToyEncoder

QUESTION = "Does ketamine hurt the bladder?"


@pytest.fixture
def citation(assistant: Assistant) -> Citation:
    return assistant.ask(QUESTION).citations[0]


def rewrite(corpus: Path, text: str) -> None:
    (corpus / "bladder.txt").write_text(text, "utf-8")


def test_every_citation_carries_its_receipt_and_its_generation(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION).to_json()
    assert answer["citations"]
    for cited in answer["citations"]:
        receipt = read_receipt(cited["receipt"])
        assert (receipt.source_id, receipt.start, receipt.end) == (cited["source_id"], cited["start"], cited["end"])
        assert receipt.fits(cited["exact"])
        assert cited["generation"] == answer["generation"] == assistant.generation


def test_words_that_stand_are_said_to_stand(citation: Citation, corpus: Path, index: Path) -> None:
    found = check_receipt(citation.receipt, corpus, index)
    assert (found.verdict, found.exit_code) == ("stands", 0)
    assert found.place == citation.receipt.split("@")[0]
    assert found.generations == (citation.generation,)


def test_words_that_moved_inside_their_source_are_found_again(citation: Citation, corpus: Path, index: Path) -> None:
    rewrite(corpus, f"Bladder\n\nA new first sentence stands here.\n\n{BLADDER}\n")
    found = check_receipt(citation.receipt, corpus, index)
    assert found.verdict == "stands"
    assert found.place != citation.receipt.split("@")[0]
    assert f"now at {found.place}" in found.sentence


def test_one_changed_letter_is_not_these_very_words(citation: Citation, corpus: Path, index: Path, toy: ToyEncoder) -> None:
    rewrite(corpus, f"Bladder\n\n{BLADDER.replace('can hurt', 'can help')}\n")
    build_index(corpus, index, encoder=toy)
    found = check_receipt(citation.receipt, corpus, index)
    assert (found.verdict, found.exit_code, found.place) == ("earlier", 1, "")
    assert found.generations == (citation.generation,), "the generation that the receipt came from, not the new one"
    assert citation.generation in found.sentence


def test_words_of_a_source_that_was_taken_out_stand_in_the_generation_that_had_it(
        citation: Citation, corpus: Path, index: Path, toy: ToyEncoder) -> None:
    (corpus / "bladder.txt").unlink()
    build_index(corpus, index, encoder=toy)
    assert check_receipt(citation.receipt, corpus, index).generations == (citation.generation,)


def test_a_receipt_whose_generation_is_no_longer_kept_stands_nowhere(
        citation: Citation, corpus: Path, index: Path, toy: ToyEncoder) -> None:
    rewrite(corpus, f"Bladder\n\n{BLADDER.replace('can hurt', 'can help')}\n")
    for _ in range(retention.KEEP):
        build_index(corpus, index, encoder=toy, force=True)
    found = check_receipt(citation.receipt, corpus, index)
    assert (found.verdict, found.exit_code, found.generations) == ("nowhere", 2, ())


def test_a_receipt_of_invented_words_stands_nowhere(citation: Citation, corpus: Path, index: Path) -> None:
    invented = citation.receipt.split("@")[0] + "@" + "0" * 64
    assert check_receipt(invented, corpus, index).verdict == "nowhere"
    assert check_receipt(citation.receipt.replace("bladder#", "nothing#"), corpus, index).verdict == "nowhere"
    beyond = f"bladder#0-999999@{citation.receipt.split('@')[1]}"
    assert check_receipt(beyond, corpus, index).verdict == "nowhere"


def test_a_damaged_generation_is_named_and_not_believed(citation: Citation, corpus: Path, index: Path) -> None:
    damaged = index / citation.generation / "corpus.json"
    damaged.write_bytes(damaged.read_bytes() + b" ")
    found = check_receipt(citation.receipt, corpus, index)
    assert found.verdict == "stands", "the corpus still has the words"
    assert found.generations == ()
    assert found.unreadable == (citation.generation,)
    assert citation.generation in found.sentence


def test_a_shortened_hash_is_enough_and_a_shorter_one_is_not(citation: Citation, corpus: Path, index: Path) -> None:
    place, digits = citation.receipt.split("@")
    assert check_receipt(f"{place}@{digits[:SHORTEST_HASH]}", corpus, index).verdict == "stands"
    assert check_receipt(f" {place}@{digits.upper()}\n", corpus, index).verdict == "stands"
    with pytest.raises(BadInput, match="no receipt"):
        read_receipt(f"{place}@{digits[:SHORTEST_HASH - 1]}")


@pytest.mark.parametrize("text", ["", "bladder", "bladder#1-2", "#1-2@" + "a" * 64, "a#2-1@" + "a" * 64, "a#1-1@" + "a" * 64,
                                  "a#-1-2@" + "a" * 64, "a#1-2@" + "g" * 64, "a#1-2@" + "a" * 65, "a#1-9999999999@" + "a" * 64,
                                  "a b#1-2@" + "a" * 64, "a#1-2@" + "a" * 64 + "; ls", "a#١-٢@" + "a" * 64])
def test_what_is_no_receipt_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(BadInput, match="copy the whole of it"):
        read_receipt(text)


@given(st.text(max_size=200))
def test_whatever_is_typed_is_a_receipt_or_one_clear_error(text: str) -> None:
    with contextlib.suppress(BadInput):
        assert isinstance(read_receipt(text), Receipt)


@given(st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True), st.integers(0, 10**6), st.text(min_size=1, max_size=80),
       st.text(min_size=1, max_size=80))
def test_a_receipt_fits_its_own_words_and_no_others(source: str, start: int, exact: str, other: str) -> None:
    cited = Citation(1, 1.0, source, start, start + len(exact), exact, (start, start), "", "", "", None, None, "", "")
    receipt = read_receipt(cited.receipt)
    assert receipt.source_id == source
    assert receipt.fits(exact)
    assert receipt.fits(other) == (other == exact)


def test_the_command_says_it_in_words_and_in_json(citation: Citation, corpus: Path, index: Path,
                                                  capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--corpus", str(corpus), "--index", str(index)]
    assert main.main(["verify", citation.receipt, *where]) == 0
    assert capsys.readouterr().out.startswith("These very words stand in ")
    rewrite(corpus, "Bladder\n\nAll of it was written anew.\n")
    assert main.main(["verify", citation.receipt, *where, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "earlier"
    assert found["generations"] == [citation.generation]
    assert main.main(["verify", citation.receipt[:-1] + "x", *where]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1


def test_without_a_corpus_the_generations_still_answer(citation: Citation, tmp_path: Path, index: Path,
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    assert check_receipt(citation.receipt, tmp_path / "none", index).verdict == "earlier"
    assert main.main(["verify", citation.receipt, "--corpus", str(tmp_path / "none"), "--index", str(tmp_path / "none")]) == 2
    assert "There is no corpus folder" in capsys.readouterr().err

"""A large corpus is opened without being read, and every word of it is proved when it is quoted."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from conftest import ALCOHOL, BLADDER, ToyEncoder

from assistant import nearest
from assistant.answering import Assistant
from assistant.book import write_book
from assistant.building import build_index
from assistant.checking import check
from assistant.errors import BadInput, IndexCorrupt
from assistant.generation import verify
from assistant.index import Index
from assistant.shelf import Shelf
from assistant.words import WordSearch


@pytest.fixture
def many(tmp_path: Path) -> Path:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(120):
        text = f"{BLADDER if number % 2 else ALCOHOL} It is case n{number}."
        (folder / f"s{number}.txt").write_text(f"Part {number}\n\n{text}\n", "utf-8")
    return folder


@pytest.fixture
def large(tmp_path: Path, many: Path) -> Path:
    """An index of the kind that a corpus of more than 100,000 passages gets, and a small one gets when asked for."""
    build_index(many, tmp_path / "large", encoder=ToyEncoder(), nearest="codes")
    return tmp_path / "large"


def test_size_decides_unless_somebody_does_and_the_manifest_says_what(large: Path, many: Path, tmp_path: Path) -> None:
    assert [nearest.chosen(size) for size in (77, 100_000, 100_001)] == ["flat", "flat", "codes"]
    assert nearest.chosen(77, "codes") == "codes"
    build_index(many, tmp_path / "small", encoder=ToyEncoder())
    assert [verify((tmp_path / name / "current").resolve())["nearest"] for name in ("small", "large")] == ["flat", "codes"]


def test_the_same_words_are_quoted_as_from_a_small_index(large: Path, many: Path, tmp_path: Path) -> None:
    build_index(many, tmp_path / "small", encoder=ToyEncoder())
    for question in ("What about the bladder in case n7?", "alcohol and ketamine n30"):
        first = [Assistant.open(tmp_path / name, ToyEncoder()).ask(question).citations[0] for name in ("small", "large")]
        assert first[0].exact == first[1].exact
        assert first[0].receipt == first[1].receipt


def test_a_passage_found_by_its_words_alone_has_its_true_cosine(large: Path) -> None:
    index = Index.open(large, ToyEncoder())
    assert index.stacks
    vector = ToyEncoder().encode(["help help"])[0]
    numbers, cosines, _, keyword = index.stacks.candidates(vector, ["n7"], 5)
    (place,) = np.flatnonzero(keyword)
    passage = index.passages[int(numbers[place])]
    assert "case n7." in passage.text
    true = ToyEncoder().encode([f"{passage.heading}. {passage.text}"])[0] @ vector
    assert cosines[place] == pytest.approx(float(true), abs=1e-3)


def test_one_edited_source_is_the_only_one_embedded(large: Path, many: Path) -> None:
    (many / "s3.txt").write_text("New\n\nThere is help with alcohol.\n", "utf-8")
    encoder = ToyEncoder()
    result = build_index(many, large, encoder=encoder, nearest="codes")
    assert result.changed == ("s3",)
    assert result.reused == 119
    assert build_index(many, large, encoder=ToyEncoder()).published is False


def test_opening_reads_no_file_that_grows_with_the_texts(large: Path) -> None:
    """The sizes of the mapped files are compared, their bytes are not: only what is quoted is proved."""
    folder = (large / "current").resolve()
    manifest = verify(folder)
    grow = {"texts.sqlite", "proofs.bin", "nearest.faiss", "vectors.f16"}
    assert grow < set(manifest["mapped"])
    assert all(name.startswith("keywords/") for name in set(manifest["mapped"]) - grow)
    assert not any("mapped" in manifest["files"] for name in grow)


def change(path: Path, at: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)


@pytest.mark.parametrize("name", ["texts.sqlite", "proofs.bin", "nearest.faiss", "vectors.f16"])
def test_check_finds_one_changed_byte_in_every_mapped_file(large: Path, many: Path, name: str) -> None:
    assert not [finding for finding in check(many, large) if finding.rule == "index"]
    change((large / "current" / name).resolve(), -3)
    assert any(name in finding.problem for finding in check(many, large))


def test_a_mapped_file_that_was_cut_is_refused_at_opening(large: Path) -> None:
    path = (large / "current" / "vectors.f16").resolve()
    path.write_bytes(path.read_bytes()[:-2])
    with pytest.raises(IndexCorrupt, match=r"vectors\.f16 was changed"):
        Index.open(large, ToyEncoder())


def reworded(store: sqlite3.Connection, number: int) -> None:
    """The same length, so that sizes tell nothing."""
    store.execute("UPDATE source SET record = replace(record, 'can hurt', 'can heal')")


def moved(store: sqlite3.Connection, number: int) -> None:
    """Another passage at this number: a score would belong to other words."""
    store.execute("UPDATE passage SET record = (SELECT record FROM passage WHERE number = ?) WHERE number = ?",
                  (number + 2, number))


@pytest.mark.parametrize("harm", [reworded, moved])
def test_no_changed_word_is_ever_quoted(large: Path, harm: object) -> None:
    assistant = Assistant.open(large, ToyEncoder())
    with sqlite3.connect((large / "current" / "texts.sqlite").resolve()) as store:
        for (number,) in store.execute("SELECT number FROM passage").fetchall()[:-2]:
            harm(store, number)  # type: ignore[operator]
    store.close()
    with pytest.raises(IndexCorrupt, match="not what was indexed"):
        assistant.ask("What about the bladder?")


def test_a_forged_proof_is_seen_at_its_root(large: Path) -> None:
    path = (large / "current" / "proofs.bin").resolve()
    change(path, 5)
    assistant = Assistant.open(large, ToyEncoder())
    with pytest.raises(IndexCorrupt, match="proof of passage"):
        assistant.ask("What about the bladder?")


def test_the_folder_of_a_generation_is_not_written_to_when_it_is_asked(large: Path) -> None:
    folder = (large / "current").resolve()
    before = sorted(path for path in folder.rglob("*"))
    Assistant.open(large, ToyEncoder()).ask("bladder")
    assert sorted(path for path in folder.rglob("*")) == before
    verify(folder, mapped=True)


def test_codes_find_what_a_full_comparison_finds(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    centres = random.normal(size=(50, 64))
    vectors = (centres[random.integers(0, 50, 4_000)] + 0.7 * random.normal(size=(4_000, 64))).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    nearest.write_codes(tmp_path, vectors)
    codes = nearest.Codes(tmp_path, 4_000, 64)
    found = 0
    for asked in vectors[:50]:
        rows, cosines = codes.nearest(asked, 10)
        true = vectors @ asked
        found += len(set(rows) & set(np.argsort(-true)[:10]))
        assert cosines == pytest.approx(true[rows], abs=1e-3)
        assert list(cosines) == sorted(cosines, reverse=True)
    assert found >= 0.95 * 500


def test_what_only_a_small_index_can_do_is_refused_in_one_sentence(large: Path, many: Path, tmp_path: Path) -> None:
    """Words alone and the book read every passage; nothing is half done and nobody gets a traceback."""
    for refused in (lambda: Shelf.open(large), lambda: WordSearch.without_model(large),
                    lambda: write_book(large, many, tmp_path / "book")):
        with pytest.raises(BadInput, match=r"is a large index: .*--nearest flat"):
            refused()
    assert not (tmp_path / "book").exists()


def test_sources_that_differ_and_pages_are_told_from_a_large_index_too(many: Path, tmp_path: Path) -> None:
    (many / "sources.toml").write_text("".join(
        f'[[source]]\nid = "{name}"\nfile = "{name}.md"\ntitle = "{name}"\nkind = "{kind}"\ntier = "{tier}"\n'
        for name, kind, tier in (("seller", "provider", "T4"), ("sheet", "fact-sheet", "T1"))), "utf-8")
    (many / "seller.md").write_text("# Seller\n\n## Help\n\nHelp with depression.\n\f\n## Bladder\n\n"
                                    "Ketamine is no danger to the bladder at all.\n", "utf-8")
    (many / "sheet.md").write_text("# Sheet\n\nKetamine can hurt the bladder for good.\n", "utf-8")
    (many / "differ.toml").write_text(
        '[[pair]]\nid = "bladder"\ndiffer = "They differ."\n'
        'a = { source_id = "sheet", quote = "Ketamine can hurt the bladder for good." }\n'
        'b = { source_id = "seller", quote = "Ketamine is no danger to the bladder at all." }\n', "utf-8")
    told = []
    for kind in ("flat", "codes"):
        build_index(many, tmp_path / kind, encoder=ToyEncoder(), nearest=kind)
        assistant = Assistant.open(tmp_path / kind, ToyEncoder())
        differs = {name: passage.differs for name in ("seller", "sheet") for passage in assistant.passages_of(name)
                   if passage.differs}
        pages = [citation.page for citation in assistant.quotations("seller")]
        told.append((differs, pages))
    assert told[0] == told[1]
    assert [one.source_id for (one,) in told[1][0].values()] == ["sheet", "seller"]
    assert told[1][1][-1] == 2

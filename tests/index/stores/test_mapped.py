"""A large corpus is opened without being read, and every word of it is proved when it is quoted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.answering.assistant import Assistant
from assistant.corpus.fixed_texts import read_texts
from assistant.errors import IndexCorrupt
from assistant.index import vectors as nearest
from assistant.index.generation import verify
from assistant.index.index import Index
from assistant.indexing.build import build_index
from assistant.indexing.check import check
from assistant.server.mcp_server import Lender
from assistant.server.web.page import Page
from tests.server.web.test_page import built, client, running, wait_until
from tests.support import ALCOHOL, BLADDER, ToyEncoder


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


def test_one_edited_source_is_the_only_one_embedded(large: Path, many: Path) -> None:
    (many / "s3.txt").write_text("New\n\nThere is help with alcohol.\n", "utf-8")
    encoder = ToyEncoder()
    result = build_index(many, large, encoder=encoder, nearest="codes")
    assert result.changed == ("s3",)
    assert result.embedded == 1
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


def test_a_passage_moved_to_another_number_is_never_quoted(large: Path) -> None:
    """A score would belong to other words."""
    assistant = Assistant.open(large, ToyEncoder())
    with sqlite3.connect((large / "current" / "texts.sqlite").resolve()) as store:
        for (number,) in store.execute("SELECT number FROM passage").fetchall()[:-2]:
            store.execute("UPDATE passage SET record = (SELECT record FROM passage WHERE number = ?) WHERE number = ?",
                          (number + 2, number))
    store.close()
    answer = assistant.ask("What about the bladder?", ranked=20)
    assert assistant.withheld > 0
    assert all(cited.exact == f"{BLADDER if number % 2 else ALCOHOL} It is case n{number}."
               for cited in (*answer.citations, *answer.ranked) for number in [int(cited.source_id[1:])])


# ---- one byte was changed in what is mapped: that passage is withheld, and the others are shown

QUESTION = "What about the bladder in case n7?"


def in_passage(folder: Path) -> None:
    """In the record of the passage that answers: the heading that would stand above it."""
    with sqlite3.connect(folder / "texts.sqlite") as store:
        store.execute("UPDATE passage SET record = replace(record, '\"Part 7\"', '\"Part 6\"') WHERE source_id = 's7'")
    store.close()


def in_source(folder: Path) -> None:
    with sqlite3.connect(folder / "texts.sqlite") as store:
        store.execute("UPDATE source SET record = replace(record, 'can hurt', 'can hurl') WHERE id = 's7'")
    store.close()


def in_form(folder: Path) -> None:
    """What is left is no JSON."""
    with sqlite3.connect(folder / "texts.sqlite") as store:
        store.execute("UPDATE source SET record = '[' || substr(record, 2) WHERE id = 's7'")
    store.close()


def in_bytes(folder: Path) -> None:
    """On the disk itself, past SQLite."""
    raw = bytearray((folder / "texts.sqlite").read_bytes())
    at = raw.index(b"It is case n7.")
    raw[at] ^= 1
    (folder / "texts.sqlite").write_bytes(raw)


def in_proof(folder: Path) -> None:
    """Of passage 7 alone, under a block of two passages."""
    change(folder / "proofs.bin", 32 * passage_number(folder) + 5)


def passage_number(folder: Path) -> int:
    store = sqlite3.connect(folder / "texts.sqlite")
    (number,) = store.execute("SELECT number FROM passage WHERE source_id = 's7'").fetchone()
    store.close()
    return int(number)


HARMS = [in_passage, in_source, in_form, in_bytes, in_proof]


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in an index of many blocks, one bad proof does not cost all passages."""
    monkeypatch.setattr("assistant.index.stores.proofs.BLOCK", 2)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_passage_alone_is_withheld_and_check_names_the_file(
        harm: Callable[[Path], None], large: Path, many: Path, caplog: pytest.LogCaptureFixture) -> None:
    harm((large / "current").resolve())
    assistant = Assistant.open(large, ToyEncoder())
    assert assistant.withheld == 0
    assert [cited.source_id for cited in assistant.ask(f"{QUESTION} marker", ranked=119).ranked].count("s7") == 0
    assert assistant.passages_of("s7") == assistant.quotations("s7") == assistant.notes_of("s7") == ()
    assert assistant.withheld >= 4
    assert not [word for word in ("marker", "hurt", "hurl", "bladder", "Part") if word in caplog.text]
    sources = {source.id: source for source in assistant.sources}
    whole = harm in (in_passage, in_proof)  # the source itself is what was indexed, so its page may be read
    assert len(sources) == 119 + whole
    assert (assistant.by_id.get("s7") is not None) == whole
    assert "s7" in assistant.by_id
    assert assistant.by_id.get("s999") is None
    assert all("hurl" not in source.text for source in sources.values())
    assert any("was changed" in finding.problem for finding in check(many, large))


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_passage_turns_readyz_red_and_the_page_goes_on(harm: Callable[[Path], None], large: Path, many: Path) -> None:
    texts = read_texts(many)
    page = built(lambda: Page(large, texts, lambda: Assistant.open(large, ToyEncoder()), burst=10**6))
    with running(page.app) as (address, _), client(address) as found:
        wait_until(lambda: found.get("/readyz").status_code == 200, 20)
        harm((large / "current").resolve())
        assert page.service.assistant
        proved = page.service.assistant._index.store.texts  # what was proved before the harm is remembered for a while
        proved.source.cache_clear()
        proved._block.cache_clear()
        reply = found.post("/plain", data={"q": QUESTION})
        assert reply.status_code == 200
        assert "<blockquote" in reply.text
        assert "case n7." not in reply.text.replace(QUESTION, "")
        assert (ready := found.get("/readyz")).status_code == 503
        assert ready.json()["why"] == "withheld"
        assert ready.json()["withheld"] > 0
        shown = found.get("/source/s7")
        assert shown.status_code == (200 if harm in (in_passage, in_proof) else 500)
        assert "hurl" not in shown.text
        assert texts.notice.text.split(".")[0] in shown.text
        assert found.get("/source/s9").status_code == 200
        card = found.post("/plain", data={"q": "my friend took too much ketamine and will not wake up, bladder case n7"})
        assert "urgent" in card.text
        lender = Lender(page.service)
        assert lender.search_passages(QUESTION)["citations"]
        opened = lender.open_source("s7")
        assert opened["notice"]
        assert ("is withheld" in opened.get("error", "")) == (harm not in (in_passage, in_proof))
        assert "hurl" not in str(opened)


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

"""A corpus folder is read whole or refused with one sentence that names file and reason."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest

from assistant.corpus.files import SHIPPED
from assistant.corpus.fixed_texts import read_texts
from assistant.corpus.passages import split
from assistant.corpus.reader import read_corpus
from assistant.errors import CorpusError, NoticeMissing

TEXT = "Ketamine can hurt the bladder. People may need to pee often.\n"


def listed(folder: Path, *tables: str) -> Path:
    (folder / "sources.toml").write_text("\n".join(f"[[source]]\n{table}\n" for table in tables), "utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    return tmp_path


def test_a_bare_folder_is_a_corpus_with_ids_from_file_stems(folder: Path) -> None:
    (folder / "notes.md").write_text("# Notes on ketamine\n\n" + TEXT, "utf-8")
    (folder / "README.md").write_text("not a source", "utf-8")
    (folder / "scan.pdf").write_bytes(b"%PDF")
    read = read_corpus(folder)
    assert [source.id for source in read.sources] == ["a", "notes"]
    assert {source.publisher for source in read.sources} == {"unknown"}
    assert {source.tier for source in read.sources} == {"unreviewed"}
    assert read.sources[1].title == "Notes on ketamine"
    assert read.ignored == ("scan.pdf",)
    assert read.texts.notice.text == tomllib.loads((SHIPPED / "notice.toml").read_text("utf-8"))["text"]


def test_listed_sources_carry_their_provenance(folder: Path) -> None:
    read = read_corpus(listed(folder, 'id = "x"\nfile = "a.txt"\ntitle = "T"\npublisher = "P"\nkind = "charity"\n'
                                      'tier = "T3"\nurl = "https://example.com"\nwritten = 2026-01-02'))
    (source,) = read.sources
    assert (source.id, source.title, source.publisher, source.kind, source.tier) == ("x", "T", "P", "charity", "T3")
    assert (source.published, source.text) == ("2026-01-02", TEXT)


@pytest.mark.parametrize(("name", "content", "reason"), [
    ("a.txt", b"", "is empty"),
    ("a.txt", b"  \n\t ", "is empty"),
    ("a.txt", b"caf\xe9 ketamine", "is not UTF-8"),
    ("a.txt", b"PK\x03\x04\x00\x00 binary", "is not a text file"),
])
def test_a_source_that_is_no_text_is_named_with_the_reason(folder: Path, name: str, content: bytes, reason: str) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(CorpusError, match=f"{name} {reason}") as caught:
        read_corpus(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("tables", "reason"), [
    (['id = "x"\nfile = "gone.txt"'], "gone.txt does not exist"),
    (['id = "x"\nfile = "a.txt"', 'id = "X"\nfile = "a.txt"'], "is used by a.txt"),
    (['id = "x"\nfile = "a.txt"\ncolour = "red"'], "the key 'colour' is unknown"),
    (['id = "x"\nfile = "a.txt"\ntier = "T9"'], "tier 'T9'"),
    (['id = "x"\nfile = "a.txt"\nexclude = "one"'], "must be a list"),
    (['id = "x"'], "has no 'file'"),
    (['file = "a.txt"'], "has no 'id'"),
    (['id = "../x"\nfile = "a.txt"'], "cannot be a source id"),
    (['id = "x"\nfile = "../outside.txt"'], "points outside"),
    (["id = "], "not valid TOML"),
    (["x = 1"], "is unknown"), ([], "is empty"),
])
def test_a_faulty_listing_is_refused_with_the_reason(folder: Path, tables: list[str], reason: str) -> None:
    (folder.parent / "outside.txt").write_text(TEXT, "utf-8")
    with pytest.raises(CorpusError, match=reason):
        read_corpus(listed(folder, *tables))


def test_two_bare_files_with_one_stem_are_refused(folder: Path) -> None:
    (folder / "a.md").write_text(TEXT, "utf-8")
    with pytest.raises(CorpusError, match=r"'a' is used by a\.md and by a\.txt"):
        read_corpus(folder)


def test_a_link_out_of_the_corpus_is_refused(folder: Path) -> None:
    (folder.parent / "secret.txt").write_text(TEXT, "utf-8")
    (folder / "b.txt").symlink_to(folder.parent / "secret.txt")
    with pytest.raises(CorpusError, match="leads out of the corpus"):
        read_corpus(folder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_source_is_named(folder: Path) -> None:
    (folder / "a.txt").chmod(0)
    with pytest.raises(CorpusError, match=r"a\.txt cannot be read"):
        read_corpus(folder)


@pytest.mark.parametrize("folder_name", ["missing", "empty"])
def test_a_missing_or_empty_folder_is_refused(tmp_path: Path, folder_name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CorpusError, match=folder_name):
        read_corpus(tmp_path / folder_name)


@pytest.mark.parametrize("change", [("text = ", "words = "), ('region = "US"', 'region = "XX"'),
                                    ("[urgent.overdose]", "[urgent.other]"), ("related = ", "near = ")])
def test_nothing_is_read_without_notice_cards_and_help_lines(folder: Path, change: tuple[str, str]) -> None:
    shipped = (SHIPPED / "notice.toml").read_text("utf-8")
    (folder / "notice.toml").write_text(shipped.replace(*change, 1), "utf-8")
    with pytest.raises((NoticeMissing, CorpusError)):
        read_corpus(folder)


def test_no_notice_anywhere_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(NoticeMissing):
        read_texts(folder, shipped=tmp_path / "nowhere")


def test_a_notice_that_nobody_would_read_to_the_end_is_refused(folder: Path) -> None:
    shipped = (SHIPPED / "notice.toml").read_text("utf-8")
    (folder / "notice.toml").write_text(shipped.replace("These passages", "word " * 60 + "These passages"), "utf-8")
    with pytest.raises(CorpusError, match="60 or fewer"):
        read_corpus(folder)


def test_the_shipped_corpus_has_five_digests_and_its_fact_sheets_of_whole_passages() -> None:
    read = read_corpus(SHIPPED)
    kinds = [source.kind for source in read.sources]
    assert (kinds.count("digest"), kinds.count("fact-sheet")) == (5, 72)
    for source in read.sources:
        assert source.interest, source.id
        assert source.kind != "fact-sheet" or source.references, source.id
        for passage in split(source):
            assert 40 <= len(passage.text.split()) <= 160, passage
            assert "<!--" not in passage.text
            assert "ketamine" in passage.text.lower(), passage


def test_fact_sheets_say_that_nobody_of_the_profession_has_reviewed_them() -> None:
    for source in read_corpus(SHIPPED).sources:
        if source.kind == "fact-sheet":
            assert re.search("not yet reviewed by a (clinician|lawyer)", source.text)


def test_the_notice_is_short_and_every_number_in_it_stands_in_the_help_lines() -> None:
    texts = read_texts(SHIPPED)
    assert len(texts.notice.text.split()) <= 60
    contacts = " ".join(line.contact for line in texts.notice.helplines)
    for number in ("911", "988", "1-800-662-4357"):
        assert number in texts.notice.text
        assert number in contacts


@pytest.mark.seeds
def test_no_run_of_twelve_words_is_copied_from_a_seed(seeds: Path) -> None:
    def runs(text: str) -> set[tuple[str, ...]]:
        words = "".join(char if char.isalnum() else " " for char in text.casefold()).split()
        return set(zip(*(words[at:] for at in range(12)), strict=False))

    theirs = set().union(*(runs(path.read_text("utf-8")) for path in seeds.glob("*.txt")))
    for path in (SHIPPED / "texts").glob("*.md"):
        assert not runs(path.read_text("utf-8")) & theirs, path.name


@pytest.mark.seeds
def test_the_digests_cover_every_item_of_the_inventory_but_the_advertising(seeds: Path) -> None:
    import re

    inventory = seeds.parent / "devset" / "facts.md"
    document, items = "", set()
    for line in inventory.read_text("utf-8").splitlines():
        heading, item = re.match(r"## (F\d)", line), re.match(r"(\d+)\. \[(.*)", line)
        document = heading[1] if heading else document if not line.startswith("## ") else ""
        if item and document and "[promo]" not in f"[{item[2]}":
            items.add(f"{document}.{item[1]}")
    carried: set[str] = set()
    for path in (SHIPPED / "texts").glob("digest-*.md"):
        for comment in re.findall(r"<!-- facts:(.*?)-->", path.read_text("utf-8"), re.DOTALL):
            carried |= set(re.findall(r"F\d\.\d+", comment))
    assert len(items) > 250
    assert items - carried == set()

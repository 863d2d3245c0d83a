"""A build does only what is needed, sees every change, and never publishes half of one."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import BLADDER, ToyEncoder

from assistant.answering import Assistant
from assistant.building import build_index
from assistant.checking import check
from assistant.corpus import SHIPPED
from assistant.errors import CorpusError

LISTING = '[[source]]\nid = "bladder"\nfile = "bladder.txt"\n\n[[source]]\nid = "alcohol"\nfile = "alcohol.txt"\n'


def test_a_second_build_without_a_change_publishes_nothing_and_embeds_nothing(index: Path, corpus: Path) -> None:
    encoder = ToyEncoder()
    result = build_index(corpus, index, encoder=encoder)
    assert (result.published, result.embedded, encoder.seen) == (False, 0, [])


def test_force_builds_anew(index: Path, corpus: Path) -> None:
    result = build_index(corpus, index, encoder=ToyEncoder(), force=True)
    assert result.published
    assert result.embedded > 0


def test_one_edited_source_is_the_only_one_embedded(index: Path, corpus: Path) -> None:
    (corpus / "bladder.txt").write_text(f"Bladder\n\n{BLADDER} Blood in it needs a check.\n")
    encoder = ToyEncoder()
    result = build_index(corpus, index, encoder=encoder)
    assert result.changed == ("bladder",)
    assert (result.added, result.removed) == ((), ())
    assert not any("alcohol" in text.lower() for text in encoder.seen)
    assert result.reused > 0


def test_added_and_removed_sources_are_named(index: Path, corpus: Path) -> None:
    (corpus / "alcohol.txt").rename(corpus / "drink.txt")
    result = build_index(corpus, index, encoder=ToyEncoder())
    assert (result.added, result.removed) == (("drink",), ("alcohol",))


@pytest.mark.parametrize("change", ["text", "title", "exclude", "notice", "removed"])
def test_every_kind_of_change_is_seen_by_check_and_by_build(index: Path, corpus: Path, change: str) -> None:
    (corpus / "sources.toml").write_text(LISTING)
    build_index(corpus, index, encoder=ToyEncoder())
    assert check(corpus, index) == []
    if change == "text":
        (corpus / "bladder.txt").write_text(f"Bladder\n\n{BLADDER} Blood needs a check.\n")
    elif change == "title":
        (corpus / "sources.toml").write_text(LISTING.replace('.txt"\n\n', '.txt"\ntitle = "New"\n\n'))
    elif change == "exclude":
        (corpus / "sources.toml").write_text(LISTING + 'exclude = ["Mixing alcohol"]\n')
        (corpus / "alcohol.txt").write_text((corpus / "alcohol.txt").read_text() + f"\n{BLADDER}\n")
    elif change == "notice":
        (corpus / "notice.toml").write_text((SHIPPED / "notice.toml").read_text("utf-8").replace("Ask a", "See a", 1))
    else:
        (corpus / "sources.toml").write_text(LISTING.split("\n\n")[0] + "\n")
    assert any("changed after the index was built" in finding.problem for finding in check(corpus, index))
    assert build_index(corpus, index, encoder=ToyEncoder()).published
    assert check(corpus, index) == []


def test_an_encoder_change_embeds_everything_anew(index: Path, corpus: Path) -> None:
    result = build_index(corpus, index, encoder=ToyEncoder(sha256="other"))
    assert (result.published, result.reused) == (True, 0)


@pytest.mark.parametrize(("file", "content", "reason"), [
    ("bad.txt", b"\xff\xfe\xff", "not UTF-8"), ("bad.txt", b"", "empty"), ("bad.txt", b"x\0y", "binary"),
    ("bad.txt", b"A heading\n\nAnother heading\n", "no passage"),
])
def test_a_bad_source_stops_the_build_and_the_old_index_keeps_answering(
        index: Path, corpus: Path, file: str, content: bytes, reason: str) -> None:
    (corpus / file).write_bytes(content)
    with pytest.raises(CorpusError, match=reason) as caught:
        build_index(corpus, index, encoder=ToyEncoder())
    assert file in str(caught.value)
    assert Assistant.open(index, encoder=ToyEncoder()).ask("bladder").citations


def test_an_exclude_that_excludes_nothing_is_refused(index: Path, corpus: Path) -> None:
    (corpus / "sources.toml").write_text(LISTING + 'exclude = ["Not in the text"]\n')
    with pytest.raises(CorpusError, match="does not occur"):
        build_index(corpus, index, encoder=ToyEncoder())


def test_an_interrupted_build_leaves_no_draft(index: Path, corpus: Path) -> None:
    class Interrupted(ToyEncoder):
        def encode(self, texts: object, progress: object = None) -> object:  # type: ignore[override]
            raise KeyboardInterrupt

    (corpus / "bladder.txt").write_text("Bladder\n\nNew words about ketamine stand here now.\n")
    with pytest.raises(KeyboardInterrupt):
        build_index(corpus, index, encoder=Interrupted())
    assert not list(index.glob(".draft-*"))
    assert Assistant.open(index, encoder=ToyEncoder()).ask("bladder").citations


def test_files_of_the_index_can_be_read_by_other_users(index: Path) -> None:
    for path in [index, *index.rglob("*")]:
        mode = path.stat().st_mode
        assert mode & 0o044 == 0o044, path

"""Publishing is one switch; whatever was changed afterwards is refused by name."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from assistant.answering.assistant import Assistant
from assistant.errors import BuildFailed, EncoderMismatch, IndexCorrupt, IndexMissing, NoticeMissing
from assistant.index import generation, retention
from assistant.index.serialization import canonical
from assistant.index.text_index import TextIndex
from assistant.indexing.build import build_index
from tests.support import ToyEncoder


def opened(index: Path) -> Assistant:
    return Assistant.open(index, encoder=ToyEncoder())


def live(index: Path) -> Path:
    return generation.current(index)


def test_a_missing_index_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="python -m assistant build"):
        opened(tmp_path / "none")


@pytest.mark.parametrize("name", ["manifest.json", "corpus.json", "vectors.faiss"])
@pytest.mark.parametrize("harm", ["flip", "truncate", "empty", "remove", "link"])
def test_a_changed_file_is_refused_by_name(index: Path, name: str, harm: str) -> None:
    path = live(index) / name
    raw = path.read_bytes()
    if harm == "remove":
        path.unlink()
    elif harm == "link":
        moved = index / "moved"
        path.rename(moved)
        path.symlink_to(moved)
        if name == "manifest.json":
            pytest.skip("a linked manifest with the same bytes is the same manifest")
    else:
        path.write_bytes({"flip": bytes([raw[0] ^ 1]) + raw[1:], "truncate": raw[:-1], "empty": b""}[harm])
    with pytest.raises(IndexCorrupt, match=name):
        opened(index)


def test_a_reworded_passage_is_refused_even_when_the_file_hash_is_mended(index: Path) -> None:
    folder = live(index)
    corpus = json.loads((folder / "corpus.json").read_bytes())
    corpus["sources"][0]["text"] = corpus["sources"][0]["text"].replace("risky", "safe!")
    name = reseal(index, folder, {"corpus.json": canonical(corpus)})
    assert name != folder.name
    with pytest.raises(IndexCorrupt, match="not what was indexed"):
        opened(index)


def test_shifted_offsets_are_refused_even_when_the_file_hash_is_mended(index: Path) -> None:
    folder = live(index)
    corpus = json.loads((folder / "corpus.json").read_bytes())
    corpus["passages"][0]["start"] += 1
    reseal(index, folder, {"corpus.json": canonical(corpus)})
    with pytest.raises(IndexCorrupt, match="not what was indexed"):
        opened(index)


def test_an_index_without_its_notice_is_refused_even_when_the_file_hash_is_mended(index: Path) -> None:
    folder = live(index)
    corpus = json.loads((folder / "corpus.json").read_bytes())
    corpus["texts"]["notice"]["text"] = " "
    reseal(index, folder, {"corpus.json": canonical(corpus)})
    with pytest.raises(NoticeMissing, match="no safety notice"):
        opened(index)


def test_vectors_of_another_generation_are_refused(index: Path, corpus: Path) -> None:
    old = (live(index) / "vectors.faiss").read_bytes()
    (corpus / "more.txt").write_text("Depression\n\nKetamine is tried for depression. It may help some people.\n")
    build_index(corpus, index, encoder=ToyEncoder())
    (live(index) / "vectors.faiss").write_bytes(old)
    with pytest.raises(IndexCorrupt, match=r"vectors\.faiss"):
        opened(index)


def test_another_encoder_is_refused_by_its_own_error(index: Path) -> None:
    with pytest.raises(EncoderMismatch, match="rebuild"):
        Assistant.open(index, encoder=ToyEncoder(sha256="another"))


def test_an_encoder_that_behaves_differently_under_the_same_name_is_refused(index: Path) -> None:
    class Changed(ToyEncoder):
        def _row(self, text: str) -> list[float]:
            return super()._row(text)[::-1]

    with pytest.raises(EncoderMismatch):
        Assistant.open(index, encoder=Changed())


def test_a_pointer_out_of_the_folder_is_refused(index: Path, tmp_path: Path) -> None:
    (index / "current").unlink()
    (index / "current").symlink_to(tmp_path)
    with pytest.raises(IndexCorrupt, match="does not name a generation"):
        opened(index)


def test_a_path_with_two_dots_in_it_is_built_and_opened_like_any_other(index: Path, corpus: Path) -> None:
    roundabout = index / ".." / index.name
    build_index(corpus / ".." / corpus.name, roundabout, encoder=ToyEncoder(), force=True)
    assert opened(roundabout).ask("bladder").citations == opened(index).ask("bladder").citations


def test_where_links_fail_a_text_file_points_at_the_generation(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "symlink", refuse)
    generation.switch(index, live(index).name)
    assert not (index / "current").is_symlink()
    assert opened(index).ask("bladder").notice.text


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
@pytest.mark.parametrize("call", ["write", "rename", "replace", "fsync"])
def test_a_build_that_cannot_write_leaves_the_published_generation(
        index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch, number: int, call: str) -> None:
    before = live(index).name
    (corpus / "more.txt").write_text("Depression\n\nKetamine is tried for depression. It may help some people.\n")

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(*((generation, "write") if call == "write" else (os, call)), fail)
        with pytest.raises(BuildFailed, match="unchanged"):
            build_index(corpus, index, encoder=ToyEncoder())
    assert live(index).name == before
    assert opened(index).ask("bladder").citations
    assert not list(index.glob(".draft-*"))


def test_a_second_build_at_the_same_time_is_told_to_wait(index: Path, corpus: Path) -> None:
    with generation.building(index), pytest.raises(BuildFailed, match="Another build"):
        build_index(corpus, index, encoder=ToyEncoder())


def test_what_a_killed_build_left_behind_is_cleared_away(index: Path, corpus: Path) -> None:
    (index / ".draft-99999").mkdir()
    (index / ".draft-99999" / "vectors.faiss").write_bytes(b"half")
    build_index(corpus, index, encoder=ToyEncoder(), force=True)
    assert not list(index.glob(".draft-*"))


def test_three_generations_are_kept_and_the_newest_is_published(index: Path, corpus: Path) -> None:
    names = [live(index).name]
    for _ in range(4):
        names.append(build_index(corpus, index, encoder=ToyEncoder(), force=True).generation)
    assert retention.generations(index) == names[:1:-1]
    assert live(index).name == names[-1]


def test_no_file_of_an_index_is_a_pickle_and_no_code_reads_one(index: Path) -> None:
    for path in live(index).iterdir():
        assert not path.read_bytes().startswith((b"\x80\x03", b"\x80\x04", b"\x80\x05"))
    package = Path(generation.__file__).parent
    for module in package.glob("*.py"):
        assert "pickle" not in module.read_text("utf-8")


@pytest.mark.parametrize(("away", "age"), [(-1, "an older"), (1, "a newer")])
def test_an_index_of_another_format_says_which_version_built_it_and_is_built_again(
        index: Path, corpus: Path, away: int, age: str, monkeypatch: pytest.MonkeyPatch) -> None:
    own = generation.FORMAT
    monkeypatch.setattr(generation, "FORMAT", own + away)
    build_index(corpus, index, encoder=ToyEncoder(), force=True)
    monkeypatch.undo()
    for open_it in (opened, TextIndex.open):
        with pytest.raises(IndexCorrupt, match=rf"was built by {age} version \(format {own + away}, this one reads {own}\)"):
            open_it(index)
    assert build_index(corpus, index, encoder=ToyEncoder()).published
    opened(index)


def reseal(index: Path, folder: Path, files: dict[str, bytes]) -> str:
    """Publish changed files with right hashes, as someone with the code at hand could."""
    draft = index / ".draft-forged"
    draft.mkdir()
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for name in manifest["files"]:
        (draft / name).write_bytes(files.get(name, (folder / name).read_bytes()))
    kept = {key: value for key, value in manifest.items() if key not in ("files", "created", "format")}
    generation.seal(draft, kept)
    return generation.publish(index, draft)

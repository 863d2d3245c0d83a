"""A build does only what is needed, sees every change, and never publishes half of one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.answering.assistant import Assistant
from assistant.arrays import Vectors
from assistant.corpus import passages
from assistant.corpus.files import SHIPPED
from assistant.errors import CorpusError
from assistant.index.encoder import Progress
from assistant.index.index import PROBE
from assistant.indexing import embedding_cache
from assistant.indexing.build import build_index
from assistant.indexing.check import Finding, check
from tests.support import ALCOHOL, BLADDER, ROOT, ToyEncoder

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
    assert result.embedded == 2  # the passage and its new sentence; of the rest some is made again as a check
    assert result.reused > 0


def test_added_and_removed_sources_are_named(index: Path, corpus: Path) -> None:
    (corpus / "alcohol.txt").rename(corpus / "drink.txt")
    result = build_index(corpus, index, encoder=ToyEncoder())
    assert (result.added, result.removed) == (("drink",), ("alcohol",))


def faults(corpus: Path, index: Path) -> list[Finding]:
    """What ``check`` finds, but that nobody is named to write to: not every site has its own settings."""
    return [finding for finding in check(corpus, index) if finding.rule != "contact"]


@pytest.mark.parametrize("change", ["text", "title", "exclude", "notice", "removed"])
def test_every_kind_of_change_is_seen_by_check_and_by_build(index: Path, corpus: Path, change: str) -> None:
    (corpus / "sources.toml").write_text(LISTING)
    build_index(corpus, index, encoder=ToyEncoder())
    assert faults(corpus, index) == []
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
    assert faults(corpus, index) == []


def put(name: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(text, "utf-8")


def edit(name: str, old: str, new: str) -> Callable[[Path], object]:
    """Change a file of the folder, or the shipped one that the folder then brings itself."""
    def change(folder: Path) -> None:
        text = (folder / name if (folder / name).exists() else SHIPPED / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    return change


def renamed(folder: Path) -> None:
    (folder / "bladder.txt").rename(folder / "moved.txt")
    edit("sources.toml", '"bladder.txt"', '"moved.txt"')(folder)


NOTE = ('[[note]]\nid = "n"\nsource_id = "bladder"\nquote = "Ketamine can hurt the bladder."\nquote_sha256 = '
        '"46bf1420985845cc80a62f7c056a958b26d9ac046712d07eb560bb785b652c7c"\npattern = "never"\ntext = "A note."\n'
        'source = "A study"\nchecked = "2026-11-21"\n')
# what changed -> (how, new texts that go through the model; None: not counted here)
CHANGES: dict[str, tuple[Callable[[Path], object], int | None]] = {
    "a source is added": (edit("sources.toml", LISTING, LISTING + '\n[[source]]\nid = "more"\nfile = "more.txt"\n'), 2),
    "a source is edited": (put("alcohol.txt", f"Alcohol\n\n{ALCOHOL} Ask for help early.\n"), 2),
    "a source gets another file name": (renamed, 0),
    "a source gets another id": (edit("sources.toml", 'id = "alcohol"', 'id = "drink"'), 0),
    "a source is deleted": (put("sources.toml", LISTING.split("\n\n")[0] + "\n"), 0),
    "a title": (edit("sources.toml", 'file = "alcohol.txt"', 'file = "alcohol.txt"\ntitle = "New"'), 0),
    "an address": (edit("sources.toml", 'file = "alcohol.txt"', 'file = "alcohol.txt"\nurl = "https://example.org/"'), 0),
    "a reference": (edit("sources.toml", 'file = "alcohol.txt"', 'file = "alcohol.txt"\n[[source.reference]]\n'
                         'publisher = "p"\ntitle = "t"\nurl = "https://example.org/"'), 0),
    "an exclude": (edit("sources.toml", 'file = "alcohol.txt"', 'file = "alcohol.txt"\nexclude = ["Both slow"]'), None),
    "an editor's note": (put("notes.toml", NOTE), 0),
    "the notice": (edit("notice.toml", "Ask a", "See a"), 0),
    "an urgent card": (edit("notice.toml", "This may be an emergency", "This can be an emergency"), 0),
    "a help line": (edit("helplines.toml", "call or text 988", "call or message 988"), 0),
    "the region": (edit("notice.toml", 'region = "US"', 'region = "GB"'), 0),
    "the glossary": (edit("glossary.toml", "[[term]]", '[[term]]\nword = "bladder"\nheard = ["waterworks"]\n\n[[term]]'), 0),
    "an asked-as question": (put("asked.toml", '[[asked]]\nsource_id = "bladder"\nheading = "Bladder"\n'
                                 'questions = ["does ketamine harm the bladder"]\n'), 1),
    "the weights": (lambda folder: shutil.copytree(SHIPPED / "weights", folder / "weights",
                                                   ignore=shutil.ignore_patterns("network*")), 0),
    "a subject's text": (edit("not_covered.toml", "who knows about dose", "who knows all about dose"), 0),
    "a subject's example": (edit("not_covered.toml", 'id = "dose"', 'id = "dose"\nexamples = ["how much help"]'), 1),
}


@pytest.fixture
def listed(corpus: Path, index: Path) -> Path:
    (corpus / "sources.toml").write_text(LISTING)
    (corpus / "more.txt").write_text("Help\n\nThere is help for depression here.\n")
    build_index(corpus, index, encoder=ToyEncoder())
    assert faults(corpus, index) == []
    return corpus


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_seen_and_embeds_only_what_is_new(index: Path, listed: Path, change: str) -> None:
    how, new = CHANGES[change]
    how(listed)
    assert any("changed after the index was built" in finding.problem for finding in check(listed, index))
    result = build_index(listed, index, encoder=ToyEncoder())
    assert result.published
    assert new is None or result.embedded == new
    assert not any("changed after the index" in finding.problem for finding in check(listed, index))
    again = build_index(listed, index, encoder=ToyEncoder())
    assert (again.published, again.embedded, again.reason) == (False, 0, f"Nothing changed: {result.generation} stays published.")


@pytest.mark.parametrize("change", ["splitter", "encoder"])
def test_a_change_of_how_indexes_are_made_is_seen(index: Path, listed: Path, change: str,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = ToyEncoder(sha256="another" if change == "encoder" else "toy")
    if change == "splitter":
        monkeypatch.setitem(passages.SETTINGS, "max_words", 161)
    result = build_index(listed, index, encoder=encoder)
    assert result.published
    assert (result.embedded == 0) == (change != "encoder")
    assert (result.reused == 0) == (change == "encoder")


def test_one_edited_source_among_many_is_the_only_one_embedded(index: Path, corpus: Path) -> None:
    for number in range(40):
        (corpus / f"s{number}.txt").write_text(f"Number {number}\n\nText {number} speaks of help with ketamine.\n")
    first = build_index(corpus, index, encoder=ToyEncoder())
    assert (len(first.added), first.embedded) == (40, 80)
    (corpus / "s7.txt").write_text("Number 7\n\nThis text now speaks of something else.\n")
    second = build_index(corpus, index, encoder=ToyEncoder())
    assert (second.changed, second.embedded) == (("s7",), 2)  # the passage with its heading, and its one sentence
    assert second.reused == first.embedded + first.reused - 2


def test_a_build_without_a_change_loads_no_model(index: Path, corpus: Path) -> None:
    from assistant.index.encoder import identify

    identity = identify()
    encoder = ToyEncoder()
    encoder.identity = identity  # as if the packaged model had built it, so that nothing is left to do
    (corpus / "weights").mkdir()  # the five-word vectors are no use to the shipped ones
    (corpus / "weights" / "report.json").write_text('{"files": {}, "encoder": {"sha256": ""}, "learnt": {"asked.toml": ""}}')
    build_index(corpus, index, encoder=encoder)
    code = ("import sys; from assistant.cli import main as cli; code = cli.main(sys.argv[1:]); "
            "print(code, *sorted({'torch', 'sentence_transformers', 'transformers', 'onnxruntime', 'tokenizers'} "
            "& set(sys.modules)), file=sys.stderr)")
    done = subprocess.run([sys.executable, "-c", code, "build", "--corpus", str(corpus), "--index", str(index), "--json"],
                          capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    record = json.loads(done.stdout)
    assert (record["published"], record["embedded"]) == (False, 0)
    assert done.stderr.splitlines()[-1] == "0"


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


def test_under_a_strict_umask_they_can_be_read_all_the_same(tmp_path: Path, corpus: Path) -> None:
    before = os.umask(0o077)
    try:
        for _ in range(2):
            build_index(corpus, tmp_path / "new" / "index", encoder=ToyEncoder(), force=True)
    finally:
        os.umask(before)
    for path in [tmp_path / "new", tmp_path / "new" / "index", *(tmp_path / "new" / "index").rglob("*")]:
        wanted = 0o055 if path.is_dir() else 0o044
        assert path.stat().st_mode & wanted == wanted, path


class Killed(BaseException):
    """What a process feels of a kill: nothing after it runs."""


@pytest.mark.parametrize("at", [1, 4, 7])
def test_a_killed_build_is_taken_up_where_it_was(
        tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    monkeypatch.setattr(embedding_cache, "AT_ONCE", 1)
    whole = build_index(corpus, tmp_path / "whole", encoder=ToyEncoder())

    class Dying(ToyEncoder):
        def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
            if len(self.seen) == at:
                raise Killed
            return super().encode(texts, progress)

    with pytest.raises(Killed):
        build_index(corpus, tmp_path / "index", encoder=Dying())
    assert len(list((tmp_path / "index" / ".kept").rglob("*.safetensors"))) == at
    rest = ToyEncoder()
    result = build_index(corpus, tmp_path / "index", encoder=rest)
    assert (result.embedded, result.reused) == (whole.embedded - at, at)
    assert result.embedded <= len(rest.seen) <= result.embedded + 20  # what is made again, acceptance questions and the probe
    assert not (tmp_path / "index" / ".kept").exists()
    for name in ("vectors.faiss", "tokens.safetensors", "corpus.json"):
        assert ((tmp_path / "index" / "current" / name).read_bytes() == (tmp_path / "whole" / "current" / name).read_bytes())


def test_kept_vectors_that_were_changed_or_made_by_another_model_are_not_taken(
        tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding_cache, "AT_ONCE", 1)
    identity = ToyEncoder().identity
    kept = embedding_cache.EmbeddingCache(tmp_path, identity)
    kept.add({"ab" * 32: np.ones(5, np.float32)})
    assert list(kept.read()[0]) == ["ab" * 32]
    assert embedding_cache.EmbeddingCache(tmp_path, ToyEncoder("another").identity).read() == ({}, {})
    (path,) = (tmp_path / ".kept").rglob("*.safetensors")
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert kept.read() == ({}, {})


def test_progress_counts_every_text_once_from_the_start(
        tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar neither restarts nor runs past its end."""
    monkeypatch.setattr(ToyEncoder, "encode", telling(ToyEncoder.encode))
    monkeypatch.setattr(ToyEncoder, "encode_fine", telling(ToyEncoder.encode_fine))
    monkeypatch.setattr(ToyEncoder, "encode_inner_layers", telling(ToyEncoder.encode_inner_layers))
    told: list[tuple[int, int]] = []
    result = build_index(corpus, tmp_path / "index", encoder=ToyEncoder(), progress=lambda *both: told.append(both))
    assert {total for _, total in told} == {result.embedded}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == result.embedded == 7


def test_a_build_embeds_what_the_corpus_says_and_no_written_example(tmp_path: Path, corpus: Path) -> None:
    shutil.copy(SHIPPED / "exemplars.jsonl", corpus)
    encoder = ToyEncoder()
    result = build_index(corpus, tmp_path / "index", encoder=encoder)
    assert result.embedded == 7  # two passages and their five sentences
    assert {text for text in encoder.seen if "adder" not in text and "lcohol" not in text and "own" not in text} <= {
        "People may need to pee often, and it may sting.", PROBE}


def telling(encode: Callable[..., Any]) -> Callable[..., Any]:
    def told(self: ToyEncoder, texts: Sequence[str], progress: Progress | None = None) -> Any:
        made = encode(self, texts)
        if progress:
            progress(len(texts), len(texts))
        return made

    return told


def test_a_build_that_takes_vectors_over_writes_the_very_files_of_a_build_from_nothing(
        corpus: Path, index: Path, tmp_path: Path) -> None:
    """Some passages taken over, then all of them, then those that were taken over once."""
    def reword() -> None:
        (corpus / "bladder.txt").write_text(f"Bladder\n\n{BLADDER} Blood needs a check.\n", "utf-8")

    def remove() -> None:
        (corpus / "alcohol.txt").unlink()

    def add() -> None:
        (corpus / "blood.txt").write_text(f"Blood\n\n{ALCOHOL} Blood needs a check.\n", "utf-8")

    for change in (reword, remove, add):
        change()
        again = build_index(corpus, index, encoder=ToyEncoder())
        assert again.reused
        anew = tmp_path / change.__name__
        build_index(corpus, anew, encoder=ToyEncoder())
        for name in ("vectors.faiss", "tokens.safetensors", "corpus.json"):
            assert (index / "current" / name).read_bytes() == (anew / "current" / name).read_bytes(), (change.__name__, name)

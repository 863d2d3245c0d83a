"""Faults put into the real build, publish and rollback code -> what became of the index, one row a fault.

Run as a program it prints the rows as JSON: its children kill themselves, so it has no threads and no test runner in it.
``tests/index/test_faults.py`` holds the promises, ``docs/index_faults.py`` makes the table.

An *operation* is a call of one of OPERATIONS. Every build is the same, so its operations can be numbered: the fault is
put at the first one, then at the second, and so on, until a build ends without meeting it.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import random
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.answering.assistant import Assistant
from assistant.errors import AssistantError
from assistant.index import generation, retention
from assistant.index.serialization import canonical
from assistant.indexing.build import build_index
from assistant.screening.labels import DANGERS
from tests.support import ALCOHOL, BLADDER, ToyEncoder, refusals

OPERATIONS = ("write", "fsync", "rename", "replace", "unlink", "rmdir", "mkdir", "symlink", "link", "chmod")
NEED_ROOM = ("write", "mkdir", "symlink", "link", "rename", "replace", "fsync")  # what a full disk refuses
QUESTIONS = ("bladder", "alcohol and ketamine", "help with depression")
MOST = 400  # operations of one run; more means that the fault is never reached
TAMPERINGS = 10_000
NOBODY = 65534


@dataclass
class Row:
    """One line of the table. ``refused`` counts named errors; ``altered`` and ``left`` must stay 0."""

    fault: str
    tried: int = 0
    old: int = 0  # afterwards the generation from before answered, whole
    new: int = 0  # afterwards the new one did
    refused: Counter[str] = field(default_factory=Counter)  # named errors that readers got instead
    told: Counter[str] = field(default_factory=Counter)  # named errors that the builder got
    altered: int = 0  # passages shown that stand in neither corpus at that place
    unnamed: int = 0  # errors that are none of ours
    left: int = 0  # runs that ended, not by a kill, and left a draft; or after which the next build did
    stuck: int = 0  # runs after which a build without a fault did not publish the new corpus


class Scene:
    """A scratch folder: a corpus in two versions, and an index that has been built four times from the first."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.corpus, self.edited = folder, folder / "corpus", folder / "edited"
        self.corpus.mkdir(parents=True)
        notice = "".join(f'[urgent.{kind}]\nheading = "Help"\ntext = "Get help now."\nlines = ["Line"]\n' for kind in DANGERS)
        files = {"bladder.txt": f"Bladder\n\n{BLADDER}\n", "alcohol.txt": f"Alcohol\n\n{ALCOHOL}\n",
                 "notice.toml": 'region = ""\ntext = "Not medical advice."\nrelated = "Near."\nnot_covered = "No."\n' + notice,
                 "helplines.toml": '[[helpline]]\nregion = ""\nkind = "crisis"\nname = "Line"\ncontact = "call 1"\n'
                                   'hours = "24/7"\nverified_on = "2026-11-21"\n',
                 "not_covered.toml": refusals(), "glossary.toml": '[[term]]\nword = "ketamine"\nheard = ["ket"]\nswap = true\n'}
        for name, text in files.items():
            (self.corpus / name).write_text(text, "utf-8")
        shutil.copytree(self.corpus, self.edited)
        (self.edited / "bladder.txt").write_text(f"Bladder\n\n{BLADDER} Blood in it needs a check.\n", "utf-8")
        (self.edited / "help.txt").write_text("Help\n\nThere is help for people. Ask a nurse about depression.\n", "utf-8")
        self.texts = {name: {path.stem: path.read_text("utf-8") for path in getattr(self, name).glob("*.txt")}
                      for name in ("corpus", "edited")}
        self.index = folder / "index"
        self.full = folder / "full"  # three generations, so that the next build takes one away
        for _ in range(4):
            self.build(self.corpus, self.full, force=True)
        self.both = folder / "both"  # the first corpus below, the edited one published
        self.build(self.corpus, self.both)
        self.build(self.edited, self.both)

    def build(self, corpus: Path, index: Path, force: bool = False) -> Any:
        return build_index(corpus, index, encoder=ToyEncoder(), force=force, shipped=corpus)

    def reset(self, template: Path | None) -> None:
        shutil.rmtree(self.index, ignore_errors=True)
        if template:
            shutil.copytree(template, self.index, symlinks=True)

    def read(self, row: Row, count: bool = True, whole: bool = True) -> str:
        """What a reader gets now: "old", "new", or the name of an error; altered passages are counted.

        ``whole``: all sources must be those of one version, and something must be found in them.
        """
        try:
            assistant = Assistant.open(self.index, encoder=ToyEncoder())
            answers = [assistant.ask(question, k=5, ranked=5) for question in QUESTIONS]
        except AssistantError as error:
            row.refused[type(error).__name__] += count
            return type(error).__name__
        except Exception as error:
            print(f"{row.fault}: {type(error).__name__}: {error}", file=sys.stderr)
            row.unnamed += 1
            return "unnamed"
        held = {source.id: source.text for source in assistant.sources}
        which = next((which for which, name in (("old", "corpus"), ("new", "edited")) if self.texts[name] == held), "")
        known = self.texts["corpus" if which == "old" else "edited"]
        quotes = [citation for answer in answers for citation in (*answer.citations, *answer.ranked)]
        row.altered += sum(known.get(quote.source_id, "")[quote.start:quote.end] != quote.exact or not quote.exact
                           for quote in quotes)
        row.altered += whole and (not which or not quotes)
        row.old += count and which == "old"
        row.new += count and which == "new"
        return which

    def drafts(self) -> list[Path]:
        """What should not be there: drafts, and generations that were finished and never published."""
        live, out = generation.pointed(self.index), retention.rolled_back(self.index)
        return [path for path in self.index.iterdir() if path.name.startswith(generation.DRAFT)
                or (generation.NAME.fullmatch(path.name) and path.name > live and path.name not in out)]

    def recovers(self, row: Row) -> None:
        """After any fault the next build makes everything good; one that was rolled back wants ``force``."""
        try:
            self.build(self.edited, self.index, force="rollback" in row.fault)
            names = retention.generations(self.index)
            whole = all(generation.verify(self.index / name) for name in names)
            row.stuck += not (whole and 1 <= len(names) <= 3 and self.read(row, count=False) == "new")
        except AssistantError as error:
            print(f"{row.fault}: {error}", file=sys.stderr)
            row.stuck += 1
        row.left += bool(self.drafts())


@contextlib.contextmanager
def operations(act: Callable[[int, str, Callable[..., Any], tuple[Any, ...], dict[str, Any]], Any]) -> Iterator[Counter[str]]:
    """Every operation goes through ``act(number, name, real, args, kwargs)``; fsync itself is left out, it is slow."""
    real = {name: getattr(os, name) for name in OPERATIONS}
    done: Counter[str] = Counter()

    def wrap(name: str) -> Callable[..., Any]:
        call = (lambda handle: None) if name == "fsync" else real[name]

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if name == "write" and args[0] <= 2:
                return call(*args, **kwargs)
            done["all"] += 1
            done[name] += 1
            return act(done["all"], name, call, args, kwargs)

        return wrapped

    for name in OPERATIONS:
        setattr(os, name, wrap(name))
    try:
        yield done
    finally:
        for name, call in real.items():
            setattr(os, name, call)


def half(call: Callable[..., Any], args: tuple[Any, ...]) -> None:
    call(args[0], args[1][:len(args[1]) // 2])


def killed(scene: Scene, row: Row, template: Path | None, work: Callable[[], Any]) -> Row:
    """A child that runs ``work`` is killed with -9 at every operation in turn, in the middle of a write; we read throughout."""
    for number in range(1, MOST):
        scene.reset(template)
        child = os.fork()
        if not child:
            def act(at: int, name: str, call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
                if at == number:  # noqa: B023 - the child runs at once
                    if name == "write":
                        half(call, args)
                    os.kill(os.getpid(), signal.SIGKILL)
                return call(*args, **kwargs)

            with operations(act):
                work()
            os._exit(0)
        status, throughout = 0, Row(row.fault)
        while not (done := os.waitpid(child, os.WNOHANG))[0]:
            scene.read(throughout)
        status = done[1]
        row.altered, row.unnamed = row.altered + throughout.altered, row.unnamed + throughout.unnamed
        if template and throughout.refused:
            row.unnamed += 1  # with a published generation a reader is never turned away, at no moment
        if not os.WIFSIGNALED(status):
            row.stuck += os.waitstatus_to_exitcode(status) != 0
            return row
        row.tried += 1
        scene.read(row)
        scene.recovers(row)
    raise AssertionError("the fault has no end")


def failing(scene: Scene, row: Row, template: Path | None, work: Callable[[], Any], code: int, lasting: bool) -> Row:
    """The operation fails with ``code``, once, or from then on; a write fails half done."""
    for number in range(1, MOST):
        scene.reset(template)

        def act(at: int, name: str, call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            if at == number or (lasting and at > number and (code != errno.ENOSPC or name in NEED_ROOM)):  # noqa: B023
                if name == "write":
                    half(call, args)
                raise OSError(code, os.strerror(code))
            return call(*args, **kwargs)

        with operations(act) as done:
            try:
                work()
            except AssistantError as error:
                row.told[type(error).__name__] += 1
            except Exception as error:
                print(f"{row.fault} at {number}: {type(error).__name__}: {error}", file=sys.stderr)
                row.unnamed += 1
        if done["all"] < number:
            return row
        row.tried += 1
        scene.read(row)
        row.left += bool(scene.drafts()) and not (lasting and code == errno.EACCES)  # nothing can be removed then
        if number % 4 == 0 or scene.drafts():
            scene.recovers(row)
    raise AssertionError("the fault has no end")


def read_only(scene: Scene) -> Row:
    """As another user, on a folder that only its owner may write."""
    row = Row("read-only folder, as another user", tried=1)
    scene.reset(scene.full)
    os.chmod(scene.index, 0o555)
    child = os.fork()
    if not child:
        with contextlib.suppress(PermissionError):
            os.setuid(NOBODY)
        try:
            scene.build(scene.edited, scene.index)
        except AssistantError as error:
            os._exit(7 if "cannot be written" in str(error) and scene.read(Row("")) == "old" else 8)
        os._exit(9)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.chmod(scene.index, 0o755)
    row.told["BuildFailed"] += code == 7
    row.unnamed += code != 7
    scene.read(row)
    row.left += bool(scene.drafts())
    return row


def other_user(scene: Scene) -> Row:
    """Built where a strict umask hides new files from everybody else, read by somebody else."""
    row = Row("strict umask, read by another user", tried=1)
    scene.reset(None)
    before = os.umask(0o077)
    scene.build(scene.edited, scene.index)
    os.umask(before)
    child = os.fork()
    if not child:
        with contextlib.suppress(PermissionError):
            os.setuid(NOBODY)
        os._exit(0 if scene.read(Row("")) == "new" else 1)
    row.unnamed += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    scene.read(row)
    return row


def two_builders(scene: Scene) -> Row:
    """Two children build different corpora at the same moment; one may be told to wait."""
    row = Row("two builders at once")
    for _ in range(10):
        scene.reset(scene.full)
        children = []
        for corpus in (scene.corpus, scene.edited):
            child = os.fork()
            if not child:
                try:
                    scene.build(corpus, scene.index, force=True)
                except AssistantError as error:
                    os._exit(7 if "Another build is running" in str(error) else 8)
                os._exit(0)
            children.append(child)
        while children:
            scene.read(row, count=False)
            for child in list(children):
                done, status = os.waitpid(child, os.WNOHANG)
                if done:
                    children.remove(child)
                    row.unnamed += os.waitstatus_to_exitcode(status) not in (0, 7)
        row.tried += 1
        row.unnamed += scene.read(row, count=False) not in ("old", "new")  # which of the two is a matter of luck
        row.left += bool(scene.drafts())
    return row


def damaged(scene: Scene, fault: str, harms: Iterator[Callable[[Path], None]], mended: bool = False) -> Row:
    """Each harm is done to the files of the published generation; ``mended``: hashes, name and pointer are made to fit."""
    row = Row(fault)
    scene.reset(scene.both)
    kept = scene.folder / "kept"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(scene.index, kept, symlinks=True)
    for harm in harms:
        folder = generation.current(scene.index)
        harm(folder)
        if mended:
            reseal(scene.index, folder)
        row.tried += 1
        scene.read(row)
        shutil.rmtree(scene.index)
        shutil.copytree(kept, scene.index, symlinks=True)
    return row


def reseal(index: Path, folder: Path, files_only: bool = False) -> None:
    """Make every hash fit again, as somebody with the code at hand could; ``files_only``: all but the folder's name."""
    manifest = json.loads((folder / generation.MANIFEST).read_bytes())
    manifest["files"] = {name: generation.file_sha256(folder / name) for name in manifest["files"]}
    raw = canonical(manifest)
    (folder / generation.MANIFEST).write_bytes(raw)
    if not files_only:
        name = f"{folder.name[:-16]}{generation.hashlib.sha256(raw).hexdigest()[:16]}"
        folder.rename(index / name)
        (index / generation.CURRENT).unlink()
        (index / generation.CURRENT).symlink_to(name)


def names(scene: Scene) -> list[str]:
    return sorted(path.name for path in generation.current(scene.both).iterdir())


def torn(scene: Scene) -> Iterator[Callable[[Path], None]]:
    for name in names(scene):
        for part in range(16):
            yield lambda folder, name=name, part=part: os.truncate(  # type: ignore[misc]
                folder / name, (folder / name).stat().st_size * part // 16)


def flips(scene: Scene) -> Iterator[Callable[[Path], None]]:
    chance = random.Random(1)

    def flip(folder: Path, name: str) -> None:
        raw = bytearray((folder / name).read_bytes())
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        (folder / name).write_bytes(raw)

    for name in names(scene):
        for _ in range(32):
            yield lambda folder, name=name: flip(folder, name)  # type: ignore[misc]


def swapped(scene: Scene) -> Iterator[Callable[[Path], None]]:
    """Each file, and all but the manifest together, from the generation before."""
    def swap(folder: Path, wanted: list[str]) -> None:
        (other,) = (path for path in folder.parent.iterdir() if generation.NAME.fullmatch(path.name) and path.name != folder.name)
        for name in wanted:
            shutil.copyfile(other / name, folder / name)

    every = names(scene)
    for wanted in ([[name] for name in every] + [[name for name in every if name != generation.MANIFEST], every]):
        yield lambda folder, wanted=wanted: swap(folder, wanted)  # type: ignore[misc]


def mended_vectors(scene: Scene) -> Iterator[Callable[[Path], None]]:
    """Fewer rows, or those of the generation before, and all hashes made to fit."""
    import faiss
    import numpy as np

    def shorten(folder: Path, rows: int) -> None:
        old = faiss.deserialize_index(np.frombuffer((folder / "vectors.faiss").read_bytes(), np.uint8))
        new = faiss.IndexFlatIP(old.d)
        new.add(old.reconstruct_n(0, rows))
        (folder / "vectors.faiss").write_bytes(faiss.serialize_index(new).tobytes())

    for rows in range(6):
        yield lambda folder, rows=rows: shorten(folder, rows)  # type: ignore[misc]
    for name in ("vectors.faiss", "tokens.safetensors"):
        yield lambda folder, name=name: shutil.copyfile(  # type: ignore[misc]
            next(path for path in folder.parent.iterdir()
                 if generation.NAME.fullmatch(path.name) and path.name != folder.name) / name, folder / name)


def reworded(scene: Scene) -> Iterator[Callable[[Path], None]]:
    """One letter of each word of each source, in the text that passages are cut from."""
    def change(folder: Path, source: int, place: int) -> None:
        record = json.loads((folder / "corpus.json").read_bytes())
        text = record["sources"][source]["text"]
        record["sources"][source]["text"] = text[:place] + ("x" if text[place] != "x" else "y") + text[place + 1:]
        (folder / "corpus.json").write_bytes(canonical(record))

    for number, source in enumerate(json.loads((generation.current(scene.both) / "corpus.json").read_bytes())["sources"]):
        for place in range(0, len(source["text"]), 5):
            yield lambda folder, number=number, place=place: change(folder, number, place)  # type: ignore[misc]


def shifted(scene: Scene) -> Iterator[Callable[[Path], None]]:
    def shift(folder: Path, passage: int, start: int, end: int) -> None:
        record = json.loads((folder / "corpus.json").read_bytes())
        record["passages"][passage]["start"] += start
        record["passages"][passage]["end"] += end
        (folder / "corpus.json").write_bytes(canonical(record))

    for passage in range(len(json.loads((generation.current(scene.both) / "corpus.json").read_bytes())["passages"])):
        for start, end in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (-1000, 0), (0, 1000)):
            yield lambda folder, p=passage, s=start, e=end: shift(folder, p, s, e)  # type: ignore[misc]


def foreign(scene: Scene) -> Iterator[Callable[[Path], None]]:
    """Links in place of files, files that no manifest lists, a pointer that leads elsewhere or nowhere."""
    def link(folder: Path, name: str) -> None:
        (folder / name).rename(folder.parent / "moved")
        (folder / name).symlink_to(folder.parent / "moved")

    def point(folder: Path, target: str) -> None:
        (folder.parent / "current").unlink()
        (folder.parent / "current").symlink_to(target)

    for name in names(scene):
        yield lambda folder, name=name: link(folder, name)  # type: ignore[misc]
        yield lambda folder, name=name: (folder / name).unlink()  # type: ignore[misc]
    for name in ("danger.safetensors", "coverage.safetensors", "notes.txt"):
        yield lambda folder, name=name: (folder / name).write_bytes(b"x")  # type: ignore[misc,return-value]
    for target in ("/", "..", ".", "nowhere", "20260101T000000000000Z-0000000000000000"):
        yield lambda folder, target=target: point(folder, target)  # type: ignore[misc]


def led_out(scene: Scene) -> Row:
    """A source that is a link to a file outside the corpus folder, in a bare folder and in a listed one."""
    row = Row("a link out of the corpus")
    outside = scene.folder / "outside.txt"
    outside.write_text("Outside\n\nSecret words about ketamine stand here in a full sentence.\n", "utf-8")
    for listing in ("", '[[source]]\nid = "out"\nfile = "out.txt"\n', '[[source]]\nid = "out"\nfile = "../outside.txt"\n'):
        scene.reset(scene.full)
        corpus = scene.folder / "leading"
        shutil.rmtree(corpus, ignore_errors=True)
        shutil.copytree(scene.corpus, corpus)
        (corpus / "out.txt").symlink_to(outside)
        if listing:
            (corpus / "sources.toml").write_text(listing, "utf-8")
        try:
            scene.build(corpus, scene.index)
        except AssistantError as error:
            row.told[type(error).__name__] += 1
        row.tried += 1
        scene.read(row)
    return row


def tampered(scene: Scene, count: int, seed: int = 20261125) -> Row:
    """Random changes: raw bytes, with the file's hash mended, and with every hash mended so that deeper proofs are reached."""
    row, tampering = Row(f"{count:,} random tamperings"), 0
    scene.reset(scene.both)
    start = generation.current(scene.index)
    kept = {path.name: path.read_bytes() for path in start.iterdir()}
    original = json.loads(kept["corpus.json"])
    while row.tried < count:
        tampering += 1
        chance = random.Random(f"{seed} {tampering}")  # each of its own, so that no other one's length matters
        folder = generation.current(scene.index)
        level = chance.choices(("raw", "mended", "sealed text", "sealed bytes"), (4, 2, 4, 1))[0]
        if level == "sealed text":
            record = json.loads(kept["corpus.json"])
            for _ in range(chance.choice((1, 1, 1, 2, 4))):
                mutate(record, chance)
            if record == original:
                continue
            changed = {"corpus.json": canonical(record)}
        else:
            name = chance.choice(sorted(set(kept) - ({generation.MANIFEST} if level != "raw" else set())))
            changed = {name: bytes(scramble(bytearray(kept[name]), chance))}
            if changed[name] == kept[name]:
                continue
        for name, raw in changed.items():
            (folder / name).write_bytes(raw)
        if level != "raw":
            reseal(scene.index, folder, files_only=level == "mended")
        row.tried += 1
        if scene.read(row, whole=False) == "unnamed":
            print(f"tampering {tampering} ({level}, {sorted(changed)})", file=sys.stderr)
        moved = generation.current(scene.index)
        if moved != start:
            moved.rename(start)
            (scene.index / "current").unlink()
            (scene.index / "current").symlink_to(start.name)
        for name in {*changed, generation.MANIFEST}:
            (start / name).write_bytes(kept[name])
    return row


def scramble(raw: bytearray, chance: random.Random) -> bytearray:
    place, length = chance.randrange(len(raw)), chance.randint(1, 16)
    kind = chance.choice(("flip", "flip", "overwrite", "cut", "insert", "drop", "zero", "move"))
    if kind == "flip":
        raw[place] ^= 1 << chance.randrange(8)
    elif kind == "overwrite":
        raw[place:place + length] = chance.randbytes(len(raw[place:place + length]))
    elif kind == "cut":
        del raw[place:]
    elif kind == "insert":
        raw[place:place] = chance.randbytes(length)
    elif kind == "drop":
        del raw[place:place + length]
    elif kind == "zero":
        raw[place:place + length] = bytes(len(raw[place:place + length]))
    else:
        piece = raw[place:place + length]
        del raw[place:place + length]
        raw[chance.randrange(len(raw) + 1):0] = piece
    return raw


def mutate(record: Any, chance: random.Random) -> None:
    """Change one value somewhere in a JSON document; sources and passages are met most."""
    node, key = record, chance.choices(("sources", "passages", "texts", "glossary"), (5, 5, 2, 1))[0]
    while isinstance(node[key], dict | list) and node[key] and chance.random() < 0.95:
        node = node[key]
        key = chance.choice(sorted(node)) if isinstance(node, dict) else chance.randrange(len(node))
    value = node[key]
    if isinstance(value, str):
        place = chance.randrange(len(value) + 1)
        words = value.split(" ")
        chance.shuffle(words)
        node[key] = chance.choice((value[:place] + chance.choice("aeiou not .") + value[place:], " ".join(words),
                                   value[:place], value.upper(), None, 7))
    elif isinstance(value, bool) or value is None:
        node[key] = chance.choice((True, False, "x", 3))
    elif isinstance(value, int):
        node[key] = chance.choice((value + chance.randint(-40, 40), -value, str(value), None, float(value), 10 ** 9))
    elif isinstance(value, list):
        node[key] = chance.choice(([], value[::-1], value[:-1], value + value[:1], None))
    else:
        node[key] = chance.choice(({}, None, "x"))


def rows(folder: Path, tamperings: int = TAMPERINGS) -> Iterator[Row]:
    """Every row of the table, in order."""
    scene = Scene(folder)

    def build() -> object:
        return scene.build(scene.edited, scene.index)

    def back() -> object:
        return retention.rollback(scene.index)

    yield killed(scene, Row("kill -9 at each operation of a build"), scene.full, build)
    yield killed(scene, Row("kill -9 at each operation of a first build"), None, build)
    yield killed(scene, Row("kill -9 at each operation of a rollback"), scene.both, back)
    for code in (errno.ENOSPC, errno.EACCES, errno.EIO):
        name = errno.errorcode[code]
        yield failing(scene, Row(f"{name} once, at each operation of a build"), scene.full, build, code, lasting=False)
        if code != errno.EIO:
            yield failing(scene, Row(f"{name} from each operation of a build on"), scene.full, build, code, lasting=True)
            yield failing(scene, Row(f"{name} once, at each operation of a rollback"), scene.both, back, code, lasting=False)
    yield read_only(scene)
    yield other_user(scene)
    yield two_builders(scene)
    yield led_out(scene)
    yield damaged(scene, "torn files: each cut at 16 lengths", torn(scene))
    yield damaged(scene, "a flipped bit, 32 times in each file", flips(scene))
    yield damaged(scene, "files of another generation", swapped(scene))
    yield damaged(scene, "links, missing and unlisted files, a false pointer", foreign(scene))
    yield damaged(scene, "vectors cut or of another generation, all hashes mended", mended_vectors(scene), mended=True)
    yield damaged(scene, "a letter of a source changed, all hashes mended", reworded(scene), mended=True)
    yield damaged(scene, "a passage's offsets shifted, all hashes mended", shifted(scene), mended=True)
    yield tampered(scene, tamperings)


def main() -> None:
    os.umask(0o022)
    with tempfile.TemporaryDirectory() as scratch:
        os.chmod(scratch, 0o755)  # the read-only row reads it as another user
        for row in rows(Path(scratch) / "scene", int(sys.argv[1]) if len(sys.argv) > 1 else TAMPERINGS):
            print(json.dumps(vars(row)), flush=True)


if __name__ == "__main__":
    main()

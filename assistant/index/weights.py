"""the weights that go with a corpus -> their files, and whether they are older than what they learnt.

    weights/network.safetensors    see ``classifier``; each generation gets a copy
    weights/report.json    date, figures, and hashes: of what was learnt, of the encoder, and of these files

``python -m assistant fit`` writes the folder. A corpus folder that brings none goes with the shipped one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assistant.corpus.exemplars import FILES as WRITTEN
from assistant.corpus.exemplars import asked_sections, read_exemplars
from assistant.corpus.files import SHIPPED, first_existing
from assistant.corpus.fixed_texts import read_texts
from assistant.corpus.reader import WEIGHTS, Corpus
from assistant.errors import CorpusError
from assistant.index.encoder import INNER_LAYERS, EncoderIdentity
from assistant.index.generation import file_sha256
from assistant.index.serialization import record_sha256
from assistant.screening.classifier import NETWORK_FILE, Network, Section

REPORT = "report.json"
FILES = (NETWORK_FILE,)
ASKED, SUBJECTS = "asked.toml", "not_covered.toml"
OWN = tuple(of.file for of in WRITTEN)  # a folder brings these for no other end than to have them learnt


def hashes(folder: Path | None) -> dict[str, str]:
    """The sha256 of each file of weights that is there, by name."""
    return {name: file_sha256(folder / name) for name in FILES if (folder / name).is_file()} if folder else {}


def encoder_record(identity: EncoderIdentity) -> dict[str, Any]:
    """What must be equal where weights are fitted and where they are used."""
    return {"sha256": identity.sha256, "max_tokens": identity.max_tokens, "layers": [round(part, 4) for part in INNER_LAYERS]}


def learnt(folder: Path, shipped: Path = SHIPPED) -> dict[str, str]:
    """The hash of what each file teaches, by its name: its messages, not its comments. Raises CorpusError."""
    return {name: _taught(name, folder, shipped) for name in _taught_names(folder, shipped)}


def _taught_names(folder: Path, shipped: Path) -> list[str]:
    return [*(name for name in OWN if first_existing(name, folder, shipped)), ASKED, SUBJECTS]


def _taught(name: str, folder: Path, shipped: Path) -> str:
    if name == ASKED:
        return record_sha256(sorted(asked_sections(folder, shipped).items()))
    if name == SUBJECTS:
        return record_sha256([subject.examples for subject in read_texts(folder, shipped).subjects])
    of = next(of for of in WRITTEN if of.file == name)
    path = first_existing(name, folder, shipped) or folder / name
    return record_sha256([(item.text, item.kind) for item in read_exemplars(path, of)])


def report_of(folder: Path) -> dict[str, Any]:
    """The report beside the weights. Raises CorpusError when it is no such report, or the files are not those it names."""
    path = folder / REPORT
    try:
        report: dict[str, Any] = json.loads(path.read_bytes())
        files, _, _ = report["files"], report["encoder"]["sha256"], report["learnt"][ASKED]
    except (OSError, ValueError, KeyError, TypeError):
        raise CorpusError(f"{path} is not the report of a fit: run `python -m assistant fit`.") from None
    for name, sha256 in hashes(folder).items():
        if files.get(name) != sha256:
            raise CorpusError(f"{folder / name} is not the file that {REPORT} names: run `python -m assistant fit`.")
    return report


def fits(folder: Path, identity: EncoderIdentity) -> bool:
    """Whether the weights are for this encoder. Raises CorpusError for weights that are not whole."""
    return bool(report_of(folder)["encoder"] == encoder_record(identity))


def sections(folder: Path | None, identity: EncoderIdentity) -> tuple[Section, ...]:
    """The sections that the weights for this encoder learnt to find, none without such weights. Raises CorpusError."""
    if folder is None or not fits(folder, identity):
        return ()
    network = Network.open(folder)
    return network.sections if network else ()


def outdated(read: Corpus, shipped: Path = SHIPPED) -> list[Path]:
    """The files that were changed after the weights learnt from them. Raises CorpusError.

    Of a folder without weights of its own, only what it brings in order to have it learnt: the shipped weights are for the
    shipped messages.
    """
    if read.weights is None:
        return []
    own = read.weights == read.folder / WEIGHTS
    before = report_of(read.weights)["learnt"]
    names = _taught_names(read.folder, shipped) if own else [name for name in OWN if (read.folder / name).is_file()]
    return [first_existing(name, read.folder, shipped) or read.folder / name for name in sorted(names)
            if before.get(name) != _taught(name, read.folder, shipped)]

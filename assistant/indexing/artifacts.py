"""a corpus and its encoder -> what lies beside the vectors in a draft: weights and the exported model."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from assistant.arrays import Vectors
from assistant.atomic_files import write
from assistant.corpus.reader import Corpus
from assistant.index import weights
from assistant.index.encoder import EXPORT, EXPORTED_FILES, GRAPH, Encoder, EncoderIdentity
from assistant.index.encoder_onnx import RuntimeEncoder
from assistant.index.index import PROBE, Index


def add_weights(draft: Path, read: Corpus, identity: EncoderIdentity, say: Callable[[str], None]) -> None:
    """Copy the weights that go with a corpus, so that a machine that only serves needs nothing else.

    Those for another encoder are left out: its figures would mean nothing to them. Raises CorpusError when they are not whole.
    """
    if read.weights is None:
        return
    if not weights.fits(read.weights, identity):
        say(f"The weights in {read.weights} are for another model, so rules and retrieval work without them: "
            f"`python -m assistant fit --model {identity.name}` makes others.")
        return
    for name in weights.hashes(read.weights):
        write(draft / name, (read.weights / name).read_bytes())


def runtime_of(old: Index | None) -> Encoder | None:
    """The exported model of a generation, None where a build would export another one."""
    if old is None or old.inputs.get("export") != EXPORT or not (old.folder / GRAPH).exists():
        return None
    return RuntimeEncoder(old.folder, old.identity)


def add_runtime(draft: Path, encoder: Encoder, old: Index | None, exported: Encoder | None) -> Vectors:
    """Put the exported model beside the vectors; ``exported`` is that of the old generation where it is to stay."""
    if old is None or exported is None:
        encoder.save_runtime(draft)
    else:
        for name in EXPORTED_FILES:
            try:
                os.link(old.folder / name, draft / name)  # 48 MB that never change
            except OSError:
                shutil.copyfile(old.folder / name, draft / name)
    probe: Vectors = (exported or encoder).encode([PROBE])[0]
    return probe

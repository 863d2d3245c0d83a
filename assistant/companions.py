"""a corpus and its encoder -> what lies beside the vectors in a draft: fitted weights and the exported model.

What has not changed since the generation before is taken over from it. Owns no dependency.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from assistant import coverage, likeness
from assistant.corpus import Corpus
from assistant.coverage import COVERAGE_FILE
from assistant.embedding import PACKAGED, Encoder, Progress, Vectors
from assistant.errors import AssistantError
from assistant.generation import write
from assistant.index import PROBE, Index, text_sha256
from assistant.likeness import REFUSED, URGENT, Exemplar, read_exemplars
from assistant.retention import RUNTIME


def add_kernels(draft: Path, read: Corpus, encoder: Encoder, old: Index | None, inputs: dict[str, Any],
                 known: dict[str, Vectors], progress: Progress | None) -> int:
    """Fit the second stages of the screens and the coverage of questions, or take them over where nothing changed.

    Returns how many texts went through the model; ``known`` holds vectors by text hash. Cuts and weights were set on the
    packaged model's vectors, so another model gets the urgent rules and the retrieval figures alone.
    """
    if encoder.identity.name != PACKAGED:
        return 0
    new: dict[str, str] = {}

    def vectors(texts: list[str]) -> Vectors:
        hashes = [text_sha256(text) for text in texts]
        missing = {key: text for key, text in zip(hashes, texts, strict=True) if key not in known}
        known.update(zip(missing, encoder.encode(list(missing.values()), progress), strict=True))
        new.update(missing)
        return np.stack([known[key] for key in hashes])

    def taken_over(name: str, part: str) -> bool:
        if old is None or not (old.folder / name).exists() or any(
                old.inputs.get(key) != inputs[key] for key in (part, "glossary", "kernels")):
            return False
        shutil.copyfile(old.folder / name, draft / name)
        return True

    widen = read.editorial.glossary.widen  # as the questions that people ask will be
    for part, path, stage in (("exemplars", read.exemplars, URGENT), ("refused", read.refused, REFUSED)):
        if path and not taken_over(stage.weights, part):
            exemplars = read_exemplars(path, stage)
            if stage is REFUSED:  # what the passages answer is never refused lightly
                exemplars += tuple(Exemplar(text, None) for text in read.examples.answered)
            write(draft / stage.weights,
                  likeness.fit(vectors([widen(item.text)[0] for item in exemplars]), exemplars, stage))
    if read.examples and not taken_over(COVERAGE_FILE, "examples"):
        texts = [widen(text)[0] for text in (*read.examples.answered, *read.examples.unanswered)]
        write(draft / COVERAGE_FILE, coverage.fit(vectors(texts), read.examples, texts))
    return len(new)


def add_runtime(draft: Path, encoder: Encoder, old: Index | None) -> Vectors:
    """Put the exported model beside the vectors, from the old generation where it has the same one."""
    names = [name for name in (RUNTIME, "tokenizer.json") if old and (old.folder / name).exists()]
    if old and names:
        for name in names:
            try:
                os.link(old.folder / name, draft / name)  # 90 MB that never change
            except OSError:
                shutil.copyfile(old.folder / name, draft / name)
        opened = Index.open(old.folder.parent).encoder
        if opened is None:
            raise AssistantError("The exported model could not be opened.")
        encoder = opened
    else:
        encoder.save_runtime(draft)
    probe: Vectors = encoder.encode([PROBE])[0]
    return probe

"""a corpus and its encoder -> what lies beside the vectors in a draft: fitted weights and the exported model.

What has not changed since the generation before is taken over from it. Owns no dependency.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from assistant import coverage, likeness, urgent
from assistant.corpus import Corpus
from assistant.coverage import COVERAGE_FILE
from assistant.embedding import EXPORT, EXPORTED_FILES, PACKAGED, Encoder, EncoderIdentity, Vectors
from assistant.errors import AssistantError
from assistant.fingerprints import of_record
from assistant.generation import write
from assistant.index import PROBE, Index
from assistant.likeness import REFUSED, URGENT, Exemplar, read_exemplars
from assistant.records import text_sha256

UNANSWERED = 3  # every third of them is enough to learn what calm sounds like; fitting takes time and memory by the square


@dataclass(frozen=True)
class Fitting:
    """One set of weights that is to be fitted anew: the file it goes to, the texts it learns from, and the fit itself."""

    name: str
    texts: list[str]
    fit: Callable[[Vectors], bytes]
    deep: bool = False  # fitted to the depths of the texts, not to their vectors


def fittings(read: Corpus, identity: EncoderIdentity, old: Index | None, inputs: dict[str, Any]) -> list[Fitting]:
    """The second stages of the screens and the coverage of questions, as far as they changed since ``old``.

    Cuts and weights were set on the packaged model's vectors, so another model gets the urgent rules and the retrieval
    figures alone. Known before anything is embedded, so that the progress bar counts these texts from the start.
    """
    if identity.name != PACKAGED:
        return []
    found: list[Fitting] = []
    widen = read.editorial.glossary.widen  # as the questions that people ask will be
    for part, path, stage in (("exemplars", read.exemplars, URGENT), ("refused", read.refused, REFUSED)):
        if path and not _stays(stage.weights, part, old, inputs):
            exemplars = read_exemplars(path, stage)
            # what the passages answer is never refused lightly, and what people just ask is no alarm unless the rules find one
            known = {item.text.casefold() for item in exemplars}
            others = [*read.examples.answered, *(() if stage is REFUSED else read.examples.unanswered[::UNANSWERED])]
            exemplars += tuple(Exemplar(text, None) for text in dict.fromkeys(others)
                               if text.casefold() not in known and (stage is REFUSED or not urgent.screen(text)))
            found.append(Fitting(stage.weights, [widen(item.text)[0] for item in exemplars],
                                 partial(likeness.fit, exemplars=exemplars, stage=stage), deep=True))
    if read.examples and not _stays(COVERAGE_FILE, "examples", old, inputs):
        texts = [widen(text)[0] for text in (*read.examples.answered, *read.examples.unanswered)]
        found.append(Fitting(COVERAGE_FILE, texts, partial(coverage.fit, examples=read.examples, texts=texts)))
    return found


def add_kernels(draft: Path, wanted: Sequence[Fitting], old: Index | None, known: dict[str, Vectors],
                depths: dict[str, Vectors]) -> None:
    """Fit what is to be fitted and take the rest over. ``known`` and ``depths`` hold those of all texts by their hash."""
    for fitting in wanted:
        made = depths if fitting.deep else known
        write(draft / fitting.name, fitting.fit(np.stack([made[text_sha256(text)] for text in fitting.texts])))
    for name in (URGENT.weights, REFUSED.weights, COVERAGE_FILE):
        if old and name not in {fitting.name for fitting in wanted} and (old.folder / name).exists():
            shutil.copyfile(old.folder / name, draft / name)


def _stays(name: str, part: str, old: Index | None, inputs: dict[str, Any]) -> bool:
    return old is not None and (old.folder / name).exists() and all(
        old.inputs.get(key) == inputs[key] for key in (part, "glossary", "kernels"))


def add_runtime(draft: Path, encoder: Encoder, old: Index | None) -> Vectors:
    """Put the exported model beside the vectors, from the old generation where it has the same one."""
    same = old is not None and old.inputs.get("export") == of_record(EXPORT)
    names = [name for name in EXPORTED_FILES if old and same and (old.folder / name).exists()]
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

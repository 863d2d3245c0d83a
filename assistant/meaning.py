"""a question -> what the model makes of it, on a second thread, while the caller matches rules and words. Owns no dependency.

    begin --> widened, encoded ----------------> Encoded     as soon as it is there
                  `--> beside written examples -> Meant       while the caller ranks passages

The model and numpy's products work without Python's lock, so on a second core most of this costs the asker no time.
"""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from assistant.embedding import Fine
from assistant.index import Index
from assistant.kernel import Numbers
from assistant.schema import Term


@dataclass(frozen=True)
class Encoded:
    """A question as it is searched, the glossary's terms that widened it, and its vectors."""

    widened: str
    terms: tuple[Term, ...]
    fine: Fine


@dataclass(frozen=True)
class Meant:
    """What a question's vectors are to the examples of the two screens (``Likeness.meant``), and its coverage.

    Zeros where nothing was fitted.
    """

    urgent: Numbers
    refused: Numbers
    coverage: float


@dataclass(frozen=True)
class Begun:
    """Two results to come; whatever failed is raised by ``result()``."""

    encoded: Future[Encoded]
    meant: Future[Meant]


class Meaning:
    """The model and the written examples of an opened index. Threads may share it."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._second = ThreadPoolExecutor(os.cpu_count(), "meaning")  # its threads begin with the first questions

    def encode(self, readable: str) -> Encoded:
        """The vectors of a question, worked out here and now."""
        if self._index.encoder is None:
            raise RuntimeError("the index was opened without its encoder")
        widened, terms = self._index.glossary.widen(readable)
        return Encoded(widened, terms, self._index.encoder.encode_fine([widened])[0])

    def begin(self, readable: str) -> Begun:
        """Have it worked out. Never raises: by the time that a result does, the caller's rules have spoken."""
        begun = Begun(Future(), Future())
        try:
            self._second.submit(self._work, readable, begun)
        except RuntimeError as error:  # no thread is to be had
            begun.encoded.set_exception(error)
            begun.meant.set_exception(error)
        return begun

    def _work(self, readable: str, begun: Begun) -> None:
        try:
            encoded = self.encode(readable)
        except BaseException as error:
            begun.encoded.set_exception(error)
            begun.meant.set_exception(error)
            return
        begun.encoded.set_result(encoded)
        try:
            begun.meant.set_result(self._meant(encoded))
        except BaseException as error:
            begun.meant.set_exception(error)

    def _meant(self, encoded: Encoded) -> Meant:
        index, fine = self._index, encoded.fine
        return Meant(index.likeness.meant(fine.depth) if index.likeness else np.zeros(0),
                     index.refusals.meant(fine.depth) if index.refusals else np.zeros(0),
                     index.coverage_of(fine.vector, encoded.widened))

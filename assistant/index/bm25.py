"""texts -> BM25 scores, and how much of a question's weight they cover. The only importer of bm25s and Stemmer.

Lucene scoring (Kamphuis et al. 2020), English stop words, Snowball stems.
"""

from __future__ import annotations

import contextlib
import logging
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

K1, B = 1.2, 0.75


WORD = re.compile(r"\b\w\w+\b")


@contextlib.contextmanager
def _without(package: str) -> Iterator[None]:
    """As if a package were not installed: bm25s would load scipy (20 MB, a fifth of a second), which it can do without."""
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment]  # what the import system documents for this
    try:
        yield
    finally:
        del sys.modules[package]


@lru_cache(maxsize=1)
def _tools() -> tuple[Any, Any, frozenset[str]]:
    """bm25s, a stemmer and the English stop words."""
    with _without("scipy"):
        import bm25s
    import Stemmer
    from bm25s.stopwords import STOPWORDS_EN

    logging.getLogger("bm25s").setLevel(logging.WARNING)
    return bm25s, Stemmer.Stemmer("english"), frozenset(STOPWORDS_EN)


def tokens(texts: Sequence[str]) -> list[list[str]]:
    """Stemmed words of each text without stop words: what ``bm25s.tokenize`` gives, without its cost for one question."""
    _, stemmer, stop = _tools()
    return [stemmer.stemWords([word for word in WORD.findall(text.lower()) if word not in stop]) for text in texts]


class Keywords:
    """BM25 over passages, in memory; made anew from verified texts whenever an index is opened."""

    def __init__(self, texts: Sequence[str]) -> None:
        bm25s, *_ = _tools()
        self._words = tokens(texts)
        self._sets = [frozenset(found) for found in self._words]
        self._frequency = Counter(word for found in self._sets for word in found)
        self._scorer = bm25s.BM25(method="lucene", k1=K1, b=B)
        self._scorer.index(self._words, show_progress=False)

    def scores(self, question: Sequence[str]) -> npt.NDArray[np.float32]:
        """BM25 of each text for the tokens of a question: float32 (n,), 0 where no word is shared."""
        known = [word for word in question if word in self._frequency]
        if not known:
            return np.zeros(len(self._words), np.float32)
        found: npt.NDArray[np.float32] = self._scorer.get_scores(known)
        return found.astype(np.float32)

    def weight(self, word: str) -> float:
        """Inverse document frequency, always positive: log(1 + (N - n + 0.5) / (n + 0.5))."""
        among, seen = len(self._words), self._frequency[word]
        return math.log(1 + (among - seen + 0.5) / (seen + 0.5))

    def known(self, word: str) -> bool:
        return word in self._frequency

    def covered(self, question: Sequence[str], text: int) -> float:
        """Share of the question's weight whose words occur in one text, 0..1."""
        total = sum(self.weight(word) for word in set(question))
        shared = sum(self.weight(word) for word in set(question) if word in self._sets[text])
        return shared / total if total else 0.0

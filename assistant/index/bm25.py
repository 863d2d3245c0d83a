"""texts -> stems, their IDF, BM25 scores, and the share of a question that a text covers. The only importer of bm25s and Stemmer.

    idf(word)             = log(1 + (N - n + 0.5) / (n + 0.5)), for n of N texts that hold it; always positive
    covered(words, text)  = sum of idf over the words that the text holds / sum over all of them

Lucene scoring (Kamphuis et al. 2020), English stop words, Snowball stems. Every store uses these formulas.
"""

from __future__ import annotations

import contextlib
import logging
import math
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
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


def idf(texts: int, holding: int) -> float:
    """Inverse document frequency of what ``holding`` of all ``texts`` hold."""
    return math.log(1 + (texts - holding + 0.5) / (holding + 0.5))


def covered(weights: Mapping[str, float], held: Collection[str]) -> float:
    """Share of the weight of words that is held, 0..1. Summed in the words' order, so that it is the same in every process."""
    total = sum(weights.values())
    return sum(weights[word] for word in weights if word in held) / total if total else 0.0


class Keywords:
    """BM25 over passages, in memory; made anew from verified texts whenever an index is opened."""

    def __init__(self, texts: Sequence[str]) -> None:
        bm25s, *_ = _tools()
        self._words = tokens(texts)
        self._sets = [frozenset(words) for words in self._words]
        self._frequency = Counter(word for words in self._sets for word in words)
        self._scorer = bm25s.BM25(method="lucene", k1=K1, b=B)
        self._scorer.index(self._words, show_progress=False)

    def scores(self, question: Sequence[str]) -> npt.NDArray[np.float32]:
        """BM25 of each text for the tokens of a question: float32 (n,), 0 where no word is shared."""
        known = [word for word in question if word in self._frequency]
        if not known:
            return np.zeros(len(self._words), np.float32)
        scores: npt.NDArray[np.float32] = self._scorer.get_scores(known)
        return scores.astype(np.float32)

    def idf(self, word: str) -> float:
        return idf(len(self._words), self._frequency[word])

    def known(self, word: str) -> bool:
        return word in self._frequency

    def covered(self, weights: Mapping[str, float], text: int) -> float:
        """Share of the weight of words that occurs in one text, 0..1."""
        return covered(weights, self._sets[text])

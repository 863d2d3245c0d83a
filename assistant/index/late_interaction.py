"""question tokens x passage tokens -> late-interaction scores. The only importer of threadpoolctl.

    score(q, p) = sum_i w_i * max_j cos(q_i, p_j) / sum_i w_i          (ColBERT: Khattab and Zaharia 2020)

over the encoder's own token vectors, without training; a question token counts by its inverse document frequency.
A passage whose words mean what the question's words mean scores high even when its overall subject is broader.

    tokens.safetensors   vectors float16 (tokens, dim), ids int32 (tokens,), offsets int64 (passages + 1,)
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from assistant.arrays import packed, unpacked
from assistant.index.bm25 import idf
from assistant.index.encoder import TextEmbedding

TOKENS_FILE = "tokens.safetensors"
MOST_PASSAGES = 20_000  # about 80 KB a passage; a larger index is ranked without this part
WIDENED = 64_000_000  # numbers that are widened to float32 once at opening (256 MB); more are widened when used

threadpool_limits(1, "blas")  # these products are small: a second thread makes them slower, on a busy machine by far


def pack(passages: Sequence[TextEmbedding]) -> bytes:
    """Token vectors of all passages as one file's bytes."""
    lengths = [len(passage.ids) for passage in passages]
    return packed({
        "vectors": np.concatenate([passage.tokens for passage in passages]).astype(np.float16),
        "ids": np.concatenate([passage.ids for passage in passages]).astype(np.int32),
        "offsets": np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
    })


class TokenVectors:
    """Token vectors of the passages of an index, in their order."""

    def __init__(self, raw: bytes) -> None:
        stored = unpacked(raw)
        self._ids, self._offsets = stored["ids"], stored["offsets"]
        vectors: list[npt.NDArray[np.floating]] = [stored["vectors"][start:end].T
                                                   for start, end in itertools.pairwise(self._offsets)]
        if stored["vectors"].size <= WIDENED:
            vectors = [np.ascontiguousarray(columns, np.float32) for columns in vectors]
        self._columns = vectors  # (dim, tokens) of each passage: the quicker way round to multiply
        passages = np.repeat(np.arange(len(self)), np.diff(self._offsets))
        pairs = np.unique(self._ids.astype(np.int64) * len(self) + passages)  # each token once a passage, as one number
        tokens, counts = np.unique(pairs // max(1, len(self)), return_counts=True)
        self._weights = {int(token): idf(len(self), int(count)) for token, count in zip(tokens, counts, strict=True)}

    @classmethod
    def open(cls, path: Path) -> TokenVectors | None:
        return cls(path.read_bytes()) if path.exists() else None

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def of(self, passage: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.floating]]:
        """Ids and vectors of one passage's tokens."""
        part = slice(self._offsets[passage], self._offsets[passage + 1])
        return self._ids[part], self._columns[passage].T

    def scores(self, question: TextEmbedding, passages: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Scores of the given passages for a question: (len(passages),), each -1..1; 0 for an empty question."""
        if not len(question.ids):
            return np.zeros(len(passages))
        weights = np.array([self._weights.get(int(token), idf(len(self), 0)) for token in question.ids])
        best = np.stack([(question.tokens @ self._columns[passage].astype(np.float32, copy=False)).max(1, initial=-1)
                         for passage in passages], axis=1)  # (question tokens, passages); -1 for one without known tokens
        scores: npt.NDArray[np.float64] = weights @ best / weights.sum()
        return scores

"""vectors made by a build -> kept on disk until it publishes, and found by the next one if it was killed.

    index/.kept/<encoder>/<sha256 of the file>.safetensors
        hashes uint8 (n, 32), vectors float32 (n, dim), and of passages also
        ids int32 (tokens,), tokens float16 (tokens, dim), offsets int64 (n + 1,)

A file is written aside and renamed, and its name is its hash: half a file, or one that was changed, is not read. Only whole
batches are kept, so a small corpus leaves nothing behind. To be used under the lock of the index folder.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from assistant.arrays import Vectors, packed, unpacked
from assistant.atomic_files import FOLDER, replace_file
from assistant.index.encoder import EncoderIdentity, TextEmbedding

KEPT = ".kept"
AT_ONCE = 1_000  # texts between two files: about a minute of work is lost to a kill, and as many token vectors are held in full


class EmbeddingCache:
    """The vectors that earlier builds with this encoder made and did not publish."""

    def __init__(self, index: Path, identity: EncoderIdentity) -> None:
        self._top = index / KEPT
        self._folder = self._top / f"{identity.sha256[:16]}-{identity.max_tokens}"

    def read(self) -> tuple[dict[str, Vectors], dict[str, TextEmbedding]]:
        """Vectors by text hash, and of passages the token vectors too. What is not what its name says is left aside."""
        known: dict[str, Vectors] = {}
        fine: dict[str, TextEmbedding] = {}
        for path in sorted(self._folder.glob("*.safetensors")):
            raw = path.read_bytes()
            if hashlib.sha256(raw).hexdigest() != path.stem:
                continue
            stored = unpacked(raw)
            keys = [row.tobytes().hex() for row in stored["hashes"]]
            known.update(zip(keys, stored["vectors"], strict=True))
            if "offsets" in stored:
                for number, key in enumerate(keys):
                    own = slice(*stored["offsets"][number:number + 2])
                    fine[key] = TextEmbedding(stored["vectors"][number], stored["ids"][own], stored["tokens"][own])
        return known, fine

    def add(self, vectors: Mapping[str, Vectors], fine: Mapping[str, TextEmbedding] | None = None) -> None:
        """Keep a batch, by text hash. ``fine``: token vectors of the same texts, when they are passages."""
        if len(vectors) < AT_ONCE:
            return
        parts: dict[str, Any] = {"hashes": np.array([list(bytes.fromhex(key)) for key in vectors], np.uint8),
                 "vectors": np.stack(list(vectors.values())).astype(np.float32)}
        if fine:
            items = [fine[key] for key in vectors]
            parts |= {"ids": np.concatenate([item.ids for item in items]),
                      "tokens": np.concatenate([item.tokens for item in items]),
                      "offsets": np.cumsum([0, *(len(item.ids) if len(item.tokens) else 0 for item in items)])}
        raw = packed(parts)
        for folder in (self._top, self._folder):
            folder.mkdir(exist_ok=True)
            os.chmod(folder, FOLDER)
        replace_file(self._folder / f"{hashlib.sha256(raw).hexdigest()}.safetensors", raw)

    def clear(self) -> None:
        """They are in a published generation now."""
        shutil.rmtree(self._top, ignore_errors=True)

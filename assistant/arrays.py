"""arrays by name -> bytes of a safetensors file, and back; kinds of array. The only importer of safetensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load, save

Arrays = dict[str, npt.NDArray[Any]]
Vectors = npt.NDArray[np.float32]  # (n, dim) or (dim,)
Rows = npt.NDArray[np.int64]  # numbers of rows or passages: (n,)


def packed(arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """The bytes of a file. Equal arrays give equal bytes, however they lie in memory.

    safetensors writes memory as it lies and notes only the shape: an array that was turned round would come back as another.
    """
    return bytes(save({name: np.ascontiguousarray(array) for name, array in arrays.items()}))


def unpacked(raw: bytes) -> Arrays:
    """The arrays of a file, which look into ``raw``. Raises an error of safetensors for bytes that are no such file."""
    arrays: Arrays = load(raw)
    return arrays

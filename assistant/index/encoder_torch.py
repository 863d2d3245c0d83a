"""texts -> unit vectors through sentence-transformers, and the model's export to ONNX. For building.

The export keeps its first layers as they are and has the weights of the others in 8 bits, and its table of words in 16. Passages
are embedded by the reference and questions by the export: on 904 judged questions that leaves the first passage and the status
as they are for more than 99 in a hundred (docs/decisions.md).
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.arrays import Vectors
from assistant.errors import BadInput, EncoderMismatch
from assistant.index.encoder import (
    EXPORTED_FILES,
    GRAPH,
    INNER_LAYERS,
    OPSET,
    OUTPUTS,
    PACKAGED,
    TOKENIZER,
    Progress,
    TextEmbedding,
    identify,
    model_folder,
)
from assistant.index.encoder_onnx import RuntimeEncoder, round_weights, text_embedding

BATCH = 16
EXPORT_CHECKS = ("Is ketamine addictive?", "k", "How long does it stay in the blood, and can a test at work find it weeks later?",
                 "Ketamine can hurt the bladder. " * 60)  # short, long and cut: the export must give what the reference gives
SAME = 0.9999  # cosine from which two vectors are one
ALIKE = 0.999  # the same with rounded weights: 0.9991 was the lowest of 4,200 texts


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
            self._loaded.append(_inner_layers(self._loaded[0].auto_model.config))
        return self._loaded

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if not texts:
            return np.zeros((0, self._model.get_embedding_dimension()), np.float32)
        return np.asarray(self._batches(texts, "sentence_embedding", progress), np.float32)

    def encode_inner_layers(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return np.asarray(self._batches(texts, "inner_layers", progress), np.float32)

    def encode_fine(self, texts: Sequence[str], progress: Progress | None = None) -> list[TextEmbedding]:
        special = self._model.tokenizer.all_special_ids
        return [text_embedding(output["sentence_embedding"].numpy(), output["input_ids"].numpy(),
                               output["token_embeddings"].numpy(), output["inner_layers"].numpy(),
                               ~np.isin(output["input_ids"].numpy(), special))
                for output in self._batches(texts, None, progress)]

    def _batches(self, texts: Sequence[str], output: str | None, progress: Progress | None) -> list[Any]:
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))  # like lengths pad less
        rows: list[Any] = [None] * len(texts)
        for start in range(0, len(order), BATCH):
            batch = order[start:start + BATCH]
            outputs = self._model.encode([texts[number] for number in batch], batch_size=BATCH, output_value=output,
                                         normalize_embeddings=True, show_progress_bar=False)
            for number, row in zip(batch, outputs, strict=True):
                rows[number] = row
            if progress:
                progress(min(start + BATCH, len(order)), len(order))
        return rows

    def save_runtime(self, folder: Path) -> list[str]:
        """Export encoder, pooling and normalisation as one ONNX graph with its weights, rounded, beside it, and the tokenizer
        with our truncation. Raises EncoderMismatch when the export gives other vectors than the reference.
        """
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_str(self._model.tokenizer.backend_tokenizer.to_str())
        tokenizer.enable_truncation(self.identity.max_tokens)
        tokenizer.no_padding()
        tokenizer.save(str(folder / TOKENIZER))
        wanted = self.encode(EXPORT_CHECKS)
        for attention in (_UNMASKED, None):  # a model whose mask says more than where the padding is needs its own
            _export(self._model, attention, self.identity.max_tokens, folder)
            if self._gives(wanted, folder, SAME):
                round_weights(folder)
                if self._gives(wanted, folder, ALIKE):
                    return list(EXPORTED_FILES)
        raise EncoderMismatch(f"The model {self.identity.name} cannot be exported: its exported form gives other vectors. "
                              "Choose another model.")

    def _gives(self, wanted: Vectors, folder: Path, cosine: float) -> bool:
        """Whether the exported model gives these vectors for EXPORT_CHECKS."""
        exported = RuntimeEncoder(folder, self.identity).encode(EXPORT_CHECKS)
        return float(np.vecdot(exported, wanted).min()) >= cosine


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
        attended = torch.nn.functional.scaled_dot_product_attention(query, key, value, scale=scaling, is_causal=causal)
        return attended.transpose(1, 2), None

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


def _inner_layers(config: Any) -> Any:
    """A last module for sentence-transformers that adds "inner_layers", and has the model keep what its layers say."""
    import torch

    config.output_hidden_states = True
    layers = [round(part * config.num_hidden_layers) for part in INNER_LAYERS]

    class InnerLayers(torch.nn.Module):  # type: ignore[misc]  # torch's own types are not followed
        def forward(self, features: dict[str, Any]) -> dict[str, Any]:
            states = features.pop("all_layer_embeddings")  # by layer; the caller splits what it gets by text
            mask = features["attention_mask"].unsqueeze(-1).to(states[0].dtype)
            means = [(states[layer] * mask).sum(1) / mask.sum(1) for layer in layers]
            unit = [torch.nn.functional.normalize(mean, dim=1) for mean in means]
            features["inner_layers"] = torch.cat(unit, 1) / len(layers) ** 0.5
            return features

    return InnerLayers()

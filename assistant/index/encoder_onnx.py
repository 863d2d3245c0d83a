"""texts -> unit vectors through the exported model, and its weights rounded. No torch. The only importer of onnxruntime."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.arrays import Vectors
from assistant.errors import EncoderMismatch
from assistant.index.encoder import (
    BLOCK,
    FULL,
    GRAPH,
    OUTPUTS,
    TOKENIZER,
    WEIGHTS,
    EncoderIdentity,
    Progress,
    TextEmbedding,
)

TABLE = 5_000_000  # numbers from which looked-up weights are the table of words


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
        if [output.name for output in self._session.get_outputs()] != list(OUTPUTS):
            raise EncoderMismatch(f"The exported model in {folder} was made by another version of this service: rebuild "
                                  "with `python -m assistant build --force`.")
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        rows = [row.vector for row in self.encode_fine(texts, progress)]
        return np.asarray(rows, np.float32).reshape(len(rows), -1)

    def encode_inner_layers(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return np.stack([row.inner_layers for row in self.encode_fine(texts, progress)])

    def encode_fine(self, texts: Sequence[str], progress: Progress | None = None) -> list[TextEmbedding]:
        return [self._run(text) for text in texts]  # one at a time: a text's vector never depends on its neighbours

    def _run(self, text: str) -> TextEmbedding:
        encoded = self._tokenizer.encode(text)
        ids = np.asarray([encoded.ids], np.int64)
        vector, tokens, inner_layers = self._session.run(OUTPUTS, {"input_ids": ids})
        special = {token for token, mask in zip(encoded.ids, encoded.special_tokens_mask, strict=True) if mask}
        special |= {self._tokenizer.token_to_id("[UNK]") or 0}  # a sign that the model does not know, as an empty box
        return text_embedding(vector[0], ids[0], tokens[0], inner_layers[0], [token not in special for token in encoded.ids])

    def save_runtime(self, folder: Path) -> list[str]:
        raise NotImplementedError("the exported model is copied from the generation it lies in")


def text_embedding(vector: Any, ids: Any, tokens: Any, inner_layers: Any, kept: Any) -> TextEmbedding:
    """``kept``: for each token whether it is one of the text's own."""
    own = tokens[np.asarray(kept, bool)]
    lengths = np.linalg.norm(own, axis=1, keepdims=True)
    return TextEmbedding(np.asarray(vector, np.float32), ids[np.asarray(kept, bool)].astype(np.int32),
                         np.asarray(own / np.maximum(lengths, 1e-9), np.float32), np.asarray(inner_layers, np.float32))


def round_weights(folder: Path) -> None:
    """Round the weights of an exported graph: those of products to 8 bits but for the first layers, the table of words to 16."""
    import logging

    import onnx
    from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer

    logging.getLogger("onnxruntime.quantization.matmul_nbits_quantizer").setLevel(logging.ERROR)  # a line for each product
    model = onnx.load(folder / GRAPH)
    held = {tensor.name: tensor for tensor in model.graph.initializer}
    products = [node.name for node in model.graph.node if node.op_type == "MatMul" and held.keys() & set(node.input)]
    config = DefaultWeightOnlyQuantConfig(block_size=BLOCK, is_symmetric=True, accuracy_level=4, bits=8)
    quantizer = MatMulNBitsQuantizer(model, nodes_to_exclude=products[:round(len(products) * FULL)], algo_config=config)
    quantizer.process()
    model, graph = quantizer.model.model, quantizer.model.model.graph
    for tensor in [tensor for tensor in graph.initializer if np.prod(tensor.dims) > TABLE]:
        at, lookup = next((at, node) for at, node in enumerate(graph.node) if tensor.name in node.input)
        if lookup.op_type != "Gather":
            continue
        tensor.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(tensor).astype(np.float16), tensor.name))
        (output,), half = lookup.output, f"{lookup.output[0]}_half"
        lookup.output[0] = half
        graph.node.insert(at + 1, onnx.helper.make_node("Cast", [half], [output], to=onnx.TensorProto.FLOAT))
        for known in [value for value in graph.value_info if value.name == tensor.name]:
            graph.value_info.remove(known)
    (folder / WEIGHTS).unlink()  # it would be written behind what is there
    onnx.save_model(model, folder / GRAPH, save_as_external_data=True, location=WEIGHTS)

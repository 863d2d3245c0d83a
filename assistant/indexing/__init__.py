"""a corpus -> a published generation, tried before anybody sees it.

    build: read -> embed (embedding_cache) -> write -> artifacts -> acceptance -> publish;  watch: again when files change
    fit: written messages -> weights (training)

Imports answering, because a draft is asked before it is published.
"""

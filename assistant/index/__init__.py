"""a published generation: its files and their proofs, texts and their words, vectors, encoder.

    generation (what is published) -> inputs (what it was built from) -> text_index (texts, BM25) -> index (vectors besides)
    encoder (_onnx to ask, _torch to build, _ray on many machines), bm25, vectors, late_interaction, spelling -> what is searched
    stores/ -> where it lies: in memory, in mapped files, or in PostgreSQL; location tells a folder from a database

Imports corpus and screening.
"""

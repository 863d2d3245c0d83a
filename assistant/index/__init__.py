"""a published generation: its files and their proofs, encoder, BM25 and vectors.

    generation (what is published) -> inputs (what it was built from) -> text_index -> index
    encoder, bm25, vectors, late_interaction, spelling -> what is searched
    stores/ -> where a large one lies: mapped files, or PostgreSQL

Imports corpus and screening.
"""

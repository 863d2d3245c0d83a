"""question -> Answer: screen, clean, expand, search, decide, select, cite.

    assistant (with vectors) | lexical_search (words alone)
        ranking -> relevance -> decision -> selection -> highlight -> receipts, citation_formats

Imports index, corpus and screening.
"""

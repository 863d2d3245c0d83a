"""documents -> sources of the corpus: PDF, DOCX, EPUB, web pages, Markdown, text.

    locate -> fetch -> sandbox( worker: formats -> document -> proof ) -> entry, importer -> texts/*.md, sources.toml

Readers run in a child process of their own. Imports corpus, and nothing of the index.
"""

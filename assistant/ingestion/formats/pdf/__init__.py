"""bytes of a PDF -> Document: ``reader`` leads a page through characters, lines, tables and blocks."""

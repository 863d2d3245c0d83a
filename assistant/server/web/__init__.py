"""Answer -> HTML: the page, the source reader, the static export, the report."""

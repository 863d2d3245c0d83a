"""a generation too large for memory -> passages and candidates from mapped files, or from PostgreSQL (``postgres/``)."""

"""an index in PostgreSQL with pgvector -> the same answers as from files. Psycopg stays inside (``connection``)."""

"""an index in PostgreSQL with pgvector -> the same answers as from files. The one place that imports psycopg."""

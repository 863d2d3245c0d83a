"""command line -> printed results: ``main`` has the parser and the short commands, a longer one a module of its own.

Nothing outside the standard library is imported before the command that needs it runs.
"""

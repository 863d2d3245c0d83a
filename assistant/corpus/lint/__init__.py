"""a corpus -> findings, each with file, place and what to do. One module a kind of rule; ``rules`` lists them all."""

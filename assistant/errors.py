"""what went wrong -> one sentence: what, where, and the way out. One small error tree.

    AssistantError            exit code 1
    ├── BadInput              exit code 2: what the caller gave cannot be used
    │   ├── CorpusError       a source, sources.toml or another file of the corpus folder
    │   ├── NoticeMissing     no safety notice or no helpline: nothing may be built or served without
    │   └── QuestionError     an empty, too long or unreadable question
    ├── IndexMissing          there is no published generation in the folder
    ├── IndexCorrupt          a published file or passage is not what the manifest says
    ├── Unreachable           the database that holds the index does not answer
    ├── EncoderMismatch       the vectors belong to another model than the one at hand
    └── BuildFailed           the build stopped; what was published before stays as it was
        └── NotPublished      the draft is whole, but it answers worse than what is published
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base of all errors of this package. ``evidence`` holds what was found, for logs and tests."""

    exit_code = 1

    def __init__(self, message: str, **evidence: object) -> None:
        super().__init__(message)
        self.evidence = evidence


class BadInput(AssistantError):
    exit_code = 2


class CorpusError(BadInput):
    pass


class NoticeMissing(BadInput):
    pass


class QuestionError(BadInput):
    pass


class IndexMissing(AssistantError):
    pass


class IndexCorrupt(AssistantError):
    pass


class Unreachable(AssistantError):
    pass


class EncoderMismatch(AssistantError):
    pass


class BuildFailed(AssistantError):
    pass


class NotPublished(BuildFailed):
    pass

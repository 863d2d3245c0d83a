"""Rows of tests/index/faults.py -> docs/index-faults.md: every fault that was put into a build, and what readers got afterwards.

    python -m tests.index.faults | python docs/index_faults.py > docs/index-faults.md
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

HEAD = """# What a fault does to the index

Made by `python -m tests.index.faults | python docs/index_faults.py`; do not edit. `tests/index/test_faults.py` runs it
again and fails when this page is out of date.

Each fault is put into the real build, publish and rollback code, with an encoder of five words. An *operation* is a write,
fsync, rename, replace, unlink, rmdir, mkdir, symlink, link or chmod. The fault is put at the first one, then at the second,
and so on to the last; a write is stopped half done. After each, a reader opens the index and asks three questions: it gets
the earlier generation, whole, or the later one, whole, or an error that has a name. While a builder is killed and while two
build at once, readers ask throughout. After each kill a build without a fault must make everything good and leave no draft.

*All hashes mended* means that somebody with this code at hand changed a file and then made the hashes, the name and the
pointer fit. What stops that is the chain from a passage's hash to its source's text, to the source's own hash, to the inputs
in the manifest. Somebody who rewrites all of these has made another index, which `check` sees as soon as it is held beside
the corpus; nothing but a signature would stop that. Of the random tamperings, those that answered had changed what is not a
quote (a vector, a heading, a question): the words shown were those of the corpus, at the place that was named.

*Altered* counts passages shown that differ from the corpus, *left* the runs that left a draft behind.

| fault | runs | earlier, whole | later, whole | named error for readers | error for the builder | altered | left |
|---|---|---|---|---|---|---|---|
"""


def table(rows: Iterable[dict[str, Any]]) -> str:
    return HEAD + "".join(
        f"| {row['fault']} | {row['tried']:,} | {row['old'] or ''} | {row['new'] or ''} | {_named(row['refused'])} | "
        f"{_named(row['told'])} | {row['altered']} | {row['left']} |\n" for row in rows)


def _named(errors: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(errors.items()) if count)


if __name__ == "__main__":
    sys.stdout.write(table(map(json.loads, sys.stdin)))

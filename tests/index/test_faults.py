"""Whatever happens to a build or to its files: the old generation or the new one, whole, or an error with a name.

The faults are in faults.py, which runs once, in a process of its own, because its children kill themselves.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.index.faults import TAMPERINGS
from tests.support import ROOT

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="children that are killed need fork")
PAGE = ROOT / "docs" / "index-faults.md"
KILLED = [f"kill -9 at each operation of a {work}" for work in ("build", "first build", "rollback")]
ERRORS = [f"{name} once, at each operation of a build" for name in ("ENOSPC", "EACCES", "EIO")] + [
    f"{name} from each operation of a build on" for name in ("ENOSPC", "EACCES")] + [
    f"{name} once, at each operation of a rollback" for name in ("ENOSPC", "EACCES")]
HARMED = ["torn files: each cut at 16 lengths", "a flipped bit, 32 times in each file", "files of another generation",
          "links, missing and unlisted files, a false pointer", "vectors cut or of another generation, all hashes mended",
          "a letter of a source changed, all hashes mended", "a passage's offsets shifted, all hashes mended"]
OTHERS = ["read-only folder, as another user", "strict umask, read by another user", "two builders at once",
          "a link out of the corpus"]
RANDOM = f"{TAMPERINGS:,} random tamperings"


@pytest.fixture(scope="module")
def printed() -> str:
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run([sys.executable, "-m", "tests.index.faults"], capture_output=True, text=True, check=False,
                          env={**os.environ, "PYTHONPATH": paths})
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def rows(printed: str) -> dict[str, Any]:
    return {row["fault"]: row for row in map(json.loads, printed.splitlines())}


def test_every_fault_has_its_promise_here(rows: dict[str, Any]) -> None:
    assert set(rows) == {*KILLED, *ERRORS, *HARMED, *OTHERS, RANDOM}


def test_no_altered_passage_is_ever_shown_and_no_error_is_without_a_name(rows: dict[str, Any]) -> None:
    for fault, row in rows.items():
        assert (row["altered"], row["unnamed"]) == (0, 0), fault
        assert row["tried"] > 0, fault


def test_no_draft_stays_behind_and_the_next_build_makes_everything_good(rows: dict[str, Any]) -> None:
    for fault, row in rows.items():
        assert (row["left"], row["stuck"]) == (0, 0), fault


@pytest.mark.parametrize("fault", KILLED + ERRORS)
def test_after_a_fault_the_old_or_the_new_generation_is_whole(rows: dict[str, Any], fault: str) -> None:
    row = rows[fault]
    whole = row["old"] + row["new"]
    assert row["tried"] >= 10
    if "first" in fault:
        assert whole + row["refused"]["IndexMissing"] == row["tried"]
        assert row["new"] > 0
    else:
        assert (whole, row["refused"]) == (row["tried"], {})
        assert min(row["old"], row["new"]) > 0  # the fault was met on both sides of the switch


@pytest.mark.parametrize("fault", ERRORS)
def test_a_builder_whose_disk_fails_is_told_so_in_one_sentence(rows: dict[str, Any], fault: str) -> None:
    assert set(rows[fault]["told"]) == {"BuildFailed"}
    assert rows[fault]["told"]["BuildFailed"] >= rows[fault]["tried"] / 2


@pytest.mark.parametrize("fault", HARMED)
def test_harmed_files_are_refused_always(rows: dict[str, Any], fault: str) -> None:
    row = rows[fault]
    assert row["refused"] == {"IndexCorrupt": row["tried"]}


def test_a_folder_that_may_only_be_read_is_still_answered_from(rows: dict[str, Any]) -> None:
    assert rows["read-only folder, as another user"]["old"] == 1
    assert rows["read-only folder, as another user"]["told"] == {"BuildFailed": 1}


def test_what_was_built_under_a_strict_umask_can_be_read_by_another_user(rows: dict[str, Any]) -> None:
    assert rows["strict umask, read by another user"]["new"] == 1


def test_a_source_that_leads_out_of_the_corpus_stops_the_build(rows: dict[str, Any]) -> None:
    row = rows["a link out of the corpus"]
    assert (row["old"], row["told"]) == (row["tried"], {"CorpusError": row["tried"]})


def test_ten_thousand_random_tamperings_are_refused_or_leave_the_words_as_they_were(rows: dict[str, Any]) -> None:
    row = rows[RANDOM]
    assert row["tried"] == TAMPERINGS == 10_000
    assert row["altered"] == 0
    assert row["new"] + sum(row["refused"].values()) <= row["tried"]
    assert row["refused"]["IndexCorrupt"] > 0.9 * row["tried"]


def test_the_page_of_faults_is_fresh(printed: str) -> None:
    made = subprocess.run([sys.executable, str(ROOT / "docs" / "index_faults.py")], input=printed, capture_output=True,
                          text=True, check=True).stdout
    assert PAGE.read_text("utf-8") == made, (
        "run: python -m tests.index.faults | python docs/index_faults.py > docs/index-faults.md")

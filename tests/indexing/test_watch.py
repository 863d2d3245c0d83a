"""While `serve --watch` runs, a changed source is built in the background; a bad one stops nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant import child_process
from assistant.cli import main
from assistant.indexing.watch import CorpusWatcher
from assistant.server.web import page


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Command lines of builds; each ends at once, well."""
    seen: list[list[str]] = []
    real = subprocess.Popen

    def begin(command: list[str], **more: Any) -> Any:
        seen.append(command)
        return real([sys.executable, "-c", f"raise SystemExit({int('bad' in ''.join(command))})"], **more)

    monkeypatch.setattr(child_process.subprocess, "Popen", begin)
    return seen


def test_a_change_is_built_once_when_it_has_settled(corpus: Path, tmp_path: Path, builds: list[list[str]]) -> None:
    watch = CorpusWatcher(tmp_path / "index", corpus)
    assert [watch.look() for _ in range(3)] == [False] * 3, "nothing changed"
    (corpus / "new.txt").write_text("Ketamine is an anaesthetic.", "utf-8")
    assert not watch.look(), "it may be half written"
    assert watch.look()
    assert not watch.look()
    assert builds == [[sys.executable, "-m", "assistant", "build", "--corpus", str(corpus), "--index", str(tmp_path / "index")]]


def test_a_build_that_fails_is_told_and_not_tried_again_before_the_next_change(
        tmp_path: Path, builds: list[list[str]], capfd: pytest.CaptureFixture[str]) -> None:
    corpus = tmp_path / "bad"
    corpus.mkdir()
    watch = CorpusWatcher(tmp_path / "index", corpus)
    (corpus / "a.txt").write_text("x", "utf-8")
    assert [watch.look() for _ in range(4)] == [False, True, False, False]
    assert "the page goes on with what it had" in capfd.readouterr().err
    (corpus / "a.txt").write_text("xy", "utf-8")
    assert [watch.look() for _ in range(3)] == [False, True, False]


def test_it_watches_only_when_asked(corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    served = []
    monkeypatch.setattr(page, "serve", lambda *arguments, **_: served.append(arguments))
    main.main(["serve", "--corpus", str(corpus)])
    assert "Watching" not in capsys.readouterr().err
    main.main(["serve", "--watch", "--corpus", str(corpus)])
    assert "Watching" in capsys.readouterr().err
    assert len(served) == 2

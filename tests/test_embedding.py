"""The packaged model, its official weights, and the same vectors with and without torch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from assistant import embedding
from assistant.embedding import PACKAGED_SHA256, ReferenceEncoder, identify
from assistant.errors import BadInput, EncoderMismatch
from assistant.index import Index

pytestmark = pytest.mark.model
TEXTS = ["Is ketamine addictive?", "x", "Ketamine can hurt the bladder. " * 60]


def test_the_packaged_weights_are_the_official_ones() -> None:
    assert identify().sha256 == PACKAGED_SHA256


def test_other_weights_under_the_packaged_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other")
    monkeypatch.setattr(embedding, "model_folder", lambda _: tmp_path)
    with pytest.raises(EncoderMismatch, match="not the official"):
        identify()


def test_a_folder_without_weights_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no weights"):
        identify(str(tmp_path))


def test_asking_and_building_give_the_same_unit_vectors(shipped_index: Path) -> None:
    runtime = Index.open(shipped_index).encoder
    assert runtime
    reference = ReferenceEncoder()
    ours, theirs = runtime.encode(TEXTS), reference.encode(TEXTS)
    assert ours.shape == theirs.shape == (3, 384)
    assert np.abs(ours - theirs).max() < 1e-5
    assert np.linalg.norm(ours, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    for mine, other in zip(runtime.encode_fine(TEXTS), reference.encode_fine(TEXTS), strict=True):
        assert mine.ids.tolist() == other.ids.tolist()
        assert np.abs(mine.tokens - other.tokens).max() < 1e-4


def test_passages_are_not_cut_at_128_tokens(shipped_index: Path) -> None:
    runtime = Index.open(shipped_index).encoder
    assert runtime
    words = "alpha beta gamma delta " * 45
    assert len(runtime.encode_fine([words])[0].ids) > 128
    assert len(runtime.encode_fine([words * 4])[0].ids) == runtime.identity.max_tokens - 2
    assert runtime.identity.max_tokens == 256


def test_asking_imports_no_torch(shipped_index: Path) -> None:
    code = ("import sys; from assistant import Assistant; "
            f"print(Assistant.open({str(shipped_index)!r}).ask('Is ketamine addictive?').status); "
            "print(*sorted(set(sys.modules) & {'torch', 'sentence_transformers', 'transformers', 'gradio'}))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines() == ["answered", ""]


def test_nothing_is_looked_up_on_the_network_while_asking(shipped_index: Path) -> None:
    code = f"""
import sys
looked = []
sys.addaudithook(lambda name, args: looked.append(args) if name.startswith(("socket.connect", "socket.getaddrinfo")) else None)
from assistant import Assistant
Assistant.open({str(shipped_index)!r}).ask("Is ketamine addictive?")
print(looked)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"

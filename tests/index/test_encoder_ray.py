"""Several workers make the same rows as one process; none is missing when a worker, or the whole build, is killed."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest

from assistant.answering.assistant import Assistant
from assistant.arrays import Vectors
from assistant.cli import main
from assistant.errors import BuildFailed, EncoderMismatch
from assistant.index import encoder_ray
from assistant.index.encoder import Progress
from assistant.index.encoder_ray import DistributedEncoder
from assistant.indexing import embedding_cache
from assistant.indexing.build import build_index
from tests.support import ALCOHOL, BLADDER, ROOT, ToyEncoder

TEXTS = [f"{'ketamine ' * (number % 5)}{'bladder ' * (number % 7)}help with alcohol {number}" for number in range(600)]


class SlowToy(ToyEncoder):
    """Takes a moment over each piece, so that there is a half-way."""

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        time.sleep(0.1)
        return super().encode(texts, progress)


class BrokenToy(ToyEncoder):
    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        raise ZeroDivisionError("no vector\nand more lines")


class DyingToy(ToyEncoder):
    """Takes its process with it, as a machine without memory would."""

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        os.kill(os.getpid(), signal.SIGKILL)
        return super().encode(texts, progress)


def needs_ray() -> None:
    """Without importing it: its settings are read when that happens."""
    if importlib.util.find_spec("ray") is None:
        pytest.skip("the extra `cluster` is not installed")


def children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def gone(processes: list[psutil.Process], seconds: float = 30.0) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    return not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def leaving_nothing() -> Iterator[None]:
    """No process and no folder is left of what was started."""
    processes, folders = set(children()), set(Path(tempfile.gettempdir()).glob("ketamine-ray-*"))
    yield
    assert gone([process for process in children() if process not in processes])
    assert set(Path(tempfile.gettempdir()).glob("ketamine-ray-*")) <= folders


@pytest.fixture(scope="module")
def workers() -> Iterator[DistributedEncoder]:
    """Two of them; whatever they started is gone afterwards, on disk too."""
    needs_ray()
    with leaving_nothing(), DistributedEncoder(SlowToy(), SlowToy, 2) as made:
        yield made


def test_rows_are_those_of_one_process_in_the_same_order(workers: DistributedEncoder) -> None:
    alone, reports = ToyEncoder(), []
    made = workers.encode(TEXTS, lambda done, total: reports.append((done, total)))
    assert np.abs(made - alone.encode(TEXTS)).max() < 1e-6
    assert reports == sorted(reports)
    assert reports[-1] == (600, 600)
    assert workers.encode_inner_layers(TEXTS).tolist() == alone.encode_inner_layers(TEXTS).tolist()
    for one, other in zip(workers.encode_fine(TEXTS), alone.encode_fine(TEXTS), strict=True):
        assert (one.vector.tolist(), one.ids.tolist(), one.tokens.tolist()) == (
            other.vector.tolist(), other.ids.tolist(), other.tokens.tolist())


def test_rows_do_not_stay_in_the_memory_that_workers_share(workers: DistributedEncoder) -> None:
    """It is small: whatever refers to it for the length of a build would stop the build."""
    fine = workers.encode_fine(TEXTS[:64])
    for row in fine:
        assert all(part.flags.writeable for part in (row.vector, row.ids, row.tokens, row.inner_layers))


def test_a_worker_that_is_killed_half_way_costs_no_row(workers: DistributedEncoder) -> None:
    killed: list[int] = []

    def kill(done: int, total: int) -> None:
        if done >= total / 2 and not killed:
            killed.append(next(iter(workers.processes.values())))
            os.kill(killed[0], signal.SIGKILL)

    assert np.abs(workers.encode(TEXTS, kill) - ToyEncoder().encode(TEXTS)).max() < 1e-6
    assert gone([process for process in children() if process.pid == killed[0]])


def test_nothing_listens_but_on_the_loopback(workers: DistributedEncoder) -> None:
    workers.encode(TEXTS[:64])
    found = [connection.laddr.ip for process in children() for connection in process.net_connections()
             if connection.status == psutil.CONN_LISTEN]
    assert found
    assert {address.removeprefix("::ffff:") for address in found} == {"127.0.0.1"}


INTRUDES = """
import sys
from ray._raylet import GcsClient
try:
    GcsClient(address=sys.argv[1]).internal_kv_get(b"x", None)
except Exception as error:
    print(type(error).__name__)
"""


def test_who_does_not_know_the_token_is_turned_away(workers: DistributedEncoder) -> None:
    """Another user of the same machine, who can reach the loopback."""
    workers.encode(TEXTS)
    assert workers._ray
    address = workers._ray.get_runtime_context().gcs_address
    said = []
    for token in ("0" * 64, encoder_ray._own_settings()["RAY_AUTH_TOKEN"]):
        done = subprocess.run([sys.executable, "-c", INTRUDES, address], capture_output=True, text=True, timeout=120,
                              env=os.environ | {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": token})
        said.append(done.stdout.strip())
    assert said == ["AuthenticationError", ""]


def test_a_build_with_workers_answers_as_one_without(workers: DistributedEncoder, tmp_path: Path) -> None:
    """And lets them go before it exports the model."""
    corpus = many(tmp_path, 40)
    assert workers.processes
    results = [build_index(corpus, tmp_path / name, encoder=encoder)
               for name, encoder in (("alone", ToyEncoder()), ("shared", workers))]
    assert results[0].embedded == results[1].embedded > 100
    assert not any(process.pid in workers.processes.values() for process in children())
    answers = [Assistant.open(tmp_path / name, ToyEncoder()).ask("What about the bladder in case n7?", 5)
               for name in ("alone", "shared")]
    assert answers[0].citations
    assert [(each.receipt, each.score) for each in answers[0].citations] == [
        (each.receipt, each.score) for each in answers[1].citations]


@pytest.mark.parametrize(("made", "kind", "said"), [
    (partial(ToyEncoder, "another"), EncoderMismatch, "A worker has another model"),
    (BrokenToy, BuildFailed, r"A worker could not embed its texts \(ZeroDivisionError: no vector\)"),
    (DyingToy, BuildFailed, "workers were lost"),
])
def test_what_goes_wrong_in_a_worker_is_one_sentence(made: Callable[[], ToyEncoder], kind: type[Exception], said: str,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    needs_ray()
    monkeypatch.setattr(encoder_ray, "ALONE", 0)
    monkeypatch.setattr(encoder_ray, "LOSSES", 1)
    with leaving_nothing(), DistributedEncoder(ToyEncoder(), made, 1) as one, pytest.raises(kind, match=said) as raised:
        one.encode(TEXTS[:40])
    assert "\n" not in str(raised.value)


def test_a_few_texts_start_no_worker() -> None:
    needs_ray()
    before = set(children())
    with DistributedEncoder(ToyEncoder(), ToyEncoder, 2) as made:
        assert len(made.encode(TEXTS[:encoder_ray.ALONE])) == encoder_ray.ALONE
        assert set(children()) == before


# ---- the build is killed

def many(tmp_path: Path, count: int) -> Path:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(count):
        text = f"{BLADDER if number % 2 else ALCOHOL} It is case n{number}."
        (folder / f"s{number}.txt").write_text(f"Part {number}\n\n{text}\n", "utf-8")
    return folder


KILLED = """
import sys
sys.path[:0] = ["tests"]
from tests.index.test_encoder_ray import SlowToy
from assistant.index import encoder_ray; from assistant.indexing import embedding_cache
from assistant.indexing.build import build_index
from assistant.index.encoder_ray import DistributedEncoder
encoder_ray.ALONE, encoder_ray.PIECE, embedding_cache.AT_ONCE = 0, 8, 40
with DistributedEncoder(SlowToy(), SlowToy, 2) as workers:
    build_index(sys.argv[1], sys.argv[2], encoder=workers)
"""


def test_after_the_build_was_killed_the_next_one_embeds_only_what_is_missing(tmp_path: Path) -> None:
    needs_ray()
    corpus, index = many(tmp_path, 120), tmp_path / "index"
    short = tempfile.mkdtemp(prefix="k")  # its sockets have names that fit into 107 characters
    build = subprocess.Popen([sys.executable, "-c", KILLED, str(corpus), str(index)], cwd=ROOT, stderr=subprocess.PIPE,
                             env=os.environ | {"TMPDIR": short})
    end = time.monotonic() + 120
    while len(list((index / embedding_cache.KEPT).rglob("*.safetensors"))) < 2:
        assert build.poll() is None, build.stderr and build.stderr.read().decode()
        assert time.monotonic() < end
        time.sleep(0.05)
    started = psutil.Process(build.pid).children(recursive=True)
    agents = [process for process in started if "Agent" in process.name()]  # helpers of Ray that look for a minute before they go
    build.kill()
    build.communicate()
    try:
        assert len(started) > len(agents)
        assert gone([process for process in started if process not in agents]), "workers outlive the build that started them"
    finally:
        for process in agents:
            process.kill()
        shutil.rmtree(short, ignore_errors=True)
    assert not (index / "current").exists()
    kept = len(list((index / embedding_cache.KEPT).rglob("*.safetensors")))
    encoder = ToyEncoder()
    result = build_index(corpus, index, encoder=encoder)
    assert result.reused >= 80
    assert result.reused == kept * 40
    build_index(corpus, tmp_path / "whole", encoder=(whole := ToyEncoder()))
    assert len(whole.seen) - len(encoder.seen) == result.reused
    answers = [Assistant.open(tmp_path / name, ToyEncoder()).ask("the bladder n7").citations for name in ("index", "whole")]
    assert [each.receipt for each in answers[0]] == [each.receipt for each in answers[1]]


# ---- a cluster that is there already

JOINS = """
import sys
sys.path[:0] = ["tests"]
from tests.index.test_encoder_ray import TEXTS, ToyEncoder
from assistant.index.encoder_ray import DistributedEncoder
with DistributedEncoder(ToyEncoder(), ToyEncoder, 1, sys.argv[1]) as workers:
    assert (workers.encode(TEXTS) == ToyEncoder().encode(TEXTS)).all()
"""


def test_workers_start_on_a_cluster_that_is_there_and_leave_it_running(tmp_path: Path) -> None:
    needs_ray()
    short, port = tempfile.mkdtemp(prefix="k"), free_port()
    settings = os.environ | encoder_ray.LOCAL | {"RAY_AUTH_TOKEN": "0" * 64, "PYTHONPATH": os.pathsep.join([str(ROOT), "tests"])}
    with (tmp_path / "log").open("w") as log:
        head = subprocess.Popen([Path(sys.executable).parent / "ray", "start", "--head", "--block", f"--port={port}",
                                 "--num-cpus=1", "--include-dashboard=false", f"--temp-dir={short}"], cwd=ROOT, env=settings,
                                stdout=log, stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + 120
        while "Ray runtime started" not in (tmp_path / "log").read_text():
            assert head.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < end
            time.sleep(0.1)
        for _ in range(2):
            done = subprocess.run([sys.executable, "-c", JOINS, f"127.0.0.1:{port}"], cwd=ROOT, env=settings, capture_output=True,
                                  text=True, timeout=120)
            assert done.returncode == 0, done.stderr
    finally:
        started = [psutil.Process(head.pid), *psutil.Process(head.pid).children(recursive=True)]
        for process in started:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        head.wait()
        gone(started)
        shutil.rmtree(short, ignore_errors=True)


# ---- what is said

def test_without_ray_one_sentence_says_how_to_get_it(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                     capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main.main(["build", "--corpus", str(corpus), "--index", str(tmp_path / "index"), "--workers", "2"]) == 2
    said = capsys.readouterr().err
    assert "needs the package 'ray'" in said
    assert "[cluster]" in said
    assert said.count("\n") == 1
    assert not (tmp_path / "index").exists()


def test_a_cluster_without_a_number_of_workers_is_refused(corpus: Path, tmp_path: Path,
                                                          capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["build", "--corpus", str(corpus), "--index", str(tmp_path / "index"), "--cluster", "auto"]) == 2
    assert "--cluster needs --workers" in capsys.readouterr().err

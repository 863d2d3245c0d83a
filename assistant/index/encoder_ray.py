"""texts -> the same vectors, made by several workers at once. The only importer of ray.

    texts --longest first, PIECE at a time--> a worker that is free --> rows, put back in order
                  ^                                |
                  +---- it was lost: another one --+

A worker is a process with a model of its own: on this machine, or wherever a Ray cluster has room. Few texts are not worth the
start of one, so they go through the model of this process, which also exports it.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from types import TracebackType
from typing import Any

import numpy as np

from assistant.arrays import Vectors
from assistant.errors import AssistantError, BadInput, BuildFailed, EncoderMismatch
from assistant.index.encoder import Encoder, EncoderIdentity, Progress, TextEmbedding
from assistant.index.encoder_torch import ReferenceEncoder

PIECE = 32  # texts that a worker is given at once
AHEAD = 2  # pieces a worker holds: one at work, one so that it need not wait
ALONE = 256  # so many texts are embedded here before workers would have started
LOSSES = 5  # times that one worker may be lost, and that one piece may be lost with its worker
PATIENCE = 600.0  # seconds in which no worker does anything, after which the job is given up; a model loads in about ten
STORE = 100 << 20  # bytes that pass results on a local cluster, and as much again for every two workers
LOCAL = {  # no telemetry, and addresses of the loopback only, which Ray has for one machine under macOS and Windows alone
    "RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_AUTH_MODE": "token"}
ANYWHERE = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}


class Worker:
    """What runs in a worker's process: one encoder, made when it is first needed. Raises EncoderMismatch for another model."""

    def __init__(self, make: Callable[[], Encoder], expected: EncoderIdentity) -> None:
        self._make, self._expected = make, expected
        self._encoder: Encoder | None = None

    def ready(self) -> int:
        """The process that it runs in, once it has the right model."""
        self._own()
        return os.getpid()

    def work(self, way: str, texts: list[str]) -> Any:
        """``way``: encode, encode_fine or encode_inner_layers."""
        return getattr(self._own(), way)(texts)

    def _own(self) -> Encoder:
        if self._encoder is None:
            encoder = self._make()
            if (encoder.identity.sha256, encoder.identity.max_tokens) != (self._expected.sha256, self._expected.max_tokens):
                raise EncoderMismatch(
                    f"A worker has another model, {encoder.identity.name} ({encoder.identity.sha256[:12]}), than this machine, "
                    f"{self._expected.name} ({self._expected.sha256[:12]}): give every machine of the cluster the same files.",
                    expected=self._expected, found=encoder.identity)
            self._encoder = encoder
        return self._encoder


@dataclass(eq=False)
class _Piece:
    """Numbers of the texts that travel together, and how often they were lost on the way."""

    numbers: list[int]
    lost: int = 0


class DistributedEncoder:
    """An Encoder whose work is done by ``workers`` processes. To be closed, or used in a ``with`` statement.

    ``own``: the model of this process; ``make`` makes the same one in a worker. ``cluster``: the address of a Ray cluster that
    this machine belongs to ("auto" finds it); without one, workers are started here and share its cores. Raises BadInput when
    Ray is missing or the cluster is not there, EncoderMismatch when a worker has another model, and BuildFailed when the
    workers fail or are lost for good.
    """

    def __init__(self, own: Encoder, make: Callable[[], Encoder], workers: int, cluster: str | None = None) -> None:
        if importlib.util.find_spec("ray") is None:
            raise BadInput("Building with several workers needs the package 'ray': install the extra with "
                           "`pip install -c constraints.txt -e \".[cluster]\"`, or leave --workers and --cluster out.")
        self._own, self._make, self.workers, self._cluster = own, make, workers, cluster
        self._ray: Any = None
        self._folder = ""  # of a local cluster: its sockets and logs
        self._alive: dict[int, Any] = {}  # workers by number, without those that were given up
        self._losses = [0] * workers
        self.processes: dict[int, int] = {}  # process ids by number, of the workers that have answered

    @classmethod
    def of_model(cls, model: str, workers: int, cluster: str | None = None) -> DistributedEncoder:
        return cls(ReferenceEncoder(model), partial(ReferenceEncoder, model), workers, cluster)

    def __enter__(self) -> DistributedEncoder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def identity(self) -> EncoderIdentity:
        return self._own.identity

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if self._few(texts):
            return self._own.encode(texts, progress)
        return np.stack(self._share("encode", texts, progress)).astype(np.float32)

    def encode_inner_layers(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if self._few(texts):
            return self._own.encode_inner_layers(texts, progress)
        return np.stack(self._share("encode_inner_layers", texts, progress)).astype(np.float32)

    def encode_fine(self, texts: Sequence[str], progress: Progress | None = None) -> list[TextEmbedding]:
        if self._few(texts):
            return self._own.encode_fine(texts, progress)
        return self._share("encode_fine", texts, progress)

    def save_runtime(self, folder: Any) -> list[str]:
        self.close()  # everything is embedded by now, and the export takes as much memory as a worker
        return self._own.save_runtime(folder)

    def close(self) -> None:
        """Let the workers go, and end the cluster if it was started here."""
        if self._ray is not None:
            self._ray.shutdown()
            self._ray, self._alive = None, {}
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""

    def _few(self, texts: Sequence[str]) -> bool:
        return self._ray is None and len(texts) <= ALONE

    def _share(self, way: str, texts: Sequence[str], progress: Progress | None) -> list[Any]:
        """One row for each text, in order. Results are copied out of Ray's memory, which is small, as they come."""
        ray = self._started()
        order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))  # so that the last to end are short ones
        waiting = deque(_Piece(order[start:start + PIECE]) for start in range(0, len(order), PIECE))
        rows: list[Any] = [None] * len(texts)
        under_way: dict[Any, tuple[int, _Piece | None]] = {worker.ready.remote(): (number, None)
                                                           for number, worker in self._alive.items()}
        done, last = 0, ""
        while done < len(texts):
            if not under_way:
                raise BuildFailed(f"All {self.workers} workers were lost ({last}): mend that and build again, which goes on "
                                  "where it was.")
            ended, _ = ray.wait(list(under_way), timeout=PATIENCE)
            if not ended:
                raise BuildFailed(f"No worker did anything for {PATIENCE:.0f} seconds: see whether the cluster has "
                                  f"{self.workers} free cores, and build again, which goes on where it was.")
            for reference in ended:
                number, piece = under_way.pop(reference)
                try:
                    result = ray.get(reference)
                except ray.exceptions.RayTaskError as error:  # raised by the model or the code, so another try fails too
                    raise _told(error.cause) from None
                except ray.exceptions.RayError as error:  # its process or its machine is gone
                    last = _line(error, -1)
                    self._lost(number, piece, waiting)
                    if number in self._alive and not any(held == number for held, what in under_way.values() if what is None):
                        under_way[self._alive[number].ready.remote()] = number, None
                    continue
                if piece is None:
                    self.processes[number] = result
                else:
                    for at, row in zip(piece.numbers, result, strict=True):
                        rows[at] = _copied(row)
                    done += len(piece.numbers)
                    if progress:
                        progress(done, len(texts))
                held = sum(who == number for who, _ in under_way.values())
                while waiting and held < AHEAD and number in self._alive:
                    piece = waiting.popleft()
                    part = [texts[at] for at in piece.numbers]
                    under_way[self._alive[number].work.remote(way, part)] = number, piece
                    held += 1
            ended = reference = result = row = None  # what still refers to a result keeps it in Ray's memory
        return rows

    def _lost(self, number: int, piece: _Piece | None, waiting: deque[_Piece]) -> None:
        """Put the piece first in line again; give a worker up that is lost too often."""
        if piece is None:
            self._losses[number] += 1
            if self._losses[number] > LOSSES:
                self._alive.pop(number, None)
            return
        piece.lost += 1
        if piece.lost > LOSSES:
            raise BuildFailed(f"{piece.lost} workers were lost over the same {len(piece.numbers)} texts: look at the memory of "
                              "the machine and build again, which goes on where it was.")
        waiting.appendleft(piece)

    def _started(self) -> Any:
        """Ray, with the workers on their way."""
        if self._ray is None:
            cores = os.cpu_count() or 1
            share = 1 if self._cluster else max(1, cores // self.workers)  # as many threads has a worker's model
            quiet = {"include_dashboard": False, "configure_logging": True, "logging_level": "ERROR", "log_to_driver": False}
            if not self._cluster and "ray" in sys.modules and not _own_settings.cache_info().currsize:
                raise BadInput("This program has imported Ray itself, so a cluster that only listens to it cannot be started any "
                               "more: give `cluster` the address of yours.")
            with _environment(ANYWHERE if self._cluster else LOCAL | _own_settings()):
                import ray

                if ray.is_initialized():
                    raise BadInput("Ray is at work in this process already: one distributed encoder at a time.")
                try:
                    if self._cluster:
                        ray.init(self._cluster, **{key: quiet[key] for key in list(quiet)[1:]})
                    else:
                        self._folder = tempfile.mkdtemp(prefix="ketamine-ray-")
                        ray.init("local", num_cpus=share * self.workers, num_gpus=0, _temp_dir=self._folder,
                                 object_store_memory=STORE + STORE // 2 * self.workers, **quiet)
                except Exception as error:  # Ray has no one kind for this
                    ray.shutdown()
                    self.close()
                    where = f"The Ray cluster at {self._cluster}" if self._cluster else "A Ray cluster of this machine"
                    raise BadInput(f"{where} cannot be used ({type(error).__name__}: {_line(error)}). Leave --workers and "
                                   "--cluster out to build without one.") from error
            self._ray = ray
            kind = ray.remote(num_cpus=share, max_restarts=LOSSES)(Worker)
            self._alive = {number: kind.remote(self._make, self.identity) for number in range(self.workers)}
        return self._ray


def _copied(row: Any) -> Any:
    """A vector or a TextEmbedding that no longer lies in Ray's memory."""
    if isinstance(row, TextEmbedding):
        return TextEmbedding(np.array(row.vector), np.array(row.ids), np.array(row.tokens), np.array(row.inner_layers))
    return np.array(row)


def _told(cause: BaseException) -> AssistantError:
    """What went wrong in a worker, in one sentence."""
    if isinstance(cause, AssistantError):
        return cause
    return BuildFailed(f"A worker could not embed its texts ({type(cause).__name__}: {_line(cause)}): mend that and build again, "
                       "which goes on where it was.")


def _line(error: BaseException, number: int = 0) -> str:
    return (str(error).strip().splitlines() or [""])[number].strip()[:300]


@lru_cache(maxsize=1)  # Ray reads the token once in a process
def _own_settings() -> dict[str, str]:
    """Of a local cluster: only who knows the token gets in, and workers find the modules that this process finds."""
    return {"RAY_AUTH_TOKEN": secrets.token_hex(32), "PYTHONPATH": os.pathsep.join(sys.path)}


@contextmanager
def _environment(settings: dict[str, str]) -> Iterator[None]:
    """Variables that Ray and what it starts read, for as long as it starts."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

"""Items in processes of this machine, through joblib's loky."""

from __future__ import annotations

import os
import pickle
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any
from uuid import uuid4

import numpy as np
from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky.process_executor import TerminatedWorkerError
from numpy.typing import NDArray

from wardcast_models.fan_out.item import Function, Numbered, Outcomes, quietly_closed, run_item
from wardcast_models.fan_out.loss import WorkerLostError

IDLE_SECONDS = 30
"""Time that workers wait for the next fan-out before they end: starting them costs seconds, keeping them memory."""
_PARENT_CHECK_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class _Packed:
    """What is shared, as joblib can send it once.

    Attributes:
        name: Tells one fan-out's from another's.
        content: Its pickle. joblib writes a large array to one memory-mapped file and sends the file's name.
    """

    name: str
    content: NDArray[np.uint8]


_unpacked: dict[str, Any] = {}
"""In a worker: what is shared in the fan-out at work, by name."""


@contextmanager
def in_processes(function: Function, items: Numbered, shared: Any, *, workers: int) -> Iterator[Outcomes]:
    """Run items in worker processes, which are started where none are idle.

    Leaving early, by an error or by the caller's will, kills the workers.

    Args:
        function: What to call; importable.
        items: Its second arguments, with their places.
        shared: Its first argument; unpickled once in each worker.
        workers: Number of processes, at least 2.

    Yields:
        Places and results, as items finish.

    Raises:
        WorkerLostError: A worker died.
    """
    packed = _Packed(name=uuid4().hex, content=np.frombuffer(pickle.dumps(shared, protocol=5), dtype=np.uint8))
    with parallel_config(
        backend="loky",
        n_jobs=workers,
        inner_max_num_threads=1,
        idle_worker_timeout=IDLE_SECONDS,
        initializer=_begin_worker,
        initargs=(os.getpid(),),
    ):
        # One by one, so that progress is told item by item; all at once, so that no thread of joblib's submits later.
        parallel = Parallel(return_as="generator_unordered", batch_size=1, pre_dispatch="all")
    try:
        outcomes = parallel(delayed(_run_packed)(function, packed, place, item) for place, item in items)
        with quietly_closed(outcomes):
            yield outcomes
    except TerminatedWorkerError as error:
        mend = "Often memory ran out: set it lower, or to 1 to work in one process."
        raise WorkerLostError(setting="WARDCAST_WORKERS", mend=mend) from error


def _run_packed(function: Function, packed: _Packed, place: int, item: Any) -> tuple[int, Any]:
    if packed.name not in _unpacked:
        _unpacked.clear()
        _unpacked[packed.name] = pickle.loads(packed.content.data)  # noqa: S301 - our own process wrote it
    return run_item(function, _unpacked[packed.name], place, item)


def _begin_worker(parent_id: int) -> None:
    """Have a worker end with its parent, however that ends, and leave ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, args=(parent_id,), name="parent watch", daemon=True).start()


def _end_with_parent(parent_id: int) -> None:
    while os.getppid() == parent_id:
        time.sleep(_PARENT_CHECK_SECONDS)
    os._exit(1)

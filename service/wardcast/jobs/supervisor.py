"""Keeps a number of worker processes running."""

from __future__ import annotations

import atexit
import logging
import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from threading import Thread

from wardcast.jobs.queue import JobQueue
from wardcast.jobs.worker import GRACE_SECONDS, new_owner, run_worker
from wardcast.settings import Settings

_log = logging.getLogger(__name__)

_SHORT_LIFE_SECONDS = 5.0
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0


@dataclass(frozen=True, kw_only=True)
class _Member:
    """One worker process, its name in the queue, and the pipe whose closing ends it."""

    process: SpawnProcess
    owner: str
    lifeline: Connection
    started_at: float


class WorkerPool:
    """Worker processes, spawned and never forked; one that dies is replaced, and what it held is released.

    Args to the constructor:
        queue: Where the work is.
        settings: Where the same store is, and how many workers there are; every worker is handed them.
        handlers_path: Module and name of what makes the handlers (`wardcast.jobs.handlers.load_handlers`).
        processes: Number of workers; None takes the settings'.
    """

    def __init__(
        self, queue: JobQueue, settings: Settings, *, handlers_path: str, processes: int | None = None
    ) -> None:
        self._queue = queue
        self._settings = settings
        self._handlers_path = handlers_path
        self._processes = settings.worker_processes if processes is None else processes
        self._context = multiprocessing.get_context("spawn")
        self._members: list[_Member] = []
        self._stop_reader, self._stop_writer = self._context.Pipe(duplex=False)
        self._watcher = Thread(target=self._watch, name="worker pool", daemon=True)

    @property
    def process_ids(self) -> tuple[int, ...]:
        """Process ids of the workers."""
        return tuple(member.process.pid or 0 for member in self._members)

    def start(self) -> None:
        """Start the workers."""
        self._members = [self._spawn() for _ in range(self._processes)]
        self._watcher.start()
        # Without this the interpreter's exit would wait for the workers for ever where nobody called stop().
        atexit.register(self.stop)

    def stop(self, *, grace_seconds: float = GRACE_SECONDS) -> None:
        """Stop the workers, if they were started; what they were doing goes back in the queue.

        Args:
            grace_seconds: Time they get before they are killed.
        """
        atexit.unregister(self.stop)
        if self._stop_writer.closed:
            return
        self._stop_writer.close()
        if self._watcher.ident is None:  # never started
            return
        self._watcher.join()
        for member in self._members:
            member.lifeline.close()
        deadline = time.monotonic() + grace_seconds + 1.0
        killed = []
        for member in self._members:
            member.process.join(max(0.0, deadline - time.monotonic()))
            if member.process.is_alive():
                member.process.kill()
                member.process.join()
                killed.append(member.owner)
        for owner in killed:
            self._queue.release_owner(owner)

    def _spawn(self) -> _Member:
        reader, writer = self._context.Pipe(duplex=False)
        owner = new_owner()
        # Not a daemon: those may not start processes, which a forecaster may want to.
        process = self._context.Process(
            target=run_worker,
            args=(self._settings, self._handlers_path, owner, reader),
            name=f"wardcast worker {owner}",
        )
        with _one_thread_each():
            process.start()
        reader.close()
        return _Member(process=process, owner=owner, lifeline=writer, started_at=time.monotonic())

    def _watch(self) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while True:
            by_sentinel = {member.process.sentinel: member for member in self._members}
            ready = wait([self._stop_reader, *by_sentinel])
            if self._stop_reader in ready:
                return
            for sentinel in ready:
                dead = by_sentinel[int(str(sentinel))]
                _log.warning("worker process %s ended with code %s", dead.process.pid, dead.process.exitcode)
                dead.lifeline.close()
                short = time.monotonic() - dead.started_at < _SHORT_LIFE_SECONDS
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS) if short else _FIRST_PAUSE_SECONDS
                try:
                    self._queue.release_owner(dead.owner)
                    if short and self._stop_reader.poll(pause):
                        return
                    self._members[self._members.index(dead)] = self._spawn()
                except Exception:
                    # It is still among the members, so the next round finds it again.
                    _log.exception("worker process %s could not be replaced yet", dead.process.pid)
                    if self._stop_reader.poll(pause):
                        return


@contextmanager
def _one_thread_each() -> Iterator[None]:
    # Read by the native libraries when the new process loads them, so it has to be set before it starts.
    name = "OMP_NUM_THREADS"
    before = os.environ.get(name)
    os.environ.setdefault(name, "1")
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]

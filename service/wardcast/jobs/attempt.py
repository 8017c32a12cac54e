"""One go at one operation: its progress, its sign of life, and how it is interrupted."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from enum import StrEnum
from threading import Event, Thread
from types import TracebackType

from wardcast.jobs.queue import JobQueue
from wardcast.store.records import OperationRecord

_log = logging.getLogger(__name__)

_BEAT_SECONDS = 0.5
_REPORT_SECONDS = 0.2


class Interruption(StrEnum):
    """Why an attempt ends before its work does."""

    CANCELLED = "cancelled"
    """Somebody asked for it."""
    STOPPING = "stopping"
    """The worker is to stop; another one will do the work."""
    LEASE_LOST = "lease_lost"
    """Another worker has the operation by now; nothing may be written."""


class InterruptedAttempt(BaseException):
    """Raised inside a handler at its next progress call; not an `Exception`, so that no handler swallows it."""


class Attempt:
    """Keeps an operation's lease while a handler works, in a thread of its own.

    A handler learns of an interruption when it next tells its progress. One that does not tell it within the grace
    time is abandoned: the operation is settled and the process ends. Where the database does not take a sign of life
    or a progress note, the next beat tries again; the lease outlasts many beats.
    """

    def __init__(
        self,
        queue: JobQueue,
        record: OperationRecord,
        *,
        stopping: Event,
        grace_seconds: float,
        abandon: Callable[[], None],
    ) -> None:
        self.interruption: Interruption | None = None
        self._queue = queue
        self._record = record
        self._stopping = stopping
        self._grace_seconds = grace_seconds
        self._abandon = abandon
        self._finished = Event()
        self._last_report = 0.0
        self._thread = Thread(target=self._keep_alive, name=f"lease of {record.operation_id}", daemon=True)

    def __enter__(self) -> Attempt:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._finished.set()
        self._thread.join()

    def progress(self, fraction: float, phrase: str) -> None:
        """Tell how far the work is.

        Args:
            fraction: Fraction done, 0 to 1.
            phrase: What is being done.

        Raises:
            InterruptedAttempt: The work is to end here.
        """
        if self.interruption is not None:
            raise InterruptedAttempt
        now = time.monotonic()
        if now - self._last_report < _REPORT_SECONDS:
            return
        self._last_report = now
        try:
            self._notice(self._queue.report(self._record, fraction, phrase))
        except Exception:
            _log.exception("%s: the progress could not be noted", self._record.name)
        if self.interruption is not None:
            raise InterruptedAttempt

    def settle(self) -> None:
        """Say in the queue how the interrupted operation goes on."""
        if self.interruption is Interruption.CANCELLED:
            self._queue.end_cancelled(self._record)
        elif self.interruption is Interruption.STOPPING:
            self._queue.put_back(self._record)

    def _notice(self, current: OperationRecord | None) -> None:
        if self.interruption is not None:
            return
        if current is None:
            self.interruption = Interruption.LEASE_LOST
        elif current.cancel_requested:
            self.interruption = Interruption.CANCELLED
        elif self._stopping.is_set():
            self.interruption = Interruption.STOPPING

    def _keep_alive(self) -> None:
        interrupted_at: float | None = None
        while not self._finished.wait(_BEAT_SECONDS):
            try:
                self._notice(self._queue.renew(self._record))
            except Exception:
                _log.exception("%s: the lease could not be renewed, the next beat tries again", self._record.name)
            if self.interruption is None:
                continue
            interrupted_at = interrupted_at or time.monotonic()
            if time.monotonic() - interrupted_at >= self._grace_seconds:
                self._give_up()
                return

    def _give_up(self) -> None:
        try:
            self.settle()
        except Exception:
            _log.exception("%s: not settled, so its lease has to run out", self._record.name)
        self._abandon()

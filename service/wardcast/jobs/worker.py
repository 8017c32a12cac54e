"""A worker: takes operations from the queue and does them, one at a time, in a process of its own."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from threading import Event, Thread

from wardcast.jobs.attempt import Attempt, InterruptedAttempt
from wardcast.jobs.handlers import Handler, load_handlers
from wardcast.jobs.queue import JobQueue
from wardcast.settings import Settings
from wardcast.store.identifiers import new_id
from wardcast.store.records import OperationRecord
from wardcast.store.store import Store
from wardcast_models.errors import ErrorKind, WardcastError

POLL_SECONDS = 0.2
"""Time between looks at an empty queue."""
GRACE_SECONDS = 5.0
"""Time a handler gets to notice that it is interrupted."""

_log = logging.getLogger(__name__)


def new_owner() -> str:
    """Return a name for a new worker, unlike any other."""
    return new_id("wk")


class Worker:
    """Does operations until told to stop.

    Attributes:
        stopping: Set it to stop; what is being done is put back in the queue.
    """

    def __init__(
        self,
        queue: JobQueue,
        handlers: Mapping[str, Handler],
        *,
        owner: str,
        grace_seconds: float = GRACE_SECONDS,
        abandon: Callable[[], None],
    ) -> None:
        self.stopping = Event()
        self._queue = queue
        self._handlers = handlers
        self._owner = owner
        self._grace_seconds = grace_seconds
        self._abandon = abandon

    def run(self) -> None:
        """Do operations until `stopping` is set."""
        while not self.stopping.is_set():
            if not self.run_one():
                self.stopping.wait(POLL_SECONDS)

    def run_one(self) -> bool:
        """Do the oldest waiting operation.

        Returns:
            False where nothing waited.
        """
        record = self._queue.take(self._owner)
        if record is None:
            return False
        _log.info("%s %s: attempt %d", record.name, record.kind, record.attempts)
        attempt = Attempt(
            self._queue,
            record,
            stopping=self.stopping,
            grace_seconds=self._grace_seconds,
            abandon=self._abandon,
        )
        try:
            with attempt:
                result_name = self._handler(record)(record, attempt.progress)
        except InterruptedAttempt:
            _log.info("%s %s: %s", record.name, record.kind, attempt.interruption)
            attempt.settle()
        except WardcastError as error:
            _log.info("%s %s: failed, %s", record.name, record.kind, error.message)
            self._queue.fail(record, error)
        except Exception:
            _log.exception("%s %s: failed", record.name, record.kind)
            self._queue.fail(record, _fault(record))
        else:
            _log.info("%s %s: made %s", record.name, record.kind, result_name)
            self._queue.succeed(record, result_name)
        return True

    def _handler(self, record: OperationRecord) -> Handler:
        if record.kind not in self._handlers:
            raise WardcastError(ErrorKind.INTERNAL, f"Nothing here can do {record.kind!r}.")
        return self._handlers[record.kind]


def run_worker(
    settings: Settings,
    handlers_path: str,
    owner: str | None = None,
    lifeline: Connection | None = None,
) -> None:
    """Work until told to stop; the entry of a worker process.

    Args:
        settings: Where the store is; the handlers are made with them.
        handlers_path: Module and name of what makes the handlers.
        owner: The worker's name in the queue; None makes one up.
        lifeline: Reading end of a pipe whose other end the parent holds: when that closes, by the parent's will or by
            its death, the worker stops.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    store = Store.open(settings.resolved_database_url, settings.artefact_dir)
    worker = Worker(
        JobQueue(store),
        load_handlers(handlers_path, settings),
        owner=owner or new_owner(),
        abandon=lambda: os._exit(0),
    )
    signal.signal(signal.SIGTERM, lambda *_: worker.stopping.set())
    if lifeline is None:
        signal.signal(signal.SIGINT, lambda *_: worker.stopping.set())
    else:
        # ctrl-C reaches the whole process group; the parent decides in which order things end.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        Thread(target=_await_end, args=(lifeline, worker.stopping), name="lifeline", daemon=True).start()
    worker.run()
    store.close()


def _await_end(lifeline: Connection, stopping: Event) -> None:
    lifeline.poll(None)  # readable only when the other end closes: nothing is ever sent
    stopping.set()


def _fault(record: OperationRecord) -> WardcastError:
    return WardcastError(
        ErrorKind.INTERNAL,
        f"The service failed at this; its log says why under {record.name}.",
    )

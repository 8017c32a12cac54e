"""The queue of durable operations: submit, cancel, and what a worker does with what it took."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from wardcast.store.database import BUSY_TIMEOUT_SECONDS
from wardcast.store.identifiers import new_id
from wardcast.store.pages import Page
from wardcast.store.records import OperationRecord, utc_now
from wardcast.store.store import Store
from wardcast_models.errors import ErrorKind, Problem, WardcastError

_UPLOAD_REST = timedelta(hours=1)
"""Time without a write after which an upload is over, whether or not it became an operation."""


@dataclass(frozen=True, kw_only=True)
class QueueRules:
    """How patient the queue is.

    Attributes:
        lease_seconds: Time after which an operation is taken from a worker that gave no sign of life; longer than a
            sign of life may wait for the database.
        max_attempts: Times an operation is taken up before it is given up.
    """

    lease_seconds: float = 2.0 * BUSY_TIMEOUT_SECONDS
    max_attempts: int = 3


class JobQueue:
    """Operations in the order submitted. Any number of processes may hold a queue on the same store."""

    def __init__(self, store: Store, *, rules: QueueRules | None = None, now: Callable[[], datetime] = utc_now) -> None:
        self.rules = rules or QueueRules()
        self._store = store
        self._operations = store.operations
        self._now = now

    def submit(self, kind: str, area_code: str, payload: dict[str, Any]) -> OperationRecord:
        """Put an operation in the queue.

        Args:
            kind: Key of its handler.
            area_code: Area it is for, as the caller named it.
            payload: Arguments of the handler; JSON values only.

        Returns:
            The operation, queued.
        """
        now = self._now()
        return self._operations.put(
            OperationRecord(
                operation_id=new_id("op"),
                kind=kind,
                area_code=area_code,
                payload=payload,
                created_at=now,
                updated_at=now,
            )
        )

    def get(self, operation_id: str) -> OperationRecord:
        """Return an operation.

        Args:
            operation_id: Its id.

        Returns:
            The operation as it stands.

        Raises:
            WardcastError: There is no such operation.
        """
        return self._operations.get(operation_id)

    def list(self, *, page_size: int = 0, page_token: str = "") -> Page[OperationRecord]:
        """Return operations, newest first.

        Args:
            page_size: Most to return; 0 for the default.
            page_token: From the page before; "" for the first.

        Returns:
            The page.

        Raises:
            WardcastError: Page size or token is wrong.
        """
        return self._operations.list(page_size=page_size, page_token=page_token)

    def cancel(self, operation_id: str) -> OperationRecord:
        """Ask an operation to stop; one that has ended stays as it is.

        Args:
            operation_id: Its id.

        Returns:
            The operation as it stands; a running one ends within seconds.

        Raises:
            WardcastError: There is no such operation.
        """
        self._operations.request_cancel(operation_id, now=self._now())
        return self._tidied(self.get(operation_id))

    def delete(self, operation_id: str) -> None:
        """Forget an operation that has ended; its result stays.

        Args:
            operation_id: Its id.

        Raises:
            WardcastError: There is no such operation, or it has not ended.
        """
        if self._operations.delete_done(operation_id):
            return
        record = self.get(operation_id)
        raise WardcastError(
            ErrorKind.CONFLICT,
            "The operation has not ended.",
            [
                Problem(
                    where=record.name,
                    expected="an operation that has ended",
                    found=record.state,
                    mend="Cancel it first, or wait.",
                )
            ],
        )

    def take(self, owner: str) -> OperationRecord | None:
        """Take up the oldest waiting operation.

        Args:
            owner: The worker that asks.

        Returns:
            The operation under the worker's lease, or None where nothing waits.
        """
        now = self._now()
        if not self._operations.any_waiting(now=now):
            return None
        self._settle_expired(now)
        return self._operations.take(
            owner=owner, now=now, expires_at=self._lease_end(now), max_attempts=self.rules.max_attempts
        )

    def renew(self, record: OperationRecord) -> OperationRecord | None:
        """Give a sign of life.

        Args:
            record: The operation as it was taken.

        Returns:
            The operation as it is now, or None where another worker has it by now.
        """
        now = self._now()
        return self._operations.renew(record, now=now, expires_at=self._lease_end(now))

    def report(self, record: OperationRecord, fraction: float, phrase: str) -> OperationRecord | None:
        """Tell how far an operation is.

        Args:
            record: The operation as it was taken.
            fraction: Fraction done, 0 to 1.
            phrase: What is being done.

        Returns:
            The operation as it is now, or None where another worker has it by now.
        """
        bounded = min(max(fraction, 0.0), 1.0)
        return self._operations.report(record, fraction=bounded, phrase=phrase, now=self._now())

    def succeed(self, record: OperationRecord, result_name: str) -> OperationRecord | None:
        """End an operation well.

        Args:
            record: The operation as it was taken.
            result_name: Resource name of the result.

        Returns:
            The operation as it is now, or None where another worker has it by now.
        """
        return self._tidy(self._operations.succeed(record, result_name=result_name, now=self._now()))

    def fail(self, record: OperationRecord, error: WardcastError) -> OperationRecord | None:
        """End an operation with the reason.

        Args:
            record: The operation as it was taken.
            error: The reason.

        Returns:
            The operation as it is now, or None where another worker has it by now.
        """
        return self._tidy(self._operations.fail(record, error=error, now=self._now()))

    def end_cancelled(self, record: OperationRecord) -> OperationRecord | None:
        """End an operation that was asked to stop.

        Args:
            record: The operation as it was taken.

        Returns:
            The operation as it is now, or None where another worker has it by now.
        """
        return self._tidy(self._operations.end_cancelled(record, now=self._now()))

    def put_back(self, record: OperationRecord) -> OperationRecord | None:
        """Put an operation back for another worker; the attempt does not count.

        Args:
            record: The operation as it was taken.

        Returns:
            The operation as it is now, or None where another worker has it by now.
        """
        return self._operations.put_back(record, now=self._now())

    def release_owner(self, owner: str) -> None:
        """Make what a dead worker held available at once.

        Args:
            owner: The worker.
        """
        self._operations.release_owner(owner, now=self._now())

    def sweep_uploads(self) -> None:
        """Delete uploaded files that no unfinished operation will read; called when a server starts.

        An upload to which something was written within the last hour may still be coming in, by way of another server
        on the same store, and stays.
        """
        artefacts = self._store.artefacts
        resting_since = self._now() - _UPLOAD_REST
        at_rest = [folder for folder in artefacts.uploads() if artefacts.last_written(folder) < resting_since]
        wanted = {_upload_of(record) for record in self._operations.unfinished()}
        for folder in at_rest:
            if folder not in wanted:
                artefacts.discard_upload(folder)

    def _lease_end(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self.rules.lease_seconds)

    def _settle_expired(self, now: datetime) -> None:
        for record in self._operations.expired(now=now):
            if record.cancel_requested:
                self.end_cancelled(record)
            elif record.attempts >= self.rules.max_attempts:
                self.fail(record, _given_up(record))

    def _tidy(self, record: OperationRecord | None) -> OperationRecord | None:
        return None if record is None else self._tidied(record)

    def _tidied(self, record: OperationRecord) -> OperationRecord:
        folder = _upload_of(record)
        if record.state.done and folder is not None:
            self._store.artefacts.discard_upload(folder)
        return record


def _upload_of(record: OperationRecord) -> Path | None:
    folder = record.payload.get("data_dir")
    return Path(folder) if isinstance(folder, str) else None


def _given_up(record: OperationRecord) -> WardcastError:
    return WardcastError(
        ErrorKind.INTERNAL,
        f"The work stopped {record.attempts} times before its end and is not tried again.",
        [
            Problem(
                where=record.name,
                expected="a worker that finishes",
                found="workers that ended without a word, as when memory runs out",
                mend="Ask for less (a shorter horizon, fewer paths), or give the service more memory.",
            )
        ],
    )

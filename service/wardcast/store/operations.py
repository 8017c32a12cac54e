"""Operations and the moves between their states.

Every move is one conditional UPDATE, so that of two processes that try the same move exactly one succeeds.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, or_, select, update

from wardcast.store.database import Database
from wardcast.store.mapping import failure_content, operation_from_row, operation_to_row
from wardcast.store.records import OperationRecord, OperationState
from wardcast.store.repositories import Repository
from wardcast.store.tables import OperationRow
from wardcast_models.errors import WardcastError

_NO_LEASE: dict[str, Any] = {"lease_owner": "", "lease_expires_at": None}


class OperationRepository(Repository[OperationRow, OperationRecord]):
    """Operations: what every stored thing can do, and their changes of state."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, OperationRow, noun="operation", to_row=operation_to_row, from_row=operation_from_row)

    def take(self, *, owner: str, now: datetime, expires_at: datetime, max_attempts: int) -> OperationRecord | None:
        """Give the oldest waiting operation to a worker.

        An operation waits while it is queued, or running under a lease that has run out.

        Args:
            owner: The worker.
            now: Current time.
            expires_at: End of the new lease.
            max_attempts: Operations taken up this often are left alone.

        Returns:
            The operation, now running under the worker's lease, or None where nothing waits.
        """
        waiting = (
            select(OperationRow.id)
            .where(_is_waiting(now), OperationRow.attempts < max_attempts, OperationRow.cancel_requested.is_(False))
            .order_by(OperationRow.created_at, OperationRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        taken = {
            "state": OperationState.RUNNING,
            "lease_owner": owner,
            "lease_expires_at": expires_at,
            "attempts": OperationRow.attempts + 1,
            "fraction": 0.0,
            "phrase": "",
            "updated_at": now,
        }
        return self._move(OperationRow.id == waiting, taken)

    def any_waiting(self, *, now: datetime) -> bool:
        """Tell whether anything waits, without taking the database's write lock.

        Args:
            now: Current time.

        Returns:
            True where `take` or `expired` would find something.
        """
        with self._database.reading() as session:
            return session.scalars(select(OperationRow.id).where(_is_waiting(now)).limit(1)).first() is not None

    def expired(self, *, now: datetime) -> tuple[OperationRecord, ...]:
        """Return running operations whose lease has run out.

        Args:
            now: Current time.

        Returns:
            The operations, oldest first.
        """
        query = (
            select(OperationRow)
            .where(OperationRow.state == OperationState.RUNNING, OperationRow.lease_expires_at < now)
            .order_by(OperationRow.created_at, OperationRow.id)
        )
        with self._database.reading() as session:
            return tuple(operation_from_row(row) for row in session.scalars(query))

    def unfinished(self) -> tuple[OperationRecord, ...]:
        """Return every operation that is queued or running, oldest first."""
        query = (
            select(OperationRow)
            .where(OperationRow.state.in_([OperationState.QUEUED, OperationState.RUNNING]))
            .order_by(OperationRow.created_at, OperationRow.id)
        )
        with self._database.reading() as session:
            return tuple(operation_from_row(row) for row in session.scalars(query))

    def renew(self, record: OperationRecord, *, now: datetime, expires_at: datetime) -> OperationRecord | None:
        """Lengthen a worker's lease.

        Args:
            record: The operation as it was taken.
            now: Current time.
            expires_at: End of the lengthened lease.

        Returns:
            The operation as it is now, or None where the lease is no longer the worker's.
        """
        return self._move_held(record, now, lease_expires_at=expires_at)

    def report(self, record: OperationRecord, *, fraction: float, phrase: str, now: datetime) -> OperationRecord | None:
        """Note how far an operation is.

        Args:
            record: The operation as it was taken.
            fraction: Fraction done, 0 to 1.
            phrase: What is being done.
            now: Current time.

        Returns:
            The operation as it is now, or None where the lease is no longer the worker's.
        """
        return self._move_held(record, now, fraction=fraction, phrase=phrase)

    def succeed(self, record: OperationRecord, *, result_name: str, now: datetime) -> OperationRecord | None:
        """Finish an operation.

        Args:
            record: The operation as it was taken.
            result_name: Resource name of the result.
            now: Current time.

        Returns:
            The operation as it is now, or None where the lease is no longer the worker's.
        """
        return self._move_held(
            record, now, state=OperationState.SUCCEEDED, result_name=result_name, fraction=1.0, **_NO_LEASE
        )

    def fail(self, record: OperationRecord, *, error: WardcastError, now: datetime) -> OperationRecord | None:
        """End an operation with the reason.

        Args:
            record: The operation as it was taken.
            error: The reason.
            now: Current time.

        Returns:
            The operation as it is now, or None where the lease is no longer the worker's.
        """
        return self._move_held(record, now, state=OperationState.FAILED, error=failure_content(error), **_NO_LEASE)

    def end_cancelled(self, record: OperationRecord, *, now: datetime) -> OperationRecord | None:
        """End an operation that was asked to stop.

        Args:
            record: The operation as it was taken.
            now: Current time.

        Returns:
            The operation as it is now, or None where the lease is no longer the worker's.
        """
        return self._move_held(record, now, state=OperationState.CANCELLED, **_NO_LEASE)

    def put_back(self, record: OperationRecord, *, now: datetime) -> OperationRecord | None:
        """Put an operation back in the queue as if it had not been taken up.

        Args:
            record: The operation as it was taken.
            now: Current time.

        Returns:
            The operation as it is now, or None where the lease is no longer the worker's.
        """
        return self._move_held(
            record, now, state=OperationState.QUEUED, attempts=record.attempts - 1, fraction=0.0, phrase="", **_NO_LEASE
        )

    def request_cancel(self, identifier: str, *, now: datetime) -> None:
        """Ask an operation to stop: one that waits ends at once, one that runs is told; one that ended stays as it is.

        Args:
            identifier: The operation.
            now: Current time.
        """
        this = OperationRow.id == identifier
        with self._database.writing() as session:
            session.execute(
                update(OperationRow)
                .where(this, OperationRow.state == OperationState.QUEUED)
                .values(state=OperationState.CANCELLED, cancel_requested=True, updated_at=now)
            )
            session.execute(
                update(OperationRow)
                .where(this, OperationRow.state == OperationState.RUNNING)
                .values(cancel_requested=True, updated_at=now)
            )

    def delete_done(self, identifier: str) -> bool:
        """Forget an operation that has ended; its result stays.

        Args:
            identifier: The operation.

        Returns:
            False where it has not ended, or does not exist.
        """
        done = [state for state in OperationState if state.done]
        move = delete(OperationRow).where(OperationRow.id == identifier, OperationRow.state.in_(done))
        with self._database.writing() as session:
            return session.execute(move.returning(OperationRow.id)).first() is not None

    def release_owner(self, owner: str, *, now: datetime) -> None:
        """End the leases of a worker that is known to be dead, so that nobody waits for them to run out.

        Args:
            owner: The worker.
            now: Current time.
        """
        move = (
            update(OperationRow)
            .where(OperationRow.state == OperationState.RUNNING, OperationRow.lease_owner == owner)
            .values(lease_expires_at=now - timedelta(microseconds=1))
        )
        with self._database.writing() as session:
            session.execute(move)

    def _move_held(self, record: OperationRecord, now: datetime, **values: Any) -> OperationRecord | None:
        # The attempt is part of the condition: a worker that lost its lease and took the same operation up again
        # must not be confused with its former self.
        held = and_(
            OperationRow.id == record.operation_id,
            OperationRow.state == OperationState.RUNNING,
            OperationRow.lease_owner == record.lease_owner,
            OperationRow.attempts == record.attempts,
        )
        return self._move(held, {**values, "updated_at": now})

    def _move(self, condition: Any, values: dict[str, Any]) -> OperationRecord | None:
        move = update(OperationRow).where(condition).values(**values).returning(OperationRow)
        with self._database.writing() as session:
            row = session.scalars(move, execution_options={"synchronize_session": False}).one_or_none()
            return None if row is None else operation_from_row(row)


def _is_waiting(now: datetime) -> Any:
    lapsed = and_(OperationRow.state == OperationState.RUNNING, OperationRow.lease_expires_at < now)
    return or_(OperationRow.state == OperationState.QUEUED, lapsed)

"""Datasets, forecasts and plans: add, get, list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Generic, TypeVar

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError

from wardcast.store.database import Database
from wardcast.store.pages import (
    DEFAULT_PAGE_SIZE,
    MAX_PAGE_SIZE,
    Page,
    bad_token,
    checked_page_size,
    decode_token,
    encode_token,
)
from wardcast.store.tables import StoredRow
from wardcast_models.errors import ErrorKind, Problem, WardcastError

Row = TypeVar("Row", bound=StoredRow)
Record = TypeVar("Record")


class Repository(Generic[Row, Record]):
    """Stored things of one kind. Only `put_over` changes a thing once it is stored."""

    def __init__(
        self,
        database: Database,
        row_type: type[Row],
        *,
        noun: str,
        to_row: Callable[[Record], Row],
        from_row: Callable[[Row], Record],
    ) -> None:
        self._database = database
        self._row_type = row_type
        self._noun = noun
        self._to_row = to_row
        self._from_row = from_row

    def put(self, record: Record) -> Record:
        """Store a thing, unless one with its id is stored already.

        Args:
            record: The thing.

        Returns:
            What is stored under its id: the thing itself, or the earlier one.
        """
        row = self._to_row(record)
        try:
            with self._database.writing() as session:
                earlier = session.get(self._row_type, row.id)
                if earlier is None:
                    session.add(row)
                return self._from_row(earlier or row)
        except IntegrityError:
            # SQLite has one writer at a time; elsewhere another may have stored it since it was looked for.
            meanwhile = self._row(row.id)
            if meanwhile is None:
                raise
            return self._from_row(meanwhile)

    def put_over(self, record: Record) -> Record:
        """Store a thing in place of the one with its id.

        Args:
            record: The thing.

        Returns:
            The thing.
        """
        with self._database.writing() as session:
            return self._from_row(session.merge(self._to_row(record)))

    def get(self, identifier: str, *, area_code: str | None = None) -> Record:
        """Return a stored thing.

        Args:
            identifier: Its id.
            area_code: Area it has to belong to; None for any.

        Returns:
            The thing.

        Raises:
            WardcastError: There is no such thing in that area.
        """
        row = self._row(identifier)
        if row is None or area_code not in {None, row.area_code}:
            place = f" in area {area_code}" if area_code else ""
            raise not_found(self._noun, identifier, place)
        return self._from_row(row)

    def find(self, identifier: str) -> Record | None:
        """Return a stored thing where there is one.

        Args:
            identifier: Its id.

        Returns:
            The thing, or None.
        """
        row = self._row(identifier)
        return None if row is None else self._from_row(row)

    def list(
        self, area_code: str | None = None, *, page_size: int = 0, page_token: str = "", limit: int = MAX_PAGE_SIZE
    ) -> Page[Record]:
        """Return stored things, newest first.

        Args:
            area_code: Area they belong to; None for every area.
            page_size: Most to return; 0 for the default.
            page_token: From the page before; "" for the first.
            limit: Most a page may hold.

        Returns:
            The page.

        Raises:
            WardcastError: Page size or token is wrong.
        """
        size = checked_page_size(page_size, limit=limit, default=min(DEFAULT_PAGE_SIZE, limit))
        scope = [self._row_type.__tablename__, area_code or ""]
        row_type = self._row_type
        query = select(row_type).order_by(row_type.created_at.desc(), row_type.id.desc()).limit(size + 1)
        if area_code is not None:
            query = query.where(row_type.area_code == area_code)
        if page_token:
            created_at, identifier = _read_key(page_token, scope)
            query = query.where(
                or_(
                    row_type.created_at < created_at,
                    and_(row_type.created_at == created_at, row_type.id < identifier),
                )
            )
        with self._database.reading() as session:
            rows = session.scalars(query).all()
        more = len(rows) > size
        last = rows[size - 1] if more else None
        return Page(
            items=tuple(self._from_row(row) for row in rows[:size]),
            next_page_token=encode_token(scope, [last.created_at.isoformat(), last.id]) if last else "",
        )

    def _row(self, identifier: str) -> Row | None:
        with self._database.reading() as session:
            return session.get(self._row_type, identifier)


def not_found(noun: str, identifier: str, place: str = "") -> WardcastError:
    """Return the error for a thing that does not exist.

    Args:
        noun: What it is.
        identifier: Its id.
        place: Where it was looked for, with a leading space, or "".

    Returns:
        The error, to be raised by the caller.
    """
    return WardcastError(
        ErrorKind.NOT_FOUND,
        f"There is no {noun} {identifier}{place}.",
        [
            Problem(
                where="name",
                expected=f"an existing {noun}",
                found=identifier,
                mend=f"List the {noun}s and take one of those names.",
            )
        ],
    )


def _read_key(token: str, scope: list[str]) -> tuple[datetime, str]:
    created_at, identifier = decode_token(token, scope, (str, str))
    try:
        return datetime.fromisoformat(created_at).astimezone(UTC), identifier
    except (ValueError, OverflowError) as error:
        raise bad_token(token) from error

"""One database engine, set up so that several processes can share it."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.schema import CreateIndex, CreateTable

from wardcast.store.database_errors import unusable_database
from wardcast.store.tables import Base
from wardcast_models.errors import Problem, invalid_input

BUSY_TIMEOUT_SECONDS = 15
"""Time a call waits for another process's write to a SQLite file; a write takes milliseconds."""
_RETRY_SECONDS = 0.02
_WRITES = "wardcast_writes"
_SETTING = "WARDCAST_DATABASE_URL"


class Database:
    """Sessions on one database; the tables exist once it is opened."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing_engine = engine.execution_options(**{_WRITES: True})

    @classmethod
    def open(cls, database_url: str) -> Database:
        """Open a database and create what is missing in it.

        Args:
            database_url: Any SQLAlchemy URL; a SQLite file's folder is created.

        Returns:
            The database.

        Raises:
            WardcastError: The URL cannot be read, or what it names cannot be used.
        """
        engine = _engine(database_url)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        database = cls(engine)
        try:
            database._create_tables()
        except SQLAlchemyError as error:
            database.close()
            raise unusable_database(database_url, error, setting=_SETTING) from error
        return database

    def _create_tables(self) -> None:
        # "IF NOT EXISTS" and not SQLAlchemy's check first: several processes may open a new database at once.
        with self._writing_engine.begin() as connection:
            for table in Base.metadata.sorted_tables:
                connection.execute(CreateTable(table, if_not_exists=True))
                for index in sorted(table.indexes, key=lambda index: str(index.name)):
                    connection.execute(CreateIndex(index, if_not_exists=True))

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that only reads."""
        with Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session whose changes are committed together at the end, or not at all."""
        with Session(self._writing_engine, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _engine(database_url: str) -> Engine:
    try:
        url = make_url(database_url)
        options: dict[str, Any] = {"json_serializer": json.dumps}
        if url.get_backend_name() == "sqlite":
            if url.database:
                Path(url.database).parent.mkdir(parents=True, exist_ok=True)
            options["connect_args"] = {"timeout": BUSY_TIMEOUT_SECONDS}
        return create_engine(url, **options)
    except (ArgumentError, ValueError, ImportError, OSError) as error:
        # A URL may hold a password: only the reasons that do not repeat it are told.
        reason = f" ({error})" if isinstance(error, ImportError | OSError) else ""
        raise invalid_input(
            "The database URL cannot be used.",
            Problem(
                where=_SETTING,
                expected="a URL such as sqlite:///wardcast.db, of a database whose driver is installed",
                found=f"{database_url.partition(':')[0]}:...{reason}" if "://" in database_url else "no URL",
                mend="Correct the setting, or leave it unset to keep a SQLite file in WARDCAST_HOME.",
            ),
        ) from error


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # SQLAlchemy says when a transaction begins, not the driver
    cursor = connection.cursor()
    _keep_write_ahead_log(cursor)
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _keep_write_ahead_log(cursor: DBAPICursor) -> None:
    # SQLite refuses this switch at once, whatever the timeout, while others open the same new file.
    deadline = time.monotonic() + BUSY_TIMEOUT_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: one that read first and then wrote would fail without waiting.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

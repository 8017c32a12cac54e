"""A database that cannot be used, told as `WardcastError`."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError

from wardcast_models.errors import ErrorKind, Problem, WardcastError


def unusable_database(url: str, error: SQLAlchemyError, *, setting: str) -> WardcastError:
    """Return the error of a database that could not be opened.

    Args:
        url: Its SQLAlchemy URL.
        error: What SQLAlchemy or its driver said.
        setting: Environment variable that holds the URL.

    Returns:
        The error; it names a SQLite file without its folder, and never a password.
    """
    parsed = make_url(url)
    said = str(error.orig if isinstance(error, DatabaseError) else error).strip().splitlines()
    is_file = parsed.get_backend_name() == "sqlite" and bool(parsed.database)
    if not is_file:
        where, expected = setting, "a database that answers"
        mend = "Start the database server, or correct the address."
    elif isinstance(error, OperationalError):
        where, expected = Path(str(parsed.database)).name, "a SQLite file that can be read and written"
        mend = "Let this user write to the file and its folder, and end other programs that hold it."
    else:
        where, expected = Path(str(parsed.database)).name, "a sound SQLite database written by wardcast"
        mend = (
            f"Restore it from a copy, or move it out of its folder (WARDCAST_HOME, unless {setting} names another): "
            "a new, empty one is then made."
        )
    problem = Problem(where=where, expected=expected, found=(said or ["no answer"])[0][:300], mend=mend)
    return WardcastError(ErrorKind.CONFLICT, f"The database {where} cannot be used.", [problem])

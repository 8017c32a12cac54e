"""Times and months, to and from what messages hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
from google.protobuf.timestamp_pb2 import Timestamp

from wardcast_models.errors import Problem, invalid_input

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_timestamp(moment: datetime) -> Timestamp:
    """Return a time as a message.

    Args:
        moment: Time with a zone.

    Returns:
        The message.
    """
    message = Timestamp()
    message.FromDatetime(moment.astimezone(UTC))
    return message


def from_timestamp(message: Timestamp) -> datetime:
    """Return a message's time.

    Args:
        message: The message.

    Returns:
        The time in UTC, to the microsecond.
    """
    return _EPOCH + timedelta(seconds=message.seconds, microseconds=message.nanos // 1000)


def checked_month(text: str, where: str) -> str | None:
    """Check a month that may be left out.

    Args:
        text: `YYYY-MM`, or empty.
        where: Field it came from, for the error.

    Returns:
        The month, or None where it is empty.

    Raises:
        WardcastError: It is not a month.
    """
    if not text:
        return None
    try:
        month = pd.Timestamp(pd.to_datetime(text, format="%Y-%m"))
    except ValueError as error:
        raise invalid_input(
            f"{text!r} is not a month.",
            Problem(where=where, expected="YYYY-MM, for example 2025-03", found=text, mend="Write year, dash, month."),
        ) from error
    return f"{month:%Y-%m}"


def month_text(month: pd.Timestamp | None) -> str:
    """Write a month that may be left out.

    Args:
        month: The month, or None.

    Returns:
        `YYYY-MM`, or "".
    """
    return "" if month is None else f"{month:%Y-%m}"

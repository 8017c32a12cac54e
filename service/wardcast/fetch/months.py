"""Months of street files: those published, and those asked for."""

from __future__ import annotations

import re

from wardcast.fetch.addresses import by_id
from wardcast.fetch.failure import FetchError
from wardcast.fetch.visit import Visit

DATES_ID = "policeuk-dates"
"""Row of the address table that lists the months published."""

STANDARD_MONTHS = 36
"""Months fetched where `--since` is left out: what one archive holds."""

_MONTH = re.compile(r"20\d{2}-(0[1-9]|1[0-2])")


def month_number(month: str) -> int:
    """Return a month as a number that counts on by one.

    Args:
        month: `YYYY-MM`.
    """
    return int(month[:4]) * 12 + int(month[5:]) - 1


def month_text(number: int) -> str:
    """Return the month of a number.

    Args:
        number: As `month_number` gives it.
    """
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def month_after(month: str) -> str:
    """Return the next month.

    Args:
        month: `YYYY-MM`.
    """
    return month_text(month_number(month) + 1)


def published_months(visit: Visit) -> list[str]:
    """Ask data.police.uk which months it has published.

    Args:
        visit: The run.

    Returns:
        The months of its last three years, sorted.

    Raises:
        FetchError: It does not say.
    """
    address = by_id(visit.table, DATES_ID).address
    listed = visit.listing(address)
    months = sorted(
        str(item["date"])
        for item in (listed if isinstance(listed, list) else [])
        if isinstance(item, dict) and _MONTH.fullmatch(str(item.get("date")))
    )
    if not months:
        raise FetchError(expected="a list of months", found="other JSON", address=address)
    return months


def wanted_months(visit: Visit, published: list[str]) -> list[str]:
    """Return the months to fetch, none later than the newest published.

    Args:
        visit: The run.
        published: Months published, sorted.

    Returns:
        The months, sorted.

    Raises:
        FetchError: None is left.
    """
    last = min(visit.until or published[-1], published[-1])
    first = visit.since or month_text(month_number(last) - STANDARD_MONTHS + 1)
    if first > last:
        raise FetchError(
            expected=f"a month up to {last}, the newest wanted and published",
            found=f"--since {first}",
            mend="Ask for earlier months.",
        )
    return [month_text(number) for number in range(month_number(first), month_number(last) + 1)]

"""A clock that only tests move, and fetches from the loopback site on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.official_site import LBBD, SERVED, Site
from wardcast.fetch.addresses import addresses, choose
from wardcast.fetch.area import fetch_area
from wardcast.fetch.connection import Connection
from wardcast.fetch.fetch import FetchReport, fetch
from wardcast_models.errors import Problem

PATH = "/data/crime.csv"
TEXT = b"ward,month,count\n" + b"E05014053,2025-03,17\n" * 20_000
"""The one file of the file server, and where it is."""


@dataclass
class StoppedClock:
    """Waits by moving its own hands; every look at it may move them on a little too."""

    seconds_a_look: float = 0.0
    time: float = 0.0
    waits: list[float] = field(default_factory=list)

    def now(self) -> float:
        self.time += self.seconds_a_look
        return self.time

    def utc(self) -> datetime:
        return datetime(2025, 4, 1, tzinfo=UTC) + timedelta(seconds=self.time)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds


@dataclass(frozen=True)
class FetchHere:
    """Fetches from the site into one folder."""

    site: Site
    out: Path

    def __call__(
        self,
        *sources: str,
        area: str = LBBD,
        since: str | None = "2025-01",
        until: str | None = None,
        refresh: bool = False,
    ) -> FetchReport:
        """Fetch these sources, or everything served."""
        table, place = addresses(self.site.table), fetch_area(area)
        rows = choose(table, area=place, sources=sources or SERVED)
        with Connection(clock=StoppedClock()) as connection:
            return fetch(
                rows,
                table=table,
                area=place,
                folder=self.out,
                connection=connection,
                since=since,
                until=until,
                refresh=refresh,
            )


def told(report: FetchReport) -> str:
    """Every note and problem of a report."""
    return "\n".join(f"{result.note} {result.problem or ''}" for result in report.results)


def only_problem(report: FetchReport) -> Problem:
    """The problem of the one result of a report."""
    (result,) = report.results
    assert result.problem is not None
    return result.problem

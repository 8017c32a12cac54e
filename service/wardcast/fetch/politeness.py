"""How often servers are asked, how long an answer is waited for, and when to try again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from wardcast.fetch.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Politeness:
    """The limits that every download keeps to.

    Attributes:
        seconds_between_requests: Least time between two requests to one host.
        attempts: Most times that one thing is asked for.
        first_backoff_seconds: Wait after the first failure; it doubles with each further one.
        longest_wait_seconds: Longest wait before a new attempt; a server that asks for more is left alone.
        connect_timeout_seconds: Longest wait for a connection.
        read_timeout_seconds: Longest silence in the middle of an answer.
        longest_download_seconds: Longest time that one answer may take in all.
        max_redirects: Most redirects followed for one request.
    """

    seconds_between_requests: float = 1.0
    attempts: int = 4
    first_backoff_seconds: float = 2.0
    longest_wait_seconds: float = 120.0
    connect_timeout_seconds: float = 15.0
    read_timeout_seconds: float = 60.0
    longest_download_seconds: float = 3600.0
    max_redirects: int = 5

    def backoff_seconds(self, attempt: int) -> float:
        """Return the wait after a failed attempt.

        Args:
            attempt: The attempt that failed, from 1.

        Returns:
            Seconds.
        """
        return min(self.first_backoff_seconds * 2.0 ** (attempt - 1), self.longest_wait_seconds)


class RateLimit:
    """Keeps requests to one host apart."""

    def __init__(self, *, seconds_between_requests: float, clock: Clock) -> None:
        self._gap_seconds = seconds_between_requests
        self._clock = clock
        self._last: dict[str, float] = {}

    def wait(self, host: str) -> None:
        """Wait until the host may be asked again, and count this request.

        Args:
            host: Host and port.
        """
        if host in self._last:
            left = self._last[host] + self._gap_seconds - self._clock.now()
            if left > 0:
                self._clock.sleep(left)
        self._last[host] = self._clock.now()


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """Read a `Retry-After` header (RFC 9110, section 10.2.3).

    Args:
        header: Seconds or an HTTP date; None where the server sent none.
        now: The time, in UTC.

    Returns:
        Seconds to wait, or None where the header says nothing usable.
    """
    if header is None:
        return None
    text = header.strip()
    # Headers may hold other digits than 0 to 9, such as a superscript two, which are no number.
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())

"""A download that did not work, told so that a person can mend it."""

from __future__ import annotations

import httpx

from wardcast_models.errors import Problem

MOVED = (
    "If the publisher moved it, write the new address in a CSV file with the columns id and address, and pass it "
    "with --addresses FILE."
)
"""How to mend an address that does not answer as it should."""

LATER = "Try again later; what has arrived is kept and the next run goes on from there."
"""How to mend a passing fault."""

PROXY_SIGN_IN = (
    "Put the proxy's user name and password into HTTPS_PROXY, as in http://name:password@proxy.example.org:8080. "
    "A proxy that wants a Windows sign-in (NTLM, Kerberos) needs a helper on this machine that signs in for you."
)
"""How to mend a proxy that wants to know who asks."""

_SHOWN_CHARACTERS = 200
"""An address that lists a hundred codes is cut in messages."""


def mend_of_status(status: int, host: str, *, by_proxy: bool = False) -> str:
    """Say what to do about an answer that another attempt would not change.

    Args:
        status: HTTP status.
        host: The server asked.
        by_proxy: Whether the proxy answered so, not the server.

    Returns:
        How to mend it.
    """
    if status == httpx.codes.PROXY_AUTHENTICATION_REQUIRED:
        return PROXY_SIGN_IN
    let_through = f"Ask whoever runs your network to let {host} through."
    if by_proxy:
        return let_through
    refused = status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN, httpx.codes.UNAVAILABLE_FOR_LEGAL_REASONS}
    return f"Your network may have refused it, or the publisher. {let_through} {MOVED}" if refused else MOVED


class FetchError(Exception):
    """One download failed.

    Attributes:
        expected: What the server should have answered.
        found: What it did.
        mend: What to do about it.
        address: The address asked, or "" where the table's own says it.
    """

    def __init__(self, *, expected: str, found: str, mend: str = MOVED, address: str = "") -> None:
        super().__init__(f"expected {expected}, found {found}")
        self.expected = expected
        self.found = found
        self.mend = mend
        self.address = address

    def problem(self, *, address_id: str, address: str) -> Problem:
        """Return the failure as a problem of one row of the address table.

        Args:
            address_id: The row.
            address: Its address, where the failure names no other.

        Returns:
            The problem.
        """
        asked = self.address or address
        if len(asked) > _SHOWN_CHARACTERS:
            asked = f"{asked[:_SHOWN_CHARACTERS]}..."
        return Problem(where=f"{address_id} ({asked})", expected=self.expected, found=self.found, mend=self.mend)


class TooLargeError(FetchError):
    """An answer above its size limit."""

    def __init__(self, max_bytes: int, address: str = "") -> None:
        super().__init__(
            expected=f"at most {max_bytes:,} bytes",
            found="more",
            mend="If the file has rightly grown, raise max_bytes of its row with --addresses FILE.",
            address=address,
        )

"""What the parts of the client share."""

from __future__ import annotations

from wardcast.api.connection import Connection


class Calls:
    """Calls over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

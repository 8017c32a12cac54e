"""Sizes that client and server have to agree on."""

from __future__ import annotations

CHUNK_BYTES = 1024 * 1024
"""Most bytes of one chunk of an uploaded file."""
MAX_REQUEST_BYTES = 4 * 1024 * 1024
"""Most bytes of one message to the service."""
MAX_RESPONSE_BYTES = 64 * 1024 * 1024
"""Most bytes of one message from the service: all of London makes a plan of a few MiB; clients allow 4."""

"""Sizes that client and server have to agree on."""

from __future__ import annotations

CHUNK_BYTES = 1024 * 1024
"""Most bytes of one chunk of an uploaded file."""
MAX_REQUEST_BYTES = 4 * 1024 * 1024
"""Most bytes of one message to the service."""
MAX_RESPONSE_BYTES = 64 * 1024 * 1024
"""Most bytes of one message from the service: a plan for all of London is a few MiB, and 4 is the default of clients."""

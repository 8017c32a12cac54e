"""The mark of what shows every count as it is."""

from __future__ import annotations

INTERNAL_MARK = "Internal: unsuppressed counts, not for publication."
"""Stands on every output that holds small ward counts; `wardcast profile --public` makes the form to publish."""

"""How long work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float, str], None]
"""Called with the fraction done (0 to 1) and a short present-tense phrase."""


def silent(fraction: float, phrase: str) -> None:
    """Ignore progress.

    Args:
        fraction: Fraction done.
        phrase: What is being done.
    """
    del fraction, phrase

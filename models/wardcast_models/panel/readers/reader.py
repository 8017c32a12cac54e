"""What every reader of an official layout offers: a recogniser by content and a reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wardcast_models.panel.parts import Part
from wardcast_models.panel.source import SourceFile


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One official layout.

    Attributes:
        what: The layout, as a noun phrase.
        recognises: Whether a file is of this layout, by its header or content and never by its name.
        read: Reads a recognised file; raises WardcastError with every problem found where it is broken.
    """

    what: str
    recognises: Callable[[SourceFile], bool]
    read: Callable[[SourceFile], Part]


def has_columns(*names: str) -> Callable[[SourceFile], bool]:
    """Return a recogniser for files whose header holds all the names, in any order and case.

    Args:
        *names: Lower-case column names.

    Returns:
        The recogniser.
    """
    wanted = frozenset(names)

    def recognises(source: SourceFile) -> bool:
        return wanted <= source.columns

    return recognises

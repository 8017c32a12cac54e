"""What every reader of an official layout offers: a recogniser by content and a reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wardcast_models.panel.parts import Part
from wardcast_models.panel.sources.source import SourceFile


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One official layout.

    Attributes:
        what: The layout, as a noun phrase.
        recognises: Whether a file is of this layout, by its header or content and never by its name.
        read: Reads a recognised file into one part or several; raises WardcastError with every problem found where it
            is broken.
    """

    what: str
    recognises: Callable[[SourceFile], bool]
    read: Callable[[SourceFile], Part | list[Part]]


@dataclass(frozen=True, kw_only=True)
class HasColumns:
    """Recognises files whose header holds all the names, in any order and case.

    Attributes:
        names: Lower-case column names; of several in one place, any will do.
    """

    names: tuple[str | tuple[str, ...], ...]

    def __call__(self, source: SourceFile) -> bool:
        """Tell whether the file's header holds all the names."""
        return not self.missing(source.columns)

    def missing(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Return the names that are not among some lower-case columns; `month or date` where either would do."""
        present = set(columns)
        alternatives = [(name,) if isinstance(name, str) else name for name in self.names]
        return tuple(" or ".join(names) for names in alternatives if present.isdisjoint(names))


def has_columns(*names: str | tuple[str, ...]) -> HasColumns:
    """Return a recogniser for files whose header holds all the names, in any order and case.

    Args:
        *names: Lower-case column names; of several in one place, any will do.

    Returns:
        The recogniser.
    """
    return HasColumns(names=names)

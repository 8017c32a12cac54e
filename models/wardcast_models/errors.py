"""The one error type that crosses module boundaries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class ErrorKind(StrEnum):
    """What sort of failure a caller has to deal with."""

    INVALID_INPUT = "invalid_input"
    """A file, field or argument is wrong; the caller can mend it."""
    NOT_FOUND = "not_found"
    """The named thing does not exist."""
    INFEASIBLE = "infeasible"
    """A request's limits contradict one another; no plan can satisfy them."""
    CONFLICT = "conflict"
    """The thing is not in a state that allows this."""
    INTERNAL = "internal"
    """A fault of the program, not of the caller."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong, told so that a reader can mend it.

    Attributes:
        where: File, row and column, or the field's path (`resources[1].hours_per_month`).
        expected: What would have been right.
        found: What was there instead.
        mend: What to do about it.
    """

    where: str
    expected: str
    found: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: expected {self.expected}, found {self.found}. {self.mend}"


class WardcastError(Exception):
    """A failure with a kind, one sentence, and the problems behind it.

    Attributes:
        kind: What sort of failure this is.
        message: One sentence for a person.
        problems: Every separate problem found, in the order found.
    """

    def __init__(self, kind: ErrorKind, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[type[WardcastError], tuple[ErrorKind, str, tuple[Problem, ...]]]:
        """Pickle with all three arguments, so that the error survives a process boundary."""
        return (type(self), (self.kind, self.message, self.problems))

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  - {problem}" for problem in self.problems)])


def invalid_input(message: str, *problems: Problem) -> WardcastError:
    """Build the error for a wrong file, field or argument.

    Args:
        message: One sentence for a person.
        *problems: The separate problems.

    Returns:
        The error, to be raised by the caller.
    """
    return WardcastError(ErrorKind.INVALID_INPUT, message, problems)

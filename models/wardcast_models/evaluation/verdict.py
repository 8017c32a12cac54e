"""What the promotion gate says of a forecaster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wardcast_models.evaluation.ward_months import Contest


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that the gate looked at.

    Attributes:
        name: `better`, `calibrated` or `no ward group harmed`.
        passed: Whether what was found is what was expected.
        found: What was found.
        expected: What was expected.
    """

    name: str
    passed: bool
    found: str
    expected: str

    @property
    def sentence(self) -> str:
        """What was found and what was expected."""
        return f"{self.found[:1].upper()}{self.found[1:]}; expected {self.expected}."


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the gate says.

    Attributes:
        checks: All that was looked at.
        contests: The candidate beside the reference: in the whole area first, then in every group of wards.
        figures: What was measured, by name.
        notes: What a reader has to know, each a sentence.
    """

    checks: tuple[Check, ...]
    contests: Mapping[str, Contest]
    figures: Mapping[str, float]
    notes: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it did not pass: a sentence for each check that failed."""
        return tuple(check.sentence for check in self.checks if not check.passed)

    def document(self) -> dict[str, Any]:
        """Return all of it as plain values, for a JSON file."""
        return {
            "passed": self.passed,
            "reasons": list(self.reasons),
            "checks": [vars(check) for check in self.checks],
            "figures": {name: None if isnan(value) else value for name, value in self.figures.items()},
            "notes": list(self.notes),
        }

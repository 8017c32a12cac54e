"""What one delivered hour of each kind of team does, relative to one hour of police patrol.

A pair of resource type and category that is not packaged has no effect: a user may enter one in the request, and
it is then marked as the user's assumption. Packaged pairs rest on a study of that kind of crime, or are marked as
`assumed` where the elasticity of crime as a whole is merely extended to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.reference.assumptions import assumption
from wardcast_models.reference.tables import packaged_rows
from wardcast_models.reference.taxonomy import taxonomy

NO_STUDY = "none"
"""Study key of a pair without an effect."""

ASSUMED = "assumed"
"""Study key of a pair whose effect is only extended from a study of crime as a whole."""


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """A kind of team.

    Attributes:
        resource_type: Stable key, used in requests.
        label: Name for people.
        delivery_assumption: Key of the packaged assumption that holds its delivery rate.
        note: What a reader should know.
    """

    resource_type: str
    label: str
    delivery_assumption: str
    note: str


@cache
def resource_types() -> dict[str, ResourceType]:
    """Return every packaged kind of team by key."""
    return {
        row["resource_type"]: ResourceType(
            resource_type=row["resource_type"],
            label=row["label"],
            delivery_assumption=row["delivery_assumption"],
            note=row["note"],
        )
        for row in packaged_rows("resource_types.csv")
    }


def effectiveness(resource_type: str) -> dict[str, float]:
    """Return the effect of one delivered hour on each category; 1 is one hour of police patrol.

    Args:
        resource_type: Key of the kind of team.

    Returns:
        Relative effectiveness by category, every category present, 0 where none is packaged.

    Raises:
        WardcastError: The kind of team is not packaged.
    """
    _require(resource_type)
    packaged = {category: value for (kind, category), (value, _) in _pairs().items() if kind == resource_type}
    return {category: packaged.get(category, 0.0) for category in taxonomy()}


def supporting_study(resource_type: str, category: str) -> str:
    """Return the key of the study behind a pair (see `reference.evidence`), `assumed` or `none`.

    Args:
        resource_type: Key of the kind of team.
        category: Analysis category id.

    Returns:
        The study's key, `assumed` where the effect is merely extended to the category, or `none` where there is none.

    Raises:
        WardcastError: The kind of team is not packaged.
    """
    _require(resource_type)
    return _pairs().get((resource_type, category), (0.0, NO_STUDY))[1]


def delivery_rate(resource_type: str) -> tuple[float, str]:
    """Return how much of a planned hour is delivered by default, and the source of that.

    Args:
        resource_type: Key of the kind of team.

    Returns:
        Delivered over planned hours (0 to 1), and its source.

    Raises:
        WardcastError: The kind of team is not packaged.
    """
    _require(resource_type)
    row = assumption(resource_types()[resource_type].delivery_assumption)
    return row.value, row.source


@cache
def _pairs() -> dict[tuple[str, str], tuple[float, str]]:
    """Return effectiveness and study key of every packaged pair of resource type and category."""
    return {
        (row["resource_type"], row["category"]): (float(row["effectiveness"]), row["study"])
        for row in packaged_rows("response_library.csv")
    }


def _require(resource_type: str) -> None:
    """Raise an error that lists the packaged kinds of team if this is not one."""
    if resource_type not in resource_types():
        raise invalid_input(
            f"The response library has no resource type `{resource_type}`.",
            Problem(
                where="resources[].type",
                expected=f"one of {', '.join(resource_types())}",
                found=resource_type,
                mend="Use a packaged type, and enter the team's effectiveness by category if it differs.",
            ),
        )

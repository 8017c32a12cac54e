"""What one delivered hour of each kind of team does, relative to one hour of police patrol.

A pair of resource type and category that is not packaged has no effect: a user may enter one in the request, and
it is then marked as the user's assumption. Packaged pairs rest on a study of that kind of crime, or are marked as
`assumed` where the elasticity of crime as a whole is merely extended to them. An hour of police patrol is the unit, so
its effect has no range of its own: the range is that of the elasticity, which the study's evidence gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.reference.assumptions import assumption
from wardcast_models.reference.evidence import Evidence, evidence
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
        agency: Who usually employs it: `council`, `police` or `partner`.
        enforcement: Whether its hours are felt as enforcement, and so count towards a ward's burden.
        delivery_assumption: Key of the packaged assumption that holds its delivery rate.
        effects_as: Key of the type whose effects it has: its own, or another's that it merely names otherwise.
        note: What a reader should know.
    """

    resource_type: str
    label: str
    agency: str
    enforcement: bool
    delivery_assumption: str
    effects_as: str
    note: str


@dataclass(frozen=True, kw_only=True)
class PackagedResponse:
    """One row of the library: what one delivered hour of a kind of team does to one category.

    Attributes:
        resource_type: Key of the kind of team.
        category: Analysis category id.
        effectiveness: Effect relative to one delivered hour of police patrol.
        study: Key of the study behind it (see `reference.evidence`), or `assumed`.
        note: Why it is assumed, or "".
    """

    resource_type: str
    category: str
    effectiveness: float
    study: str
    note: str

    @property
    def evidence(self) -> Evidence | None:
        """The study with its scale, country, quality and range; None where the effect is assumed."""
        return None if self.study == ASSUMED else evidence()[self.study]


@cache
def resource_types() -> dict[str, ResourceType]:
    """Return every packaged kind of team by key."""
    return {
        row["resource_type"]: ResourceType(
            resource_type=row["resource_type"],
            label=row["label"],
            agency=row["agency"],
            enforcement=row["enforcement"] == "1",
            delivery_assumption=row["delivery_assumption"],
            effects_as=row["effects_as"] or row["resource_type"],
            note=row["note"],
        )
        for row in packaged_rows("resource_types.csv")
    }


@cache
def response_library() -> tuple[PackagedResponse, ...]:
    """Return every packaged response, by kind of team and then by category; a pair that is absent has no effect."""
    packaged = packaged_rows("response_library.csv")
    return tuple(
        PackagedResponse(
            resource_type=kind.resource_type,
            category=row["category"],
            effectiveness=float(row["effectiveness"]),
            study=row["study"],
            note=row["note"],
        )
        for kind in resource_types().values()
        for row in packaged
        if row["resource_type"] == kind.effects_as
    )


def effectiveness(resource_type: str) -> dict[str, float]:
    """Return the effect of one delivered hour on each category; 1 is one hour of police patrol.

    Args:
        resource_type: Key of the kind of team.

    Returns:
        Relative effectiveness by category, every category present, 0 where none is packaged.

    Raises:
        WardcastError: The kind of team is not packaged.
    """
    responses = _responses_of(resource_type)
    return {category: responses[category].effectiveness if category in responses else 0.0 for category in taxonomy()}


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
    responses = _responses_of(resource_type)
    return responses[category].study if category in responses else NO_STUDY


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
def _responses_of(resource_type: str) -> dict[str, PackagedResponse]:
    """Return a kind of team's responses by category, only those that are packaged."""
    _require(resource_type)
    return {row.category: row for row in response_library() if row.resource_type == resource_type}


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

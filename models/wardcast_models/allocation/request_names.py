"""Checking the names in a request against what is known: shifts, categories, priorities, kinds of team, wards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from wardcast_models.allocation.request import PlanRequest
from wardcast_models.errors import Problem, invalid_input
from wardcast_models.reference.response_library import resource_types
from wardcast_models.reference.taxonomy import priorities, taxonomy


def name_problems(request: PlanRequest, *, where: str) -> list[Problem]:
    """Return every name in a request that is unknown or given twice.

    Args:
        request: The request.
        where: Name of the file or message.

    Returns:
        The problems; empty where all is well.
    """
    shifts = [shift.name for shift in request.shifts]
    problems = [
        *_repeated(where, "shifts", shifts),
        *_repeated(where, "resources", [resource.name for resource in request.resources]),
        *_unknown(
            f"{where}: objective.priority_weights",
            "priority",
            request.objective.priority_weights,
            priorities(),
        ),
    ]
    for position, resource in enumerate(request.resources):
        at = f"{where}: resources[{position}]"
        problems += _unknown(f"{at}.shifts", "shift", resource.shifts, shifts)
        problems += _unknown(f"{at}.effectiveness", "category", resource.effectiveness, taxonomy())
        problems += _out_of_reach(f"{at}.effectiveness", resource.effectiveness)
        problems += _unknown(f"{at}.type", "kind of team", [resource.type], resource_types())
    return problems


def check_wards(request: PlanRequest, ward_names: Mapping[str, str], *, area_name: str) -> None:
    """Check the wards that a request names against an area's.

    Args:
        request: The request.
        ward_names: Ward name by code, the area's wards only.
        area_name: Name of the area, for the error.

    Raises:
        WardcastError: A ward is not in the area.
    """
    by_name = {name.casefold(): code for code, name in ward_names.items()}
    problems = []
    for position, resource in enumerate(request.resources):
        for code in resource.wards:
            if code not in ward_names:
                meant = by_name.get(code.casefold())
                mend = f"Use the ward's code, `{meant}`." if meant else "Use a code of this area and vintage."
                problems.append(
                    Problem(
                        where=f"resources[{position}].wards",
                        expected=f"a ward code of {area_name}, such as {min(ward_names)}",
                        found=code,
                        mend=mend,
                    )
                )
    if problems:
        raise invalid_input(f"The request names wards that are not in {area_name}.", *problems)


def _repeated(where: str, field: str, names: list[str]) -> Iterable[Problem]:
    """Return a problem for each name given twice."""
    for position, name in enumerate(names):
        if name in names[:position]:
            yield Problem(
                where=f"{where}: {field}[{position}].name",
                expected="a name used once",
                found=f"`{name}` again",
                mend="Give each its own name.",
            )


def _out_of_reach(where: str, effects: Mapping[str, float]) -> Iterable[Problem]:
    """Return a problem for each effect entered on a category that presence is taken not to touch at all."""
    for category, effect in effects.items():
        known = taxonomy().get(category)
        if known is not None and effect > 0 and known.preventable[1] == 0:
            yield Problem(
                where=f"{where}.{category}",
                expected=f"no effect on {known.label}, of which presence is taken to prevent nothing "
                f"({known.preventable_source})",
                found=f"{effect:g}",
                mend="Remove it: it would change nothing.",
            )


def _unknown(where: str, what: str, names: Iterable[str], known: Collection[str]) -> Iterable[Problem]:
    """Return a problem for each name that is not known, with the nearest that is."""
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, n=1, cutoff=0.6)
            yield Problem(
                where=where,
                expected=f"a known {what}: {', '.join(known)}",
                found=f"`{name}`",
                mend=f"Did you mean `{close[0]}`?" if close else "Use one of these.",
            )

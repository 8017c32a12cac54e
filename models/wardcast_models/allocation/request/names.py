"""Checking the names in a request against what is known: teams, shifts, categories, priorities, wards and groups."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.errors import Problem, invalid_input
from wardcast_models.reference.response_library import resource_types
from wardcast_models.reference.taxonomy import priorities, taxonomy

EVERY_CATEGORY = "all"
"""Category of the shift shares that hold for every category without an entry of its own."""


def name_problems(request: PlanRequest) -> list[Problem]:
    """Return every name in a request that is unknown or given twice.

    Args:
        request: The request.

    Returns:
        The problems, each with the path of its field; empty where all is well.
    """
    shifts = [shift.name for shift in request.shifts]
    objective = request.objective
    return [
        *_repeated("shifts", "name", shifts),
        *_repeated("resources", "name", [resource.name for resource in request.resources]),
        *_repeated("shift_shares", "category", [entry.category for entry in request.shift_shares]),
        *_repeated("limits.ring_fences", "name", [fence.name for fence in request.limits.ring_fences]),
        *_unknown("objective.priority_weights", "priority", objective.priority_weights, priorities()),
        *_unknown("objective.harm_weights", "category", objective.harm_weights, taxonomy()),
        *_in_shift_shares(request, shifts),
        *_in_resources(request, shifts),
        *_in_limits(request, shifts),
    ]


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
    for field, code in _wards_named(request):
        if code not in ward_names:
            meant = get_close_matches(code.casefold(), by_name, n=1, cutoff=0.8)
            mend = f"Use the ward's code, `{by_name[meant[0]]}`." if meant else "Use a code of this area and vintage."
            expected = f"a ward code of {area_name}, such as {min(ward_names)}"
            problems.append(Problem(where=field, expected=expected, found=code, mend=mend))
    if problems:
        raise invalid_input(f"The request names wards that are not in {area_name}.", *problems)


def check_groups(request: PlanRequest, groups: Iterable[str], *, area_name: str) -> None:
    """Check the groups of wards that a request needs against an area's.

    Args:
        request: The request.
        groups: Group of each ward of the area, "" where a ward has none; may be empty.
        area_name: Name of the area, for the error.

    Raises:
        WardcastError: A group is unknown, or limits hold by group and the data have no groups.
    """
    known = sorted({group for group in groups if group})
    limits = request.limits
    by_group = {
        "limits.protection_by": limits.protection_floor is not None and limits.protection_by == "group",
        "limits.burden_by": limits.burden_ceiling_hours_per_1000 is not None and limits.burden_by == "group",
    }
    needed = [(field, "`group`") for field, is_needed in by_group.items() if is_needed]
    fences = [
        (f"limits.ring_fences[{position}].group", fence.group)
        for position, fence in enumerate(limits.ring_fences)
        if fence.group is not None
    ]
    if known:
        problems = [problem for field, group in fences for problem in _unknown(field, "group", [group], known)]
    else:
        mend = "Supply a file with the columns `ward_code, group`, or name wards instead."
        problems = [
            Problem(where=field, expected="groups of wards in the data", found=f"{group}, and no groups", mend=mend)
            for field, group in [*needed, *((field, f"`{group}`") for field, group in fences)]
        ]
    if problems:
        raise invalid_input(f"The request needs groups of wards that {area_name} does not have.", *problems)


def _in_shift_shares(request: PlanRequest, shifts: list[str]) -> Iterator[Problem]:
    """Return the unknown names in the table of shares by shift."""
    for position, entry in enumerate(request.shift_shares):
        at = f"shift_shares[{position}]"
        yield from _unknown(f"{at}.category", "category", [entry.category], [*taxonomy(), EVERY_CATEGORY])
        yield from _unknown(f"{at}.shares", "shift", entry.shares, shifts)


def _in_resources(request: PlanRequest, shifts: list[str]) -> Iterator[Problem]:
    """Return the unknown names in the teams."""
    for position, resource in enumerate(request.resources):
        at = f"resources[{position}]"
        yield from _unknown(f"{at}.shifts", "shift", resource.shifts, shifts)
        yield from _unknown(f"{at}.hours_by_shift", "shift", resource.hours_by_shift, shifts)
        yield from _unknown(f"{at}.effectiveness", "category", resource.effectiveness, taxonomy())
        yield from _out_of_reach(f"{at}.effectiveness", resource.effectiveness)
        yield from _unknown(f"{at}.type", "kind of team", [resource.type], resource_types())


def _in_limits(request: PlanRequest, shifts: list[str]) -> Iterator[Problem]:
    """Return the unknown names in ring-fences and in locked and forbidden hours."""
    teams = [resource.name for resource in request.resources]
    for position, fence in enumerate(request.limits.ring_fences):
        at = f"limits.ring_fences[{position}]"
        yield from _unknown(f"{at}.resources", "team", fence.resources, teams)
        yield from _unknown(f"{at}.shifts", "shift", fence.shifts, shifts)
    for field in ("locked", "forbidden"):
        for position, entry in enumerate(getattr(request.limits, field)):
            at = f"limits.{field}[{position}]"
            yield from _unknown(f"{at}.resource", "team", _given(entry.resource), teams)
            yield from _unknown(f"{at}.shift", "shift", _given(entry.shift), shifts)


def _wards_named(request: PlanRequest) -> Iterator[tuple[str, str]]:
    """Return the field and the code of every ward that a request names."""
    limits = request.limits
    for position, resource in enumerate(request.resources):
        yield from ((f"resources[{position}].wards", code) for code in resource.wards)
    for position, fence in enumerate(limits.ring_fences):
        yield from ((f"limits.ring_fences[{position}].wards", code) for code in fence.wards)
    yield from ((f"limits.locked[{position}].ward", entry.ward) for position, entry in enumerate(limits.locked))
    yield from ((f"limits.forbidden[{position}].ward", entry.ward) for position, entry in enumerate(limits.forbidden))
    if request.last_plan is not None:
        yield from (("last_plan.ward_hours_per_month", code) for code in request.last_plan.ward_hours_per_month)


def _given(name: str | None) -> tuple[str, ...]:
    """Return an optional name as the names to check."""
    return () if name is None else (name,)


def _repeated(field: str, key: str, names: list[str]) -> Iterator[Problem]:
    """Return a problem for each name given twice."""
    for position, name in enumerate(names):
        if name in names[:position]:
            yield Problem(
                where=f"{field}[{position}].{key}",
                expected=f"a {key} used once",
                found=f"`{name}` again",
                mend="Give each its own name." if key == "name" else "Keep one of them.",
            )


def _out_of_reach(where: str, effects: Mapping[str, float]) -> Iterator[Problem]:
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


def _unknown(where: str, what: str, names: Iterable[str], known: Collection[str]) -> Iterator[Problem]:
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

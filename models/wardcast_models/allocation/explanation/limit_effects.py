"""What each binding limit costs, and what one unit more or less of it would change, by solving again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.explanation.binding import BindingLimit, binding_limits
from wardcast_models.allocation.limits.limit import Limit, LimitKind, Sense
from wardcast_models.allocation.plan import LimitEffect, SolutionStatus
from wardcast_models.allocation.programme.programme import WHOLE_UNITS_GAP, Programme
from wardcast_models.allocation.programme.solve import Solution

MOST_SOLVED_AGAIN = 40
"""Of hundreds of binding limits only those worth most are solved again; the others show their shadow price."""

MOST_WHOLE_SOLVED_AGAIN = 6
"""The same in a plan of whole units, each of whose solves takes seconds; the rest is not told."""

PLACES_NAMED = 6

SUPPLY = (LimitKind.CAPACITY, LimitKind.SHIFT_CAPACITY)
"""Hours that there are: a plan without these limits would be no plan."""

LABEL_OF_FIELD = {"limits.most_change_hours_per_month": "the most change from the last plan"}
"""What a figure is called that sets several limits, each with a label of its own."""


@dataclass(frozen=True, kw_only=True)
class _Lever:
    """One figure of the request, with all limits that it sets, of which at least one binds.

    Attributes:
        bindings: Its limits that bind, in the order of the problem.
        steps: Change of the right-hand sides with one unit more, shape (N,) each, of all its limits that bind or not,
            by their position in the problem.
        unit: One unit, in words.
    """

    bindings: tuple[BindingLimit, ...]
    steps: Mapping[int, Array]
    unit: str

    @property
    def limit(self) -> Limit:
        """The first limit that binds; field, figure and unit are the same in all."""
        return self.bindings[0].limit

    @property
    def name(self) -> str:
        """What the figure is called at the start of a sentence."""
        label = LABEL_OF_FIELD.get(self.limit.field, self.limit.label)
        return label[0].upper() + label[1:]

    @property
    def price(self) -> float | None:
        """Objective gained per unit; None in a plan of whole units."""
        prices = [binding.price(self.steps[binding.at]) for binding in self.bindings]
        known = [price for price in prices if price is not None]
        return sum(known) if known else None

    @property
    def worth(self) -> float:
        """What orders the levers: the size of the price; limits without one come in the order of the request."""
        return abs(self.price or 0.0)


def limit_effects(problem: Assembled, solution: Solution) -> tuple[LimitEffect, ...]:
    """Return every limit that binds, the most valuable first.

    All other limits are held as absolute numbers when one is changed.

    Args:
        problem: The problem.
        solution: Its solution.

    Returns:
        The limits with their shadow prices, which lie between what one unit more gains and what one unit less loses; a
        plan of whole units has no prices, and changes too small for its search are told as 0.
    """
    by_field: dict[str, list[BindingLimit]] = {}
    for binding in binding_limits(problem.instance, solution):
        by_field.setdefault(binding.limit.field, []).append(binding)
    levers = [_lever(problem, tuple(bindings)) for bindings in by_field.values()]
    levers.sort(key=lambda lever: -lever.worth)
    if not levers:
        return ()
    if solution.status is not SolutionStatus.OPTIMAL:  # the time for one solve ran out, so it would again
        return tuple(_effect(solution, None, lever) for lever in levers if lever.price is not None)
    most = MOST_SOLVED_AGAIN if solution.prices else MOST_WHOLE_SOLVED_AGAIN
    effects = [
        _effect(solution, solution.programme if position < most else None, lever)
        for position, lever in enumerate(levers)
    ]
    return tuple(effects)


def _lever(problem: Assembled, bindings: tuple[BindingLimit, ...]) -> _Lever:
    """Say what one unit more of a figure is."""
    limit, instance = bindings[0].limit, problem.instance
    unit, size = f"one unit ({limit.unit})", 1.0
    if limit.unit.startswith("percent"):
        unit = "one percentage point"
    elif limit.kind is LimitKind.BURDEN:
        unit = "one hour per 1,000 persons exposed"
    elif "hours" in limit.unit:
        unit = "one hour"
    elif "pounds" in limit.unit:
        unit = "one pound"
    if instance.unit_hours is not None and limit.kind in SUPPLY:
        size = float(instance.unit_hours[limit.hours.indices[0] % len(instance.resources)])
        unit = f"one whole unit of {size:g} hours"
    steps = {at: size * each.step for at, each in enumerate(instance.limits) if each.field == limit.field}
    return _Lever(bindings=bindings, steps=steps, unit=unit)


def _effect(solution: Solution, programme: Programme | None, lever: _Lever) -> LimitEffect:
    """Ask what one unit more gains, one unit less loses, and what the plan would avoid without the limit.

    Without a programme to ask, only the price is told.
    """
    limit = lever.limit
    gain = loss = without = None
    timed_out = False
    if programme is not None:
        gain = _with_step(solution, programme, lever, 1.0)
        timed_out |= programme.timed_out
        loss = _with_step(solution, programme, lever, -1.0)
        timed_out |= programme.timed_out
        if limit.kind not in SUPPLY:
            without = programme.avoided_without(tuple(lever.steps))
            timed_out |= programme.timed_out
    if not solution.prices:  # the search for whole units stops within a share of the best, and tells nothing smaller
        noise = WHOLE_UNITS_GAP * abs(solution.objective)
        gain, loss = (None if change is None else change if change > noise else 0.0 for change in (gain, loss))
    return LimitEffect(
        name=lever.name,
        description=_describe(lever, again=programme is not None, whole_units=not solution.prices)
        + (" Not all of it could be worked out in time." if timed_out else ""),
        limit=limit.figure,
        unit=limit.unit,
        field=limit.field,
        shadow_price=lever.price,
        gain_from_one_more=gain,
        loss_from_one_less=loss,
        cost_share=None if without is None or solution.objective <= 0 else max(without / solution.objective - 1, 0.0),
    )


def _with_step(solution: Solution, programme: Programme, lever: _Lever, steps: float) -> float | None:
    """Return what one unit more gains (steps of 1) or one unit less loses (-1); None where the limits would clash."""
    limits = programme.instance.limits
    bounds = {at: limits[at].bound + steps * step for at, step in lever.steps.items()}
    if any(_asks_for_less_than_nothing(limits[at], bound) for at, bound in bounds.items()):
        return None
    avoided = programme.avoided_with(bounds)
    return None if avoided is None else steps * (avoided - solution.objective)


def _asks_for_less_than_nothing(limit: Limit, bound: Array) -> bool:
    """Tell whether right-hand sides ask for fewer hours than none, which the programme need not be asked."""
    is_about_hours = limit.avoided is None and not limit.weighs_hours_against_others
    return is_about_hours and limit.sense is not Sense.AT_LEAST and bool((bound < 0).any())


def _describe(lever: _Lever, *, again: bool, whole_units: bool) -> str:
    """Say where a limit binds and what one unit more of it is."""
    limit = lever.limit
    named = f"{lever.name} ({limit.figure:,.10g} {limit.unit})"
    places = [
        place
        for binding in lever.bindings
        for place, binds in zip(binding.limit.places, binding.rows, strict=True)
        if binds
    ]
    reached = "the plan is within one unit of it" if whole_units else "reached"
    change = "more" if limit.sense is Sense.EXACTLY or limit.relaxed_by_raising else "less"
    everywhere = " in every place that it holds for" if len(limit.places) > 1 else ""
    relaxed = "One unit more" if limit.sense is Sense.EXACTLY else "Relaxing it by one unit"
    said = f"{named}: {reached} in {_named(places)}. {relaxed} is {lever.unit} {change}{everywhere}."
    if not again:
        said += " It was not solved again: only the limits worth most are, and only in time."
    return said


def _named(places: list[str]) -> str:
    """List places, each ward once; the months stay where they are all there is to tell."""
    short = list(dict.fromkeys(place.rsplit(", ", 1)[0] for place in places))
    more = f" and {len(short) - PLACES_NAMED} more" if len(short) > PLACES_NAMED else ""
    return ", ".join(short[:PLACES_NAMED]) + more

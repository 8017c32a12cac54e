"""Telling which limits of a request contradict one another, and the cheapest way to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wardcast_models.allocation.arrays import Positions
from wardcast_models.allocation.limits.limit import Limit, Sense
from wardcast_models.allocation.programme.elastic import CLASH_HOURS, ElasticLimits, Rows, hours_per_unit
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.mending import units_to_mend
from wardcast_models.allocation.programme.months_alike import months_alike
from wardcast_models.errors import ErrorKind, Problem, WardcastError
from wardcast_models.words import listed

MOST_ROWS_ONE_BY_ONE = 120
"""More rows than this are left out limit by limit and not row by row, to keep an answer quick."""

MOST_PLACES = 4
"""Places named in a sentence."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One limit's part in a clash.

    Attributes:
        limit: The limit.
        rows: Its rows that take part.
        units_to_mend: By how many units its figure alone would have to be relaxed, below 0 where an equation's figure
            has to be lowered; None where that cannot do.
        hours_to_mend: How many officer hours that is, in all.
        closed: Whether no team may work where these rows hold.
    """

    limit: Limit
    rows: tuple[int, ...]
    units_to_mend: float | None
    hours_to_mend: float
    closed: bool


@dataclass(frozen=True, kw_only=True)
class Clash:
    """An irreducible set of limits that no plan can keep together: without any one of them a plan exists.

    Attributes:
        sides: The limits, the cheapest to mend first.
        hours: Least hours by which all limits of the request together cannot be met.
        is_one_of_several: Whether no figure alone can mend all that clashes in the request. The sides then tell what
            would mend this clash.
        months_alike: Further months, `YYYY-MM`, in which the same limits contradict one another; none where they
            clash only over several months together.
    """

    sides: tuple[Side, ...]
    hours: float
    is_one_of_several: bool
    months_alike: tuple[str, ...] = ()

    def error(self, *, reason: str = "") -> WardcastError:
        """Say what clashes and what to do, as an error to be raised by the caller.

        Args:
            reason: A sentence on why, where it is not plain from the figures.

        Returns:
            The error.
        """
        cheapest = self.sides[0]
        message = f"The request cannot be met: {listed([_said(side) for side in self.sides])} contradict one another"
        if len(self.sides) == 1:
            message = f"The request cannot be met: no plan can keep {_said(cheapest)}"
            if cheapest.closed:
                message += ", for no team may work there"
        if self.months_alike:
            message += f", and likewise in {listed(_shortened(self.months_alike))}"
        if all(side.limit.avoided is None for side in self.sides):
            message += f"; short by {_hours(self.hours)} in all"
        message += "."
        message += f" {reason}" if reason else ""
        if cheapest.units_to_mend is not None:
            message += f" The cheapest way to mend it: {_repair(cheapest)}."
        else:
            message += " No single one of them can mend it alone."
        if self.is_one_of_several:
            message += " Other limits clash as well; they are told once this is mended."
        return WardcastError(ErrorKind.INFEASIBLE, message, [_problem(side) for side in self.sides])


def clash_of(instance: Instance) -> Clash | None:
    """Find limits of a problem that contradict one another.

    Args:
        instance: The problem.

    Returns:
        An irreducible set of them with what would mend it, or None where a plan can keep all limits.

    Raises:
        WardcastError: The solver's time ran out.
    """
    on_hours = tuple(limit for limit in instance.limits if limit.avoided is None)
    for limits in (on_hours, instance.limits):  # limits on claims take the curves in, which takes longer
        if limits and (limits is on_hours or len(limits) > len(on_hours)):
            clash = _clash_among(instance, limits)
            if clash is not None:
                return clash
    return None


def _clash_among(instance: Instance, limits: tuple[Limit, ...]) -> Clash | None:
    """Find some limits that contradict one another among those given."""
    elastic = ElasticLimits(instance, limits)
    shortage = elastic.shortage(np.ones(elastic.n_rows, dtype=bool))
    if shortage.hours <= CLASH_HOURS:
        return None
    rows = _irreducible(elastic, shortage.needed | (shortage.by_row > CLASH_HOURS))
    parts = [np.nonzero(rows[of_limit])[0] for of_limit in elastic.rows_of]
    in_clash = tuple(limit for limit, part in zip(limits, parts, strict=True) if part.size)
    taking_part = [part for part in parts if part.size]
    units = [units_to_mend(instance, elastic, limit) for limit in in_clash]
    is_one_of_several = all(unit is None for unit in units)
    if is_one_of_several:
        alone = ElasticLimits(
            instance, tuple(limit.only(part) for limit, part in zip(in_clash, taking_part, strict=True))
        )
        units = [
            units_to_mend(instance, alone, limit.only(part)) for limit, part in zip(in_clash, taking_part, strict=True)
        ]
    sides = [
        _side(instance, limits, limit, part, unit)
        for limit, part, unit in zip(in_clash, taking_part, units, strict=True)
    ]
    sides.sort(key=lambda side: (side.units_to_mend is None, round(side.hours_to_mend, 6), side.limit.field))
    return Clash(
        sides=tuple(sides),
        hours=shortage.hours,
        is_one_of_several=is_one_of_several,
        months_alike=months_alike(elastic, rows),
    )


def _side(instance: Instance, limits: tuple[Limit, ...], limit: Limit, rows: Positions, units: float | None) -> Side:
    """Put together what is known of one limit's part in a clash."""
    of_figure = [each for each in limits if each.field == limit.field]
    hours_per_figure = sum(float(np.abs(each.step) @ hours_per_unit(each)) for each in of_figure)
    is_open = instance.allowed.reshape(-1)[limit.hours[rows].indices].any()
    return Side(
        limit=limit,
        rows=tuple(rows.tolist()),
        units_to_mend=units,
        hours_to_mend=abs(units or 0.0) * hours_per_figure,
        closed=limit.avoided is None and not is_open,
    )


def _irreducible(elastic: ElasticLimits, rows: Rows) -> Rows:
    """Leave out rows one after the other as long as the others still clash (deletion filter)."""
    if elastic.shortage(rows).hours <= CLASH_HOURS:  # prices may leave out a row at a degenerate optimum
        rows = np.ones(elastic.n_rows, dtype=bool)
    whole = [np.arange(elastic.n_rows)[of_limit] for of_limit in elastic.rows_of]
    # The last are left out first, so that of months that clash alike the first is told.
    for parts in (whole, [np.array([row]) for row in reversed(range(elastic.n_rows))]):
        if parts is not whole and rows.sum() > MOST_ROWS_ONE_BY_ONE:
            break
        for part in parts:
            if not rows[part].any():
                continue
            without = rows.copy()
            without[part] = False
            if without.any() and elastic.shortage(without).hours > CLASH_HOURS:
                rows = without
    return rows


def _said(side: Side) -> str:
    """Name a limit with its figure and where it takes part."""
    limit = side.limit
    places = sorted({limit.places[row] for row in side.rows if limit.places[row]})
    where = f" in {_where(places)}" if places else ""
    return f"{limit.label} ({limit.figure:,.6g} {limit.unit}{where})"


def _where(places: Sequence[str]) -> str:
    """Name places; a month that all of them share is told once."""
    wards, months = zip(*(place.rpartition(", ")[::2] for place in places), strict=True)
    if len(set(months)) == 1 and all(wards):
        return f"{listed(_shortened(wards))} in {months[0]}"
    return listed(_shortened(places))


def _shortened(places: Sequence[str]) -> list[str]:
    """Name a few places and count the others."""
    left = len(places) - MOST_PLACES + 1
    return list(places) if len(places) <= MOST_PLACES else [*places[: MOST_PLACES - 1], f"{left} more"]


def _repair(side: Side) -> str:
    """Say what changing one figure would take."""
    limit, by = side.limit, abs(side.units_to_mend or 0.0)
    verb = "raise" if _rises(side) else "lower"
    in_hours = limit.avoided is None and not limit.weighs_hours_against_others
    in_all = f", {_hours(side.hours_to_mend)} in all" if in_hours else ""
    return f"{verb} {limit.label} to {_target(side):,.6g} {limit.unit} (by {by:,.6g}{in_all})"


def _rises(side: Side) -> bool:
    """Tell whether a figure has to be raised, and not lowered, to end the clash."""
    if side.limit.sense is Sense.EXACTLY:
        return (side.units_to_mend or 0.0) >= 0
    return side.limit.relaxed_by_raising


def _target(side: Side) -> float:
    """Return the figure that would do, rounded to the side that does."""
    units = np.ceil(abs(side.units_to_mend or 0.0) * 100 - 1e-6) / 100
    return max(side.limit.figure + (1.0 if _rises(side) else -1.0) * float(units), 0.0)


def _problem(side: Side) -> Problem:
    """Say what would have to change in one field, if it alone were changed."""
    limit = side.limit
    if side.units_to_mend is None:
        expected = "what the other limits leave room for"
        mend = "Changing this alone is not enough; change it with another of these."
    else:
        expected = f"at {'least' if _rises(side) else 'most'} {_target(side):,.6g} {limit.unit}"
        repair = _repair(side)
        mend = f"{repair[0].upper()}{repair[1:]}."
        if side.closed:
            mend += " Or let a team work there: see `limits.forbidden`, and the wards, months and shifts of the teams."
    return Problem(where=limit.field, expected=expected, found=_said(side), mend=mend)


def _hours(hours: float) -> str:
    """Write hours with thousands separators and at most two decimals."""
    return f"{hours:,.2f}".removesuffix(".00") + " h"

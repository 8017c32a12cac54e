"""The report's charts: which figures they carry and how each is put into words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from wardcast.pack.agencies import AGENCY_LABELS
from wardcast.pack.charts.interval_plot import IntervalRow, interval_plot
from wardcast.pack.charts.palette import DARK_BLUE, ORANGE, SEQUENCE
from wardcast.pack.charts.ranked_bars import BarPart, BarRow, ranked_bars
from wardcast.pack.charts.share_dots import ShareRow, share_dots
from wardcast.pack.charts.trend_panel import trend_panel
from wardcast.pack.charts.ward_map import MapWard, MapWords, ward_map
from wardcast.pack.forecast_wording import precision_note
from wardcast.pack.inputs import ReportInputs
from wardcast.pack.names import WardNames
from wardcast.pack.trends import Trend
from wardcast.pack.wording import amount, month_label, whole_hours
from wardcast_models.allocation.plan import Plan, WardExplanation
from wardcast_models.allocation.request.resource import Agency
from wardcast_models.panel.panel import APPROXIMATE
from wardcast_models.words import listed

AGENCY_COLOURS: dict[Agency, str] = {"police": DARK_BLUE, "council": ORANGE, "partner": SEQUENCE[1]}
"""Dark, middle and light, to be told apart in grey print."""

LABELLED_ON_MAP = 40
"""Wards named on the map, those with most hours first; more would run into one another."""


@dataclass(frozen=True, kw_only=True)
class TrendFigure:
    """One small chart with its heading.

    Attributes:
        label: Heading.
        note: What the reader should know about the series, or "".
        chart: The drawing.
    """

    label: str
    note: str
    chart: Markup


def hours_map(inputs: ReportInputs, names: WardNames) -> Markup | None:
    """Draw the map of hours, or return None where no polygon fits a ward of the plan."""
    wards = [
        MapWard(
            code=ward.ward_code,
            name=ward.ward_name,
            rank=ward.rank,
            value=ward.hours,
            value_label=f"{whole_hours(ward.hours)} officer hours",
            below=f"{whole_hours(ward.hours)}\u00a0h",
            labelled=place < LABELLED_ON_MAP,
        )
        for place, ward in enumerate(inputs.plan.wards)
    ]
    return ward_map(
        wards,
        inputs.polygons,
        MapWords(
            key="ward-map",
            title="Map of planned officer hours by ward",
            description=f"Darker wards get more hours. {_most(inputs.plan, names)} The tables give every figure.",
            legend="Officer hours in the ward",
            none="No hours",
        ),
    )


def without_polygon(inputs: ReportInputs, names: WardNames) -> list[str]:
    """Return the names of the plan's wards that have no polygon."""
    return [names[ward.ward_code] for ward in inputs.plan.wards if ward.ward_code not in inputs.polygons]


def approximately_drawn(inputs: ReportInputs) -> bool:
    """Tell whether the file of any boundary on the map calls it approximate."""
    return any(
        inputs.polygons[ward.ward_code].get(APPROXIMATE) is True
        for ward in inputs.plan.wards
        if ward.ward_code in inputs.polygons
    )


def hours_bars(plan: Plan, wards: Sequence[WardExplanation], names: WardNames) -> Markup:
    """Draw ranked bars of hours, the employers apart.

    Args:
        plan: The plan.
        wards: The wards shown, in order.
        names: Ward names for people.

    Returns:
        The drawing.
    """
    agency_hours: dict[tuple[str, str], float] = defaultdict(float)
    for row in plan.assignments:
        agency_hours[row.ward_code, row.agency] += row.hours
    present = {row.agency for row in plan.assignments}
    agencies = [agency for agency in AGENCY_LABELS if agency in present]
    rows = [
        BarRow(
            label=names[ward.ward_code],
            values=tuple(agency_hours[ward.ward_code, agency] for agency in agencies),
            value_label=whole_hours(ward.hours),
        )
        for ward in wards
    ]
    parts = [BarPart(label=AGENCY_LABELS[agency], colour=AGENCY_COLOURS[agency]) for agency in agencies]
    return ranked_bars(
        rows,
        parts,
        key="hours-bars",
        title=f"Planned hours by ward: {listed([part.label.lower() for part in parts]) or 'none'}",
        description=_most(plan, names),
    )


def need_chart(plan: Plan, wards: Sequence[WardExplanation], names: WardNames, *, hours: float) -> Markup:
    """Draw each ward's share of hours beside its shares of harm.

    Args:
        plan: The plan.
        wards: The wards shown, in order.
        names: Ward names for people.
        hours: All hours of the plan.

    Returns:
        The drawing.
    """
    need = sum(ward.need_harm for ward in plan.wards)
    rows = [
        ShareRow(
            label=names[ward.ward_code],
            hours=ward.hours / hours if hours else 0.0,
            preventable=ward.preventable_harm_share,
            need=ward.need_harm / need if need else 0.0,
        )
        for ward in wards
    ]
    return share_dots(
        rows,
        key="need-chart",
        title="Share of hours beside share of harm, by ward",
        description="One row a ward. The same figures stand in the table that follows.",
    )


def effect_chart(plan: Plan) -> Markup:
    """Draw the plan and the other splits with their ranges."""
    rows = [
        IntervalRow(
            label=split.label,
            mean=split.harm_avoided.mean,
            low=split.harm_avoided.q05,
            high=split.harm_avoided.q95,
            emphasised=split.name == "plan",
        )
        for split in plan.comparisons
    ]
    words = [f"{row.label}: {amount(row.mean)}, range {amount(row.low)} to {amount(row.high)}." for row in rows]
    return interval_plot(
        rows,
        axis_label=f"Harm avoided, {plan.harm_unit}",
        key="effect-chart",
        title="Harm avoided by this plan and by other ways to share the same hours",
        description=" ".join(words),
    )


def trend_figures(trends: Sequence[Trend]) -> list[TrendFigure]:
    """Draw small charts.

    Args:
        trends: The series, in order.

    Returns:
        One figure a series.
    """
    return [
        TrendFigure(
            label=trend.label,
            note=precision_note(trend.precision),
            chart=trend_panel(trend, key=f"trend-{trend.scope}-{i}", description=_trend_words(trend)),
        )
        for i, trend in enumerate(trends)
    ]


def _trend_words(trend: Trend) -> str:
    seen = [value for value in trend.observed if value is not None]
    past = f"Observed: between {min(seen):,.0f} and {max(seen):,.0f} a month. " if seen else "Nothing was observed. "
    ahead = [
        f"{month_label(month)}: about {middle:,.0f}, range {low:,.0f} to {high:,.0f}"
        for month, middle, low, high in zip(trend.forecast_months, trend.q50, trend.q05, trend.q95, strict=True)
    ]
    return f"{past}Forecast: {'; '.join(ahead)}."


def _most(plan: Plan, names: WardNames) -> str:
    top = [f"{names[ward.ward_code]} with {whole_hours(ward.hours)}" for ward in plan.wards[:3] if ward.hours > 0]
    return f"Most hours: {listed(top)}." if top else "No ward gets hours."

"""What a plan does about anti-social behaviour: a sentence for its first page, and a sheet of the workbook."""

from __future__ import annotations

from wardcast.pack.sheet import Column, Sheet, range_columns
from wardcast.pack.wording import tenths, whole_hours
from wardcast_models.allocation.plan import Plan
from wardcast_models.allocation.plan_asb import AsbTreatment
from wardcast_models.allocation.plan_model import Range


def asb_in_short(asb: AsbTreatment) -> str:
    """Say what is expected of anti-social behaviour and done about it.

    Args:
        asb: How it entered the plan.

    Returns:
        A sentence or two; incidents are no crimes and are told apart from them.
    """
    if asb.mode == "floor":
        if not asb.floor_hours_per_month:
            return "Anti-social behaviour is not forecast, and no hours are kept for it."
        return (
            f"Anti-social behaviour is not forecast: {whole_hours(asb.floor_hours_per_month)} council hours a month "
            "are kept for it instead, an assumption."
        )
    if asb.expected is None or asb.avoided is None:  # plans of earlier releases have no figures
        return "Anti-social behaviour is forecast and planned for."
    said = f"Anti-social behaviour: about {_about(asb.expected)} incidents are expected"
    if not asb.credited_hours:
        return f"{said}; none of the hours are credited to it."
    return (
        f"{said}, and {whole_hours(asb.credited_hours)} of the hours are credited to it, expected to avoid "
        f"{_about(asb.avoided)} of them. They are not among the crimes above."
    )


def based_on(asb: AsbTreatment) -> str:
    """Name the counts that a plan is made from.

    Args:
        asb: How anti-social behaviour entered the plan.

    Returns:
        For example `police-recorded crime`.
    """
    return "police-recorded crime" + (" and counts of anti-social behaviour" if asb.mode == "forecast" else "")


def asb_sheet(plan: Plan) -> Sheet:
    """Return the wards' anti-social behaviour and the hours for it.

    Args:
        plan: The plan.

    Returns:
        One row a ward, most of it first; none where no hours are kept for it.
    """
    kept = plan.asb.mode == "floor"
    return Sheet(
        name="Anti-social behaviour",
        columns=(
            Column(header="Ward code"),
            Column(header="Ward", width=30),
            Column(header="Share of the area's", kind="share"),
            Column(header="Council hours kept for it" if kept else "Hours credited to it", kind="hours"),
            *range_columns("Incidents expected"),
            *range_columns("Incidents avoided"),
        ),
        rows=[
            (ward.ward_code, ward.ward_name, ward.share, ward.hours, *_cells(ward.expected), *_cells(ward.avoided))
            for ward in plan.asb.wards
        ],
    )


def _about(value: Range) -> str:
    return f"{tenths(value.mean)} (90% range {tenths(value.q05)} to {tenths(value.q95)})"


def _cells(value: Range | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if value is None else (value.mean, value.q05, value.q95)

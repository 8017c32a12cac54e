"""The forecast as sheets of the workbook: every ward and category, every estimated step, every proposal."""

from __future__ import annotations

from wardcast.pack.forecast_view import ForecastView
from wardcast.pack.forecast_wording import PART_LABELS, model_label, precision_words
from wardcast.pack.sheet import Column, Sheet
from wardcast_models.forecasting.steps import EstimatedStep
from wardcast_models.reference.taxonomy import taxonomy


def forecast_sheets(view: ForecastView) -> tuple[Sheet, ...]:
    """Return the sheets.

    Args:
        view: What is shown of the forecast.

    Returns:
        `Forecast`, `Forecast parts`, `Models`, `Events` and `Possible events`.
    """
    return (_forecast(view), _parts(view), _models(view), _events(view), _proposals(view))


def _forecast(view: ForecastView) -> Sheet:
    return Sheet(
        name="Forecast",
        columns=(
            Column(header="Ward code"),
            Column(header="Ward", width=30),
            Column(header="Category", width=36),
            Column(header="Expected a month", kind="number"),
            Column(header="5 % point of the months' mean", kind="number"),
            Column(header="95 % point of the months' mean", kind="number"),
            *(Column(header=f"of it: {label.lower()}", kind="number") for label in PART_LABELS),
            Column(header="How much it can say", width=24),
            Column(header="Read it at", width=20),
        ),
        rows=[
            (
                one.ward_code,
                one.ward_name,
                one.category,
                *(one.expected, one.q05, one.q95, *one.parts),
                precision_words(one.precision),
                one.read_at,
            )
            for one in view.series
        ],
    )


def _parts(view: ForecastView) -> Sheet:
    return Sheet(
        name="Forecast parts",
        columns=(
            Column(header="Crime, whole area", width=36),
            *(Column(header=f"{label}, a month", kind="number") for label in PART_LABELS),
            Column(header="Expected a month", kind="number"),
        ),
        rows=[(one.label, *one.parts, one.expected) for one in view.parts],
    )


def _models(view: ForecastView) -> Sheet:
    return Sheet(
        name="Models",
        columns=(
            Column(header="Model", width=50),
            Column(header="Name", width=24),
            Column(header="Weight", kind="share"),
        ),
        rows=[(model_label(name), name, weight) for name, weight in view.members],
    )


def _events(view: ForecastView) -> Sheet:
    def row(step: EstimatedStep) -> tuple[str | float, ...]:
        shares = (step.step_percent / 100, step.low / 100, step.high / 100)
        return (view.event_labels[step.event], taxonomy()[step.category].label, *shares, float(step.wards))

    return Sheet(
        name="Events",
        columns=(
            Column(header="Marked event", width=44),
            Column(header="Category", width=36),
            Column(header="Estimated step", kind="share"),
            Column(header="Step, 5 % point", kind="share"),
            Column(header="Step, 95 % point", kind="share"),
            Column(header="Wards added up", kind="integer"),
        ),
        rows=[row(step) for step in dict.fromkeys((*view.steps, *view.area_steps))],
    )


def _proposals(view: ForecastView) -> Sheet:
    return Sheet(
        name="Possible events",
        columns=(
            Column(header="Seen in"),
            Column(header="Category or ward", width=36),
            Column(header="First month"),
            Column(header="Kind"),
            Column(header="Size", kind="share"),
            Column(header="Size, 5 % point", kind="share"),
            Column(header="Size, 95 % point", kind="share"),
            Column(header="Strength", kind="number"),
            Column(header="Note", width=80),
        ),
        rows=[
            (
                one.scope,
                one.label,
                f"{one.month:%Y-%m}",
                one.shape.value,
                *(one.step_percent / 100, one.low / 100, one.high / 100),
                one.strength,
                one.note,
            )
            for one in view.proposals
        ],
    )

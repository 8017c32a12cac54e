"""What `wardcast regimes` shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from wardcast.cli.output import Output
from wardcast_models.forecasting.detector import Proposal
from wardcast_models.forecasting.regimes import marked_spans
from wardcast_models.forecasting.steps import EstimatedStep
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.taxonomy import taxonomy


def show_regimes(
    output: Output,
    panel: Panel,
    pool_steps: Sequence[EstimatedStep],
    area_steps: Sequence[EstimatedStep],
    proposals: Sequence[Proposal],
) -> None:
    """Print marked events, their steps and the proposals.

    Args:
        output: Where to.
        panel: The panel.
        pool_steps: Steps in the totals that models learn from.
        area_steps: Steps in the area's own totals.
        proposals: Changes that nothing marked explains.
    """
    if panel.synthetic:
        output.state("SYNTHETIC SAMPLE: none of these counts was ever recorded.")
    spans = [
        (span.event, f"{span.first_month:%Y-%m}", f"{span.last_month:%Y-%m}" if span.last_month else "", span.source)
        for span in marked_spans(panel)
    ]
    output.table("Marked events", ("event", "from", "to", "where the months come from"), spans)
    _show_steps(output, f"Estimated steps, {_pool(pool_steps)}", pool_steps)
    if tuple(area_steps) != tuple(pool_steps):
        _show_steps(output, f"Estimated steps, {panel.area.name} alone", area_steps)
    output.say("Per cent, with a 90 % interval; beside trend, season and a level that wanders. Events overlap.\n")
    if not proposals:
        output.state("No change was found that trend, season and marked events do not explain.")
        return
    output.table(
        "Changes that nothing marked explains",
        ("category or ward", "kind", "month", "step", "strength", "to know"),
        [
            (one.label, one.shape.value, f"{one.month:%Y-%m}", _range(one), round(one.strength, 1), one.note)
            for one in proposals
        ],
    )
    output.say(
        "They change no forecast. To mark one, add a CSV file with the columns event, first_month, last_month, "
        "category, label, source to the data folder; an empty last_month marks a step that stays."
    )


def regime_document(
    panel: Panel,
    pool_steps: Sequence[EstimatedStep],
    area_steps: Sequence[EstimatedStep],
    proposals: Sequence[Proposal],
) -> dict[str, Any]:
    """Return the same for programs.

    Args:
        panel: The panel.
        pool_steps: Steps in the totals that models learn from.
        area_steps: Steps in the area's own totals.
        proposals: Changes that nothing marked explains.

    Returns:
        A JSON-ready document.
    """
    return {
        "area": panel.area.code,
        "synthetic": panel.synthetic,
        "events": [
            asdict(span)
            | {
                "first_month": f"{span.first_month:%Y-%m}",
                "last_month": f"{span.last_month:%Y-%m}" if span.last_month else None,
            }
            for span in marked_spans(panel)
        ],
        "steps": [asdict(step) for step in pool_steps],
        "area_steps": [asdict(step) for step in area_steps],
        "proposals": [asdict(one) | {"month": f"{one.month:%Y-%m}"} for one in proposals],
    }


def _show_steps(output: Output, title: str, steps: Sequence[EstimatedStep]) -> None:
    events = list(dict.fromkeys(step.event for step in steps))
    if not events:
        output.state("No marked event falls into months that were observed.")
        return
    found = {(step.category, step.event): step for step in steps}
    rows = [
        [taxonomy()[category].label, *(_range(found.get((category, event))) for event in events)]
        for category in dict.fromkeys(step.category for step in steps)
    ]
    output.table(title, ("category", *(event.replace("_", " ") for event in events)), rows)


def _pool(steps: Sequence[EstimatedStep]) -> str:
    """Name the wards that steps were estimated from."""
    numbers = sorted({step.wards for step in steps})
    if not numbers:
        return "no wards"
    return f"{numbers[0]:,} wards" if len(numbers) == 1 else f"{numbers[0]:,} to {numbers[-1]:,} wards"


def _range(step: EstimatedStep | Proposal | None) -> str:
    """Write a step with its interval."""
    return "" if step is None else f"{step.step_percent:+.0f} ({step.low:+.0f} to {step.high:+.0f})"

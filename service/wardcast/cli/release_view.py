"""What `wardcast releases` shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from wardcast.cli.output import Output
from wardcast_models.panel.counts.release_summary import release_summary
from wardcast_models.panel.counts.revision_history import typical_revision
from wardcast_models.panel.counts.revisions import KnownShare
from wardcast_models.panel.panel import Panel

_AGES_SHOWN = 12
"""The youngest ages: later the figures hardly move."""


def show_releases(output: Output, panel: Panel, history: pd.DataFrame, known: tuple[Panel, KnownShare] | None) -> None:
    """Print the releases, how far months usually move, and what was known on a day.

    Args:
        output: Where to.
        panel: The panel.
        history: From `revision_history`.
        known: What was known on a day (see `as_known_on`), where asked for.
    """
    if panel.synthetic:
        output.state("SYNTHETIC SAMPLE: none of these counts was ever recorded.")
    if panel.releases:
        _show_revisions(output, panel, history)
    else:
        output.state(f"The counts of {panel.area.name} come from no ward release, so there is no history of revisions.")
    if known is not None:
        past, share = known
        output.state(f"{share.sentence()} The panel of that day ends with {past.last_month:%Y-%m}.")


def _show_revisions(output: Output, panel: Panel, history: pd.DataFrame) -> None:
    columns = ("came out", "months", "crimes", "used here for", "moved the one before by", "file")
    rows = [_release_row(each) for each in _records(release_summary(panel))]
    output.table(f"Ward releases of {panel.area.name}, {panel.vintage} wards, oldest first", columns, rows)
    output.say("A month is taken from the newest release in which it is complete; see docs/files.md.")
    if not all(each.published_known for each in panel.releases):
        output.say("How the assumed days are found, and how to correct them, wardcast ingest says.")
    output.say()
    ages = [
        (
            each["age_months"],
            each["months"],
            f"{each['median_percent']:+.2f}",
            f"{each['median_absolute_percent']:.2f}",
            f"{each['largest_absolute_percent']:.2f}",
        )
        for each in _records(typical_revision(history).head(_AGES_SHOWN))
    ]
    if ages:
        names = ("age in months when first told", "months compared", "median %", "median size %", "largest %")
        output.table("How far a month's total moved in the next release", names, ages)


def _release_row(release: Mapping[str, Any]) -> tuple[str, ...]:
    """Return one release's cells."""
    used = "none"
    if release["months_used"]:
        used = f"{release['months_used']} months, {release['first_used'][:7]} to {release['last_used'][:7]}"
    return (
        release["published"] + ("" if release["published_known"] else " (assumed)"),
        f"{release['first_month'][:7]} to {release['last_month'][:7]}",
        f"{release['crimes']:,}",
        used,
        _change(release["change"], release["change_percent"]),
        release["file"],
    )


def _change(crimes: float | None, percent: float | None) -> str:
    if crimes is None:
        return ""
    return f"{crimes:+,.0f}" if percent is None else f"{crimes:+,.0f} ({percent:+.2f} %)"


def releases_document(panel: Panel, history: pd.DataFrame, known: tuple[Panel, KnownShare] | None) -> dict[str, Any]:
    """Return the same for programs, with what each release said of each month.

    Args:
        panel: The panel.
        history: From `revision_history`.
        known: What was known on a day, where asked for.

    Returns:
        A JSON-ready document.
    """
    document: dict[str, Any] = {
        "area": panel.area.code,
        "vintage": panel.vintage,
        "synthetic": panel.synthetic,
        "releases": _records(release_summary(panel)),
        "typical_revision": _records(typical_revision(history)),
        "history": _records(history),
    }
    if known is not None:
        past, share = known
        document["known"] = {
            "day": f"{share.day:%Y-%m-%d}",
            "last_month": f"{past.last_month:%Y-%m}",
            "known_cells": share.known_cells,
            "of_assumed_day": share.of_assumed_day,
            "later_cells": share.later_cells,
            "undated_cells": share.undated_cells,
        }
    return document


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain values: days as ISO dates, nothing as null."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return None if pd.isna(value) else value

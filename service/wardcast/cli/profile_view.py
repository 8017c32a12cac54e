"""A year's profile as tables on a terminal and as a document."""

from __future__ import annotations

import math
from typing import Any

from wardcast.cli.output import Output
from wardcast_models.panel.profile import ALL_CRIME, Profile

_INDENT = {"all": "", "family": "", "category": "  "}


def show_profile(output: Output, profile: Profile) -> None:
    """Print the changes and the ward rates of all crime.

    Args:
        output: Where to.
        profile: The profile.
    """
    if profile.synthetic:
        output.state("SYNTHETIC SAMPLE: none of these counts was ever recorded.")
    covered = f"{profile.first_month:%Y-%m} to {profile.last_month:%Y-%m}"
    changes = [
        (
            _INDENT[row["level"]] + row["label"],
            _whole(row["previous_count"]),
            _whole(row["count"]),
            _change(row["change_percent"]),
        )
        for row in profile.changes.to_dict("records")
    ]
    title = f"{profile.area_name}, {profile.year} ({covered}), {profile.vintage} wards"
    output.table(title, ("measure", "year before", "this year", "change"), changes)
    everything = profile.rates[profile.rates["measure"] == ALL_CRIME].sort_values("rank")
    rates = [
        (
            row["rank"],
            row["ward_name"],
            _whole(row["count"]),
            _whole(row["residents"]),
            row["rate_per_1000"],
            _mark(row["many_visitors"]),
        )
        for row in everything.to_dict("records")
    ]
    label = "rate per 1,000, annualised" if profile.annualised else "rate per 1,000"
    output.table("All recorded crime by ward", ("", "ward", "count", "residents", label, ""), rates)
    for note in profile.notes:
        output.say(note)


def profile_document(profile: Profile) -> dict[str, Any]:
    """Return the profile as a JSON-ready document.

    Args:
        profile: The profile.

    Returns:
        Every figure; unknown ones are null.
    """
    return {
        "area": profile.area_code,
        "vintage": profile.vintage,
        "year": profile.year,
        "first_month": f"{profile.first_month:%Y-%m}",
        "last_month": f"{profile.last_month:%Y-%m}",
        "annualised": profile.annualised,
        "synthetic": profile.synthetic,
        "changes": [_without_nan(row) for row in profile.changes.to_dict("records")],
        "rates": [_without_nan(row) for row in profile.rates.to_dict("records")],
        "notes": list(profile.notes),
    }


def _whole(value: float) -> int | str:
    return "unknown" if math.isnan(value) else round(value)


def _change(percent: float) -> str:
    return "unknown" if math.isnan(percent) else f"{percent:+.1f} %"


def _mark(many_visitors: bool) -> str:
    return "many visitors" if many_visitors else ""


def _without_nan(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): None if isinstance(value, float) and math.isnan(value) else value for key, value in row.items()}

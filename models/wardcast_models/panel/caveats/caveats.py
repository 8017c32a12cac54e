"""What a reader of any forecast or plan has to know about a panel, said in one or two sentences each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.caveats.events import event_caveats
from wardcast_models.panel.caveats.populations import population_caveats
from wardcast_models.panel.caveats.sources import source_caveats
from wardcast_models.panel.counts.revision_history import revision_history, typical_revision
from wardcast_models.panel.counts.unlocated import BOROUGH_SOURCE
from wardcast_models.panel.findings import Finding, FindingKind, counted
from wardcast_models.panel.panel import Panel
from wardcast_models.panel.parts import Part, WardRelease
from wardcast_models.panel.places.wards import CITY_OF_LONDON, LONDON, boroughs, boroughs_among, ward_register, wards_of
from wardcast_models.reference.events import RECORDING_CHANGE
from wardcast_models.reference.taxonomy import ASB, taxonomy

FRAUD_ENDS = pd.Timestamp("2013-04-01")
"""First month in which fraud is recorded nationally and no longer by the MPS."""

_CHANGE_BEGINS = RECORDING_CHANGE - pd.DateOffset(months=1)
"""February 2024, in the middle of the change: the months before it are compared with those after it."""

_STEP_LEAST = 40.0
_STEP_RATIO = 1.2
_STEP_DEVIATIONS = 2.3
"""A step is told where it is this many standard deviations (Poisson, of the log ratio) from none: 1 in 50 by chance."""

_TOTAL_SERIES = ("tno_victim_based", "tno_non_victim_based")
_CODES_SHOWN = 5


def caveats(panel: Panel, other_vintages: Sequence[WardRelease], parts: Sequence[Part]) -> list[Finding]:
    """Say what holds for the panel as a whole.

    Args:
        panel: The panel, complete but for these findings.
        other_vintages: Ward releases on other wards, which play no part in it.
        parts: Everything that was read.

    Returns:
        The findings, what matters most last, where a terminal ends.
    """
    return [
        *source_caveats(parts, panel.vintage),
        *event_caveats(panel),
        *_same_names(panel, other_vintages),
        *_fraud(panel),
        *_zeros(panel),
        *population_caveats(panel, parts),
        *_missing_boroughs(panel),
        *_missing_wards(panel),
        *_recording_change(panel),
        _newest_month(panel),
        *_missing(panel),
    ]


def _newest_month(panel: Panel) -> Finding:
    """Say that the newest month will change, and by how much such months changed in the releases at hand."""
    last = f"{panel.last_month:%Y-%m}"
    message = f"The newest month, {last}, is provisional: the next release usually revises it by about 1 %."
    typical = typical_revision(revision_history(panel)) if len(panel.releases) > 1 else pd.DataFrame()
    if len(typical):
        youngest = typical.iloc[0]
        message += (
            f" In the releases at hand, {panel.area.name}'s total of a month told at the age of "
            f"{counted(int(youngest['age_months']), 'month')} moved by {youngest['median_absolute_percent']:.1f} % in "
            f"the next ({counted(int(youngest['months']), 'month')} compared)."
        )
    return _caveat(message, first=last, last=last)


def _caveat(message: str, *, first: str | None = None, last: str | None = None) -> Finding:
    return Finding(kind=FindingKind.CAVEAT, file="", message=message, first_month=first, last_month=last)


def _missing_boroughs(panel: Panel) -> list[Finding]:
    if panel.area.code != LONDON.code:
        return []
    present = set(boroughs_among(panel.area.ward_codes))
    absent = sorted(name for name, code in boroughs().items() if name not in present and code != CITY_OF_LONDON)
    if not absent:
        return []
    shown = ", ".join(absent[:_CODES_SHOWN])
    more = f" and {len(absent) - _CODES_SHOWN} more" if len(absent) > _CODES_SHOWN else ""
    return [
        _caveat(
            f"London has 32 boroughs and the files hold {len(present)}: {shown}{more} are missing, so this is no "
            "picture of London. (The City of London is not counted: it has a police force of its own.)"
        )
    ]


def _missing_wards(panel: Panel) -> list[Finding]:
    found = []
    present = set(panel.ward_codes)
    for area_code, rows in panel.wards.groupby("area_code"):
        absent = [code for code in wards_of(str(area_code), panel.vintage) if code not in present]
        if absent:
            more = f" and {len(absent) - _CODES_SHOWN} more" if len(absent) > _CODES_SHOWN else ""
            found.append(
                _caveat(
                    f"{rows['area_name'].iloc[0]} has {len(rows) + len(absent)} {panel.vintage} wards and the files "
                    f"hold {len(rows)}: {', '.join(absent[:_CODES_SHOWN])}{more} are missing, so its totals are low."
                )
            )
    return found


def _same_names(panel: Panel, other_vintages: Sequence[WardRelease]) -> list[Finding]:
    area_names = {panel.ward_names[code]: code for code in panel.area.ward_codes}
    survivors = sorted(
        {
            name
            for release in other_vintages
            for code, name in zip(release.ward_codes, release.ward_names, strict=True)
            if name in area_names
            and area_names[name] != code
            and (panel.area.code in {LONDON.code, ward_register()[code].area_code})
        }
    )
    if not survivors:
        return []
    shown = ", ".join(survivors[: _CODES_SHOWN + 1])
    more = f" and {len(survivors) - _CODES_SHOWN - 1} more" if len(survivors) > _CODES_SHOWN + 1 else ""
    return [
        _caveat(
            f"{len(survivors)} ward names ({shown}{more}) exist in two ward vintages under different "
            "codes, mostly with different boundaries; wards are joined by code, never by name."
        )
    ]


def _recording_change(panel: Panel) -> list[Finding]:
    in_london = bool(panel.wards["area_code"].isin(boroughs().values()).any())
    if not (in_london and panel.first_month < RECORDING_CHANGE <= panel.last_month):
        return []
    month, last = f"{RECORDING_CHANGE:%Y-%m}", f"{panel.last_month:%Y-%m}"
    steps = _steps(panel)
    message = (
        "The police changed their recording system in February and March 2024. From "
        f"{month} several categories step in {panel.area.name}; this is a break in recording, not a trend."
    )
    if steps:
        message += (
            f" The twelve months from {month} over the twelve before February 2024 (x0.80 is a fifth fewer): "
            f"{', '.join(steps)}."
        )
    return [_caveat(message, first=month, last=last), _caveat(_unlocated(panel), first=month, last=last)]


def _steps(panel: Panel) -> list[str]:
    after = (panel.months >= RECORDING_CHANGE) & (panel.months < RECORDING_CHANGE + pd.DateOffset(months=12))
    before = (panel.months < _CHANGE_BEGINS) & (panel.months >= _CHANGE_BEGINS - pd.DateOffset(months=12))
    if after.sum() < 12 or before.sum() < 12:
        return []
    counts = panel.counts[panel.area_rows].sum(axis=0)
    steps = []
    for position, category in enumerate(panel.categories):
        old, new = float(counts[position, before].sum()), float(counts[position, after].sum())
        if not min(old, new) >= _STEP_LEAST:
            continue
        deviations = abs(np.log(new / old)) / np.sqrt(1.0 / old + 1.0 / new)
        if max(old / new, new / old) >= _STEP_RATIO and deviations >= _STEP_DEVIATIONS:
            steps.append(f"{taxonomy()[category].label.lower()} x{new / old:.2f}")
    return steps


def _unlocated(panel: Panel) -> str:
    start = f"From {RECORDING_CHANGE:%Y-%m} some recorded crime carries no ward and is not in the ward counts"
    for shares, source in ((_borough_file_shares(panel), "borough file"), (_unlocated_shares(panel), "dashboard")):
        if shares is not None:
            low, high = f"{shares.min():.1%}", f"{shares.max():.1%}"
            return (
                f"{start}: {low if low == high else f'{low} to {high}'} a month in {panel.area.name}, by the "
                f"{source}'s totals. An area's figures are the sum of its wards."
            )
    return f"{start}; how much is not known for {panel.area.name}. An area's figures are the sum of its wards."


def _located(panel: Panel) -> NDArray[np.float64]:
    """Return the area's crimes with a ward, by month; length T."""
    crime = [position for position, category in enumerate(panel.categories) if taxonomy()[category].crime]
    return np.asarray(np.nansum(panel.counts[panel.area_rows][:, crime], axis=(0, 1)), dtype=np.float64)


def _borough_file_shares(panel: Panel) -> NDArray[np.float64] | None:
    """Return the monthly share of recorded crime without a ward since the change, by the borough releases."""
    rows = panel.unlocated
    rows = rows[(rows["place"] == panel.area.code) & (rows["source"] == BOROUGH_SOURCE)]
    rows = rows[rows["month"] >= RECORDING_CHANGE]
    if rows.empty:
        return None
    told = np.zeros((len(panel.categories), len(panel.months)), dtype=np.bool_)
    categories = pd.Index(panel.categories).get_indexer(pd.Index(rows["category"]))
    told[categories, panel.months.get_indexer(pd.DatetimeIndex(rows["month"]))] = True
    lost = rows.groupby("month")["count"].sum().reindex(panel.months).to_numpy(dtype=np.float64)
    located = np.where(told, panel.counts[panel.area_rows].sum(axis=0), 0.0).sum(axis=0)
    shares: NDArray[np.float64] = lost / (lost + located)
    return shares[np.isfinite(shares)]


def _unlocated_shares(panel: Panel) -> NDArray[np.float64] | None:
    """Return the monthly share of recorded crime without a ward since the change, or None where no total is known."""
    series = panel.borough_series
    series = series[(series["area_code"] == panel.area.code) & (series["month"] >= RECORDING_CHANGE)]
    totals = series.pivot_table(index="month", columns="series", values="count", aggfunc="sum")
    if not set(_TOTAL_SERIES) <= set(totals.columns):
        return None
    recorded = totals[list(_TOTAL_SERIES)].sum(axis=1, skipna=False).reindex(panel.months).to_numpy(dtype=np.float64)
    shares = 1.0 - _located(panel) / recorded
    shares = shares[np.isfinite(shares)]
    return np.clip(shares, 0.0, None) if len(shares) else None


def _fraud(panel: Panel) -> list[Finding]:
    if "fraud_forgery" not in panel.categories or panel.first_month >= FRAUD_ENDS:
        return []
    message = (
        "Fraud and forgery is effectively zero after March 2013, when it moved to a national body; it is not forecast."
    )
    return [_caveat(message, first=f"{FRAUD_ENDS:%Y-%m}", last=f"{panel.last_month:%Y-%m}")]


def _zeros(panel: Panel) -> list[Finding]:
    """Say that zeros are true, and how many there are."""
    crime = [position for position, category in enumerate(panel.categories) if taxonomy()[category].crime]
    counts = panel.counts[panel.area_rows][:, crime]
    observed = int((~np.isnan(counts)).sum())
    zeros = int((counts == 0).sum())
    if not zeros:
        return []
    message = (
        f"{zeros / observed:.0%} of the counts by ward, category and month of {panel.area.name} are 0. A row that a "
        "release leaves out is a true zero; a month that no release covers is not."
    )
    return [_caveat(message)]


def _missing(panel: Panel) -> list[Finding]:
    """Say what was not supplied and what is done instead."""
    area_wards = set(panel.area.ward_codes)
    asb_seen = (
        ASB in panel.categories and not np.isnan(panel.counts[panel.area_rows, panel.categories.index(ASB)]).all()
    )
    wards = f"{panel.vintage} wards of {panel.area.name}"
    absent = [
        (
            not asb_seen,
            "No anti-social behaviour counts: it is not forecast, and plans use a ring-fenced share of hours.",
        ),
        (
            not area_wards <= set(panel.census["ward_code"]) | set(panel.projection["ward_code"]),
            f"No residents of the {wards}: no rates per resident.",
        ),
        (
            panel.projection.empty or panel.area.code not in {LONDON.code, *panel.projection["area_code"]},
            "No population projection: population is held constant unless a housing pipeline says otherwise.",
        ),
        (
            panel.pipeline.empty or not area_wards & set(panel.pipeline["ward_code"]),
            "No housing pipeline (a dated list of new homes): new homes count only as far as a population projection "
            "holds them.",
        ),
        (
            panel.baseline_hours.empty,
            "No baseline officer hours: plans take the request's, or an assumption marked on every output.",
        ),
        (
            panel.area.code not in set(panel.borough_series["area_code"]),
            "No MPS dashboard series: the domestic-abuse share of violence is a borough assumption.",
        ),
        (not area_wards <= set(panel.polygons), f"No polygons for all {wards}: ranked bars stand in for a map."),
    ]
    return [Finding(kind=FindingKind.MISSING, file="", message=message) for is_absent, message in absent if is_absent]

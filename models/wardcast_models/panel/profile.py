"""The year in figures: change on the year before by category, and ward rates per 1,000 residents."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.panel.panel import Panel
from wardcast_models.panel.visitors import visitor_wards
from wardcast_models.reference.events import RECORDING_CHANGE
from wardcast_models.reference.taxonomy import ASB, families, taxonomy

ALL_CRIME = "all_crime"
"""Id of the row and measure that sums every crime category (not anti-social behaviour)."""

_YEAR = re.compile(r"(\d{4})[/-](\d{2})")
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The figures of one financial year (April to March).

    Attributes:
        area_code: GSS code of the area.
        area_name: Its name.
        vintage: Ward vintage.
        year: As `2020/21`.
        first_month: First month of the year that the panel covers.
        last_month: Last such month.
        months_covered: How many such months; below 12 the rates are annualised.
        annualised: Whether rates are scaled up from part of the year.
        changes: One row for all crime, each family of categories and each category: `measure, label, level` (`all`,
            `family`, `category`), `previous_count, count` over the same months, `change_percent`; NaN where unknown.
        rates: One row a ward and measure (all crime, and each `major` of the taxonomy): `measure, ward_code, ward_name,
            count, residents, rate_per_1000, rank, many_visitors`; empty where no residents are known.
        notes: What a reader has to know, each a sentence or two.
        synthetic: True for the embedded sample.
    """

    area_code: str
    area_name: str
    vintage: str
    year: str
    first_month: pd.Timestamp
    last_month: pd.Timestamp
    months_covered: int
    annualised: bool
    changes: pd.DataFrame
    rates: pd.DataFrame
    notes: tuple[str, ...]
    synthetic: bool


def profile(panel: Panel, *, year: str) -> Profile:
    """Describe a financial year of the panel's area.

    Args:
        panel: The panel.
        year: As `2020/21`: April 2020 to March 2021.

    Returns:
        The figures and what has to be said about them.

    Raises:
        WardcastError: The year is misspelt or no month of it is in the data.
    """
    start = _start(year)
    year = f"{start.year}/{(start.year + 1) % 100:02d}"
    months = _covered(panel, start)
    if not len(months):
        raise invalid_input(
            f"No month of {year} is in the data.",
            Problem(
                where="--year",
                expected=f"a year within {_span(panel)} on {panel.vintage} wards",
                found=year,
                mend="Choose another year, another ward vintage, or add files that cover it.",
            ),
        )
    before = months - pd.DateOffset(years=1)
    known_before = bool(before.isin(_covered(panel, start - pd.DateOffset(years=1))).all())
    residents, source = _residents(panel, start.year)
    rates = _rates(panel, months, residents)
    annualised = len(months) < _MONTHS_A_YEAR
    return Profile(
        area_code=panel.area.code,
        area_name=panel.area.name,
        vintage=panel.vintage,
        year=year,
        first_month=months[0],
        last_month=months[-1],
        months_covered=len(months),
        annualised=annualised,
        changes=_changes(panel, months, before if known_before else None),
        rates=rates,
        notes=tuple(_notes(panel, year, months, known_before=known_before, source=source, rates=rates)),
        synthetic=panel.synthetic,
    )


def _start(year: str) -> pd.Timestamp:
    match = _YEAR.fullmatch(year.strip())
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        raise invalid_input(
            f"{year!r} is no financial year.",
            Problem(where="--year", expected="a year such as 2020/21", found=repr(year), mend="Write it so."),
        )
    return pd.Timestamp(year=int(match[1]), month=4, day=1)


def _crime(panel: Panel) -> list[int]:
    return [position for position, category in enumerate(panel.categories) if category != ASB]


def _observed(panel: Panel) -> pd.DatetimeIndex:
    """Return the months in which every ward of the area has crime counts."""
    counts = panel.counts[panel.area_rows][:, _crime(panel)]
    return panel.months[np.asarray((~np.isnan(counts)).any(axis=1).all(axis=0))]


def _covered(panel: Panel, start: pd.Timestamp) -> pd.DatetimeIndex:
    year = pd.date_range(start, periods=_MONTHS_A_YEAR, freq="MS")
    return year[year.isin(_observed(panel))]


def _span(panel: Panel) -> str:
    observed = _observed(panel)
    return f"{observed[0]:%Y-%m} to {observed[-1]:%Y-%m}" if len(observed) else "no month"


def _sums(panel: Panel, months: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Return counts by ward and category over some months, shape (W, C); NaN where a month is unobserved."""
    counts = panel.counts[panel.area_rows][:, :, panel.months.get_indexer(months)]
    return np.asarray(counts.sum(axis=2))


def _total(sums: NDArray[np.float64]) -> float:
    """Add what is observed; NaN where nothing is."""
    return float(np.nansum(sums)) if not np.isnan(sums).all() else np.nan


def _changes(panel: Panel, months: pd.DatetimeIndex, before: pd.DatetimeIndex | None) -> pd.DataFrame:
    now = _sums(panel, months)
    past = _sums(panel, before) if before is not None else np.full_like(now, np.nan)
    rows = []
    for measure, label, level, members in _measures(panel):
        count, previous = _total(now[:, members]), _total(past[:, members])
        if level == "category":
            count, previous = float(now[:, members].sum()), float(past[:, members].sum())
        rows.append((measure, label, level, previous, count))
    frame = pd.DataFrame(rows, columns=["measure", "label", "level", "previous_count", "count"])
    change = 100.0 * (frame["count"] / frame["previous_count"].where(frame["previous_count"] > 0) - 1.0)
    return frame.assign(change_percent=change.round(1))


def _measures(panel: Panel) -> list[tuple[str, str, str, list[int]]]:
    """Return id, label, level and member categories of each row of the changes."""
    kinds = [taxonomy()[category] for category in panel.categories]
    rows = [(ALL_CRIME, "All crime", "all", _crime(panel))]
    for major, label in families().items():
        members = [position for position, kind in enumerate(kinds) if kind.major == major]
        if len(members) > 1:
            rows.append((major, f"{label} (all)", "family", members))
    rows.extend((kind.category, kind.label, "category", [position]) for position, kind in enumerate(kinds))
    return rows


def _residents(panel: Panel, year: int) -> tuple[pd.Series | None, str]:
    """Return residents of the area's wards and where they come from; None where they are not known for all."""
    wards = list(panel.area.ward_codes)
    census = panel.census.set_index("ward_code")["persons"].reindex(wards)
    if census.gt(0).all():
        date = panel.census["reference_date"].iloc[0]
        return census, f"Residents are those of the Census on {date.day} {date:%B %Y}, whatever the year."
    projection = panel.projection[panel.projection["year"] == year]
    projected = projection.set_index("ward_code")["persons"].reindex(wards)
    if projected.gt(0).all():
        return projected, f"Residents are those of the {projection['source'].iloc[0]} for mid-{year}."
    return None, f"No residents are known for the {panel.vintage} wards, so no rates are given."


def _rates(panel: Panel, months: pd.DatetimeIndex, residents: pd.Series | None) -> pd.DataFrame:
    columns = ["measure", "ward_code", "ward_name", "count", "residents", "rate_per_1000", "rank", "many_visitors"]
    if residents is None:
        return pd.DataFrame(columns=columns)
    sums = _sums(panel, months)
    majors = [taxonomy()[category].major for category in panel.categories]
    groups = {ALL_CRIME: _crime(panel)} | {
        major: [position for position, other in enumerate(majors) if other == major] for major in dict.fromkeys(majors)
    }
    frames = []
    for measure, members in groups.items():
        if np.isnan(sums[:, members]).all():
            continue
        counts = np.nansum(sums[:, members], axis=1)
        frames.append(
            pd.DataFrame(
                {
                    "measure": measure,
                    "ward_code": panel.area.ward_codes,
                    "ward_name": [panel.ward_names[code] for code in panel.area.ward_codes],
                    "count": counts,
                    "residents": residents.to_numpy(),
                    "rate_per_1000": 1000.0 * counts * _MONTHS_A_YEAR / len(months) / residents.to_numpy(),
                }
            )
        )
    frame = pd.concat(frames, ignore_index=True)
    rate = frame.groupby("measure")["rate_per_1000"]
    frame["rank"] = rate.rank(method="min", ascending=False).astype("int64")
    overall = frame[frame["measure"] == ALL_CRIME]
    boroughs = overall["ward_code"].map(panel.wards.set_index("ward_code")["area_code"])
    busy = set(overall["ward_code"][visitor_wards(overall["rate_per_1000"].to_numpy(), boroughs.to_numpy())])
    frame["many_visitors"] = frame["ward_code"].isin(busy)
    order = {measure: position for position, measure in enumerate(groups)}
    frame = frame.assign(order=frame["measure"].map(order)).sort_values(["order", "rank", "ward_code"])
    return frame[columns].reset_index(drop=True)


def _notes(
    panel: Panel, year: str, months: pd.DatetimeIndex, *, known_before: bool, source: str, rates: pd.DataFrame
) -> list[str]:
    notes = [
        f"{panel.area.name} is the sum of its {len(panel.area.ward_codes)} {panel.vintage} wards; crime without a "
        "ward is not in it."
    ]
    span = f"{months[0]:%Y-%m} to {months[-1]:%Y-%m}"
    if len(months) < _MONTHS_A_YEAR:
        notes.append(
            f"Only {len(months)} of the 12 months of {year} are in the data ({span}). Counts are of those months; "
            "rates are annualised (x 12 / months), which takes no account of season."
        )
    if not known_before:
        notes.append(
            f"The same months of the year before are not in the data on {panel.vintage} wards, so no change is given."
        )
    elif months[-1] >= RECORDING_CHANGE > months[0] - pd.DateOffset(years=1):
        notes.append(
            "The police changed their recording system in February and March 2024: changes between before and after "
            "are partly changes of recording."
        )
    unobserved = [
        taxonomy()[category].label
        for position, category in enumerate(panel.categories)
        if np.isnan(_sums(panel, months)[:, position]).any()
    ]
    if unobserved:
        notes.append(f"Not observed in {year}, which is not zero: {', '.join(unobserved)}.")
    notes.append(source)
    if not rates.empty:
        visited = rates[(rates["measure"] == ALL_CRIME) & rates["many_visitors"]]
        named = f" Here this holds for {', '.join(visited['ward_name'])}." if len(visited) else ""
        notes.append(
            "Rates per resident mislead where people work, shop or travel but do not live, such as town centres and "
            f"stations.{named}"
        )
    if panel.synthetic:
        notes.append("These figures are of the embedded sample: synthetic, no record of any real place.")
    return notes

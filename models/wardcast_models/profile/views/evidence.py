"""What the views are drawn from, and rows of their tables."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.profile.assessment import VIEW_COLUMNS
from wardcast_models.profile.monthly import MonthlyCounts, borough_series
from wardcast_models.profile.residents import Residents
from wardcast_models.profile.wording import over_months, signed_percent
from wardcast_models.profile.year import CoveredYear
from wardcast_models.profile.year_tables import per_thousand

RECORDED = "recorded crime"
PROXY = "open proxy"
DASHBOARD = "MPS dashboard, borough"
DASHBOARD_WARD = "MPS dashboard, ward: too few to compare"
BOTH_YEARS = "both years hold"
SURVEY = "resident survey, percent of answers"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The year of the area.

    Attributes:
        monitoring: Its files.
        year: The year.
        counts: Monthly counts of the measures.
        area: Table of the area's year.
        wards: Table of the wards' year.
        residents: Residents of the wards.
    """

    monitoring: Monitoring
    year: CoveredYear
    counts: MonthlyCounts
    area: pd.DataFrame
    wards: pd.DataFrame
    residents: Residents

    def of_area(self, measure: str) -> pd.Series | None:
        """Return the area's row of a measure with a count, else None."""
        rows = self.area[(self.area["measure"] == measure) & self.area["count"].notna()]
        return rows.iloc[0] if len(rows) else None

    def of_wards(self, measure: str) -> pd.DataFrame:
        """Return the wards' rows of a measure, highest count first."""
        return self.wards[self.wards["measure"] == measure].sort_values(["count", "ward_code"], ascending=[False, True])

    def label(self, measure: str) -> str:
        """Return a measure's label."""
        return self.counts.measures[self.counts.position(measure)].label

    def ward_name(self, code: str) -> str:
        """Return a ward's name."""
        return self.monitoring.panel.ward_names[code]


def measure_rows(evidence: Evidence, measure: str, basis: str) -> pd.DataFrame:
    """Return a measure's rows, the area first, then its wards; none where it has no count.

    Args:
        evidence: The year.
        measure: Id of the measure.
        basis: What the rows are.

    Returns:
        Columns `VIEW_COLUMNS`.
    """
    area = evidence.area[(evidence.area["measure"] == measure) & evidence.area["count"].notna()].assign(ward_code="")
    if area.empty:
        return pd.DataFrame(columns=list(VIEW_COLUMNS))
    wards = evidence.of_wards(measure)
    columns = [column for column in VIEW_COLUMNS if column not in ("label", "basis")]
    frames = [frame[columns] for frame in (area, wards) if len(frame)]
    both = pd.concat(frames, ignore_index=True)
    over = over_months(area.iloc[0].to_dict())
    told = f"{basis}; the year before and the change{over.replace('(', '').replace(')', '')}" if over else basis
    return both.assign(label=evidence.label(measure), basis=told)[list(VIEW_COLUMNS)]


def series_rows(evidence: Evidence, series: str, label: str) -> pd.DataFrame:
    """Return a dashboard series of the borough over the year's months, and the year before where it has them too.

    Args:
        evidence: The year.
        series: Id of the series.
        label: Its name for people.

    Returns:
        Columns `VIEW_COLUMNS`, one row, or none where the series does not reach the year.
    """
    panel = evidence.monitoring.panel
    values = pd.Series(borough_series(panel, series), index=panel.months)
    now = values.reindex(evidence.year.months).to_numpy(dtype=np.float64)
    past = values.reindex(evidence.year.months - pd.DateOffset(years=1)).to_numpy(dtype=np.float64)
    both = ~np.isnan(now) & ~np.isnan(past)
    chosen = both if both.any() else ~np.isnan(now)
    if not chosen.any():
        return pd.DataFrame(columns=list(VIEW_COLUMNS))
    count = float(now[chosen].sum())
    previous = float(past[chosen].sum()) if both.any() else np.nan
    months = int(chosen.sum())
    rate = per_thousand(np.array([count]), np.array([months]), np.array([evidence.residents.persons.sum()]))[0]
    basis = DASHBOARD if months == len(evidence.year.months) else f"{DASHBOARD}, {months} months"
    change = 100.0 * (count / previous - 1.0) if previous > 0 else np.nan
    row = (series, label, "", previous, count, change, rate, basis)
    return pd.DataFrame([row], columns=list(VIEW_COLUMNS))


def ward_series_rows(evidence: Evidence, series: str, label: str) -> pd.DataFrame:
    """Return a dashboard series by ward: counts only, for they are too few to compare.

    Args:
        evidence: The year.
        series: Id of the series.
        label: Its name for people.

    Returns:
        Columns `VIEW_COLUMNS`, the area's wards that are listed.
    """
    frame = evidence.monitoring.ward_series
    mine = frame[(frame["series"] == series) & frame["month"].isin(evidence.year.months)]
    mine = mine[mine["ward_code"].isin(evidence.counts.ward_codes)]
    sums = mine.groupby("ward_code")["count"].sum().astype(float).sort_values(ascending=False)
    rows = [(series, label, code, np.nan, count, np.nan, np.nan, DASHBOARD_WARD) for code, count in sums.items()]
    return pd.DataFrame(rows, columns=list(VIEW_COLUMNS))


def survey_rows(evidence: Evidence, measures: tuple[str, ...]) -> pd.DataFrame:
    """Return the newest answers of the area's residents up to the end of the year.

    Args:
        evidence: The year.
        measures: Ids of survey measures.

    Returns:
        Columns `VIEW_COLUMNS`; `count` is a percentage.
    """
    frame = evidence.monitoring.surveys
    mine = frame[frame["measure"].isin(measures) & (frame["area_code"] == evidence.monitoring.panel.area.code)]
    mine = mine[mine["last_month"] <= evidence.year.start + pd.DateOffset(months=11)]
    newest = mine.sort_values("last_month").drop_duplicates("measure", keep="last")
    rows = [
        (
            row["measure"],
            row["label"],
            "",
            _share_before(mine, row),
            100.0 * row["share"],
            np.nan,
            np.nan,
            f"{SURVEY}, {row['period_months']:.0f} months to {row['last_month']:%Y-%m}",
        )
        for row in newest.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=list(VIEW_COLUMNS))


def table_of(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Put rows together in the order given.

    Args:
        frames: Frames with columns `VIEW_COLUMNS`.

    Returns:
        One frame, empty where all are.
    """
    held = [frame for frame in frames if len(frame)]
    return pd.concat(held, ignore_index=True) if held else pd.DataFrame(columns=list(VIEW_COLUMNS))


def findings_of(table: pd.DataFrame) -> list[str]:
    """Say each row of the area as a sentence.

    Args:
        table: Rows of a view.

    Returns:
        Sentences with figures, in the order of the rows.
    """
    sentences = []
    for row in table[table["ward_code"] == ""].to_dict("records"):
        if str(row["basis"]).startswith(SURVEY):
            sentences.append(survey_sentence(row))
        elif np.isnan(row["previous_count"]):
            sentences.append(f"{row['label']}: {row['count']:,.0f} ({row['basis']}); no year before to compare with.")
        else:
            change = "" if np.isnan(row["change_percent"]) else f", {signed_percent(row['change_percent'], 1)}"
            over = f" ({row['basis']})" if BOTH_YEARS in str(row["basis"]) else ""
            sentences.append(
                f"{row['label']}: {row['count']:,.0f}, {row['previous_count']:,.0f} the year before{change}{over}."
            )
    return sentences


def survey_sentence(row: Mapping[Hashable, Any]) -> str:
    """Say what residents answered, beside the year before where that is held.

    Args:
        row: A row of `survey_rows`.

    Returns:
        One sentence.
    """
    before = "" if np.isnan(row["previous_count"]) else f", {row['previous_count']:.0f}% the year before"
    return f"{row['label']}: {row['count']:.0f}% of residents asked{before}."


def _share_before(surveys: pd.DataFrame, row: Mapping[Hashable, Any]) -> float:
    """Return the same answer a year earlier, percent; NaN where it is not held."""
    earlier = surveys[
        (surveys["measure"] == row["measure"])
        & (surveys["period_months"] == row["period_months"])
        & (surveys["last_month"] == row["last_month"] - pd.DateOffset(years=1))
    ]
    return 100.0 * float(earlier["share"].iloc[-1]) if len(earlier) else np.nan


def highest_wards(evidence: Evidence, measure: str, number: int = 3) -> list[str]:
    """Name the wards with most, where any has some.

    Args:
        evidence: The year.
        measure: Id of the measure.
        number: How many wards.

    Returns:
        One sentence, or none.
    """
    wards = evidence.of_wards(measure)
    wards = wards[wards["count"] > 0].head(number)
    if wards.empty:
        return []
    named = ", ".join(
        f"{evidence.ward_name(row['ward_code'])} ({row['count']:,.0f})" for row in wards.to_dict("records")
    )
    return [f"Most {evidence.label(measure).lower()}: {named}."]

"""The six-month review: the newest months beside the same months of the assessed year."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.panel.panel import Panel
from wardcast_models.profile.assessment import REVIEW_COLUMNS, Review
from wardcast_models.profile.breaks import crosses_recording_change
from wardcast_models.profile.change import Change, change_between
from wardcast_models.profile.count_maps import ward_map
from wardcast_models.profile.false_discovery import q_values
from wardcast_models.profile.hotspot import hotspots
from wardcast_models.profile.monthly import MonthlyCounts
from wardcast_models.profile.noise import SeriesSet
from wardcast_models.profile.once import told_findings
from wardcast_models.profile.origin import in_london
from wardcast_models.profile.residents import Residents
from wardcast_models.profile.wording import change_sentence, signed_percent
from wardcast_models.profile.year import MONTHS_A_YEAR, CoveredYear, observed_months

REVIEW_MONTHS = 6
_MOST_TOLD = 6


def review(panel: Panel, counts: MonthlyCounts, year: CoveredYear, spots: pd.DataFrame, residents: Residents) -> Review:
    """Compare the last six months of the data with the same calendar months of the assessed year.

    Two families of tests, area and wards.

    Args:
        panel: The panel.
        counts: Monthly counts.
        year: The assessed year.
        spots: Hotspots of the assessed year.
        residents: Residents of the wards.

    Returns:
        The review.

    Raises:
        WardcastError: Fewer than six months follow the assessed year, or it lacks the same months.
    """
    now, then = _months(panel, year)
    rows = len(counts.measures)
    wards = len(counts.ward_codes)
    axis = counts.months
    positions = axis.get_indexer(now), axis.get_indexer(then)
    both = ~np.isnan(counts.area[:, positions[0]]) & ~np.isnan(counts.area[:, positions[1]])
    whole = SeriesSet(values=counts.area, months=axis, groups=np.zeros(rows, dtype=np.intp), pool_dispersion=False)
    each = SeriesSet(
        values=counts.wards.reshape(rows * wards, -1),
        months=axis,
        groups=np.repeat(np.arange(rows), wards),
        pool_dispersion=True,
    )
    area = change_between(whole, now, then, both)
    by_ward = change_between(each, now, then, np.repeat(both, wards, axis=0))
    names = [measure.measure for measure in counts.measures]
    table = pd.concat(
        [
            _frame(area, names, [""] * rows),
            _frame(by_ward, list(np.repeat(names, wards)), list(counts.ward_codes) * rows),
        ],
        ignore_index=True,
    )
    was = _hot(spots)
    now_hot = _hot(_hotspots_now(panel, counts, by_ward.now.reshape(rows, wards), residents))
    keys = list(zip(table["measure"], table["ward_code"], strict=True))
    table = table.assign(was_hotspot=[key in was for key in keys], is_hotspot=[key in now_hot for key in keys])
    table = table.dropna(subset=["count_now"]).reset_index(drop=True)[list(REVIEW_COLUMNS)]
    return Review(
        first_month=now[0],
        last_month=now[-1],
        then_first_month=then.min(),
        then_last_month=then.max(),
        table=table,
        findings=tuple(_findings(panel, counts, table, now, then)),
    )


def _months(panel: Panel, year: CoveredYear) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    observed = observed_months(panel, without_crime=year.without_crime)
    end = year.start + pd.DateOffset(months=MONTHS_A_YEAR)
    now = observed[observed >= end][-REVIEW_MONTHS:]
    if len(now) < REVIEW_MONTHS:
        raise invalid_input(
            f"Only {len(now)} months after {year.label} are in the data; a review needs {REVIEW_MONTHS}.",
            Problem(
                where="--review",
                expected=f"{REVIEW_MONTHS} months from {end:%Y-%m} on",
                found=f"data up to {observed[-1]:%Y-%m}",
                mend="Assess an earlier year, leave --review out, or add newer files.",
            ),
        )
    by_calendar = {month.month: month for month in year.months}
    kept = [month for month in now if month.month in by_calendar]
    if not kept:
        raise invalid_input(
            f"{year.label} lacks the months that the review compares.",
            Problem(
                where="--review",
                expected=f"months of {year.label} like {now[0]:%Y-%m} to {now[-1]:%Y-%m}",
                found=f"{year.months[0]:%Y-%m} to {year.last_month:%Y-%m}",
                mend="Assess another year, or leave --review out.",
            ),
        )
    return pd.DatetimeIndex(kept), pd.DatetimeIndex([by_calendar[month.month] for month in kept])


def _frame(change: Change, names: list[str], codes: list[str]) -> pd.DataFrame:
    q = q_values(change.p_values)
    return pd.DataFrame(
        {
            "measure": names,
            "ward_code": codes,
            "count_then": change.previous,
            "count_now": change.now,
            **change.columns(q),
        }
    )


def _hotspots_now(panel: Panel, counts: MonthlyCounts, sums: NDArray[np.float64], residents: Residents) -> pd.DataFrame:
    wards = ward_map(panel, counts.measures, sums, residents)
    return hotspots([] if wards is None else [wards])


def _hot(spots: pd.DataFrame) -> set[tuple[str, str]]:
    rows = spots[(spots["unit"] == "ward") & spots["significant"].astype(bool)]
    return set(zip(rows["measure"], rows["code"], strict=True))


def _findings(
    panel: Panel, counts: MonthlyCounts, table: pd.DataFrame, now: pd.DatetimeIndex, then: pd.DatetimeIndex
) -> list[str]:
    labels = {measure.measure: measure.label for measure in counts.measures}
    area = table[table["ward_code"] == ""]
    clear = area[area["significant"]]
    sentences = [
        f"{len(clear)} of {int(area['p_value'].notna().sum())} measures tested changed by more than chance would do, "
        f"{now[0]:%Y-%m} to {now[-1]:%Y-%m} against the same months of the assessed year."
    ]
    wards = table[(table["ward_code"] != "") & table["significant"]]
    for rows in (clear, wards):
        for told in told_findings(rows, counts.measures, "change_percent")[:_MOST_TOLD]:
            ward = told.row["ward_code"]
            where = f" in {panel.ward_names[ward]}" if ward else ""
            sentence = change_sentence(f"{labels[told.row['measure']]}{where}", told.row)
            if told.kind is not None:
                kind = told.kind
                sentence += f" Of it {labels[kind['measure']].lower()}: {signed_percent(kind['change_percent'], 1)}."
            sentences.append(sentence)
    was = table[table["was_hotspot"]]
    if len(was):
        held = was[was["is_hotspot"]]
        sentences.append(f"Of {len(was)} ward hotspots of the assessed year, {len(held)} held in the last months.")
    if in_london(panel.area.code) and crosses_recording_change(then.min(), now[-1]):
        sentences.append(
            "The police changed their recording system between the two periods: changes are partly changes of "
            "recording."
        )
    return sentences

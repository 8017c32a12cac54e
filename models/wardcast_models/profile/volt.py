"""Victim, offender, location and time: what open counts say, and what they cannot."""

from __future__ import annotations

import calendar

import numpy as np
import pandas as pd

from wardcast_models.profile.assessment import TABLE_COLUMNS
from wardcast_models.profile.measures import ALL_CRIME
from wardcast_models.profile.origin import crime_source
from wardcast_models.profile.outstanding import expected_words, places_that_stand_out
from wardcast_models.profile.views.evidence import Evidence, series_rows, survey_rows, survey_sentence
from wardcast_models.profile.wording import signed_percent
from wardcast_models.words import listed

_Row = tuple[str, str, float, str, str, str]
_DASHBOARD = "MPS Monthly Crime Dashboard"
_VICTIM_SERIES = (
    ("domestic_abuse", "Domestic abuse offences"),
    ("hate_crime", "Hate crime offences"),
    ("knife_injury_victims_1_24", "Knife injury victims aged 1 to 24"),
)
_VICTIM_GAP = "Open counts do not tell victims' age, sex or relation to the offender."
_TOP = 3


def volt(
    evidence: Evidence, repeats: pd.DataFrame, spots: pd.DataFrame, seasons: pd.DataFrame, harm: pd.DataFrame
) -> pd.DataFrame:
    """Answer the four questions as far as the files go.

    Args:
        evidence: The year of the area.
        repeats: Repeat shares.
        spots: Hotspots.
        seasons: Seasonal pattern.
        harm: Harm by category and ward.

    Returns:
        Columns `TABLE_COLUMNS["volt"]`; every row names its gap.
    """
    rows = [
        *_victim(evidence, repeats),
        (
            "offender",
            "No data on offenders are held, and none are wanted: this is about places.",
            np.nan,
            "",
            "none",
            "Police and probation hold offender data; the partnership's own meetings have to bring it.",
        ),
        *_location(evidence, spots, harm),
        *_time(evidence, seasons),
    ]
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS["volt"]))


def _victim(evidence: Evidence, repeats: pd.DataFrame) -> list[_Row]:
    rows: list[_Row] = []
    area = repeats[(repeats["ward_code"] == "") & (repeats["category"] == "")]
    for row in area.to_dict("records"):
        statement = (
            f"{row['repeat_persons']:,.0f} of {row['persons']:,.0f} {row['subject']}s counted month by month had "
            f"been one before in the twelve months ({100 * row['repeat_share']:.0f}%, 95% interval "
            f"{100 * row['low']:.0f}% to {100 * row['high']:.0f}%)."
        )
        gap = "Who they are is not held: someone counted in two months counts twice."
        rows.append(("victim", statement, 100.0 * row["repeat_share"], "percent", "repeat counts supplied", gap))
    if area.empty:
        gap = "Counts of repeat victims by ward, from the police or the council, would tell repeat victimisation."
        rows.append(("victim", "No counts of repeat victims are held.", np.nan, "", "none", gap))
    for series, label in _VICTIM_SERIES:
        for found in series_rows(evidence, series, label).to_dict("records"):
            statement = f"{label}: {found['count']:,.0f} ({found['basis']})."
            rows.append(("victim", statement, found["count"], "offences", _DASHBOARD, _VICTIM_GAP))
    return rows


def _location(evidence: Evidence, spots: pd.DataFrame, harm: pd.DataFrame) -> list[_Row]:
    rows: list[_Row] = []
    gap = "Places within wards, and whether it happened in public or at home."
    wards = evidence.of_wards(ALL_CRIME)
    if len(wards):
        top = wards.head(_TOP)
        share = 100.0 * top["count"].sum() / max(wards["count"].sum(), 1.0)
        named = listed([evidence.ward_name(code) for code in top["ward_code"]])
        statement = f"{named}, {len(top)} of {len(wards):,} wards, have {share:.0f}% of all crime."
        rows.append(("location", statement, share, "percent of crime", crime_source(evidence.monitoring.panel), gap))
    by_ward = (
        harm[harm["ward_code"] != ""].groupby("ward_code")["share_of_area_harm"].sum().sort_values(ascending=False)
    )
    if len(by_ward) and by_ward.iloc[0] > 0:
        share = 100.0 * by_ward.head(_TOP).sum()
        named = listed([evidence.ward_name(str(code)) for code in by_ward.head(_TOP).index])
        source = "Cambridge Crime Harm Index on ward counts"
        rows.append(("location", f"{named} have {share:.0f}% of the harm.", share, "percent of harm", source, gap))
    for unit, name in (("ward", "wards"), ("lsoa", "small areas")):
        mine = spots[(spots["unit"] == unit) & (spots["measure"] == ALL_CRIME)]
        if len(mine):
            rows += [_alone(evidence, mine, name, gap), _together(mine, name, gap)]
    return rows


def _alone(evidence: Evidence, mine: pd.DataFrame, name: str, gap: str) -> _Row:
    """Say which places have far more crime than is expected of them, whatever lies around them."""
    found = mine[mine["stands_out"].astype(bool)]
    source = "count against expected, quasi-Poisson"
    if mine["own_p_value"].isna().all():
        statement = f"Too few months are held to tell which {name} stand out by themselves."
        return ("location", statement, np.nan, name, source, gap)
    stands, alone = ("stand", "themselves") if len(found) > 1 else ("stands", "itself")
    of_all = f"{len(found) or 'None'} of the {len(mine):,} {name} {stands} out by {alone}"
    statement = f"{of_all} against {expected_words(evidence, places=len(found))}"
    named = f": {places_that_stand_out(evidence, found)}" if len(found) else ""
    return ("location", f"{statement}{named}.", float(len(found)), name, source, gap)


def _together(mine: pd.DataFrame, name: str, gap: str) -> _Row:
    hot = int(mine["significant"].astype(bool).sum())
    are = "are hotspots" if hot > 1 else "is a hotspot"
    statement = f"{hot or 'None'} of the {len(mine):,} {name} {are} of all crime together with the places around."
    return ("location", statement, float(hot), name, "Getis-Ord Gi*", gap)


def _time(evidence: Evidence, seasons: pd.DataFrame) -> list[_Row]:
    gap = "Open counts have no hour and no day of the week; the police's own records do."
    rows: list[_Row] = []
    mine = seasons[seasons["measure"] == ALL_CRIME]
    if len(mine):
        peak = mine.sort_values("index").iloc[-1]
        sure = "more than chance would do" if peak["significant"] else "which could be chance"
        name = calendar.month_name[int(peak["calendar_month"])]
        more = signed_percent(100 * (peak["index"] - 1))
        statement = f"All crime is highest in {name}, {more} a day on the mean month, {sure}."
        rows.append(
            (
                "time",
                statement,
                float(peak["index"]),
                "ratio to the mean month",
                crime_source(evidence.monitoring.panel),
                gap,
            )
        )
    for found in survey_rows(evidence, ("safe_by_day", "safe_after_dark")).to_dict("records"):
        statement = survey_sentence(found)
        rows.append(("time", statement, found["count"], "percent", found["basis"], gap))
    if not rows:
        rows.append(("time", "Too few months are held to tell the season.", np.nan, "", "none", gap))
    return rows

"""The most important findings as five to ten sentences, with figures and their certainty."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from wardcast_models.profile.assessment import View
from wardcast_models.profile.measures import ALL_CRIME
from wardcast_models.profile.once import Told, told_findings
from wardcast_models.profile.outstanding import outstanding_sentence
from wardcast_models.profile.views.evidence import Evidence
from wardcast_models.profile.wording import change_sentence, signed_percent
from wardcast_models.profile.year import MONTHS_A_YEAR
from wardcast_models.reference.taxonomy import taxonomy
from wardcast_models.words import listed

_MOST = 10
_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class Findings:
    """Tables of an assessment that headlines are drawn from; columns as in `assessment.TABLE_COLUMNS`."""

    trends: pd.DataFrame
    hotspots: pd.DataFrame
    emerging: pd.DataFrame
    comparison: pd.DataFrame
    harm: pd.DataFrame
    underivable: pd.DataFrame
    views: tuple[View, ...]


def headlines(evidence: Evidence, findings: Findings) -> list[str]:
    """Write the headlines: what is significant, and what has to be said though it is not.

    Args:
        evidence: The year of the area.
        findings: The other tables.

    Returns:
        Five to ten sentences or pairs of them.
    """
    return _told(evidence, findings, of_wards=_wards(evidence, findings.hotspots))


def area_headlines(evidence: Evidence, findings: Findings) -> list[str]:
    """Write the headlines that tell of the area as a whole and name no ward.

    Args:
        evidence: The year of the area.
        findings: The other tables.

    Returns:
        Sentences or pairs of them.
    """
    emerging = findings.emerging
    return _told(evidence, replace(findings, emerging=emerging[emerging["ward_code"] == ""]), of_wards=[])


def _told(evidence: Evidence, findings: Findings, *, of_wards: list[str]) -> list[str]:
    told = [
        *_all_crime(evidence),
        *_changes(evidence),
        _trends(evidence, findings.trends),
        *of_wards,
        _emerging(evidence, findings.emerging),
        *_harm(findings.harm),
        *_london(evidence, findings.comparison),
        *_underivable(evidence, findings.underivable),
    ]
    return told[:_MOST]


def _all_crime(evidence: Evidence) -> list[str]:
    row = evidence.of_area(ALL_CRIME)
    if row is None:
        return [_without_crime(evidence), *_beside_crime(evidence)]
    rate = "" if np.isnan(row["rate_per_1000"]) else f", {row['rate_per_1000']:.0f} per 1,000 residents a year"
    held = int(row["months"])
    of_months = "" if held == MONTHS_A_YEAR else f" in {held} of the year's {MONTHS_A_YEAR} months"
    change = change_sentence("On the year before", row.to_dict())
    return [f"{row['count']:,.0f} crimes were recorded{of_months}{rate}. {change}"]


def _without_crime(evidence: Evidence) -> str:
    on = f" on {evidence.monitoring.panel.vintage} wards" if evidence.year.without_crime else ""
    return f"No recorded crime of {evidence.year.label} is held{on}: how much there was is not known."


def _beside_crime(evidence: Evidence) -> list[str]:
    """Tell what is counted beside crime, each with its months, in the place of all crime."""
    told = []
    for measure in evidence.counts.measures:
        row = None if measure.crime or not measure.categories else evidence.of_area(measure.measure)
        if row is None:
            continue
        held = int(row["months"])
        months = "the whole year" if held == MONTHS_A_YEAR else f"{held} of the year's {MONTHS_A_YEAR} months"
        all_covered = held == len(evidence.year.months)
        missing = [f"{month:%Y-%m}" for month in evidence.year.missing] if all_covered else []
        gap = f" ({listed(missing)} not observed)" if missing else ""
        rate = "" if np.isnan(row["rate_per_1000"]) else f", {row['rate_per_1000']:.1f} per 1,000 residents a year"
        change = change_sentence("On the year before", row.to_dict())
        told.append(f"{measure.label}: {row['count']:,.0f} recorded in {months}{gap}{rate}. {change}")
    return told


def _changes(evidence: Evidence) -> list[str]:
    levels = {measure.measure: measure.level for measure in evidence.counts.measures}
    area = evidence.area
    if area["p_value"].isna().all():
        return ["Too few months are held to tell changes on the year before from chance."]
    clear = area[area["significant"] & area["measure"].map(levels).isin(["category", "priority"])]
    if clear.empty:
        return ["No single category changed on the year before by more than chance would do."]
    told = []
    for word, rows in (("Fell", clear[clear["change_percent"] < 0]), ("Rose", clear[clear["change_percent"] > 0])):
        if len(rows):
            found = told_findings(rows, evidence.counts.measures, "change_percent")
            named = [
                f"{evidence.label(one.row['measure']).lower()} {signed_percent(one.row['change_percent'])} "
                f"({signed_percent(one.row['change_low'])} to {signed_percent(one.row['change_high'])})"
                f"{_kind(evidence, one, 'change_percent')}"
                for one in found[:_NAMED]
            ]
            more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
            told.append(f"{word} by more than chance would do (95% interval): {', '.join(named)}{more}.")
        else:
            told.append(f"No single category {word.lower()} by more than chance would do.")
    return told


def _trends(evidence: Evidence, trends: pd.DataFrame) -> str:
    area = trends[trends["ward_code"] == ""]
    if area.empty:
        return "Too few months are held to draw trends."
    clear = area[area["significant"].astype(bool)].sort_values("q_value")
    if clear.empty:
        return f"None of {len(area)} trends over the last {area['months'].max()} months is clear; each could be chance."
    named = [
        f"{evidence.label(one.row['measure']).lower()} {signed_percent(one.row['percent_a_year'])} a year"
        f"{_kind(evidence, one, 'percent_a_year')}"
        for one in told_findings(clear, evidence.counts.measures, "percent_a_year")[:_NAMED]
    ]
    told = (
        f"{len(clear)} of {len(area)} trends over the last {area['months'].max()} months are more than chance would "
        "do, first "
    )
    breaks = str(clear["breaks"].iloc[0])
    return f"{told}{listed(named)}." + (f" They run across {breaks}." if breaks else "")


def _kind(evidence: Evidence, told: Told, change: str) -> str:
    """Name the kind within a finding that moved with it."""
    if told.kind is None:
        return ""
    return f" (of it {evidence.label(told.kind['measure']).lower()} {signed_percent(told.kind[change])})"


def _wards(evidence: Evidence, hotspots: pd.DataFrame) -> list[str]:
    wards = evidence.of_wards(ALL_CRIME)
    told = [] if wards.empty else [_most_crime(evidence, wards, hotspots)]
    alone = outstanding_sentence(evidence, hotspots)
    return [*told, alone[:1].upper() + alone[1:]] if alone else told


def _most_crime(evidence: Evidence, wards: pd.DataFrame, hotspots: pd.DataFrame) -> str:
    top = wards.head(_NAMED)
    share = 100.0 * top["count"].sum() / max(wards["count"].sum(), 1.0)
    told = f"{listed([evidence.ward_name(code) for code in top['ward_code']])} have {share:.0f}% of all crime."
    spots = hotspots[hotspots["significant"].astype(bool) & (hotspots["unit"] == "ward")]
    if len(spots):
        count = spots.groupby("code")["measure"].nunique().sort_values(ascending=False).head(_NAMED)
        named = listed(
            [f"{evidence.ward_name(str(code))} ({_measures(int(number))})" for code, number in count.items()]
        )
        told += f" Hotspots with their neighbours: {named}."
    return told


def _measures(number: int) -> str:
    return "1 measure" if number == 1 else f"{number} measures"


def _emerging(evidence: Evidence, emerging: pd.DataFrame) -> str:
    if emerging.empty:
        return "Too few months are held to judge the newest ones."
    span = str(emerging["recent_months"].iloc[0])
    clear = emerging[emerging["significant"].astype(bool)].sort_values("q_value")
    if clear.empty:
        return f"Nothing in the newest months ({span}) stands out from what the past leads one to expect."
    named = []
    for one in told_findings(clear.assign(beyond=clear["ratio"] - 1.0), evidence.counts.measures, "beyond")[:_NAMED]:
        row = one.row
        where = f" in {evidence.ward_name(row['ward_code'])}" if row["ward_code"] else ""
        label = evidence.label(row["measure"]).lower()
        named.append(f"{label}{where} ({row['count']:,.0f} against {row['expected']:,.0f} expected)")
    return f"Out of line with the past in {span}: {listed(named)}."


def _harm(harm: pd.DataFrame) -> list[str]:
    area = harm[harm["ward_code"] == ""].sort_values("share_of_area_harm", ascending=False).head(_NAMED)
    if area.empty or not area["share_of_area_harm"].iloc[0] > 0:
        return []
    named = [
        f"{taxonomy()[row['category']].label.lower()} {100 * row['share_of_area_harm']:.0f}%"
        for row in area.to_dict("records")
    ]
    return [f"By Cambridge harm weights most of the harm is {listed(named)}."]


def _london(evidence: Evidence, comparison: pd.DataFrame) -> list[str]:
    rows = comparison[comparison["measure"] == ALL_CRIME].set_index("kind")
    if "london" not in rows.index or "area" not in rows.index:
        return []
    mine, london = rows.loc["area"], rows.loc["london"]
    here, there = (float(rate) for rate in rows.loc[["area", "london"], "rate_per_1000"])
    if np.isnan(here) or np.isnan(there):
        return []
    told = f"All crime: {here:.0f} per 1,000 residents against {there:.0f} in London{_other_residents(evidence, here)}"
    if not np.isnan(mine["change_percent"]) and not np.isnan(london["change_percent"]):
        changes = [signed_percent(float(value), 1) for value in rows.loc[["area", "london"], "change_percent"]]
        told += f"; change {' against '.join(changes)}"
    return [f"{told}."]


def _other_residents(evidence: Evidence, rate: float) -> str:
    """Say why the rate beside London's is not the year's own, where the two differ as they are told."""
    own = evidence.of_area(ALL_CRIME)
    if own is None or np.isnan(own["rate_per_1000"]) or f"{own['rate_per_1000']:.0f}" == f"{rate:.0f}":
        return ""
    return (
        " (both by residents that every borough has; by those nearest to the year, which the area's own rate goes by, "
        f"it is {own['rate_per_1000']:.0f})"
    )


def _underivable(evidence: Evidence, underivable: pd.DataFrame) -> list[str]:
    if underivable.empty:
        return []
    names = listed([str(label).lower() for label in underivable["label"]])
    return [f"Not derivable from the files of {evidence.year.label}: {names}."]

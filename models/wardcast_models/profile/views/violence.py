"""Views on violence: public safety of women and girls, serious violence and knives, hate crime, children."""

from __future__ import annotations

import re

import pandas as pd

from wardcast_models.profile.assessment import View
from wardcast_models.profile.origin import in_london
from wardcast_models.profile.views.evidence import (
    PROXY,
    RECORDED,
    Evidence,
    findings_of,
    highest_wards,
    measure_rows,
    series_rows,
    survey_rows,
    table_of,
    ward_series_rows,
)

_NO_DASHBOARD = "The MPS Monthly Crime Dashboard of this area for this year: it is by borough and begins in 2021-08."
_NO_FLAGS = "The police's own counts of these offences for the district: data.police.uk does not tell them apart."

_PUBLIC_SPACE = (
    ("other_sexual_offences", f"{PROXY}: mostly private places, victims of any sex"),
    ("rape", f"{PROXY}: mostly private places; need, not a measure of public space"),
    ("violence_without_injury", f"{PROXY}: stalking and harassment are in it and not apart"),
    ("robbery_personal", f"{PROXY}: mostly public places, victims of any sex"),
    ("theft_from_person", f"{PROXY}: mostly public places, victims of any sex"),
    ("public_order", f"{PROXY}: some street harassment is in it, most is recorded nowhere"),
)

_HATE = (
    ("hate_crime", "Hate crime, all"),
    ("racist_and_religious_crime", "Racist and religious crime"),
    ("homophobic_crime", "Homophobic crime"),
    ("transphobic_crime", "Transphobic crime"),
    ("disability_crime", "Disability crime"),
    ("faith_crime", "Faith crime"),
    ("islamophobic_crime", "Islamophobic crime"),
    ("antisemitic", "Antisemitic crime"),
)

_KNIFE = (
    ("knife_crime", "Knife crime"),
    ("knife_crime_with_injury", "Knife crime with injury"),
    ("gun_crime", "Gun crime"),
    ("lethal_barrel_discharge", "Discharges of lethal-barrelled guns"),
)
_KNIFE_PROXIES = (
    "violence_with_injury",
    "homicide",
    "robbery_personal",
    "weapons_possession",
    "policeuk_violence_sexual",
    "policeuk_robbery",
)

_YOUNG = (
    ("knife_injury_victims_1_24", "Knife injury victims aged 1 to 24"),
    ("knife_injury_victims_non_da_1_24", "Knife injury victims aged 1 to 24, not domestic abuse"),
)
_ADULT_AGE = 20


def vawg_public_space(evidence: Evidence) -> View:
    """Women's and girls' safety in public space, by open proxies."""
    table = table_of(
        [
            *(measure_rows(evidence, measure, basis) for measure, basis in _PUBLIC_SPACE),
            survey_rows(evidence, ("safe_after_dark", "safe_by_day")),
        ]
    )
    return View(
        view="vawg_public_space",
        title="Women's and girls' safety in public space",
        purpose=(
            "Open counts do not tell the victim's sex, nor whether an offence happened in public. Every row is an open "
            "proxy: most rape and other sexual offences happen in private, and most street harassment is never "
            "recorded."
        ),
        table=table,
        findings=(*findings_of(table), *highest_wards(evidence, "robbery_personal")),
        missing=(
            "Counts by the victim's sex and by public or private place, from the police.",
            "Reports of street harassment (StreetSafe) and of transport police.",
            *(
                []
                if len(evidence.monitoring.surveys)
                else ["The resident survey by sex: how safe women feel after dark."]
            ),
        ),
    )


def serious_violence_knife(evidence: Evidence) -> View:
    """Serious violence and knife crime."""
    series = [series_rows(evidence, name, label) for name, label in _KNIFE]
    purpose = (
        "Knife and gun crime are borough series of the MPS dashboard; its ward rows are too few to compare. Robbery, "
        "violence with injury and weapons possession by ward are recorded crime, with or without a knife."
    )
    if not in_london(evidence.monitoring.panel.area.code):
        purpose = (
            "No open file tells offences with a knife or gun apart here. What is shown by ward is recorded crime, with "
            "or without a knife."
        )
    wards = [ward_series_rows(evidence, name, label) for name, label in _KNIFE[:1]]
    proxies = [measure_rows(evidence, name, RECORDED) for name in _KNIFE_PROXIES]
    table = table_of([*series, *wards, *proxies])
    covered = any(len(rows) for rows in series)
    return View(
        view="serious_violence_knife",
        title="Serious violence and knife crime",
        purpose=purpose,
        table=table,
        findings=(*findings_of(table), *highest_wards(evidence, "violence_with_injury")),
        missing=(
            *([] if covered else [_flags_from(evidence)]),
            "Offences with a knife by ward, and the age of victims, from the police; wounds treated in hospital.",
        ),
    )


def hate_crime(evidence: Evidence) -> View:
    """Hate crime, from the dashboard."""
    series = [series_rows(evidence, name, label) for name, label in _HATE]
    table = table_of([*series, *(ward_series_rows(evidence, name, label) for name, label in _HATE[:1])])
    return View(
        view="hate_crime",
        title="Hate crime",
        purpose=(
            "Offences flagged as hate crime by the police, for the borough. One offence can carry several strands, so "
            "strands do not add up to the whole. More reports can mean more trust as well as more crime."
        ),
        table=table,
        findings=tuple(findings_of(table)),
        missing=(
            *([] if any(len(rows) for rows in series) else [_flags_from(evidence)]),
            "Reports to the council, schools and third-party centres, which the police do not count.",
        ),
    )


def children_young_people(evidence: Evidence) -> View:
    """Children and young people, as far as open counts go."""
    table = table_of([series_rows(evidence, name, label) for name, label in _YOUNG])
    ages = _share_young(evidence)
    return View(
        view="children_young_people",
        title="Children and young people",
        purpose=(
            "Open crime counts tell nothing of victims' or suspects' age. What there is: where children live, and "
            "knife injury victims aged 1 to 24 of the whole borough."
        ),
        table=table,
        findings=(*ages, *findings_of(table)),
        missing=(
            *([] if len(table) else [_flags_from(evidence)]),
            *([] if ages else ["Residents by age and small area (Census)."]),
            "Victims by age, from the police; exclusions and missing episodes, from the council: counts, never people.",
        ),
    )


def _flags_from(evidence: Evidence) -> str:
    """Return what would tell offences that ward counts do not tell apart."""
    return _NO_DASHBOARD if in_london(evidence.monitoring.panel.area.code) else _NO_FLAGS


def _share_young(evidence: Evidence) -> list[str]:
    """Say where residents under 20 are a large share."""
    frame = evidence.monitoring.ages
    ends = frame["age_band"].astype(str).map(_last_age)
    known = frame[ends.notna() & frame["ward_code"].isin(evidence.counts.ward_codes)]
    if known.empty:
        return []
    young = known[ends.loc[known.index] < _ADULT_AGE].groupby("ward_code")["persons"].sum()
    share = (young / known.groupby("ward_code")["persons"].sum()).dropna().sort_values(ascending=False)
    if share.empty:
        return []
    whole = young.sum() / known["persons"].sum()
    named = ", ".join(f"{evidence.ward_name(str(code))} {100 * value:.0f}%" for code, value in share.head(3).items())
    date = pd.Timestamp(known["reference_date"].iloc[0])
    every = len(evidence.counts.ward_codes)
    where = "" if len(share) == every else f" of the {len(share):,} of {every:,} wards whose ages are held"
    return [f"Of residents{where}, {100 * whole:.0f}% are under 20 ({date:%B %Y}); most in {named}."]


def _last_age(band: str) -> float | None:
    """Return the last year of an age band such as `10-14`, infinity for `85+`, None for `all`."""
    match = re.fullmatch(r"(\d+)(?:-(\d+)|(\+))?", band)
    if match is None:
        return None
    return float("inf") if match[3] else float(match[2] or match[1])

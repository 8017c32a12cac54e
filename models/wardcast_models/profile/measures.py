"""What the assessment counts: all crime, the partnership's priorities, families of categories, categories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from wardcast_models.panel.panel import Panel
from wardcast_models.profile.assessment import TABLE_COLUMNS
from wardcast_models.profile.origin import STREET_FILES, WARD_RELEASE, crime_source, in_london
from wardcast_models.reference.taxonomy import ASB, Category, families, priorities, taxonomy

ALL_CRIME = "all_crime"
"""Id of the measure that sums every category of crime; incidents that are none, such as ASB, are not in it."""

VIOLENCE_WITH_INJURY = "violence_with_injury"
NON_DOMESTIC_VIOLENCE = "violence_with_injury_non_domestic"
KNIFE_CRIME = "serious_youth_violence_knife"
DOMESTIC_VIOLENCE_SERIES = "domestic_abuse_violence_with_injury"
KNIFE_SERIES = "knife_crime"

_FROM_DASHBOARD = {NON_DOMESTIC_VIOLENCE, KNIFE_CRIME}
_DASHBOARD = "MPS Monthly Crime Dashboard, borough series"
_SOURCES = {
    "asb": "data.police.uk street files (incidents reported to the police)",
    "council_asb": "the council's log of anti-social behaviour",
    "fly_tipping": "the council's log of fly-tipping",
    "deliberate_fires": "London Fire Brigade incidents",
}
_PRIORITY_LABELS = {"burglary": "Burglary, all", "less_violence": "Other violence"}


_TOO_FEW = "too few for one ward to be compared with another"

_OF_COUNTS = {
    "violence_with_injury": "domestic abuse is in it",
    "rape": "mostly in private places; much is never reported",
    "other_sexual_offences": "mostly in private places; much is never reported",
    "fraud_forgery": "recorded nationally since 2013, so next to none is counted here",
}
"""What a reader of counts has to know, where the note of the taxonomy speaks to those who plan."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One thing that is counted.

    Attributes:
        measure: Id, unique among the measures.
        label: Name for people.
        level: `all`, `priority`, `family` or `category`.
        crime: Whether it is recorded crime.
        categories: Analysis categories that it sums; for a measure of a borough series, those taken with it.
        series: Borough series that it is drawn from, or "": such a measure has no wards.
        source: Where its counts come from.
        caveat: What a reader has to know, or "".
    """

    measure: str
    label: str
    level: str
    crime: bool
    categories: tuple[str, ...]
    series: str
    source: str
    caveat: str


def measures_of(panel: Panel) -> tuple[Measure, ...]:
    """Return the measures that a panel can give, each once: all crime, priorities, families, categories.

    Police ASB and the council's log are never added, and no incident that is no crime enters a total of crimes.

    Args:
        panel: The panel.

    Returns:
        Measures in the order of telling.
    """
    kinds = [taxonomy()[category] for category in panel.categories]
    crimes = [kind for kind in kinds if kind.crime]
    made = [_all_crime(crimes)] if crimes else []
    made += _priorities(panel, kinds)
    for family, label in families().items():
        members = [kind for kind in crimes if kind.major == family]
        if len(members) > 1:
            made.append(_sum(family, f"{label} (all)", "family", members))
    made += [_category(kind) for kind in kinds]
    told: dict[str, Measure] = {}
    for measure in made:
        told.setdefault(measure.measure, replace(measure, source=_source_here(measure.source, panel)))
    return tuple(told.values())


def measures_table(
    measures: tuple[Measure, ...], left_out: Mapping[str, tuple[str, ...]], also: Iterable[str] = ()
) -> pd.DataFrame:
    """Return the measures as a table.

    Args:
        measures: The measures.
        left_out: Categories that a measure does not add up after all, by measure.
        also: Ids of whatever else is told; categories that only maps and points have (police.uk's own) are added.

    Returns:
        Columns `TABLE_COLUMNS["measures"]`.
    """
    held = {measure.measure for measure in measures}
    more = [_category(kind) for category, kind in taxonomy().items() if category in set(also) - held]
    rows = [
        (
            m.measure,
            m.label,
            m.level,
            m.crime,
            "" if m.series else " ".join(c for c in m.categories if c not in left_out.get(m.measure, ())),
            m.source,
            m.caveat,
        )
        for m in (*measures, *more)
    ]
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS["measures"]))


def source_of(category: str) -> str:
    """Return where the counts of a category come from, for people.

    Args:
        category: Analysis category.

    Returns:
        The source.
    """
    if category.startswith("policeuk_"):
        return STREET_FILES
    return _SOURCES.get(category, WARD_RELEASE)


def _source_here(source: str, panel: Panel) -> str:
    """Return a measure's sources as they are where the area is."""
    found = [crime_source(panel) if one == WARD_RELEASE else one for one in source.split("; ")]
    if not in_london(panel.area.code):
        found = [
            "incidents of the fire and rescue service" if one == _SOURCES["deliberate_fires"] else one for one in found
        ]
    return "; ".join(dict.fromkeys(found))


def _all_crime(crimes: list[Category]) -> Measure:
    measure = _sum(ALL_CRIME, "All crime", "all", crimes)
    caveat = "Every category of recorded crime; anti-social behaviour, reports to the council and fires are not in it."
    return replace(measure, caveat=caveat)


def _priorities(panel: Panel, kinds: list[Category]) -> list[Measure]:
    held = set(panel.borough_series["series"][panel.borough_series["area_code"] == panel.area.code])
    made = []
    for priority, label in priorities().items():
        members = [kind for kind in kinds if kind.priority == priority]
        if priority in _FROM_DASHBOARD:
            if priority == NON_DOMESTIC_VIOLENCE and DOMESTIC_VIOLENCE_SERIES in held:
                made.append(_non_domestic(label))
            elif priority == KNIFE_CRIME and KNIFE_SERIES in held:
                made.append(_knife())
        elif members:
            made.append(_sum(priority, _PRIORITY_LABELS.get(priority, label), "priority", members))
    return made


def _non_domestic(label: str) -> Measure:
    return Measure(
        measure=NON_DOMESTIC_VIOLENCE,
        label=label,
        level="priority",
        crime=True,
        categories=(VIOLENCE_WITH_INJURY,),
        series=DOMESTIC_VIOLENCE_SERIES,
        source=f"{WARD_RELEASE} less {_DASHBOARD}",
        caveat="Violence with injury of the wards less the borough's domestic-abuse violence with injury; no wards. "
        "The two files are counted apart, so the difference is approximate.",
    )


def _knife() -> Measure:
    return Measure(
        measure=KNIFE_CRIME,
        label="Knife crime",
        level="priority",
        crime=True,
        categories=(),
        series=KNIFE_SERIES,
        source=_DASHBOARD,
        caveat="The borough's knife crime offences of victims of every age; serious youth violence is not published "
        "openly. Too few for wards. The same offences also stand under robbery and violence.",
    )


def _sum(measure: str, label: str, level: str, kinds: list[Category]) -> Measure:
    sources = dict.fromkeys(source_of(kind.category) for kind in kinds)
    return Measure(
        measure=measure,
        label=label,
        level=level,
        crime=all(kind.crime for kind in kinds),
        categories=tuple(kind.category for kind in kinds),
        series="",
        source="; ".join(sources),
        caveat=_sentence(kinds[0]) if len(kinds) == 1 else _shared_caveat(kinds),
    )


def _category(kind: Category) -> Measure:
    return _sum(kind.category, kind.label, "category", [kind])


def _shared_caveat(kinds: list[Category]) -> str:
    return "Counts follow police activity." if all(kind.police_generated for kind in kinds) else ""


def _sentence(kind: Category) -> str:
    parts = [_OF_COUNTS.get(kind.category, _TOO_FEW if kind.too_rare else kind.note)]
    if kind.police_generated:
        parts.append("counts follow police activity")
    elif kind.report_sensitive and kind.category != ASB:
        parts.append("partly follows what is reported")
    text = "; ".join(part for part in parts if part)
    return f"{text[0].upper()}{text[1:]}." if text else ""

"""What the open files of a year cannot give, why, and what would."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.panel import Panel
from wardcast_models.profile.assessment import TABLE_COLUMNS
from wardcast_models.profile.measures import DOMESTIC_VIOLENCE_SERIES, KNIFE_CRIME, KNIFE_SERIES, NON_DOMESTIC_VIOLENCE
from wardcast_models.profile.monthly import borough_series
from wardcast_models.profile.origin import in_london
from wardcast_models.profile.year import CoveredYear
from wardcast_models.reference.taxonomy import ASB, COUNCIL_ASB, taxonomy

GUN_SERIES = "gun_crime"
_DASHBOARD_START = "the MPS Monthly Crime Dashboard begins in 2021-08"

_ASKED = (
    (
        NON_DOMESTIC_VIOLENCE,
        "Non-domestic-abuse violence with injury",
        DOMESTIC_VIOLENCE_SERIES,
        "open ward files do not say which violence is domestic abuse",
        "Violence with injury as a whole is given. A count by domestic-abuse flag from the police would give it.",
    ),
    (
        "gun_crime",
        "Gun crime",
        GUN_SERIES,
        "open ward files have no count of crimes with a gun",
        "Possession of weapons is given, which is not the same. A count of gun offences from the police would give it.",
    ),
    (
        KNIFE_CRIME,
        "Knife crime",
        KNIFE_SERIES,
        "open ward files hold neither a knife flag nor the age of victims",
        "Robbery of personal property is given as an open proxy. The police count of knife offences would give it.",
    ),
)
_YOUTH = (
    "serious_youth_violence",
    "Serious youth violence",
    "No open file counts serious violence by the age of the victim for this year.",
    "Knife injury victims aged 1 to 24 stand in where the dashboard has them. The police count would give it.",
)
_ELSEWHERE = (
    "Not derivable: data.police.uk gives broad types of crime only, and the monthly crime dashboard is about London."
)
_SHOWN_INSTEAD = {
    NON_DOMESTIC_VIOLENCE: ("violence_with_injury", "policeuk_violence_sexual"),
    "gun_crime": ("weapons_possession", "policeuk_weapons"),
    KNIFE_CRIME: ("robbery_personal", "policeuk_robbery"),
}
"""By measure: the category that its advice speaks of, and that of police.uk which stands in."""
_KNIFE_VICTIMS_SERIES = "knife_injury_victims_1_24"


def underivable(panel: Panel, year: CoveredYear) -> pd.DataFrame:
    """List what the files of the year cannot give.

    Args:
        panel: The panel.
        year: The year.

    Returns:
        Columns `TABLE_COLUMNS["underivable"]`; `measure` need not be one of the measures.
    """
    inside = np.asarray(panel.months.isin(year.months))
    rows = []
    for measure, label, series, why, instead in _ASKED:
        held = (~np.isnan(borough_series(panel, series)[inside])).sum()
        if held < len(year.months):
            told = _why(why, int(held), len(year.months)) if in_london(panel.area.code) else _ELSEWHERE
            rows.append((measure, label, told, _instead(panel, measure, instead, inside)))
    if np.isnan(borough_series(panel, _KNIFE_VICTIMS_SERIES)[inside]).any():
        youth = (*_YOUTH[:3], "Nothing. The police count would give it.")
        rows.append(_YOUTH if in_london(panel.area.code) else youth)
    if not _has(panel, ASB, inside):
        rows.append(
            (
                ASB,
                "Anti-social behaviour reported to the police",
                f"No police file of {year.label} holds anti-social behaviour by ward; an unread month is not zero.",
                _instead_of_asb(panel, inside),
            )
        )
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS["underivable"]))


def _instead(panel: Panel, measure: str, instead: str, inside: NDArray[np.bool_]) -> str:
    """Return what is shown instead; only what the panel has of the year."""
    needed, other = _SHOWN_INSTEAD[measure]
    if _has(panel, needed, inside):
        return instead
    shown = f"{taxonomy()[other].label}: given, which is not the same. " if _has(panel, other, inside) else ""
    return f"{shown}The police's own count would give it."


def _instead_of_asb(panel: Panel, inside: NDArray[np.bool_]) -> str:
    archive = "The data.police.uk street archive of these months would give incidents reported to the police."
    is_logged = _has(panel, COUNCIL_ASB, inside)
    return f"Reports to the council are given, which are not the same. {archive}" if is_logged else archive


def _why(why: str, held: int, months: int) -> str:
    sentence = f"Not derivable for this year: {why}, and {_DASHBOARD_START} or was not supplied for all of the area."
    if held:
        sentence = f"Held for only {held} of {months} months: {why}, and the MPS dashboard's series covers only those."
    return sentence


def _has(panel: Panel, category: str, inside: NDArray[np.bool_]) -> bool:
    if category not in panel.categories:
        return False
    counts = panel.counts[panel.area_rows, panel.categories.index(category)][:, inside]
    return bool((~np.isnan(counts)).all(axis=0).any())

"""Views on places: anti-social behaviour around licensed premises, and fire."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wardcast_models.profile.assessment import View
from wardcast_models.profile.origin import in_london
from wardcast_models.profile.views.evidence import (
    RECORDED,
    Evidence,
    findings_of,
    highest_wards,
    measure_rows,
    table_of,
)

_ASB_SOURCES = ("asb", "council_asb")
_FEWEST_WARDS = 8


def asb_licensed_premises(evidence: Evidence) -> View:
    """ASB around licensed premises, by ward."""
    measure = next((name for name in _ASB_SOURCES if evidence.of_area(name) is not None), "")
    premises = _premises(evidence)
    table = measure_rows(evidence, measure, "incidents, no crimes") if measure else table_of([])
    findings = [*findings_of(table), *(highest_wards(evidence, measure) if measure else [])]
    if measure and premises is not None:
        findings += _together(evidence, measure, premises)
    missing = ["Times of day and the place of incidents: closing time cannot be told from monthly ward counts."]
    if not measure:
        missing.insert(0, f"Anti-social behaviour of {evidence.year.label}: no file holds it.")
    if premises is None:
        missing.insert(0, "Counts of licensed premises by ward, from the council's licensing register.")
    return View(
        view="asb_licensed_premises",
        title="Anti-social behaviour around licensed premises",
        purpose=(
            "Whether wards with more licensed premises also have more anti-social behaviour. Wards that go together do "
            "not show that premises cause it: shops, stations and footfall are in the same places."
        ),
        table=table,
        findings=tuple(findings),
        missing=tuple(missing),
    )


def fire(evidence: Evidence) -> View:
    """Deliberate fires and arson."""
    fires = measure_rows(evidence, "deliberate_fires", "attended by the fire brigade, no crimes")
    table = table_of([fires, measure_rows(evidence, "arson", RECORDED)])
    return View(
        view="fire",
        title="Fire",
        purpose=(
            "Deliberate fires that the fire brigade attended, and arson that the police recorded. Some fires are in "
            "both, so the two are never added."
        ),
        table=table,
        findings=(*findings_of(table), *highest_wards(evidence, "deliberate_fires" if len(fires) else "arson")),
        missing=() if len(fires) else (f"{_brigade(evidence)} incident export for this year.",),
    )


def _brigade(evidence: Evidence) -> str:
    return (
        "The London Fire Brigade's"
        if in_london(evidence.monitoring.panel.area.code)
        else "The fire and rescue service's"
    )


def _premises(evidence: Evidence) -> pd.Series | None:
    """Return premises by ward, newest up to the year's end (else the oldest later); None where no ward is held."""
    frame = evidence.monitoring.premises
    mine = frame[frame["ward_code"].isin(evidence.counts.ward_codes)]
    if mine.empty:
        return None
    known = mine[mine["month"] <= evidence.year.last_month]
    month = known["month"].max() if len(known) else mine["month"].min()
    counts = mine[mine["month"] == month].groupby("ward_code")["premises"].sum().astype(float)
    codes = list(evidence.counts.ward_codes)
    return pd.Series(counts.reindex(codes, fill_value=0.0).to_numpy(dtype=np.float64), index=codes)


def _together(evidence: Evidence, measure: str, premises: pd.Series) -> list[str]:
    from scipy.stats import spearmanr  # noqa: PLC0415 - needed by this view only

    incidents = evidence.of_wards(measure).set_index("ward_code")["count"].reindex(premises.index)
    persons = evidence.residents.persons.sum()
    rate = "" if np.isnan(persons) else f", {1000 * premises.sum() / persons:.1f} per 1,000 residents"
    sentences = [f"{premises.sum():,.0f} licensed premises are held{rate}."]
    if len(premises) < _FEWEST_WARDS or premises.nunique() < 2 or incidents.nunique() < 2:
        return sentences
    found = spearmanr(premises, incidents)
    strength, p_value = float(found.statistic), float(found.pvalue)
    clear = "more than chance would do" if p_value <= 0.05 else "which chance could explain"
    sentences.append(
        f"By ward, premises and incidents rank alike with a correlation of {strength:+.2f} over {len(premises)} wards "
        f"(p = {p_value:.3f}, {clear}). This is about wards, not about any one of the premises."
    )
    return sentences

"""What a reader has to know about residents: how a projection, estimates and rates can mislead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind, counted
from wardcast_models.panel.panel import Panel
from wardcast_models.panel.parts import Part, WardRelease
from wardcast_models.panel.places.wards import ward_register
from wardcast_models.panel.tables.tables import of_kind
from wardcast_models.reference.taxonomy import taxonomy

BUSY_RATIO = 3.0
"""Wards with more than this many times the area's median crimes a resident are places that people visit."""

_WORTH_TELLING = 0.005
_WARD_AHEAD = 0.1
_MOSTLY = 0.2
_SHOWN = 5
_YEAR_MONTHS = 12


def population_caveats(panel: Panel, parts: Sequence[Part]) -> list[Finding]:
    """Say what holds for the residents of a panel.

    Args:
        panel: The panel, complete but for its findings.
        parts: Everything that was read; the ward releases name older wards.

    Returns:
        The findings.
    """
    names = {
        code: name
        for release in of_kind(parts, WardRelease)
        for code, name in zip(release.ward_codes, release.ward_names, strict=True)
    }
    return [*_projection_against_census(panel, names), *_derived_estimates(panel), *_misleading_rates(panel)]


def _caveat(message: str) -> Finding:
    return Finding(kind=FindingKind.CAVEAT, file="", message=message)


def _census_of_area(panel: Panel) -> pd.Series:
    """Return Census residents by ward of the area; empty where a ward has none."""
    persons = panel.census.set_index("ward_code")["persons"].reindex(list(panel.area.ward_codes))
    return persons if not persons.isna().any() else persons.iloc[:0]


def _projection_against_census(panel: Panel, names: Mapping[str, str]) -> list[Finding]:
    """Compare a projection's figure for the year of the Census with the Census."""
    census = _census_of_area(panel)
    if census.empty:
        return []
    year = int(panel.census["reference_date"].dt.year.max())
    projection = panel.projection
    projected = projection[(projection["area_code"] == panel.area.code) & (projection["year"] == year)]
    if projected.empty:
        return []
    total, counted = float(projected["persons"].sum()), float(census.sum())
    ahead = total / counted - 1.0
    if abs(ahead) < _WORTH_TELLING:
        return []
    message = (
        f"The population projection runs {'ahead of' if ahead > 0 else 'behind'} the Census: for {year} it gives "
        f"{total:,.0f} residents in {panel.area.name}, where the Census counted {counted:,.0f} ({ahead:+.1%})."
    )
    wards = _wards_ahead(panel, projected.set_index("ward_code")["persons"], census, names)
    if wards:
        message += f" It is most ahead in the wards that it is made for: {'; '.join(wards)}."
    return [_caveat(f"{message} Forecasts take its growth from the level of the Census.")]


def _wards_ahead(panel: Panel, projected: pd.Series, census: pd.Series, names: Mapping[str, str]) -> list[str]:
    """Return the projection's wards that are well above the Census, its residents brought to them by the lookup.

    A Census ward's residents are shared out among the older wards that lead to it as the projection's own are.
    """
    shares = panel.ward_lookup[panel.ward_lookup["old_code"].isin(projected.index)]
    if shares.empty:
        return []
    persons = shares["share_of_old"] * shares["old_code"].map(projected)
    in_ward = persons.groupby(shares["new_code"]).transform("sum")
    counted = (persons / in_ward * shares["new_code"].map(census)).groupby(shares["old_code"]).sum(min_count=1)
    excess = (projected.reindex(counted.index) - counted).sort_values(ascending=False)
    became = _became(panel)
    return [
        f"{_called(str(code), names, became)} {projected[code]:,.0f} against about {round(counted[code], -2):,.0f}"
        for code in excess.index[:_SHOWN]
        if excess[code] > _WARD_AHEAD * counted[code]
    ]


def _became(panel: Panel) -> dict[str, list[str]]:
    """Return the names of the wards that most of an older ward became, by its code."""
    shares = panel.ward_lookup[panel.ward_lookup["share_of_old"] >= _MOSTLY]
    shares = shares[shares["new_code"].isin(panel.ward_names)].sort_values("share_of_old", ascending=False)
    return {str(old): [panel.ward_names[code] for code in rows["new_code"]] for old, rows in shares.groupby("old_code")}


def _called(code: str, names: Mapping[str, str], became: Mapping[str, list[str]]) -> str:
    """Return what to call an older ward: its name or code, with what it is now where that is called otherwise."""
    name, now = names.get(code, code), became.get(code, [])
    return name if not now or now == [name] else f"{name} (now mostly {' and '.join(now)})"


def _derived_estimates(panel: Panel) -> list[Finding]:
    """Say where residents are dated before their ward came into being: somebody worked them out."""
    register = ward_register()
    dated = panel.estimates[panel.estimates["ward_code"].isin(set(register))]
    born = [min(2000 + int(vintage[2:]) for vintage in register[code].vintages) for code in dated["ward_code"]]
    early = dated[dated["reference_date"].dt.year.to_numpy() < np.array(born, dtype=np.int64)]
    if early.empty:
        return []
    years = sorted(set(early["reference_date"].dt.year))
    message = (
        f"The residents of {counted(early['ward_code'].nunique(), 'ward')} in "
        f"{' and '.join(str(year) for year in years)} are "
        "dated before these wards came into being: they were derived from small areas, by best fit or weights, and are "
        "not a published figure."
    )
    return [_caveat(message)]


def _misleading_rates(panel: Panel) -> list[Finding]:
    """Name the wards where crimes a resident say little, because most people there live elsewhere."""
    census = _census_of_area(panel)
    crime = [position for position, category in enumerate(panel.categories) if taxonomy()[category].crime]
    counts = panel.counts[panel.area_rows][:, crime]
    observed = ~np.isnan(counts).all(axis=(0, 1))
    if census.empty or not crime or observed.sum() < _YEAR_MONTHS:
        return []
    year = np.flatnonzero(observed)[-_YEAR_MONTHS:]
    crimes = np.nansum(counts[:, :, year], axis=(1, 2))
    residents = census.to_numpy(dtype=np.float64)
    rates = np.divide(crimes, residents, out=np.zeros_like(crimes), where=residents > 0)
    usual = float(np.median(rates))
    busy = [place for place in np.argsort(-rates) if usual > 0 and rates[place] > BUSY_RATIO * usual]
    if not busy:
        return []
    codes = panel.area.ward_codes
    spelt = [
        f"{panel.ward_names[codes[place]]} ({residents[place]:,.0f} residents, {crimes[place]:,.0f} crimes in twelve "
        f"months, {rates[place] / usual:.1f} times the usual rate)"
        for place in busy[:_SHOWN]
    ]
    more = f" and {len(busy) - _SHOWN} more" if len(busy) > _SHOWN else ""
    message = (
        f"Rates per resident mislead where people do not live: {'; '.join(spelt)}{more}. Town centres and stations "
        "have many visitors and few residents; compare their counts, not their rates."
    )
    return [_caveat(message)]

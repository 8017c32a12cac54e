"""The year's counts on the maps of wards and of small areas."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.panel.panel import Panel
from wardcast_models.profile.hotspot import CountMap
from wardcast_models.profile.measures import ALL_CRIME, Measure
from wardcast_models.profile.neighbours import neighbours
from wardcast_models.profile.residents import Residents
from wardcast_models.profile.year import CoveredYear
from wardcast_models.reference.taxonomy import ASB, taxonomy

_MPS, _POLICE_UK = "mps", "policeuk"


def ward_map(
    panel: Panel,
    measures: tuple[Measure, ...],
    sums: NDArray[np.float64],
    residents: Residents,
    noise: NDArray[np.float64] | None = None,
) -> CountMap | None:
    """Lay counts out on the map of the area's wards.

    Args:
        panel: The panel.
        measures: The measures.
        sums: Their counts by ward, shape (M, W).
        residents: Residents of the wards.
        noise: Variance of the counts over their mean, shape (M, W); None where it is not asked what stands out.

    Returns:
        The map, or None where polygons are missing.
    """
    codes = panel.area.ward_codes
    touching = neighbours(panel.polygons, codes)
    if touching is None:
        return None
    return CountMap(
        unit="ward",
        codes=codes,
        labels=tuple(panel.ward_names[code] for code in codes),
        ward_codes=codes,
        measures=tuple(measure.measure for measure in measures),
        counts=sums,
        touching=touching,
        persons=residents.persons,
        noise=noise,
    )


def count_maps(
    monitoring: Monitoring,
    measures: tuple[Measure, ...],
    ward_sums: NDArray[np.float64],
    year: CoveredYear,
    residents: Residents,
    *,
    noise: NDArray[np.float64],
) -> list[CountMap]:
    """Lay the year's counts out on every map that polygons are held for.

    Args:
        monitoring: The area's files.
        measures: The measures.
        ward_sums: Counts of the year, shape (M, W).
        year: The year.
        residents: Residents of the wards.
        noise: Variance of the wards' counts over their mean, shape (M, W). A small area takes its ward's.

    Returns:
        Wards first, then small areas by source; nothing where polygons are missing.
    """
    panel = monitoring.panel
    maps = []
    wards = ward_map(panel, measures, ward_sums, residents, noise)
    if wards is not None:
        maps.append(wards)
    by_ward = pd.DataFrame(noise, index=[measure.measure for measure in measures], columns=list(panel.area.ward_codes))
    small = _small_areas(monitoring, measures, year, by_ward)
    return [*maps, small] if small is not None else maps


def _small_areas(
    monitoring: Monitoring, measures: tuple[Measure, ...], year: CoveredYear, ward_noise: pd.DataFrame
) -> CountMap | None:
    frame = monitoring.small_areas
    of_year = frame[frame["month"].isin(year.months)]
    recorded = of_year[of_year["source"] == _MPS]
    incidents = of_year[of_year["source"] == _POLICE_UK]
    # Recorded crime goes first; of police.uk's categories only anti-social behaviour means the same beside it.
    rows = pd.concat([recorded, incidents[incidents["category"] == ASB]]) if len(recorded) else incidents
    codes = tuple(sorted(monitoring.small_area_polygons))
    touching = neighbours(monitoring.small_area_polygons, codes) if len(rows) else None
    if touching is None:
        return None
    table = rows.pivot_table(index="lsoa_code", columns="category", values="count", aggfunc="sum", fill_value=0)
    table = table.reindex(list(codes), fill_value=0)
    wards = _ward_of(monitoring)
    sums = _sums_of_measures(table, measures) if len(recorded) else _sums_of_categories(table)
    if not sums:
        return None
    ward_names = monitoring.panel.ward_names
    return CountMap(
        unit="lsoa",
        codes=codes,
        labels=tuple(f"{code} ({ward_names.get(wards.get(code, ''), 'ward unknown')})" for code in codes),
        ward_codes=tuple(wards.get(code, "") for code in codes),
        measures=tuple(sums),
        counts=np.vstack(list(sums.values())),
        touching=touching,
        persons=_residents_of(monitoring, codes),
        noise=_noise_of(ward_noise, tuple(sums), [wards.get(code, "") for code in codes]),
    )


def _noise_of(ward_noise: pd.DataFrame, measures: tuple[str, ...], ward_codes: list[str]) -> NDArray[np.float64]:
    """Return the noise of small areas: that of the ward, whose counts, being larger, vary by no less of their mean.

    Where the ward or the measure is not known among the wards, the middle of the measure or of all stands in.
    """
    by_measure = ward_noise.median(axis=1).reindex(list(measures))
    by_measure = by_measure.fillna(ward_noise.median(axis=1).median())
    found = ward_noise.reindex(index=list(measures), columns=ward_codes)
    return np.asarray(found.T.fillna(by_measure).T, dtype=np.float64)


def _sums_of_measures(table: pd.DataFrame, measures: tuple[Measure, ...]) -> dict[str, NDArray[np.float64]]:
    """Return each measure's counts by small area."""
    sums = {}
    for measure in measures:
        held = [category for category in measure.categories if category in table.columns]
        if held and not measure.series:
            sums[measure.measure] = table[held].sum(axis=1).to_numpy(dtype=np.float64)
    return sums


def _sums_of_categories(table: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Return police.uk's own categories by small area, and their sum of crimes."""
    crimes = [category for category in table.columns if taxonomy()[str(category)].crime]
    sums = {ALL_CRIME: table[crimes].sum(axis=1).to_numpy(dtype=np.float64)} if crimes else {}
    return sums | {str(category): table[category].to_numpy(dtype=np.float64) for category in table.columns}


def _residents_of(monitoring: Monitoring, codes: tuple[str, ...]) -> NDArray[np.float64]:
    """Return the newest residents of each small area, NaN where not known."""
    newest = monitoring.small_area_residents.sort_values("reference_date").drop_duplicates("lsoa_code", keep="last")
    return newest.set_index("lsoa_code")["persons"].reindex(list(codes)).to_numpy(dtype=np.float64)


def _ward_of(monitoring: Monitoring) -> dict[str, str]:
    pairs = [
        frame[["lsoa_code", "ward_code"]]
        for frame in (monitoring.small_area_residents, monitoring.small_areas)
        if len(frame)
    ]
    return dict(pd.concat(pairs).drop_duplicates("lsoa_code").itertuples(index=False)) if pairs else {}

"""Small synthetic panels for tests: one borough or two, known rates, nothing random unless asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.panel import Area, Panel

AREA_CODE = "E09000002"
AREA_NAME = "Barking and Dagenham"
OTHER_CODE = "E09000016"
OTHER_NAME = "Havering"

MonthlyLevel = Callable[[pd.DatetimeIndex], NDArray[np.float64]]


def empty(*columns: str) -> pd.DataFrame:
    """Return a frame without rows."""
    return pd.DataFrame({column: [] for column in columns})


def make_panel(
    *,
    n_wards: int = 4,
    n_other_wards: int = 0,
    categories: Sequence[str] = ("violence_with_injury", "burglary_residential"),
    first_month: str = "2017-01",
    n_months: int = 60,
    monthly_mean: float = 20.0,
    level: MonthlyLevel | None = None,
    ward_weights: Sequence[float] | None = None,
    random_seed: int | None = 0,
    census_persons: Sequence[float] | None = None,
    projection: Mapping[str, Mapping[int, float]] | None = None,
    ward_lookup: pd.DataFrame | None = None,
    pipeline: pd.DataFrame | None = None,
    estimates: Mapping[str, Mapping[str, float]] | None = None,
    visitors: pd.DataFrame | None = None,
) -> Panel:
    """Build a panel with known truth.

    Args:
        n_wards: Wards of the area (`E05000001` on).
        n_other_wards: Wards of the neighbouring borough, which the area's pool may learn from (`E05000101` on).
        categories: Analysis categories; the k-th has `monthly_mean` / (k + 1) crimes a ward and month.
        first_month: First month, `YYYY-MM`.
        n_months: Number of months.
        monthly_mean: Mean of the first category a ward and month.
        level: Multiplier by month; 1 where not given.
        ward_weights: Multiplier by ward, the area's first; 1 where not given.
        random_seed: Seed of Poisson counts; None gives the rounded means themselves.
        census_persons: Census residents by ward, the area's first; no census where None.
        projection: Residents by ward code and year, on the area's codes or older ones.
        ward_lookup: `old_code, new_code, share_of_old`.
        pipeline: Housing pipeline in the panel's layout.
        estimates: Residents by ward code and day.
        visitors: Jobs and visitors in the panel's layout.

    Returns:
        The panel; its digest is the word `test`.
    """
    months = pd.date_range(f"{first_month}-01", periods=n_months, freq="MS")
    codes = [f"E0500000{number}" for number in range(1, n_wards + 1)]
    others = [f"E0500010{number}" for number in range(1, n_other_wards + 1)]
    names = [f"Ward {number}" for number in range(1, n_wards + n_other_wards + 1)]
    weights = np.ones(n_wards + n_other_wards) if ward_weights is None else np.asarray(ward_weights, dtype=float)
    levels = np.ones(n_months) if level is None else level(months)
    by_category = monthly_mean / np.arange(1, len(categories) + 1)
    means = weights[:, None, None] * by_category[None, :, None] * levels[None, None, :]
    counts = np.rint(means) if random_seed is None else np.random.default_rng(random_seed).poisson(means)
    all_codes = [*codes, *others]
    wards = pd.DataFrame(
        {
            "ward_code": all_codes,
            "ward_name": names,
            "area_code": [AREA_CODE] * n_wards + [OTHER_CODE] * n_other_wards,
            "area_name": [AREA_NAME] * n_wards + [OTHER_NAME] * n_other_wards,
        }
    )
    return Panel(
        area=Area(code=AREA_CODE, name=AREA_NAME, ward_codes=tuple(codes)),
        vintage="WD22",
        wards=wards,
        categories=tuple(categories),
        months=months,
        counts=counts.astype(np.float64),
        census=_census(all_codes, census_persons),
        estimates=_estimates(estimates),
        projection=_projection(projection),
        ward_lookup=empty("old_code", "new_code", "share_of_old") if ward_lookup is None else ward_lookup,
        pipeline=pipeline_frame() if pipeline is None else pipeline,
        visitors=visitors_frame() if visitors is None else visitors,
        ward_groups=empty("ward_code", "group"),
        baseline_hours=empty("ward_code", "shift", "officer_hours_per_month"),
        polygons={},
        borough_series=empty("area_code", "series", "month", "count"),
        findings=(),
        synthetic=True,
        digest="test",
    )


def pipeline_frame(*schemes: Mapping[str, object]) -> pd.DataFrame:
    """Return a housing pipeline of the given schemes; probability 1 and 2.4 persons a home where not said."""
    columns = ["scheme", "ward_code", "homes", "first_completion", "last_completion"]
    columns += ["probability", "persons_per_home", "source", "jobs", "homes_in_projection", "known_from"]
    defaults = {"scheme": "Scheme", "probability": 1.0, "persons_per_home": 2.4, "source": "test"}
    defaults |= {"jobs": np.nan, "homes_in_projection": np.nan, "known_from": pd.NaT}
    rows = [
        {
            **defaults,
            **scheme,
            "first_completion": pd.Timestamp(str(scheme["first_completion"])),
            "last_completion": pd.Timestamp(str(scheme["last_completion"])),
        }
        for scheme in schemes
    ]
    return pd.DataFrame(rows, columns=columns)


def visitors_frame(*rows: Mapping[str, object]) -> pd.DataFrame:
    """Return jobs and visitors by date; neither where not said."""
    columns = ["ward_code", "month", "jobs", "visitors", "source", "known_from"]
    defaults = {"jobs": np.nan, "visitors": np.nan, "source": "test", "known_from": pd.NaT}
    return pd.DataFrame(
        [{**defaults, **row, "month": pd.Timestamp(str(row["month"]))} for row in rows], columns=columns
    )


def _estimates(estimates: Mapping[str, Mapping[str, float]] | None) -> pd.DataFrame:
    rows = [
        {"ward_code": code, "persons": float(persons), "reference_date": pd.Timestamp(day), "source": "test estimates"}
        for code, by_day in (estimates or {}).items()
        for day, persons in by_day.items()
    ]
    return pd.DataFrame(rows, columns=["ward_code", "persons", "reference_date", "source"])


def _census(codes: Sequence[str], persons: Sequence[float] | None) -> pd.DataFrame:
    if persons is None:
        return empty("ward_code", "persons", "reference_date", "source")
    return pd.DataFrame(
        {
            "ward_code": list(codes)[: len(persons)],
            "persons": np.asarray(persons, dtype=float),
            "reference_date": pd.Timestamp("2021-03-21"),
            "source": "Census 2021",
        }
    )


def _projection(projection: Mapping[str, Mapping[int, float]] | None) -> pd.DataFrame:
    rows = [
        {
            "ward_code": code,
            "area_code": AREA_CODE,
            "area_name": AREA_NAME,
            "year": year,
            "persons": float(persons),
            "source": "test projection",
        }
        for code, by_year in (projection or {}).items()
        for year, persons in by_year.items()
    ]
    columns = ["ward_code", "area_code", "area_name", "year", "persons", "source"]
    return pd.DataFrame(rows, columns=columns)

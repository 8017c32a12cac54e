"""What a programme is made from: drawn for a place of any size, or read from the real files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from wardcast_models.allocation.assembly import Assembled, assemble
from wardcast_models.allocation.demand.area_facts import AreaFacts
from wardcast_models.allocation.demand.baseline import baseline_presence
from wardcast_models.allocation.demand.demand import demand_of
from wardcast_models.allocation.demand.preventable import PreventableShare
from wardcast_models.allocation.limits.asb_floor import asb_floor
from wardcast_models.allocation.premises import premises_of
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.forecasting.archive import load_forecast, save_forecast
from wardcast_models.forecasting.expectation import COMPONENTS
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.forecasting.registry import DEFAULT_FORECASTER, forecaster
from wardcast_models.panel.archive import load_panel, save_panel
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.tables import packaged_rows
from wardcast_models.reference.taxonomy import ASB, taxonomy
from wardcast_models.sample.place import PACKAGE as SAMPLE

MONTHS = 3
PATHS = 500
UNTIL = pd.Timestamp("2025-03-01")
NO_BASELINE = pd.DataFrame(columns=["ward_code", "shift", "officer_hours_per_month"])

SAMPLE_WARDS = 19
"""Wards that the sample's monthly levels are of."""

RESIDENTS_PER_WARD = 11_500.0


class Inputs(Protocol):
    """A forecast, and what else a programme of its area needs."""

    forecast: Forecast

    def assembled(self, request: PlanRequest) -> Assembled:
        """Put the programme's problem together.

        Args:
            request: The request.

        Returns:
            The problem.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class DrawnInputs:
    """A drawn place: no panel, and every ward with residents.

    Attributes:
        forecast: The forecast.
        persons: Residents, shape (W,).
    """

    forecast: Forecast
    persons: np.ndarray[tuple[int], np.dtype[np.float64]]

    def assembled(self, request: PlanRequest) -> Assembled:
        """See `Inputs.assembled`."""
        shares = {
            name: PreventableShare(value=known.preventable[1], source=known.preventable_source)
            for name, known in taxonomy().items()
        }
        demand = demand_of(self.forecast, request, shares)
        facts = AreaFacts(
            persons=np.repeat(self.persons[:, None], len(self.forecast.months), axis=1),
            groups=("",) * len(self.persons),
            neighbours=None,
            source="drawn",
        )
        baseline = baseline_presence(request, demand, NO_BASELINE)
        return assemble(request, demand, baseline, asb_floor(demand, request, None), facts)


@dataclass(frozen=True, kw_only=True)
class RealInputs:
    """A panel of the official files.

    Attributes:
        forecast: The forecast.
        panel: The panel that it was made from.
    """

    forecast: Forecast
    panel: Panel

    def assembled(self, request: PlanRequest) -> Assembled:
        """See `Inputs.assembled`."""
        return premises_of(forecast=self.forecast, panel=self.panel, request=request).problem


def drawn_inputs(n_wards: int, *, seed: int = 0) -> DrawnInputs:
    """Draw a place: the sample's levels by category, spread unevenly over wards of uneven size.

    Args:
        n_wards: Number of wards W.
        seed: Of everything drawn.

    Returns:
        The place; anti-social behaviour is not forecast, so its floor applies.
    """
    rng = np.random.default_rng([seed, n_wards])
    rows = [row for row in packaged_rows("categories.csv", package=SAMPLE) if row["category"] != ASB]
    level = np.array([float(row["monthly_level"]) for row in rows]) / SAMPLE_WARDS
    persons = RESIDENTS_PER_WARD * rng.lognormal(0.0, 0.2, n_wards)
    crowded = rng.gamma(2.0, 0.5, (n_wards, 1))  # a few wards have several times the mean
    ward = persons[:, None] / persons.mean() * crowded * rng.lognormal(0.0, 0.25, (n_wards, len(rows)))
    season = 1 + 0.1 * np.sin(np.arange(MONTHS))
    mean = (level * ward)[:, :, None] * season  # (W, C, H)
    shock = rng.gamma(20.0, 1 / 20.0, (PATHS, 1, len(rows), 1))
    nothing = np.zeros((len(COMPONENTS) - 1, *mean.shape))
    forecast = Forecast(
        area_code="drawn",
        area_name="Drawn",
        ward_codes=tuple(f"E05{number:06d}" for number in range(1, n_wards + 1)),
        ward_names=tuple(f"Ward {number}" for number in range(1, n_wards + 1)),
        categories=tuple(row["category"] for row in rows),
        months=pd.date_range(UNTIL + pd.offsets.MonthBegin(1), periods=MONTHS, freq="MS"),
        paths=rng.poisson(mean * shock).astype(np.int32),
        components=np.concatenate([mean[None], nothing]),
        member_weights=(("drawn", 1.0),),
        demand_history=mean.mean(axis=2),
        exposure_growth=np.ones((n_wards, MONTHS)),
        until=UNTIL,
        model="drawn",
        seed=seed,
        scenario="as_planned",
        panel_digest="drawn",
        synthetic=True,
        assumptions=(),
    )
    return DrawnInputs(forecast=forecast, persons=persons)


def keep_real_inputs(data: Path, area: str, folder: Path) -> None:
    """Read the official files, train, forecast, and keep the panel and the forecast.

    Args:
        data: Folder of the official files.
        area: GSS code or name.
        folder: Where they are kept.

    Raises:
        WardcastError: The files cannot be used.
    """
    panel = read_folder(data, area=area)
    trained = forecaster(DEFAULT_FORECASTER).fit(panel, until=panel.last_month)
    folder.mkdir(parents=True, exist_ok=True)
    save_panel(panel, folder / "panel.npz")
    save_forecast(trained.forecast(horizon_months=MONTHS, n_paths=PATHS), folder / "forecast.npz")


def kept_inputs(folder: Path) -> RealInputs:
    """Load what `keep_real_inputs` kept.

    Args:
        folder: Where they are kept.

    Returns:
        The panel and the forecast.
    """
    return RealInputs(forecast=load_forecast(folder / "forecast.npz"), panel=load_panel(folder / "panel.npz"))


def demand_by_ward(forecast: Forecast) -> dict[str, float]:
    """Return the expected crimes a month by ward code.

    Args:
        forecast: The forecast.

    Returns:
        Above 0.
    """
    crimes = forecast.mean.sum(axis=1).mean(axis=1)
    return {code: float(max(count, 1e-9)) for code, count in zip(forecast.ward_codes, crimes, strict=True)}

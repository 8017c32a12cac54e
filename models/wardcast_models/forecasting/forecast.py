"""The result of forecasting: joint, count-valued sample paths over wards, categories and months."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

QUANTILES: tuple[float, ...] = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
"""Quantiles written to the forecast file, in column order."""

TOO_FEW_PER_MONTH = 5.0
"""Below this mean count a month a ward series carries no ward claim (`too_few`)."""


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """Joint sample paths of the counts of an area's wards.

    S paths, W wards, C categories, H months. In each path the wards' counts add up to the area's: there is no
    separate area forecast to disagree with.

    Attributes:
        area_code: GSS code of the area.
        ward_codes: Length W.
        ward_names: Length W.
        categories: Analysis category ids; length C.
        months: Month starts; length H.
        paths: Counts, int32, shape (S, W, C, H).
        demand_history: Mean monthly count of the last 12 observed months, shape (W, C); NaN where unobserved.
        exposure_growth: Persons in the target month over persons in the fitting window, shape (W, H); 1 where no
            population is known.
        until: Last month of data used.
        model: Name of the forecaster.
        seed: Seed of the paths.
        scenario: Name of the population and housing scenario.
        panel_digest: Digest of the panel used.
        synthetic: True for the embedded sample.
        assumptions: What the forecaster assumed, each a sentence.
    """

    area_code: str
    ward_codes: tuple[str, ...]
    ward_names: tuple[str, ...]
    categories: tuple[str, ...]
    months: pd.DatetimeIndex
    paths: NDArray[np.int32]
    demand_history: NDArray[np.float64]
    exposure_growth: NDArray[np.float64]
    until: pd.Timestamp
    model: str
    seed: int
    scenario: str
    panel_digest: str
    synthetic: bool
    assumptions: tuple[str, ...]

    @cached_property
    def mean(self) -> NDArray[np.float64]:
        """Mean count over the paths, shape (W, C, H)."""
        return np.asarray(self.paths.mean(axis=0, dtype=np.float64))

    @cached_property
    def too_few(self) -> NDArray[np.bool_]:
        """Where a ward series has too few crimes for a claim at ward level, shape (W, C).

        The rule is on the series (its mean over the horizon), not on each month, so that a series does not
        flicker between the two.
        """
        return np.asarray(self.mean.mean(axis=2) < TOO_FEW_PER_MONTH)

    def quantiles(self, levels: tuple[float, ...] = QUANTILES) -> NDArray[np.float64]:
        """Return quantiles over the paths.

        Args:
            levels: Quantile levels in (0, 1); length Q.

        Returns:
            Counts, shape (Q, W, C, H); each an observed count of some path (no interpolation).
        """
        return np.asarray(np.quantile(self.paths, levels, axis=0, method="inverted_cdf"), dtype=np.float64)

    def to_frame(self) -> pd.DataFrame:
        """Return the forecast file's frame.

        Returns:
            Columns `ward_code, ward_name, category, month, mean, q05, q10, q25, q50, q75, q90, q95, status, model`;
            `month` as `YYYY-MM`; `status` is `ok` or `too_few`; `model` ends with `(SYNTHETIC)` for the embedded
            sample.
        """
        n_wards, n_categories, n_months = self.mean.shape
        shape = (n_wards, n_categories, n_months)
        columns: dict[str, NDArray[np.generic]] = {
            "ward_code": np.repeat(np.array(self.ward_codes, dtype=object), n_categories * n_months),
            "ward_name": np.repeat(np.array(self.ward_names, dtype=object), n_categories * n_months),
            "category": np.tile(np.repeat(np.array(self.categories, dtype=object), n_months), n_wards),
            "month": np.tile(np.array(self.months.strftime("%Y-%m"), dtype=object), n_wards * n_categories),
            "mean": self.mean.reshape(-1),
        }
        for level, values in zip(QUANTILES, self.quantiles(), strict=True):
            columns[f"q{round(level * 100):02d}"] = values.reshape(-1)
        status = np.where(self.too_few, "too_few", "ok")
        columns["status"] = np.broadcast_to(status[:, :, None], shape).reshape(-1)
        model = f"{self.model} (SYNTHETIC)" if self.synthetic else self.model
        columns["model"] = np.full(int(np.prod(shape)), model, dtype=object)
        return pd.DataFrame(columns)

"""The result of forecasting: joint, count-valued sample paths over wards, categories and months."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting.expectation import COMPONENTS
from wardcast_models.forecasting.per_person import PerPersonEffect

QUANTILES: tuple[float, ...] = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
"""Quantiles written to the forecast file, in column order."""

TOO_FEW_PER_MONTH = 5.0
"""Below this mean count a month a ward series carries no ward claim (`too_few`)."""

WIDE_PER_MONTH = 30.0
"""Below this mean count a month a forecast errs by more than about 20 % (Gorr, Olligschlaeger and Thompson,
International Journal of Forecasting 19, 2003), so it is shown as wide."""


class Precision(StrEnum):
    """How much a series can say, by its mean count a month."""

    TOO_FEW = "too_few"
    """Below 5: no claim about it is made; it can be read at a coarser level."""
    WIDE = "wide"
    """Below 30: an error of more than about 20 % is to be expected."""
    OK = "ok"
    """30 or more."""


def precision_of(per_month: float) -> Precision:
    """Return how much a series of this mean count a month can say."""
    if per_month < TOO_FEW_PER_MONTH:
        return Precision.TOO_FEW
    return Precision.WIDE if per_month < WIDE_PER_MONTH else Precision.OK


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """Joint sample paths of the counts of an area's wards.

    S paths, W wards, C categories, H months. In each path the wards' counts add up to the area's: there is no
    separate area forecast to disagree with.

    Attributes:
        area_code: GSS code of the area.
        area_name: Its name; its code where a forecast was stored without one.
        ward_codes: Length W.
        ward_names: Length W.
        categories: Analysis category ids; length C.
        months: Month starts; length H.
        paths: Counts, int32, shape (S, W, C, H).
        components: Expected counts in parts that add up to them, shape (6, W, C, H), in the order of
            `expectation.COMPONENTS`.
        member_weights: Names of the models whose mean is expected, and their weights (mean over categories).
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
        clusters: Name of each ward's group (see `grouping.clusters_of`), length W; empty where there are no groups.
        per_person: How far crime follows residents, None where no growth of residents plays a part.
    """

    area_code: str
    area_name: str
    ward_codes: tuple[str, ...]
    ward_names: tuple[str, ...]
    categories: tuple[str, ...]
    months: pd.DatetimeIndex
    paths: NDArray[np.int32]
    components: NDArray[np.float64]
    member_weights: tuple[tuple[str, float], ...]
    demand_history: NDArray[np.float64]
    exposure_growth: NDArray[np.float64]
    until: pd.Timestamp
    model: str
    seed: int
    scenario: str
    panel_digest: str
    synthetic: bool
    assumptions: tuple[str, ...]
    clusters: tuple[str, ...] = ()
    per_person: PerPersonEffect | None = None

    @cached_property
    def mean(self) -> NDArray[np.float64]:
        """Mean count, shape (W, C, H): the sum of its components, which the paths scatter around.

        It is that of the model, free of the error that a finite number of paths would add.
        """
        return np.asarray(self.components.sum(axis=0))

    @cached_property
    def too_few(self) -> NDArray[np.bool_]:
        """Where a ward series has too few crimes for a claim at ward level, shape (W, C).

        The rule is on the series (its mean over the horizon), not on each month, so that a series does not
        flicker between the two.
        """
        return np.asarray(self.mean.mean(axis=2) < TOO_FEW_PER_MONTH)

    @cached_property
    def precision(self) -> tuple[tuple[Precision, ...], ...]:
        """How much each series can say, W tuples of length C; `too_few` is the same rule."""
        return tuple(tuple(precision_of(float(per_month)) for per_month in row) for row in self.mean.mean(axis=2))

    def quantiles(self, levels: tuple[float, ...] = QUANTILES) -> NDArray[np.float64]:
        """Return quantiles over the paths.

        Args:
            levels: Quantile levels in (0, 1); length Q.

        Returns:
            Counts, shape (Q, W, C, H); each an observed count of some path (no interpolation).
        """
        return np.asarray(np.quantile(self.paths, levels, axis=0, method="inverted_cdf"), dtype=np.float64)

    def months_from(self, first: pd.Timestamp, n_months: int) -> Forecast:
        """Return the same forecast of some of its months only.

        Args:
            first: First month wanted.
            n_months: Months wanted, one after another.

        Returns:
            The forecast, path by path the same in those months; `until` stays what it was.

        Raises:
            ValueError: It does not cover these months.
        """
        start = int(self.months.get_indexer(pd.DatetimeIndex([first]))[0])
        if start < 0 or n_months < 1 or start + n_months > len(self.months):
            raise ValueError(f"the forecast of {self.months[0]:%Y-%m} to {self.months[-1]:%Y-%m} does not cover these")
        wanted = slice(start, start + n_months)
        return replace(
            self,
            months=self.months[wanted],
            paths=self.paths[..., wanted],
            components=self.components[..., wanted],
            exposure_growth=self.exposure_growth[:, wanted],
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the forecast file's frame, without the level to read too few crimes at (see `levels.level_frame`).

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

    def decomposition_frame(self) -> pd.DataFrame:
        """Return the expected counts in parts.

        Returns:
            Columns `ward_code, category, month, level, season, trend, residents, homes, events, expected`; `month` as
            a month start. The six parts of a row add up to its `expected`.
        """
        index = pd.MultiIndex.from_product(
            [self.ward_codes, self.categories, self.months], names=["ward_code", "category", "month"]
        )
        parts = dict(zip(COMPONENTS, self.components.reshape(len(COMPONENTS), -1), strict=True))
        return pd.DataFrame({**parts, "expected": self.mean.reshape(-1)}, index=index).reset_index()

"""Summaries and calibration: what the measures of a backtest's cells say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.panels import make_panel
from tests.scored_cells import draw_cells
from wardcast_models.evaluation import metrics
from wardcast_models.evaluation.calibration import BANDS, calibration_by_band
from wardcast_models.evaluation.cells import join_cells
from wardcast_models.evaluation.summary import by_horizon, by_origin, by_ward_group, summarise

PANEL = make_panel(n_months=96, monthly_mean=10.0)
RATE = np.array([10.0, 5.0])[None, :, None]
RIGHT = draw_cells(PANEL, RATE)
HIGH = draw_cells(PANEL, 1.3 * RATE, model="too high")


def test_scores_are_measured_over_the_cells_and_scaled_by_what_was_recorded() -> None:
    row = summarise(RIGHT).iloc[0]
    total = RIGHT["actual"].sum()
    assert row["winkler_80"] == pytest.approx(RIGHT["winkler_80"].sum() / total, rel=1e-6)
    assert row["winkler_90"] == pytest.approx(RIGHT["winkler_90"].sum() / total, rel=1e-6)
    assert row["scaled_crps"] == pytest.approx(RIGHT["crps"].sum() / total, rel=1e-6)
    assert row["scaled_crps_19"] == pytest.approx(2.0 * RIGHT["pinball"].sum() / total, rel=1e-6)
    assert row["scaled_crps_19"] == pytest.approx(row["scaled_crps"], rel=0.05)
    squared = RIGHT.assign(error=np.square(RIGHT["actual"] - RIGHT["mean"]) / RIGHT["squared_scale"])
    expected = np.sqrt(squared.groupby(["ward_code", "category"])["error"].mean()).mean()
    assert row["rmsse"] == pytest.approx(expected, rel=1e-6)
    assert row["cells"] == 4 * 2 * 12
    assert row["negatives"] == 0


def test_models_keep_their_order_and_what_needs_paths_stays_unknown_without_them() -> None:
    peer = HIGH.assign(crps=np.float32(np.nan), pit=np.float32(np.nan), mass_80=np.float32(np.nan))
    summary = summarise(join_cells([peer, RIGHT]))
    assert summary["model"].tolist() == ["too high", "right"]
    assert summary.loc[0, ["scaled_crps", "pit_80"]].isna().all()
    assert summary.drop(columns=["scaled_crps", "pit_80"]).notna().all().all()
    assert summary.loc[1].notna().all()


def test_cells_below_zero_are_counted() -> None:
    lowest = RIGHT["lowest"].copy()
    lowest.iloc[[3, 20]] = [-0.5, -1.0]
    assert summarise(RIGHT.assign(lowest=lowest))["negatives"].item() == 2


def test_series_that_cannot_be_scaled_are_left_out_of_scaled_errors_only() -> None:
    first = (RIGHT["ward_code"] == "E05000001").to_numpy()
    unscaled = RIGHT.assign(
        scale=RIGHT["scale"].where(~first, 0.0), squared_scale=RIGHT["squared_scale"].where(~first, np.nan)
    )
    scores, others = summarise(unscaled).iloc[0], summarise(RIGHT[~first]).iloc[0]
    assert scores["mase"] == others["mase"]
    assert scores["rmsse"] == others["rmsse"]
    assert scores["wape"] == summarise(RIGHT)["wape"].item()


def test_months_ahead_and_origins_are_measured_apart() -> None:
    later = draw_cells(PANEL, 1.3 * RATE, origin=pd.Timestamp("2021-12"))
    both = join_cells([RIGHT, later])
    horizons = by_horizon(both)
    assert horizons["horizon"].tolist() == list(range(1, 13))
    assert horizons["cells"].tolist() == [4 * 2 * 2] * 12
    origins = by_origin(both)
    assert origins["mase"].tolist() == [summarise(RIGHT)["mase"].item(), summarise(later)["mase"].item()]


def test_origins_that_a_known_break_touches_are_marked() -> None:
    panel = make_panel(n_months=110)
    origins = ["2018-06", "2019-12", "2020-12", "2021-09", "2023-06"]
    cells = join_cells([draw_cells(panel, 20.0, origin=pd.Timestamp(origin), n_paths=10) for origin in origins])
    marked = by_origin(cells)
    assert marked["pandemic"].tolist() == ["none", "target", "both", "last year", "none"]
    assert marked["recording_change"].tolist() == ["none", "none", "none", "none", "target"]


def test_bias_is_pooled_over_the_wards_of_a_group() -> None:
    groups = {"growing": PANEL.area.ward_codes[:2], "every ward": PANEL.area.ward_codes, "elsewhere": ["E05999999"]}
    scores = by_ward_group(join_cells([RIGHT, HIGH]), groups).set_index(["group", "model"])
    assert set(scores.index.get_level_values("group")) == {"growing", "every ward"}
    growing = HIGH[HIGH["ward_code"].isin(PANEL.area.ward_codes[:2])]
    expected = metrics.bias(growing["actual"].to_numpy(), growing["mean"].to_numpy())
    assert scores.loc[("growing", "too high"), "bias"] == pytest.approx(expected, rel=1e-6)
    assert scores.loc[("every ward", "right"), "bias"] == pytest.approx(summarise(RIGHT)["bias"].item())
    assert by_ward_group(RIGHT, {}).empty


@pytest.fixture(scope="module")
def bands() -> pd.DataFrame:
    """Calibration of a right, an overconfident and a timid forecaster of the same counts, low to high."""
    weights = np.geomspace(0.02, 3.0, 60)
    panel = make_panel(n_wards=60, n_months=60, monthly_mean=20.0, ward_weights=weights)
    rate = (weights[:, None] * np.array([20.0, 10.0]))[:, :, None]
    parts = [draw_cells(panel, rate, origin=origin, n_paths=300) for origin in panel.months[24:48]]
    right = join_cells(parts)
    middle = right["median"]
    narrow = right.assign(
        model=pd.Categorical(["narrow"] * len(right)),
        q10=(middle - (middle - right["q10"]) / 3).round(),
        q90=(middle + (right["q90"] - middle) / 3).round(),
        pit=0.5 + 1.6 * (right["pit"] - 0.5),
    )
    return calibration_by_band(join_cells([right, narrow])).set_index(["model", "band"])


def test_a_right_forecaster_is_calibrated_in_every_band(bands: pd.DataFrame) -> None:
    right = bands.loc["right"]
    assert right.index.tolist() == list(BANDS)
    assert right["enough"].all()
    assert right["pit_80"].to_numpy() == pytest.approx(np.full(4, 0.8), abs=0.03)
    assert right["coverage_80"].to_numpy() == pytest.approx(right["coverage_80_perfect"].to_numpy(), abs=0.03)


def test_the_closed_interval_over_covers_most_where_counts_are_low(bands: pd.DataFrame) -> None:
    perfect = bands.loc["right", "coverage_80_perfect"]
    assert perfect["under 1"] > 0.87
    assert perfect["under 1"] > perfect["15 and over"] > 0.8


def test_an_overconfident_forecaster_is_seen(bands: pd.DataFrame) -> None:
    narrow = bands.loc["narrow"]
    assert (narrow["pit_80"] < 0.6).all()
    assert narrow.loc["15 and over", "coverage_80"] < narrow.loc["15 and over", "coverage_80_perfect"] - 0.2


def test_bands_with_few_cells_are_marked_and_empty_ones_absent() -> None:
    table = calibration_by_band(RIGHT).set_index("band")
    assert table.index.tolist() == ["1 to 5", "5 to 15"]
    assert not table["enough"].any()
    assert table["cells"].sum() == len(RIGHT)

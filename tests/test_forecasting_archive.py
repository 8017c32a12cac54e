"""A stored forecast is there whole or not at all."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from tests.panels import make_panel
from wardcast_models.files import write_atomically
from wardcast_models.forecasting.archive import load_forecast, save_forecast
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.forecasting.registry import forecaster


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    panel = make_panel(n_months=24)
    return forecaster("mean_12_months").fit(panel, until=panel.last_month).forecast(horizon_months=2, n_paths=5)


def test_a_forecast_comes_back_exactly_under_the_name_given(forecast: Forecast, tmp_path: Path) -> None:
    save_forecast(forecast, tmp_path / "new" / "forecast.bin")
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["forecast.bin"]
    back = load_forecast(tmp_path / "new" / "forecast.bin")
    for field in fields(Forecast):
        assert np.array_equal(getattr(forecast, field.name), getattr(back, field.name)), field.name


def test_a_forecast_that_cannot_be_written_leaves_the_old_one_and_nothing_else(
    forecast: Forecast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "forecast.npz"
    save_forecast(forecast, path)
    before = path.read_bytes()

    def full_disk(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez_compressed", full_disk)
    with pytest.raises(OSError, match="no space left"):
        save_forecast(replace(forecast, seed=9), path)
    assert [file.name for file in tmp_path.iterdir()] == ["forecast.npz"]
    assert path.read_bytes() == before


def test_half_a_file_is_never_seen(tmp_path: Path) -> None:
    path = tmp_path / "file"

    def half(temporary: Path) -> None:
        temporary.write_text("half")
        assert not path.exists()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, half)
    assert list(tmp_path.iterdir()) == []

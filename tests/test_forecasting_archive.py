"""A stored forecast is there whole or not at all."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from tests.panels import make_panel
from wardcast_models.errors import ErrorKind, WardcastError
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


@pytest.mark.parametrize(("kept_as", "found"), [(None, "that of an earlier release"), ("other-9", "format 'other-9'")])
def test_a_forecast_of_another_release_is_refused_with_what_to_do(
    forecast: Forecast, tmp_path: Path, kept_as: str | None, found: str
) -> None:
    path = tmp_path / "fc-1.npz"
    save_forecast(forecast, path)
    with np.load(path) as stored:
        content = dict(stored)
    facts = json.loads(str(content["facts"]))
    facts["format"] = kept_as
    if kept_as is None:
        # What the first release kept.
        del facts["format"], facts["clusters"], facts["member_weights"], content["components"]
    np.savez_compressed(path, **{**content, "facts": np.array(json.dumps(facts))})
    with pytest.raises(WardcastError, match=r"fc-1\.npz is no readable stored forecast") as refused:
        load_forecast(path)
    assert refused.value.kind is ErrorKind.INVALID_INPUT
    assert refused.value.problems[0].found == found
    assert refused.value.problems[0].mend == "Make the forecast again."


@pytest.mark.parametrize("length", [0, 1000, None])
def test_a_missing_or_damaged_forecast_is_refused_without_naming_its_folder(
    forecast: Forecast, tmp_path: Path, length: int | None
) -> None:
    path = tmp_path / "fc-1.npz"
    if length is not None:
        save_forecast(forecast, path)
        path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(WardcastError, match="no readable stored forecast") as refused:
        load_forecast(path)
    assert str(tmp_path) not in str(refused.value)


def test_half_a_file_is_never_seen(tmp_path: Path) -> None:
    path = tmp_path / "file"

    def half(temporary: Path) -> None:
        temporary.write_text("half")
        assert not path.exists()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, half)
    assert list(tmp_path.iterdir()) == []

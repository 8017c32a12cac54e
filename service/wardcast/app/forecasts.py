"""Use case: forecast an area's wards and keep the sample paths."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from wardcast.app.datasets import Dataset
from wardcast.app.models import TrainedModel, obtain
from wardcast.app.workspace import Workspace
from wardcast.store.identifiers import new_id
from wardcast.store.records import ForecastRecord
from wardcast_models.forecasting.archive import load_forecast, save_forecast
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.forecasting.pipeline import SCENARIOS, homes_to_come
from wardcast_models.progress import Progress, silent


@dataclass(frozen=True, kw_only=True)
class MadeForecast:
    """A kept forecast.

    Attributes:
        record: Its record.
        forecast: The forecast itself.
        trained: The model that made it; None where the forecast was kept already and none was loaded.
    """

    record: ForecastRecord
    forecast: Forecast
    trained: TrainedModel | None = None


def make_forecast(
    workspace: Workspace,
    dataset: Dataset,
    *,
    until: pd.Timestamp | None = None,
    horizon_months: int,
    n_paths: int = 500,
    seed: int = 0,
    scenario: str = "as_planned",
    model: str | None = None,
    forecast_id: str | None = None,
    progress: Progress = silent,
) -> MadeForecast:
    """Forecast with a model trained on exactly these data, training one where there is none.

    Args:
        workspace: Where it is kept.
        dataset: What it learns from.
        until: Last month learned from; None takes the last there is.
        horizon_months: Months ahead, 1 to 36.
        n_paths: Number of sample paths.
        seed: Seed of the paths.
        scenario: Population and housing scenario.
        model: Forecaster, or `champion` or `challenger` for that version's; None takes the champion's, else the default
            (`registry.DEFAULT_FORECASTER`).
        forecast_id: Id to keep it under; a forecast already kept under it is returned as it is. None takes a new one.
        progress: Told how far it is.

    Returns:
        The forecast.

    Raises:
        WardcastError: The data do not reach `until`, or an argument is out of range.
    """
    forecast_id = forecast_id or new_id("fc")
    path = workspace.store.artefact_path("forecasts", forecast_id, ".npz")
    kept = workspace.store.forecasts.find(forecast_id)
    if kept is not None:
        return MadeForecast(record=kept, forecast=load_forecast(path))
    trained = obtain(
        workspace,
        dataset,
        until=until,
        model=model,
        progress=lambda fraction, phrase: progress(0.8 * fraction, phrase),
    )
    progress(0.85, f"drawing {n_paths} sample paths")
    forecast = trained.forecaster.forecast(horizon_months=horizon_months, n_paths=n_paths, seed=seed, scenario=scenario)
    save_forecast(forecast, path)
    record = ForecastRecord(
        forecast_id=forecast_id,
        area_code=forecast.area_code,
        dataset_id=dataset.record.dataset_id,
        until=forecast.until,
        horizon_months=horizon_months,
        model=forecast.model,
        scenario=scenario,
        seed=seed,
        n_paths=n_paths,
        run_id=trained.record.run_id,
        model_version=trained.record.label,
    )
    return MadeForecast(record=workspace.store.forecasts.put(record), forecast=forecast, trained=trained)


def other_scenarios(workspace: Workspace, dataset: Dataset, made: MadeForecast) -> tuple[Forecast, ...]:
    """Forecast the same months under the other delivery scenarios, with the same trained model; none of it is kept.

    Args:
        workspace: Where the model is kept.
        dataset: What it learned from.
        made: The forecast under the scenario asked for.

    Returns:
        One forecast a scenario, with as many paths from the same seed; none where no planned homes of the area are
        known, since all scenarios are then the same.
    """
    record = made.record
    panel, until = dataset.until(record.until)
    if not homes_to_come(panel.pipeline, until=until)["ward_code"].isin(panel.area.ward_codes).any():
        return ()
    trained = made.trained or obtain(workspace, dataset, until=until, model=record.model)
    return tuple(
        trained.forecaster.forecast(
            horizon_months=record.horizon_months, n_paths=record.n_paths, seed=record.seed, scenario=scenario
        )
        for scenario in SCENARIOS
        if scenario != record.scenario
    )

"""The models-from-code definition of the one pyfunc that serves every series of an area.

MLflow runs this file when a model is loaded; the fitted forecaster is its one artefact.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from mlflow.pyfunc import PythonModel, PythonModelContext

from wardcast.tracking.model_record import FORECASTER_ARTEFACT
from wardcast_models.errors import Problem, invalid_input
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.forecasting.levels import level_frame


class WardForecastModel(PythonModel):  # type: ignore[misc]  # mlflow ships no types
    """Forecast every ward and category of the area the model was trained for."""

    def load_context(self, context: PythonModelContext) -> None:
        """Load the fitted forecaster.

        Args:
            context: MLflow's context, holding the artefact's path.
        """
        # A registry is trusted with code anyway: loading any pyfunc runs its definition.
        self.forecaster = pickle.loads(Path(context.artifacts[FORECASTER_ARTEFACT]).read_bytes())  # noqa: S301

    def predict(
        self, context: PythonModelContext, model_input: pd.DataFrame, params: dict[str, Any] | None = None
    ) -> pd.DataFrame:
        """Forecast.

        Args:
            context: MLflow's context.
            model_input: One row with `horizon_months` (whole months ahead, 1 to 36) and, if wanted, `n_paths`, `seed`
                and `scenario`.
            params: `n_paths`, `seed` and `scenario` where the row does not have them.

        Returns:
            The forecast file's frame by ward and category, as `level_frame`.

        Raises:
            WardcastError: Not one row, or a value is out of range.
        """
        del context
        if len(model_input) != 1:
            raise invalid_input(
                "The model is asked for one forecast at a time.",
                Problem(
                    where="input",
                    expected="one row",
                    found=f"{len(model_input)} rows",
                    mend="Ask for each horizon or scenario by itself.",
                ),
            )
        row = model_input.iloc[0].dropna()
        asked: dict[str, Any] = {**(params or {}), **{str(name): value for name, value in row.items()}}
        forecast: Forecast = self.forecaster.forecast(
            horizon_months=int(asked["horizon_months"]),
            n_paths=int(asked["n_paths"]),
            seed=int(asked["seed"]),
            scenario=str(asked["scenario"]),
        )
        return level_frame(forecast)


mlflow.models.set_model(WardForecastModel())

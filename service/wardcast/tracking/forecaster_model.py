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
from wardcast_models.forecasting.forecast import Forecast


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
            model_input: One row with `horizon_months` (whole months ahead, 1 to 36) and, if wanted, `n_paths` and
                `seed`.
            params: Not used.

        Returns:
            The forecast file's frame, as `Forecast.to_frame`.
        """
        del context, params
        request = model_input.iloc[0]
        forecast: Forecast = self.forecaster.forecast(
            horizon_months=int(request["horizon_months"]),
            n_paths=int(request.get("n_paths", 500)),
            seed=int(request.get("seed", 0)),
        )
        return forecast.to_frame()


mlflow.models.set_model(WardForecastModel())

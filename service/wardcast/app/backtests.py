"""Use case: compare forecasters on past origins and log the comparison."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wardcast.app.datasets import Dataset
from wardcast.app.workspace import Workspace
from wardcast_models.evaluation.backtest import BacktestResult, backtest
from wardcast_models.evaluation.origins import default_origins
from wardcast_models.forecasting.registry import forecaster_names
from wardcast_models.progress import Progress, silent


def compare(
    workspace: Workspace,
    dataset: Dataset,
    *,
    n_origins: int,
    horizon_months: int,
    forecasters: Sequence[str] = (),
    progress: Progress = silent,
) -> BacktestResult:
    """Score forecasters on rolling origins; one parent run, one child run a forecaster.

    Args:
        workspace: Where runs are kept.
        dataset: What they learn from.
        n_origins: Number of origins, every sixth month, the last with its whole horizon observed.
        horizon_months: Months ahead.
        forecasters: Names; empty means all.
        progress: Told how far it is.

    Returns:
        The scores.

    Raises:
        WardcastError: An unknown forecaster, or too little data for the origins.
    """
    panel = dataset.panel
    names = tuple(forecasters) or forecaster_names()
    origins = default_origins(panel, n_origins, horizon_months)
    result = backtest(panel, forecasters=names, origins=origins, horizon_months=horizon_months, progress=progress)
    tracker = workspace.tracker
    tags = {"wardcast.area": panel.area.code, "wardcast.dataset_id": dataset.record.dataset_id}
    asked = {
        "area": panel.area.code,
        "origins": ", ".join(f"{origin:%Y-%m}" for origin in origins),
        "horizon_months": horizon_months,
    }
    with tracker.run(f"backtest {panel.area.code}", kind="backtest", tags=tags) as parent:
        parent.log_parameters({**asked, "forecasters": ", ".join(names)})
        parent.log_panel(panel, context="backtest")
        parent.log_text(result.summary.to_csv(index=False), "summary.csv")
        parent.log_text(result.per_horizon.to_csv(index=False), "per_horizon.csv")
        for name in names:
            child_tags = {**tags, "mlflow.parentRunId": parent.run_id}
            with tracker.run(f"backtest {name}", kind="backtest", tags=child_tags) as child:
                child.log_parameters({**asked, "forecaster": name})
                child.log_panel(panel, context="backtest")
                child.log_metrics(_row(result.summary, name))
                for horizon, rows in result.per_horizon.groupby("horizon"):
                    child.log_metrics(_row(rows.drop(columns="horizon"), name), step=int(str(horizon)))
    return result


def _row(scores: pd.DataFrame, model: str) -> dict[str, float]:
    row = scores.set_index("model").astype(float).loc[model]
    return {str(metric): value for metric, value in row.to_dict().items()}

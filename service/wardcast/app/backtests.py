"""Use case: compare forecasters on past origins and log the comparison."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from wardcast.app.datasets import Dataset
from wardcast.app.workspace import Workspace
from wardcast.tracking.figures_calibration import pit_histogram, reliability
from wardcast.tracking.figures_comparison import comparison_chart, horizon_chart
from wardcast.tracking.figures_forecast import hindsight_fans
from wardcast.tracking.run import Run
from wardcast_models.evaluation.backtest import BacktestResult, backtest
from wardcast_models.evaluation.comparison import Comparison
from wardcast_models.forecasting.registry import forecaster
from wardcast_models.panel.panel import Panel
from wardcast_models.progress import Progress, silent

BY_HORIZON = "by_horizon/"
"""Prefix of the metrics that have a step for each month ahead."""


@dataclass(frozen=True, kw_only=True)
class LoggedBacktest:
    """Scores and the run that holds them."""

    result: BacktestResult
    run_id: str


def compare(
    workspace: Workspace,
    dataset: Dataset,
    comparison: Comparison,
    *,
    rerun_of: str = "",
    progress: Progress = silent,
) -> LoggedBacktest:
    """Score forecasters on past origins; one parent run, one child run a forecaster.

    The parent run is open from the start: it ends FAILED where the backtest does.

    Args:
        workspace: Where runs are kept.
        dataset: What they learn from.
        comparison: What is asked for; its area is that of the dataset.
        rerun_of: Run that this one repeats; empty for a new comparison.
        progress: Told how far it is.

    Returns:
        The scores and the parent run.

    Raises:
        WardcastError: An unknown forecaster, or too little data for the origins.
    """
    panel = dataset.panel
    asked = comparison.model_copy(update={"area": panel.area.code}).parameters()
    asked["dataset_id"] = dataset.record.dataset_id
    tags = {**dataset.tags, **({"wardcast.rerun_of": rerun_of} if rerun_of else {})}
    with workspace.tracker.run(f"backtest {panel.area.code}", kind="backtest", tags=tags) as parent:
        parent.log_parameters(asked)
        parent.log_panel(panel, context="backtest")
        result = backtest(
            panel,
            forecasters=comparison.forecasters,
            origins=comparison.origins,
            horizon_months=comparison.horizon_months,
            n_paths=comparison.n_paths,
            seed=comparison.seed,
            availability=comparison.availability.availability(),
            fan_out=workspace.settings.fan_out,
            progress=lambda fraction, phrase: progress(0.95 * fraction, phrase),
        )
        progress(0.95, "logging the comparison")
        _log_tables(parent, result)
        parent.log_figure(
            comparison_chart(result.differences, result.summary, synthetic=panel.synthetic), "comparison.png"
        )
        parent.log_figure(horizon_chart(result.per_horizon, synthetic=panel.synthetic), "by_horizon.png")
        parent.log_figure(reliability(result.cells, synthetic=panel.synthetic), "reliability.png")
        for name in comparison.forecasters:
            with workspace.tracker.run(f"backtest {name}", kind="backtest", tags=tags, parent=parent) as child:
                child.log_parameters({**asked, "forecasters": name})
                _log_forecaster(child, panel, result, name)
    return LoggedBacktest(result=result, run_id=parent.run_id)


def _log_tables(run: Run, result: BacktestResult) -> None:
    tables = {
        "summary": result.summary,
        "per_horizon": result.per_horizon,
        "per_origin": result.per_origin,
        "per_group": result.per_group,
        "calibration": result.calibration,
        "ranking": result.ranking,
        "differences": result.differences,
    }
    for name, table in tables.items():
        run.log_text(table.to_csv(index=False), f"{name}.csv")
    run.log_text("\n".join(result.notes) + "\n", "notes.txt")


def _log_forecaster(run: Run, panel: Panel, result: BacktestResult, name: str) -> None:
    """Log what concerns one forecaster: parameters, metrics overall and by month ahead, figures."""
    run.log_parameters({f"forecaster.{key}": value for key, value in forecaster(name).parameters().items()})
    run.log_panel(panel, context="backtest")
    run.log_metrics(scores_of(result.summary, name)[0])
    horizons = _of(result.per_horizon, name)["horizon"].astype(int)
    by_horizon = scores_of(result.per_horizon.drop(columns="horizon"), name)
    prefixed = [{f"{BY_HORIZON}{metric}": value for metric, value in scores.items()} for scores in by_horizon]
    run.log_steps(zip(horizons, prefixed, strict=True))
    cells = result.cells[result.cells["model"] == name]
    run.log_figure(pit_histogram(cells, synthetic=panel.synthetic), "pit.png")
    run.log_figure(reliability(cells, synthetic=panel.synthetic), "reliability.png")
    run.log_figure(hindsight_fans(panel, cells), "fans.png")


def scores_of(table: pd.DataFrame, model: str) -> list[dict[str, float]]:
    """Return the rows of a forecaster in a table of scores.

    Args:
        table: A column `model`, the others numbers.
        model: Name of the forecaster.

    Returns:
        Its scores by name, one a row.
    """
    rows = _of(table, model).drop(columns="model").astype(float).to_dict("records")
    return [{str(metric): value for metric, value in row.items()} for row in rows]


def _of(table: pd.DataFrame, model: str) -> pd.DataFrame:
    return table[table["model"] == model]

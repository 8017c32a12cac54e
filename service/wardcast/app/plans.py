"""Use case: turn a request into a plan, and keep the plan, its pack and its run."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from wardcast.app.datasets import Dataset
from wardcast.app.forecasts import MadeForecast, make_forecast, other_scenarios
from wardcast.app.last_plan import with_last_plan
from wardcast.app.workspace import Workspace
from wardcast.pack.forecast_view import forecast_view
from wardcast.pack.inputs import ReportInputs
from wardcast.pack.trends import area_trends
from wardcast.pack.write import write_pack
from wardcast.store.identifiers import new_id, same_id
from wardcast.store.records import PlanRecord, utc_now
from wardcast.tracking.figures_forecast import fan_chart
from wardcast.tracking.figures_plan import hours_by_ward
from wardcast.tracking.model_record import this_release
from wardcast.tracking.run import Run
from wardcast_models.allocation.allocate import allocate
from wardcast_models.allocation.check import check_request
from wardcast_models.allocation.plan import Plan, Provenance
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.allocation.request.planned_months import months_ahead, planned_months
from wardcast_models.panel.panel import Panel
from wardcast_models.progress import Progress, silent


@dataclass(frozen=True, kw_only=True)
class MadePlan:
    """A kept plan, the folder of its pack, and where a browser shows its run."""

    record: PlanRecord
    pack_dir: Path
    run_address: str


def make_plan(
    workspace: Workspace,
    dataset: Dataset,
    *,
    until: pd.Timestamp | None = None,
    request: PlanRequest,
    model: str | None = None,
    plan_id: str | None = None,
    progress: Progress = silent,
) -> MadePlan:
    """Forecast, solve, explain, and keep everything that a reader of the plan may ask for.

    Args:
        workspace: Where it is kept.
        dataset: What the forecast learns from.
        until: Last month of data used; None takes the last there is.
        request: What is asked for.
        model: Forecaster, or `champion` or `challenger` for that version's; None takes the champion's, else the default
            (`registry.DEFAULT_FORECASTER`).
        plan_id: Id to keep it under, and its forecast with the prefix `fc`; a plan already kept under it is returned
            as it is. None takes a new one.
        progress: Told how far it is.

    Returns:
        The plan.

    Raises:
        WardcastError: The request is wrong, names a last plan that is not kept, or its limits contradict one another;
            no plan is kept, and no forecast is made where that can be told without one.
    """
    plan_id = plan_id or new_id("pl")
    pack_dir = workspace.store.artefact_path("plans", plan_id, "")
    kept = workspace.store.plans.find(plan_id)
    if kept is not None:
        return MadePlan(
            record=kept,
            pack_dir=pack_dir,
            run_address=workspace.tracker.view_address(kept.provenance.plan_run_id),
        )
    request = with_last_plan(workspace.store, request, dataset.record.area_code)
    panel, last = dataset.until(until)
    months = planned_months(request, last)
    check_request(request, panel)
    made = make_forecast(
        workspace,
        dataset,
        until=last,
        horizon_months=months_ahead(months, last),
        n_paths=request.n_paths,
        seed=request.seed,
        scenario=request.scenario,
        model=model,
        forecast_id=same_id("fc", plan_id),
        progress=lambda fraction, phrase: progress(0.5 * fraction, phrase),
    )
    tags = {
        "wardcast.area": panel.area.code,
        "wardcast.dataset_id": dataset.record.dataset_id,
        "wardcast.forecast_run_id": made.record.run_id,
        "wardcast.model_version": made.record.model_version,
    }
    with workspace.tracker.run(f"plan {panel.area.code} {last:%Y-%m}", kind="plan", tags=tags) as run:
        _log_inputs(run, panel, made, request)
        forecast, *others = (
            each.months_from(months[0], len(months))
            for each in (made.forecast, *other_scenarios(workspace, dataset, made))
        )
        started = time.perf_counter()
        plan = allocate(
            forecast=forecast,
            panel=panel,
            request=request,
            alternatives=others,
            progress=lambda fraction, phrase: progress(0.5 + 0.35 * fraction, phrase),
        )
        run.log_metrics({"allocate_seconds": time.perf_counter() - started, **_figures(plan)})
        progress(0.9, "writing the report")
        record = PlanRecord(
            plan_id=plan_id,
            area_code=panel.area.code,
            dataset_id=dataset.record.dataset_id,
            forecast_id=made.record.forecast_id,
            plan=plan,
            provenance=_provenance(workspace, made, run, request),
            request=request,
        )
        inputs = ReportInputs(
            plan=plan,
            provenance=record.provenance,
            polygons=panel.polygons,
            trends=area_trends(panel, made.forecast),
            forecast=forecast_view(panel, forecast),
        )
        files = write_pack(inputs, pack_dir)
        for path in (files.report, files.assignments, files.workbook):
            run.log_file(path)
        run.log_figure(hours_by_ward(plan), "hours_by_ward.png")
        run.log_figure(fan_chart(panel, made.forecast), "forecast.png")
        workspace.store.plans.put(record)
    return MadePlan(record=record, pack_dir=pack_dir, run_address=workspace.tracker.view_address(run.run_id))


def _log_inputs(run: Run, panel: Panel, made: MadeForecast, request: PlanRequest) -> None:
    run.log_panel(panel, context="planning")
    run.log_parameters(
        {
            "area": panel.area.code,
            "until": f"{made.record.until:%Y-%m}",
            "first_month": f"{planned_months(request, made.record.until)[0]:%Y-%m}",
            "horizon_months": request.horizon_months,
            "harm_scale": request.objective.harm_scale,
            "elasticity": request.objective.elasticity,
            "asb_weight": request.objective.asb_weight,
            "spill_over": request.objective.spill_over,
            "cvar_weight": request.objective.cvar_weight,
            "whole_units": request.whole_units,
            "budget_hours": request.limits.budget_hours,
            "budget_pounds": request.limits.budget_pounds,
            "scenario": request.scenario,
            "n_paths": request.n_paths,
            "seed": request.seed,
            "hours_per_month": sum(resource.hours_per_month for resource in request.resources),
        }
    )
    run.log_text(request.model_dump_json(indent=2), "request.json")


def _figures(plan: Plan) -> dict[str, float]:
    figures = {
        "objective": plan.objective_value,
        "hours": sum(item.hours for item in plan.assignments),
        "residual_cvar": plan.risk.residual_cvar,
        "optimality_gap": plan.certificate.optimality_gap,
    }
    if plan.cost_pounds is not None:
        figures["cost_pounds"] = plan.cost_pounds
    for split in plan.comparisons:
        figures[f"{split.name}_harm_avoided"] = split.harm_avoided.mean
        figures[f"{split.name}_crimes_avoided"] = split.crimes_avoided.mean
    return figures


def _provenance(workspace: Workspace, made: MadeForecast, run: Run, request: PlanRequest) -> Provenance:
    # A mapping's order is lost on the wire.
    canonical = json.dumps(request.model_dump(mode="json"), sort_keys=True)
    return Provenance(
        created_at=utc_now().isoformat(timespec="seconds"),
        wardcast_version=this_release(),
        # A server's address may carry a password; a database's path says where a machine keeps its files.
        mlflow_tracking_uri=workspace.tracker.public_uri,
        mlflow_experiment=workspace.tracker.experiment_name,
        plan_run_id=run.run_id,
        forecast_run_id=made.record.run_id,
        model_version=made.record.model_version,
        request_digest=hashlib.sha256(canonical.encode()).hexdigest(),
    )

"""Use case: let the promotion gate judge a version on held-back origins, and log what it found."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import pandas as pd

from wardcast.app.datasets import Dataset, find_dataset
from wardcast.app.workspace import Workspace
from wardcast.store.identifiers import dataset_id
from wardcast.tracking.figures_calibration import pit_histogram, reliability
from wardcast.tracking.figures_comparison import group_chart
from wardcast.tracking.kept_run import kept_run
from wardcast.tracking.metric_names import metric_parts
from wardcast.tracking.model_record import CHAMPION, GateRecord, ModelRecord, holder_among, this_release
from wardcast.tracking.registry import check_alias, list_models, set_gate
from wardcast.tracking.run import Run
from wardcast.tracking.tracker import Tracker
from wardcast_models.errors import ErrorKind, Problem, WardcastError
from wardcast_models.evaluation.backtest import BacktestResult, backtest
from wardcast_models.evaluation.gate import (
    BASELINES,
    GateRules,
    Reference,
    best_baseline,
    judge,
    pit_80_by_band,
)
from wardcast_models.evaluation.origins import default_origins
from wardcast_models.evaluation.verdict import Verdict
from wardcast_models.evaluation.ward_groups import ward_groups
from wardcast_models.evaluation.ward_months import same_counts, ward_month_scores
from wardcast_models.forecasting.registry import forecaster_names
from wardcast_models.progress import Progress, silent

_SCORES_FILE = "ward_months.csv"
"""Artefact of a gate run: the candidate's scores by ward and month, to compare a later version with."""
_SAME_FIGURES = ("panel_digest", "origins", "horizon_months", "n_paths", "seed")
"""Parameters of two gate runs that have to agree before their scores can be compared."""


@dataclass(frozen=True, kw_only=True)
class _Case:
    """What the gate is asked about: a version, and the champion where there is one."""

    candidate: ModelRecord
    champion: ModelRecord | None
    dataset: Dataset
    rules: GateRules
    origins: tuple[pd.Timestamp, ...]

    @property
    def is_champions_own(self) -> bool:
        """Whether the candidate's forecaster is the champion's."""
        return self.champion is not None and self.champion.forecaster == self.candidate.forecaster

    @property
    def can_run_champion(self) -> bool:
        """Whether the champion's forecaster can be run beside the candidate's.

        Another forecaster than the candidate's is refitted with this release, whatever release trained the champion:
        so are forecasts, which train again after an update. The candidate's own cannot be run as it was once reworked:
        there would be nothing to compare the rework with.
        """
        if self.champion is None or self.champion.forecaster not in forecaster_names():
            return False
        return not self.is_champions_own or self.champion.wardcast_version == this_release()

    @property
    def forecasters(self) -> tuple[str, ...]:
        """Forecasters to run: the candidate first, then what it may have to be compared with."""
        if self.champion is not None and self.can_run_champion:
            others: Sequence[str] = (self.champion.forecaster,)
        else:
            others = [name for name in BASELINES if name in forecaster_names()]
        return tuple(dict.fromkeys((self.candidate.forecaster, *others)))

    def parameters(self) -> dict[str, object]:
        """Return what decides the figures."""
        return {
            **asdict(self.rules),
            "area": self.candidate.area_code,
            "origins": ", ".join(f"{origin:%Y-%m}" for origin in self.origins),
            "dataset_id": self.dataset.record.dataset_id,
            "candidate": self.candidate.label,
            "candidate_forecaster": self.candidate.forecaster,
            "champion": self.champion.label if self.champion else "none",
            "champion_forecaster": self.champion.forecaster if self.champion else "none",
        }


def judge_version(
    workspace: Workspace,
    area_code: str,
    version: int,
    *,
    n_origins: int | None = None,
    progress: Progress = silent,
) -> ModelRecord:
    """Let the promotion gate say whether a version may become the champion; no alias changes.

    A version is judged by its forecaster, fitted anew at every held-back origin: what it learned from the newest data
    cannot be scored on them.

    Args:
        workspace: Where models, data and runs are kept.
        area_code: GSS code.
        version: Version, counted from 1.
        n_origins: Number of held-back origins; None takes the rules' own.
        progress: Told how far it is.

    Returns:
        The version, with what the gate said of it.

    Raises:
        WardcastError: No such version, the data it learned from are no longer kept or too short, or what the champion
            scored cannot be read now.
    """
    case = _case(workspace, area_code, version, n_origins)
    panel, rules = case.dataset.panel, case.rules
    tags = {**case.dataset.tags, "wardcast.model_version": case.candidate.label}
    with workspace.tracker.run(f"gate {case.candidate.label}", kind="gate", tags=tags) as run:
        run.log_parameters(case.parameters())
        run.log_panel(panel, context="gate")
        result = backtest(
            panel,
            forecasters=case.forecasters,
            origins=case.origins,
            horizon_months=rules.horizon_months,
            n_paths=rules.n_paths,
            seed=rules.seed,
            fan_out=workspace.settings.fan_out,
            progress=lambda fraction, phrase: progress(0.9 * fraction, phrase),
        )
        progress(0.9, "judging")
        cells = result.cells[result.cells["model"] == case.candidate.forecaster]
        scores = ward_month_scores(cells)
        reference = _reference(workspace.tracker, case, result, scores)
        groups = ward_groups(panel, until=case.origins[0])
        verdict = judge(cells, reference, groups=groups, rules=rules)
        _log_verdict(run, verdict, result, cells, synthetic=panel.synthetic)
        run.log_text(scores.to_csv(index=False), _SCORES_FILE)
    gate = GateRecord(
        passed=verdict.passed,
        checks=verdict.checks,
        run_id=run.run_id,
        champion_version=case.champion.version if case.champion else 0,
    )
    return set_gate(workspace.tracker, case.candidate, gate)


def champion_for(tracker: Tracker, record: ModelRecord) -> ModelRecord | None:
    """Return the champion that a version would follow.

    Args:
        tracker: Where models are kept.
        record: The version.

    Returns:
        The champion among the versions of the same kind of data, recorded or synthetic; None where there is none.
    """
    return holder_among(list_models(tracker, record.area_code), CHAMPION, synthetic=record.synthetic)


def _case(workspace: Workspace, area_code: str, version: int, n_origins: int | None) -> _Case:
    candidate = check_alias(workspace.tracker, area_code, version, CHAMPION)
    dataset = _learned_from(workspace, candidate)
    rules = GateRules() if n_origins is None else GateRules(n_origins=n_origins)
    return _Case(
        candidate=candidate,
        champion=champion_for(workspace.tracker, candidate),
        dataset=dataset,
        rules=rules,
        origins=default_origins(dataset.panel, rules.n_origins, rules.horizon_months),
    )


def _learned_from(workspace: Workspace, record: ModelRecord) -> Dataset:
    """Open the data that a version learned from."""
    kept = find_dataset(workspace, dataset_id(record.panel_digest))
    if kept is not None and kept.record.digest == record.panel_digest:
        return kept
    raise WardcastError(
        ErrorKind.CONFLICT,
        f"The data that version {record.version} learned from are no longer kept, so it cannot be judged.",
        [
            Problem(
                where="version",
                expected=f"a version whose data are kept (digest {record.panel_digest[:12]})",
                found="no such data",
                mend="Read the same files again (`wardcast ingest`), or train a new version.",
            )
        ],
    )


def _reference(tracker: Tracker, case: _Case, result: BacktestResult, scores: pd.DataFrame) -> Reference:
    """Return what the candidate is compared with."""
    champion = case.champion
    must_be: Literal["better", "not worse"] = "not worse" if case.is_champions_own else "better"
    if champion is not None:
        label = f"the champion {champion.forecaster} (version {champion.version})"
        if case.can_run_champion:
            if champion.wardcast_version != this_release():
                label += ", refitted with this release"
            bands = result.calibration[result.calibration["model"] == champion.forecaster]
            return Reference(
                label=label,
                scores=_scores(result, champion.forecaster),
                must_be=must_be,
                pit_80=pit_80_by_band(bands),
            )
        kept = _kept_scores(tracker, case, champion)
        if kept is not None and same_counts(kept, scores):
            return Reference(label=f"{label} as it was judged itself", scores=kept, must_be=must_be)
    others = [name for name in case.forecasters if name != case.candidate.forecaster]
    best = best_baseline(result.cells[result.cells["model"].isin(others)])
    why = f" (the champion, version {champion.version}, can no longer be run as it was)" if champion else ""
    return Reference(label=f"the best baseline {best}{why}", scores=_scores(result, best), must_be="better")


def _kept_scores(tracker: Tracker, case: _Case, champion: ModelRecord) -> pd.DataFrame | None:
    """Return the champion's scores from its own gate run, where that is kept and was on the same data and origins.

    Only a run that is gone, or that was judged otherwise, is passed over: what cannot be read now stops the judgement,
    or a version would be let pass against an easier opponent.
    """
    if champion.gate is None:
        return None
    try:
        run = kept_run(tracker, champion.gate.run_id)
    except WardcastError as error:
        if error.kind is not ErrorKind.NOT_FOUND:
            raise
        return None
    asked = {**case.parameters(), "panel_digest": case.dataset.panel.digest}
    if any(run.parameters.get(name) != str(asked[name]) for name in _SAME_FIGURES):
        return None
    text = run.read_text(_SCORES_FILE)
    return None if text is None else pd.read_csv(io.StringIO(text), dtype={"ward_code": "str", "month": "str"})


def _scores(result: BacktestResult, model: str) -> pd.DataFrame:
    return ward_month_scores(result.cells[result.cells["model"] == model])


def _metrics(figures: Mapping[str, float]) -> dict[str, float]:
    """Return the figures under names that MLflow takes; those of a group of wards begin with its name and a slash."""
    split = {name: name.rpartition("/") for name in figures}
    parts = metric_parts(group for group, _, _ in split.values())
    return {f"{parts[group]}/{figure}" if group else name: figures[name] for name, (group, _, figure) in split.items()}


def _log_verdict(run: Run, verdict: Verdict, result: BacktestResult, cells: pd.DataFrame, *, synthetic: bool) -> None:
    run.log_metrics({**_metrics(verdict.figures), "passed": float(verdict.passed)})
    run.set_tags({"wardcast.gate_passed": str(verdict.passed).lower()})
    run.log_text(json.dumps(verdict.document(), indent=2), "verdict.json")
    run.log_text(result.summary.to_csv(index=False), "summary.csv")
    run.log_text(result.calibration.to_csv(index=False), "calibration.csv")
    run.log_figure(pit_histogram(cells, synthetic=synthetic), "pit.png")
    run.log_figure(reliability(cells, synthetic=synthetic), "reliability.png")
    ratios = {name: one.ratio for name, one in verdict.contests.items()}
    run.log_figure(group_chart(ratios, synthetic=synthetic), "groups.png")

"""Use case: do a run again from its own parameters and see whether the numbers are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose

import pandas as pd

from wardcast.app.backtests import compare
from wardcast.app.datasets import Dataset, find_dataset
from wardcast.app.models import train_again
from wardcast.app.workspace import Workspace
from wardcast.tracking.kept_run import KeptRun, kept_run
from wardcast.tracking.model_record import this_release
from wardcast_models.errors import ErrorKind, Problem, WardcastError
from wardcast_models.evaluation.comparison import Comparison
from wardcast_models.progress import Progress, silent

KINDS = ("train", "backtest")
"""Kinds of run that can be done again."""

_RELATIVE_TOLERANCE = 1e-9
_SECONDS = "seconds"
"""Stands in the names of the metrics that say how long something took."""
_PATHS_DIGEST = "wardcast.paths_digest"


@dataclass(frozen=True, kw_only=True)
class Number:
    """One number of a run, then and now.

    Attributes:
        name: For example `mase`, or `wardcast: by_horizon/mase 3`.
        then: What the run logged; None where it did not.
        now: What it gives today; None where it does not.
    """

    name: str
    then: float | None
    now: float | None

    @property
    def same(self) -> bool:
        """Whether both are the same up to floating-point rounding."""
        if self.then is None or self.now is None:
            return False
        return isclose(self.then, self.now, rel_tol=_RELATIVE_TOLERANCE, abs_tol=1e-12)


@dataclass(frozen=True, kw_only=True)
class Rerun:
    """A run done again.

    Attributes:
        run_id: The run.
        new_run_id: What was logged now.
        numbers: Every number that both ought to share; seconds are left out.
        warnings: What may explain a difference, each a sentence.
    """

    run_id: str
    new_run_id: str
    numbers: tuple[Number, ...]
    warnings: tuple[str, ...]

    @property
    def different(self) -> tuple[Number, ...]:
        """The numbers that are not the same."""
        return tuple(number for number in self.numbers if not number.same)

    @property
    def same(self) -> bool:
        """Whether every number is the same."""
        return not self.different


def rerun(workspace: Workspace, run_id: str, *, progress: Progress = silent) -> Rerun:
    """Do a training or backtest again, from its parameters and the data kept, in a new run.

    A training is not registered again. Of a backtest, the whole comparison or the run of one forecaster can be named.

    Args:
        workspace: Where runs and data are kept.
        run_id: The run.
        progress: Told how far it is.

    Returns:
        Then and now.

    Raises:
        WardcastError: No such run, one of another kind or that did not finish, or its data are no longer kept.
    """
    then = kept_run(workspace.tracker, run_id)
    _check(then)
    dataset = _dataset_of(workspace, then)
    if then.kind == "train":
        new_run_id = train_again(
            workspace,
            dataset,
            until=pd.Timestamp(then.parameters["until"]),
            model=then.parameters["forecaster"],
            rerun_of=run_id,
            progress=progress,
        )
    else:
        comparison = Comparison.from_parameters(then.parameters, where=f"run {run_id}")
        new_run_id = compare(workspace, dataset, comparison, rerun_of=run_id, progress=progress).run_id
    now = kept_run(workspace.tracker, new_run_id)
    if then.parent_id:
        # One forecaster of a comparison: what is new is a comparison of that one alone.
        (now,) = now.children()
    return Rerun(
        run_id=run_id,
        new_run_id=new_run_id,
        numbers=_side_by_side(_numbers(then), _numbers(now)),
        warnings=_warnings(then, now),
    )


def _check(run: KeptRun) -> None:
    """Refuse a run that cannot be done again."""
    if run.kind not in KINDS or not run.finished:
        found = f"a run of kind {run.kind or 'unknown'}" if run.kind not in KINDS else "a run that did not finish"
        raise WardcastError(
            ErrorKind.CONFLICT,
            f"Run {run.run_id} ({run.name}) cannot be done again.",
            [
                Problem(
                    where="RUN_ID",
                    expected=f"a finished run of kind {' or '.join(KINDS)}",
                    found=found,
                    mend="Name such a run; `wardcast.kind` in MLflow says which they are.",
                )
            ],
        )


def _dataset_of(workspace: Workspace, run: KeptRun) -> Dataset:
    """Open the data that a run worked on."""
    identifier = run.parameters.get("dataset_id", "")
    dataset = find_dataset(workspace, identifier) if identifier else None
    if dataset is not None and dataset.record.digest == run.parameters.get("panel_digest"):
        return dataset
    raise WardcastError(
        ErrorKind.CONFLICT,
        f"The data of run {run.run_id} are no longer kept, so it cannot be done again.",
        [
            Problem(
                where=f"run {run.run_id}",
                expected=f"the dataset {identifier or 'that it worked on'} in this store",
                found="no such dataset",
                mend="Read the same files again (`wardcast ingest`), or name the store that holds them "
                "(WARDCAST_HOME).",
            )
        ],
    )


def _numbers(run: KeptRun) -> dict[str, float]:
    """Return what a run says: its own numbers, and for a comparison those of each forecaster."""
    numbers = run.numbers()
    for child in run.children():
        numbers |= {f"{child.parameters['forecasters']}: {name}": value for name, value in child.numbers().items()}
    return {name: value for name, value in numbers.items() if _SECONDS not in name}


def _side_by_side(then: Mapping[str, float], now: Mapping[str, float]) -> tuple[Number, ...]:
    names = dict.fromkeys([*then, *now])
    return tuple(Number(name=name, then=then.get(name), now=now.get(name)) for name in names)


def _warnings(then: KeptRun, now: KeptRun) -> tuple[str, ...]:
    warnings = []
    release = then.parameters.get("release", "an unknown release")
    if release != this_release():
        warnings.append(
            f"The run was made by wardcast {release}, and this is {this_release()}: where numbers differ, the code may "
            "be why."
        )
    if then.tags.get(_PATHS_DIGEST) != now.tags.get(_PATHS_DIGEST):
        warnings.append("The sample paths of the year ahead are not the same, path by path.")
    return tuple(warnings)

"""A run read back from MLflow."""

from __future__ import annotations

import posixpath
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mlflow.entities import Run as MlflowRun
from mlflow.exceptions import MlflowException

from wardcast.tracking.mlflow_errors import is_absent, is_refused, not_possible_now
from wardcast.tracking.tracker import PARENT_TAG, Tracker
from wardcast_models.errors import ErrorKind, Problem, WardcastError

_STEPS = "/"
"""Stands in the names of all metrics that have more than one step."""


@dataclass(frozen=True, kw_only=True)
class KeptRun:
    """What a run was asked to do and what came out.

    Attributes:
        tracker: Where it is kept.
        experiment_id: Experiment it is in.
        run_id: Id of the run.
        kind: `train`, `backtest`, `gate` or `plan`.
        name: Name shown in MLflow.
        finished: Whether it ended well.
        parameters: What was asked, as text by name.
        tags: Its tags.
        metrics: Every metric by name, that of the last step where it has several.
    """

    tracker: Tracker
    experiment_id: str
    run_id: str
    kind: str
    name: str
    finished: bool
    parameters: Mapping[str, str]
    tags: Mapping[str, str]
    metrics: Mapping[str, float]

    @property
    def parent_id(self) -> str:
        """Run that it is shown below; empty where there is none."""
        return self.tags.get(PARENT_TAG, "")

    def children(self) -> list[KeptRun]:
        """Return the runs that are shown below it, oldest first."""
        found = self.tracker.client.search_runs(
            [self.experiment_id],
            filter_string=f"tags.`{PARENT_TAG}` = '{self.run_id}'",
            order_by=["attributes.start_time ASC"],
        )
        return [_kept(self.tracker, run) for run in found]

    def numbers(self) -> dict[str, float]:
        """Return every metric with every step: `mase`, and `by_horizon/mase 3` for the third month ahead."""
        numbers: dict[str, float] = {}
        for name, value in self.metrics.items():
            if _STEPS not in name:
                numbers[name] = value
                continue
            for entry in self.tracker.client.get_metric_history(self.run_id, name):
                numbers[f"{name} {entry.step}"] = entry.value
        return numbers

    def read_text(self, artefact_file: str) -> str | None:
        """Return a text kept with the run.

        Args:
            artefact_file: Its path within the run.

        Returns:
            The text, or None where the run has other artefacts and not this one.

        Raises:
            WardcastError: The artefacts cannot be read now, or none of the run's is where it was kept: whether it had
                this one cannot be told then.
        """
        message = f"What run {self.run_id} kept cannot be read now."
        try:
            if not self._has(artefact_file):
                return None
            with tempfile.TemporaryDirectory(prefix="wardcast-") as folder:
                path = self.tracker.client.download_artifacts(self.run_id, artefact_file, folder)
                return Path(path).read_text(encoding="utf-8")
        except (MlflowException, OSError) as error:
            raise not_possible_now(error, self.tracker.uri, message=message) from error

    def _has(self, artefact_file: str) -> bool:
        """Tell whether an artefact is among the run's; a folder of artefacts that is gone looks like an empty one."""
        client, folder = self.tracker.client, posixpath.dirname(artefact_file)
        if any(entry.path == artefact_file for entry in client.list_artifacts(self.run_id, folder or None)):
            return True
        if client.list_artifacts(self.run_id):
            return False
        raise WardcastError(
            ErrorKind.CONFLICT,
            f"What run {self.run_id} kept is not where it was.",
            [
                Problem(
                    where=f"run {self.run_id}",
                    expected=f"{artefact_file} or other files that the run kept",
                    found="none at all",
                    mend="Bring back the folder or drive that MLflow keeps its artefacts in.",
                )
            ],
        )


def kept_run(tracker: Tracker, run_id: str) -> KeptRun:
    """Return a run.

    Args:
        tracker: Where runs are kept.
        run_id: Id of the run.

    Returns:
        The run.

    Raises:
        WardcastError: There is no such run, or MLflow cannot say now.
    """
    try:
        return _kept(tracker, tracker.client.get_run(run_id))
    except MlflowException as error:
        if not (is_absent(error) or is_refused(error)):
            raise not_possible_now(error, tracker.uri, message=f"Run {run_id} cannot be read now.") from error
        raise WardcastError(
            ErrorKind.NOT_FOUND,
            f"There is no run {run_id}.",
            [
                Problem(
                    where="RUN_ID",
                    expected=f"a run kept in the MLflow store ({tracker.public_uri})",
                    found=run_id,
                    mend="Copy the id from MLflow (`make mlflow` shows it), or name the store it is in "
                    "(WARDCAST_HOME or WARDCAST_MLFLOW_TRACKING_URI).",
                )
            ],
        ) from error


def _kept(tracker: Tracker, run: MlflowRun) -> KeptRun:
    tags = run.data.tags
    return KeptRun(
        tracker=tracker,
        experiment_id=run.info.experiment_id,
        run_id=run.info.run_id,
        kind=tags.get("wardcast.kind", ""),
        name=run.info.run_name or run.info.run_id,
        finished=run.info.status == "FINISHED",
        parameters=run.data.params,
        tags=tags,
        metrics=run.data.metrics,
    )

"""One MLflow run: what goes in, what comes out."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from wardcast.tracking.environment import quiet_mlflow
from wardcast.tracking.model_record import this_release

quiet_mlflow()

from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param  # noqa: E402 - switches come first

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from mlflow import MlflowClient

    from wardcast_models.panel.panel import Panel

_PARAMETER_LENGTH = 6000
"""MLflow's limit on the length of a parameter's value."""
_METRICS_A_CALL = 1000
"""MLflow's limit on the metrics of one call."""
_NOT_IN_A_NAME = re.compile(r"[^\w\-. :/]")
"""Characters that MLflow does not take in a metric's name; names that people gave need more (`metric_parts`)."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """A running MLflow run, addressed by id so that no thread-local state is involved.

    Attributes:
        client: MLflow client.
        experiment_id: Experiment of the run.
        run_id: Id of the run.
    """

    client: MlflowClient
    experiment_id: str
    run_id: str

    def log_parameters(self, parameters: Mapping[str, object]) -> None:
        """Log what the run was asked to do.

        Args:
            parameters: Values by name; each is written as text.
        """
        entities = [Param(name, str(value)[:_PARAMETER_LENGTH]) for name, value in parameters.items()]
        self.client.log_batch(self.run_id, params=entities)

    def log_metrics(self, metrics: Mapping[str, float], *, step: int = 0) -> None:
        """Log what came out.

        Args:
            metrics: Values by name; a value that is not a number is left out, since MLflow cannot hold it.
            step: Step, for example the horizon in months.
        """
        self.log_steps([(step, metrics)])

    def log_steps(self, steps: Iterable[tuple[int, Mapping[str, float]]]) -> None:
        """Log metrics of several steps.

        MLflow shows the last step's value in its table of runs, so a metric with steps should not share its name with
        one that stands for the whole.

        Args:
            steps: Step and values by name; a value that is not a finite number is left out.
        """
        now_ms = int(time.time() * 1000)
        entities = [
            Metric(_NOT_IN_A_NAME.sub("_", name), float(value), now_ms, step)
            for step, metrics in steps
            for name, value in metrics.items()
            if isfinite(value)
        ]
        for first in range(0, len(entities), _METRICS_A_CALL):
            self.client.log_batch(self.run_id, metrics=entities[first : first + _METRICS_A_CALL])

    def log_panel(self, panel: Panel, *, context: str) -> None:
        """Log the panel as the run's input, by digest, with the release that works on it.

        Args:
            panel: The panel.
            context: What it was used for, for example `training`.
        """
        profile = {
            "wards": len(panel.area.ward_codes),
            "pool_wards": len(panel.ward_codes),
            "categories": len(panel.categories),
            "first_month": f"{panel.first_month:%Y-%m}",
            "last_month": f"{panel.last_month:%Y-%m}",
            "synthetic": panel.synthetic,
        }
        dataset = Dataset(
            # MLflow keeps one data set a name and digest, and a panel cut short (`up_to`) has the digest of the whole.
            name=f"{panel.area.code}-{panel.vintage}-{panel.last_month:%Y-%m}",
            # MLflow keeps 36 characters of a digest; the whole one is a tag of the run.
            digest=panel.digest[:36],
            source_type="wardcast_panel",
            source=json.dumps({"area": panel.area.code, "vintage": panel.vintage, "digest": panel.digest}),
            schema=json.dumps({"ward_code": "string", "category": "string", "month": "date", "count": "long"}),
            profile=json.dumps(profile),
        )
        self.client.log_inputs(self.run_id, [DatasetInput(dataset, [InputTag("mlflow.data.context", context)])])
        self.log_parameters({"panel_digest": panel.digest, "release": this_release()})
        self.set_tags({"wardcast.panel_digest": panel.digest, "wardcast.synthetic": str(panel.synthetic).lower()})

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Set tags.

        Args:
            tags: Values by name.
        """
        for name, value in tags.items():
            self.client.set_tag(self.run_id, name, value)

    def log_text(self, text: str, artefact_file: str) -> None:
        """Store a text as an artefact.

        Args:
            text: Its content.
            artefact_file: Its path within the run.
        """
        self.client.log_text(self.run_id, text, artefact_file)

    def log_file(self, path: Path, artefact_folder: str = "") -> None:
        """Store a file as an artefact.

        Args:
            path: The file.
            artefact_folder: Folder within the run; empty means its root.
        """
        self.client.log_artifact(self.run_id, str(path), artefact_folder or None)

    def log_figure(self, figure: Figure, artefact_file: str) -> None:
        """Store a figure as an artefact.

        Args:
            figure: A matplotlib figure.
            artefact_file: Its path within the run, ending in `.png`.
        """
        self.client.log_figure(self.run_id, figure, artefact_file)

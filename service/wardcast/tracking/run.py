"""One MLflow run: what goes in, what comes out."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from wardcast.tracking.environment import quiet_mlflow

quiet_mlflow()

from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param  # noqa: E402 - switches come first

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from mlflow import MlflowClient

    from wardcast_models.panel.panel import Panel

_PARAMETER_LENGTH = 6000
"""MLflow's limit on the length of a parameter's value."""


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
        now_ms = int(time.time() * 1000)
        entities = [Metric(name, float(value), now_ms, step) for name, value in metrics.items() if not isnan(value)]
        self.client.log_batch(self.run_id, metrics=entities)

    def log_panel(self, panel: Panel, *, context: str) -> None:
        """Log the panel as the run's input, by digest.

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
            name=f"{panel.area.code}-{panel.vintage}",
            # MLflow keeps 36 characters of a digest; the whole one is a tag of the run.
            digest=panel.digest[:36],
            source_type="wardcast_panel",
            source=json.dumps({"area": panel.area.code, "vintage": panel.vintage, "digest": panel.digest}),
            schema=json.dumps({"ward_code": "string", "category": "string", "month": "date", "count": "long"}),
            profile=json.dumps(profile),
        )
        self.client.log_inputs(self.run_id, [DatasetInput(dataset, [InputTag("mlflow.data.context", context)])])
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

"""Where runs are kept: any MLflow tracking server, or a SQLite file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from wardcast.store.database_errors import unusable_database
from wardcast.tracking.environment import quiet_mlflow
from wardcast.tracking.run import Run

quiet_mlflow()

import mlflow  # noqa: E402 - switches come first
from mlflow import MlflowClient  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from sqlalchemy.exc import SQLAlchemyError  # noqa: E402

from wardcast.tracking.mlflow_errors import not_possible_now  # noqa: E402

PARENT_TAG = "mlflow.parentRunId"
"""Tag by which MLflow's view nests a run below another."""
_LOCAL_VIEW = "http://127.0.0.1:5000"
"""Where `make mlflow` serves the view of a SQLite store."""


@dataclass(frozen=True, kw_only=True)
class Tracker:
    """An experiment in an MLflow store.

    Attributes:
        client: MLflow client.
        uri: Tracking URI.
        experiment_name: Name of the experiment.
        experiment_id: Id of the experiment.
    """

    client: MlflowClient
    uri: str
    experiment_name: str
    experiment_id: str

    @classmethod
    def open(cls, uri: str, *, experiment: str, artefact_dir: Path) -> Tracker:
        """Open the store, creating its tables and the experiment where they are absent.

        Args:
            uri: `sqlite:///...`, another database URL, or a server's `http(s)://...`.
            experiment: Name of the experiment.
            artefact_dir: Folder of artefacts where the store is a database; a server decides for itself.

        Returns:
            The tracker.

        Raises:
            WardcastError: The store cannot be reached or is of a kind MLflow refuses.
        """
        try:
            mlflow.set_tracking_uri(uri)
            client = MlflowClient(uri)
            found = client.get_experiment_by_name(experiment)
            if found is not None:
                experiment_id = str(found.experiment_id)
            else:
                location = None if uri.startswith(("http://", "https://")) else artefact_dir.resolve().as_uri()
                experiment_id = str(client.create_experiment(experiment, artifact_location=location))
        except SQLAlchemyError as error:
            raise unusable_database(uri, error, setting="WARDCAST_MLFLOW_TRACKING_URI") from error
        except MlflowException as error:
            raise not_possible_now(error, uri) from error
        return cls(client=client, uri=uri, experiment_name=experiment, experiment_id=experiment_id)

    @contextmanager
    def run(self, name: str, *, kind: str, tags: Mapping[str, str], parent: Run | None = None) -> Iterator[Run]:
        """Open a run; it ends FINISHED, or FAILED with the reason where the body raises.

        Args:
            name: Name shown in MLflow.
            kind: `train`, `backtest`, `gate` or `plan`; kept as the tag `wardcast.kind`.
            tags: Further tags.
            parent: Run that it is shown below; None for a run by itself.

        Yields:
            The run.
        """
        nesting = {PARENT_TAG: parent.run_id} if parent else {}
        created = self.client.create_run(
            self.experiment_id,
            run_name=name,
            tags={"wardcast.kind": kind, "mlflow.source.name": "wardcast", **nesting, **tags},
        )
        run = Run(client=self.client, experiment_id=self.experiment_id, run_id=created.info.run_id)
        try:
            yield run
        except BaseException as error:
            run.set_tags({"wardcast.error": str(error)[:500]})
            self.client.set_terminated(run.run_id, status="FAILED")
            raise
        self.client.set_terminated(run.run_id, status="FINISHED")

    @property
    def public_uri(self) -> str:
        """The tracking URI without user name, password or a machine's folders."""
        parts = urlsplit(self.uri)
        if parts.scheme in {"http", "https"}:
            return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
        return f"{parts.scheme} database"

    def view_address(self, run_id: str) -> str:
        """Return where a browser shows the run.

        Args:
            run_id: Id of the run.

        Returns:
            The server's address, or for a database that of the local view and how to start it.
        """
        path = f"/#/experiments/{self.experiment_id}/runs/{run_id}"
        if self.uri.startswith(("http://", "https://")):
            return self.public_uri.rstrip("/") + path
        return f"{_LOCAL_VIEW}{path} (after `make mlflow`)"

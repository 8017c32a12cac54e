"""What every use case works in: settings, the store, the queue and the tracker."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from wardcast.jobs.queue import JobQueue
from wardcast.settings import Settings
from wardcast.store.store import Store
from wardcast_models.errors import Problem, invalid_input

if TYPE_CHECKING:
    from wardcast.tracking.tracker import Tracker


@dataclass(frozen=True)
class Workspace:
    """The places that use cases read from and write to.

    Attributes:
        settings: Where things are.
        store: Datasets, forecasts, plans and operations.
    """

    settings: Settings
    store: Store

    @classmethod
    def open(cls, settings: Settings) -> Workspace:
        """Open the store, creating its folder and tables where they are absent.

        Args:
            settings: Where things are.

        Returns:
            The workspace.

        Raises:
            WardcastError: The folder or the database cannot be used.
        """
        try:
            settings.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise invalid_input(
                "The folder that everything is kept in cannot be made.",
                Problem(
                    where="WARDCAST_HOME",
                    expected="a folder, or a path at which this user may make one",
                    found=f"{settings.home} ({error.strerror})",
                    mend="Name another folder, or move away what is in its place.",
                ),
            ) from error
        return cls(settings, Store.open(settings.resolved_database_url, settings.artefact_dir))

    @cached_property
    def queue(self) -> JobQueue:
        """Durable operations."""
        return JobQueue(self.store)

    @cached_property
    def tracker(self) -> Tracker:
        """MLflow; opened on first use, since importing it takes seconds."""
        from wardcast.tracking.tracker import Tracker  # noqa: PLC0415 - see above

        settings = self.settings
        return Tracker.open(
            settings.resolved_tracking_uri,
            experiment=settings.mlflow_experiment,
            artefact_dir=settings.mlflow_artefact_dir,
        )

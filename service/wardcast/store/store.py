"""The store: one database and one folder of files."""

from __future__ import annotations

from pathlib import Path

from wardcast.store.artefacts import ArtefactKind, Artefacts
from wardcast.store.database import Database
from wardcast.store.mapping import (
    dataset_from_row,
    dataset_to_row,
    forecast_from_row,
    forecast_to_row,
    plan_from_row,
    plan_to_row,
)
from wardcast.store.operations import OperationRepository
from wardcast.store.records import DatasetRecord, ForecastRecord, PlanRecord
from wardcast.store.repositories import Repository
from wardcast.store.tables import DatasetRow, ForecastRow, PlanRow


class Store:
    """Everything that outlives a process.

    Several processes may hold a store on the same database and folder at once.

    Attributes:
        database: The database.
        artefacts: The files.
        datasets: Ingested panels.
        forecasts: Forecasts.
        plans: Plans.
        operations: Long work.
    """

    def __init__(self, database: Database, artefacts: Artefacts) -> None:
        self.database = database
        self.artefacts = artefacts
        self.datasets: Repository[DatasetRow, DatasetRecord] = Repository(
            database, DatasetRow, noun="dataset", to_row=dataset_to_row, from_row=dataset_from_row
        )
        self.forecasts: Repository[ForecastRow, ForecastRecord] = Repository(
            database, ForecastRow, noun="forecast", to_row=forecast_to_row, from_row=forecast_from_row
        )
        self.plans: Repository[PlanRow, PlanRecord] = Repository(
            database, PlanRow, noun="plan", to_row=plan_to_row, from_row=plan_from_row
        )
        self.operations = OperationRepository(database)

    @classmethod
    def open(cls, database_url: str, artefact_dir: Path) -> Store:
        """Open a store; what is missing of it is created.

        Args:
            database_url: Any SQLAlchemy URL.
            artefact_dir: Folder of the files.

        Returns:
            The store.

        Raises:
            WardcastError: The URL cannot be read.
        """
        return cls(Database.open(database_url), Artefacts(artefact_dir))

    def artefact_path(self, kind: ArtefactKind, identifier: str, suffix: str) -> Path:
        """Return where a thing's file is kept, whether or not it exists.

        Args:
            kind: `datasets`, `forecasts` or `plans`.
            identifier: Id of the thing.
            suffix: Rest of the file's name, for example `.npz` or `/report.html`.

        Returns:
            The path.
        """
        return self.artefacts.path(kind, identifier, suffix)

    def close(self) -> None:
        """Close the database."""
        self.database.close()

"""Use case: read official files, check them, keep the panel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from wardcast.app.workspace import Workspace
from wardcast.store.identifiers import dataset_id
from wardcast.store.records import DatasetRecord
from wardcast_models.panel.archive import load_panel, save_panel
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.panel import Panel
from wardcast_models.progress import Progress, silent

_SUFFIX = ".panel"


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A kept panel and its record."""

    record: DatasetRecord
    panel: Panel

    @property
    def tags(self) -> dict[str, str]:
        """Tags of the runs that work on it."""
        return {"wardcast.area": self.record.area_code, "wardcast.dataset_id": self.record.dataset_id}

    def until(self, month: pd.Timestamp | None) -> tuple[Panel, pd.Timestamp]:
        """Return the panel cut after a month, and that month.

        Args:
            month: Last month of data to use; None takes the last there is.

        Returns:
            The panel as known to the use case, and its last month.

        Raises:
            WardcastError: The data do not reach the month.
        """
        last = self.panel.last_month if month is None else month
        return self.panel.up_to(last), last


def ingest(
    workspace: Workspace, *, data_dir: Path, area: str, wards: str | None = None, progress: Progress = silent
) -> Dataset:
    """Read a folder of official files and keep the panel; equal content gives the same dataset.

    Args:
        workspace: Where to keep it.
        data_dir: Folder of files, searched recursively.
        area: GSS code, borough name, or `London`.
        wards: Ward vintage; None takes the newest.
        progress: Told how far the reading is.

    Returns:
        The dataset.

    Raises:
        WardcastError: A recognised file is broken, or the area is not in the files; nothing is kept.
    """
    return keep_panel(workspace, read_folder(data_dir, area=area, wards=wards, progress=progress))


def keep_panel(workspace: Workspace, panel: Panel) -> Dataset:
    """Keep a panel; equal content gives the same dataset.

    Args:
        workspace: Where to keep it.
        panel: The panel.

    Returns:
        The dataset, with the findings of this reading: what was read may have other names or another form than before.
    """
    identifier = dataset_id(panel.digest)
    path = workspace.store.artefact_path("datasets", identifier, _SUFFIX)
    save_panel(panel, path)
    record = DatasetRecord(
        dataset_id=identifier,
        area_code=panel.area.code,
        area_name=panel.area.name,
        vintage=panel.vintage,
        first_month=panel.first_month,
        last_month=panel.last_month,
        n_wards=len(panel.area.ward_codes),
        categories=panel.categories,
        synthetic=panel.synthetic,
        digest=panel.digest,
        findings=panel.findings,
    )
    kept = workspace.store.datasets.put(record)
    if kept.findings != panel.findings:
        kept = workspace.store.datasets.put_over(replace(kept, findings=panel.findings))
    return Dataset(record=kept, panel=panel)


def open_dataset(workspace: Workspace, identifier: str) -> Dataset:
    """Open a kept panel.

    Args:
        workspace: Where it is kept.
        identifier: Its id.

    Returns:
        The dataset.

    Raises:
        WardcastError: There is none of that id.
    """
    record = workspace.store.datasets.get(identifier)
    return Dataset(record=record, panel=load_panel(workspace.store.artefact_path("datasets", identifier, _SUFFIX)))


def find_dataset(workspace: Workspace, identifier: str) -> Dataset | None:
    """Open a kept panel where there is one.

    Args:
        workspace: Where it is kept.
        identifier: Its id.

    Returns:
        The dataset, or None where its record or its file is gone.
    """
    record = workspace.store.datasets.find(identifier)
    path = workspace.store.artefact_path("datasets", identifier, _SUFFIX)
    return Dataset(record=record, panel=load_panel(path)) if record is not None and path.exists() else None

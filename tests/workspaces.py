"""A workspace of a test's own, and small panels kept in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.panels import make_panel
from wardcast.app.datasets import Dataset, keep_panel
from wardcast.app.workspace import Workspace
from wardcast.settings import Settings
from wardcast_models.panel.digest import panel_digest


def open_workspace(home: Path) -> Workspace:
    """Open a workspace that does all its work in this process."""
    return Workspace.open(Settings(home=home, workers=1))


def keep_example(workspace: Workspace, *, random_seed: int = 5, n_months: int = 84) -> Dataset:
    """Keep a panel of four wards and two categories whose counts vary by chance alone."""
    panel = make_panel(n_wards=4, n_months=n_months, random_seed=random_seed)
    return keep_panel(workspace, replace(panel, digest=panel_digest(panel)))

"""Panels kept as datasets: equal content is one dataset, and its findings are those of the last reading."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.panels import make_panel
from tests.workspaces import open_workspace
from wardcast.app.datasets import keep_panel, open_dataset
from wardcast_models.panel.digest import panel_digest
from wardcast_models.panel.findings import Finding, FindingKind


def test_the_same_counts_from_another_file_are_the_same_dataset_with_the_findings_of_that_file(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    panel = make_panel(n_wards=2, n_months=24)
    panel = replace(panel, digest=panel_digest(panel))
    kept = []
    for file in ("wards.csv", "wards.xlsx: Sheet1"):
        finding = Finding(kind=FindingKind.READ, file=file, message="Two wards.")
        kept.append(keep_panel(workspace, replace(panel, findings=(finding,))).record)
    first, second = kept
    assert (second.name, second.created_at) == (first.name, first.created_at)
    assert open_dataset(workspace, second.dataset_id).record == second, "a service tells what is stored"
    assert [finding.file for finding in second.findings] == ["wards.xlsx: Sheet1"]
    workspace.store.close()

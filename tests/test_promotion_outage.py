"""The promotion gate while MLflow cannot give what the champion scored: it stops, and takes no easier opponent."""

from __future__ import annotations

from pathlib import Path

import pytest
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import TEMPORARILY_UNAVAILABLE

from tests.workspaces import keep_example, open_workspace
from wardcast.app import gate as gate_module
from wardcast.app.gate import judge_version
from wardcast.app.models import models_of, train
from wardcast.app.promotion import promote
from wardcast.tracking import registry
from wardcast_models.errors import ErrorKind, WardcastError

AREA = "E09000002"
OUTAGES = {
    "no connection": ConnectionError("connection refused"),
    "no answer": MlflowException("no answer", error_code=TEMPORARILY_UNAVAILABLE),
    "the folder of artefacts is not there": None,
}


def test_nothing_is_judged_while_what_the_champion_scored_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = open_workspace(tmp_path)
    dataset = keep_example(workspace)
    train(workspace, dataset, model="seasonal_naive")
    promote(workspace, AREA, 1, without_gate_reason="There has to be a first one.")
    judge_version(workspace, AREA, 1)
    for module in (gate_module, registry):
        monkeypatch.setattr(module, "this_release", lambda: "9.9.9+reworked")
    reworked = train(workspace, dataset, model="seasonal_naive").record
    for outage in OUTAGES.values():

        def listing(*_: object, outage: Exception | None = outage) -> list[object]:
            if outage:
                raise outage
            return []

        monkeypatch.setattr(workspace.tracker.client, "list_artifacts", listing)
        with pytest.raises(WardcastError, match=r"What run .* kept") as refused:
            judge_version(workspace, AREA, reworked.version)
        assert refused.value.kind is ErrorKind.CONFLICT
    assert models_of(workspace, AREA)[0].gate is None
    workspace.store.close()

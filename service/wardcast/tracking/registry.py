"""The model registry: one registered model an area, one version a training."""

from __future__ import annotations

import json
import pickle
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import mlflow
from mlflow.exceptions import MlflowException

from wardcast.tracking.mlflow_errors import is_absent, is_refused, not_possible_now
from wardcast.tracking.model_record import (
    ALIASES,
    CHAMPION,
    FORECASTER_ARTEFACT,
    GateRecord,
    ModelRecord,
    this_release,
    version_among,
)
from wardcast.tracking.run import Run
from wardcast.tracking.signature import INPUT_EXAMPLE, SIGNATURE
from wardcast.tracking.tracker import Tracker
from wardcast_models.errors import ErrorKind, Problem, WardcastError
from wardcast_models.evaluation.verdict import Check
from wardcast_models.forecasting.forecaster import TrainedForecaster

_GATE_TAG = "gate"
"""Tag of a version that holds, as JSON, what the promotion gate last said of it."""
_WITHOUT_GATE_TAG = "without_gate_reason"


def registered_name(area_code: str) -> str:
    """Return the registered model of an area.

    Args:
        area_code: GSS code.

    Returns:
        Its name in the registry.
    """
    return f"wardcast-{area_code}"


def register_forecaster(
    tracker: Tracker,
    run: Run,
    trained: TrainedForecaster,
    *,
    area_code: str,
    until: str,
    panel_digest: str,
    synthetic: bool,
) -> ModelRecord:
    """Log the fitted forecaster to its run and register it as a new version.

    Args:
        tracker: Where runs are kept.
        run: The training run.
        trained: The fitted forecaster.
        area_code: GSS code of the area.
        until: Last month trained on, `YYYY-MM`.
        panel_digest: Digest of the panel trained on.
        synthetic: Whether the panel is the embedded sample.

    Returns:
        The new version.
    """
    name = registered_name(area_code)
    with tempfile.TemporaryDirectory(prefix="wardcast-") as folder:
        state = Path(folder) / f"{FORECASTER_ARTEFACT}.pkl"
        state.write_bytes(pickle.dumps(trained))
        mlflow.set_tracking_uri(tracker.uri)  # logging a model knows no other way to be told
        with mlflow.start_run(run_id=run.run_id):
            logged = mlflow.pyfunc.log_model(
                name="forecaster",
                python_model=str(Path(__file__).with_name("forecaster_model.py")),
                artifacts={FORECASTER_ARTEFACT: str(state)},
                signature=SIGNATURE,
                input_example=INPUT_EXAMPLE,
                pip_requirements=["wardcast"],
                tags={"wardcast.forecaster": trained.name},
            )
    tags = {
        "area_code": area_code,
        "forecaster": trained.name,
        "until": until,
        "panel_digest": panel_digest,
        "synthetic": str(synthetic).lower(),
        "wardcast_version": this_release(),
    }
    # By the client and not while logging, which writes to the terminal.
    with suppress(MlflowException):  # it exists from the second training on
        tracker.client.create_registered_model(name)
    version = tracker.client.create_model_version(
        name, source=logged.model_uri, run_id=run.run_id, tags=tags, model_id=logged.model_id
    )
    return version_among(list_models(tracker, area_code), str(version.version))


def list_models(tracker: Tracker, area_code: str) -> list[ModelRecord]:
    """Return an area's versions, newest first.

    Args:
        tracker: Where runs are kept.
        area_code: GSS code.

    Returns:
        The versions; empty where none was trained.

    Raises:
        WardcastError: MLflow cannot say now.
    """
    name = registered_name(area_code)
    try:
        registered = tracker.client.get_registered_model(name)
    except MlflowException as error:
        if not is_absent(error):
            raise not_possible_now(error, tracker.uri) from error
        return []
    aliases: dict[int, list[str]] = {}
    for alias, number in registered.aliases.items():
        aliases.setdefault(int(number), []).append(alias)
    found = tracker.client.search_model_versions(f"name='{name}'", max_results=1000)
    records = [
        ModelRecord(
            name=name,
            version=int(entry.version),
            area_code=area_code,
            forecaster=entry.tags.get("forecaster", ""),
            until=entry.tags.get("until", ""),
            panel_digest=entry.tags.get("panel_digest", ""),
            synthetic=entry.tags.get("synthetic") == "true",
            wardcast_version=entry.tags.get("wardcast_version", ""),
            run_id=entry.run_id or "",
            aliases=tuple(sorted(aliases.get(int(entry.version), []))),
            created_at=datetime.fromtimestamp(entry.creation_timestamp / 1000, UTC).isoformat(timespec="seconds"),
            gate=_gate_record(entry.tags),
            without_gate_reason=entry.tags.get(_WITHOUT_GATE_TAG, ""),
        )
        for entry in found
    ]
    return sorted(records, key=lambda record: -record.version)


def check_alias(tracker: Tracker, area_code: str, version: int, alias: str) -> ModelRecord:
    """Refuse an alias that a version cannot carry.

    Args:
        tracker: Where runs are kept.
        area_code: GSS code.
        version: Version, counted from 1.
        alias: `champion` or `challenger`.

    Returns:
        The version.

    Raises:
        WardcastError: No such version or alias, or the version learned from the sample and others from real data.
    """
    if alias not in ALIASES:
        raise WardcastError(
            ErrorKind.INVALID_INPUT,
            f"{alias!r} is not an alias.",
            [Problem(where="alias", expected=" or ".join(ALIASES), found=alias, mend="Use one of the two.")],
        )
    records = list_models(tracker, area_code)
    real = [record.version for record in records if not record.synthetic]
    record = version_among(records, version)
    if record.synthetic and real:
        raise WardcastError(
            ErrorKind.CONFLICT,
            f"Version {version} learned from the synthetic sample; {area_code} has models that learned from real data.",
            [
                Problem(
                    where="version",
                    expected=f"a version trained on real data ({', '.join(map(str, real))})",
                    found=f"{version}, trained on the synthetic sample",
                    mend="Promote one of those, or try the sample in a folder of its own (WARDCAST_HOME).",
                )
            ],
        )
    return record


def set_alias(
    tracker: Tracker, area_code: str, version: int, alias: str, *, without_gate_reason: str = ""
) -> ModelRecord:
    """Point an alias at a version; whether it may carry it has been asked (`check_alias`, the promotion gate).

    Args:
        tracker: Where runs are kept.
        area_code: GSS code.
        version: Version, counted from 1.
        alias: `champion` or `challenger`.
        without_gate_reason: Why the gate was not asked or not obeyed, kept as a tag of the version (until it passes
            the gate) and of its training run, unless that was deleted; empty where it was obeyed.

    Returns:
        The version with its new alias.
    """
    record = check_alias(tracker, area_code, version, alias)
    # The alias comes last: no version leads whose reason could not be kept.
    if without_gate_reason:
        tracker.client.set_model_version_tag(record.name, str(version), _WITHOUT_GATE_TAG, without_gate_reason)
        _tag_training(tracker, record, f"wardcast.{_WITHOUT_GATE_TAG}", without_gate_reason)
    elif alias == CHAMPION and record.without_gate_reason:
        tracker.client.delete_model_version_tag(record.name, str(version), _WITHOUT_GATE_TAG)
    tracker.client.set_registered_model_alias(record.name, alias, str(version))
    return version_among(list_models(tracker, area_code), version)


def set_gate(tracker: Tracker, record: ModelRecord, gate: GateRecord) -> ModelRecord:
    """Keep with a version what the promotion gate said of it.

    Args:
        tracker: Where runs are kept.
        record: The version.
        gate: What it said.

    Returns:
        The version with it.
    """
    tracker.client.set_model_version_tag(record.name, str(record.version), _GATE_TAG, json.dumps(asdict(gate)))
    return version_among(list_models(tracker, record.area_code), record.version)


def load_forecaster(tracker: Tracker, record: ModelRecord) -> TrainedForecaster:
    """Load a registered forecaster.

    Args:
        tracker: Where runs are kept.
        record: The version.

    Returns:
        The fitted forecaster.
    """
    mlflow.set_tracking_uri(tracker.uri)
    model = mlflow.pyfunc.load_model(f"models:/{record.name}/{record.version}")
    trained: TrainedForecaster = model.unwrap_python_model().forecaster
    return trained


def _tag_training(tracker: Tracker, record: ModelRecord, name: str, value: str) -> None:
    """Set a tag of the run that trained a version, where that run has not been deleted in MLflow."""
    try:
        tracker.client.set_tag(record.run_id, name, value)
    except MlflowException as error:
        if not (is_absent(error) or is_refused(error)):
            raise


def _gate_record(tags: Mapping[str, str]) -> GateRecord | None:
    if _GATE_TAG not in tags:
        return None
    kept = json.loads(tags[_GATE_TAG])
    return GateRecord(**{**kept, "checks": tuple(Check(**check) for check in kept["checks"])})

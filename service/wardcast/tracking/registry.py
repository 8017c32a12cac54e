"""The model registry: one registered model an area, one version a training."""

from __future__ import annotations

import pickle
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import mlflow
import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.types.schema import ColSpec, Schema

from wardcast.tracking.model_record import ALIASES, FORECASTER_ARTEFACT, ModelRecord, this_release, version_among
from wardcast.tracking.run import Run
from wardcast.tracking.tracker import Tracker
from wardcast_models.errors import ErrorKind, Problem, WardcastError
from wardcast_models.forecasting.forecast import QUANTILES
from wardcast_models.forecasting.forecaster import TrainedForecaster

# Shown beside the model in MLflow, which tries it while logging: small, so that this costs little.
_INPUT_EXAMPLE = pd.DataFrame({"horizon_months": [3], "n_paths": [50], "seed": [0]})
_SIGNATURE = ModelSignature(
    inputs=Schema(
        [
            ColSpec("long", "horizon_months"),
            ColSpec("long", "n_paths", required=False),
            ColSpec("long", "seed", required=False),
        ]
    ),
    outputs=Schema(
        [ColSpec("string", name) for name in ("ward_code", "ward_name", "category", "month")]
        + [ColSpec("double", "mean")]
        + [ColSpec("double", f"q{round(level * 100):02d}") for level in QUANTILES]
        + [ColSpec("string", name) for name in ("status", "model")]
    ),
)


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
                signature=_SIGNATURE,
                input_example=_INPUT_EXAMPLE,
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
    """
    name = registered_name(area_code)
    try:
        registered = tracker.client.get_registered_model(name)
    except MlflowException:
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
        )
        for entry in found
    ]
    return sorted(records, key=lambda record: -record.version)


def set_alias(tracker: Tracker, area_code: str, version: int, alias: str) -> ModelRecord:
    """Point an alias at a version.

    Args:
        tracker: Where runs are kept.
        area_code: GSS code.
        version: Version, counted from 1.
        alias: `champion` or `challenger`.

    Returns:
        The version with its new alias.

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
    if version_among(records, version).synthetic and real:
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
    tracker.client.set_registered_model_alias(registered_name(area_code), alias, str(version))
    return version_among(list_models(tracker, area_code), version)


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

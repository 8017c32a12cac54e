"""What a registered model is asked and what it answers, as MLflow shows and enforces it."""

from __future__ import annotations

import pandas as pd
from mlflow.models import ModelSignature
from mlflow.types.schema import ColSpec, ParamSchema, ParamSpec, Schema

from wardcast_models.forecasting.forecast import QUANTILES

# MLflow tries the example while logging: small, so that this costs little.
INPUT_EXAMPLE = (
    pd.DataFrame({"horizon_months": [3], "n_paths": [50], "seed": [0], "scenario": ["as_planned"]}),
    {"n_paths": 50, "seed": 0, "scenario": "as_planned"},
)
"""A row to ask with, and the parameters that stand in for columns left out."""

SIGNATURE = ModelSignature(
    inputs=Schema(
        [
            ColSpec("long", "horizon_months"),
            ColSpec("long", "n_paths", required=False),
            ColSpec("long", "seed", required=False),
            ColSpec("string", "scenario", required=False),
        ]
    ),
    outputs=Schema(
        [ColSpec("string", name) for name in ("ward_code", "ward_name", "category", "month")]
        + [ColSpec("double", "mean")]
        + [ColSpec("double", f"q{round(level * 100):02d}") for level in QUANTILES]
        + [ColSpec("string", name) for name in ("status", "model", "read_at")]
    ),
    params=ParamSchema(
        [
            ParamSpec("n_paths", "long", 500),
            ParamSpec("seed", "long", 0),
            ParamSpec("scenario", "string", "as_planned"),
        ]
    ),
)
"""One row in, the forecast file's columns out."""

"""A forecast as one file: its arrays compressed, everything else as JSON. No pickle, so reading it runs nothing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from wardcast_models.files import write_atomically
from wardcast_models.forecasting.forecast import Forecast

_ARRAYS = ("paths", "demand_history", "exposure_growth")
_FACTS = (
    "area_code",
    "ward_codes",
    "ward_names",
    "categories",
    "model",
    "seed",
    "scenario",
    "panel_digest",
    "synthetic",
    "assumptions",
)


def save_forecast(forecast: Forecast, path: Path) -> None:
    """Write a forecast; the file is there whole or not at all.

    Args:
        forecast: The forecast.
        path: File to write, ending in `.npz`.
    """
    facts = {name: getattr(forecast, name) for name in _FACTS}
    facts["until"] = forecast.until.isoformat()
    facts["months"] = [month.isoformat() for month in forecast.months]
    arrays = {name: getattr(forecast, name) for name in _ARRAYS}

    def write(temporary: Path) -> None:
        with temporary.open("wb") as stream:  # given a path, numpy would add a suffix to it
            np.savez_compressed(stream, facts=np.array(json.dumps(facts)), **arrays)

    write_atomically(path, write)


def load_forecast(path: Path) -> Forecast:
    """Read a forecast back.

    Args:
        path: File written by `save_forecast`.

    Returns:
        The forecast, equal in every array and fact.
    """
    with np.load(path, allow_pickle=False) as stored:
        facts = json.loads(str(stored["facts"]))
        arrays = {name: stored[name] for name in _ARRAYS}
    listed = ("ward_codes", "ward_names", "categories", "assumptions")
    facts |= {name: tuple(facts[name]) for name in listed}
    facts["until"] = pd.Timestamp(facts["until"])
    facts["months"] = pd.DatetimeIndex(facts["months"])
    return Forecast(**facts, **arrays)

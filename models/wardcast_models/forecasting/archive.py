"""A forecast as one file: its arrays compressed, everything else as JSON. No pickle, so reading it runs nothing."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from wardcast_models.errors import Problem, WardcastError, invalid_input
from wardcast_models.files import write_atomically
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.forecasting.per_person import PerPersonEffect

FORMAT = "wardcast-forecast-2"
"""Named in the file; changes when what is kept of a forecast does. What the first releases wrote names none."""

_ARRAYS = ("paths", "components", "demand_history", "exposure_growth")
_FACTS = (
    "area_code",
    "area_name",
    "ward_codes",
    "ward_names",
    "categories",
    "model",
    "seed",
    "scenario",
    "panel_digest",
    "synthetic",
    "assumptions",
    "clusters",
    "member_weights",
)


def save_forecast(forecast: Forecast, path: Path) -> None:
    """Write a forecast; the file is there whole or not at all.

    Args:
        forecast: The forecast.
        path: File to write, ending in `.npz`.
    """
    facts = {name: getattr(forecast, name) for name in _FACTS}
    facts["format"] = FORMAT
    facts["until"] = forecast.until.isoformat()
    facts["per_person"] = None if forecast.per_person is None else asdict(forecast.per_person)
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

    Raises:
        WardcastError: The file is missing, no stored forecast, of another format, or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            facts = json.loads(str(stored["facts"]))
            kept_as = facts.pop("format", None)
            if kept_as != FORMAT:
                raise _unreadable(path, found=f"format {kept_as!r}" if kept_as else "that of an earlier release")
            arrays = {name: stored[name] for name in _ARRAYS}
    except (OSError, EOFError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise _unreadable(path, found=_said(error)) from error
    listed = ("ward_codes", "ward_names", "categories", "assumptions", "clusters")
    facts |= {name: tuple(facts[name]) for name in listed}
    facts["member_weights"] = tuple((name, weight) for name, weight in facts["member_weights"])
    facts.setdefault("area_name", facts["area_code"])
    facts["until"] = pd.Timestamp(facts["until"])
    facts["per_person"] = facts["per_person"] and PerPersonEffect(**facts["per_person"])
    facts["months"] = pd.DatetimeIndex(facts["months"])
    return Forecast(**facts, **arrays)


def _said(error: Exception) -> str:
    """Return what went wrong without the folder that the file is in."""
    return (error.strerror if isinstance(error, OSError) else str(error)) or type(error).__name__


def _unreadable(path: Path, *, found: str) -> WardcastError:
    return invalid_input(
        f"{path.name} is no readable stored forecast.",
        Problem(
            where=path.name, expected=f"a stored forecast ({FORMAT})", found=found, mend="Make the forecast again."
        ),
    )

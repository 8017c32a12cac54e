"""What a comparison of forecasters is asked to do: a configuration file, a command's options, or a run's parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from wardcast_models.errors import Problem
from wardcast_models.evaluation.availability import Availability
from wardcast_models.forecasting.registry import forecaster_names
from wardcast_models.forecasting.scope import LONGEST_HORIZON_MONTHS
from wardcast_models.form_file import Form, checked_form, read_form

_FORM = Form(
    noun="comparison",
    option="--config",
    content="at least `area:`, `origins:` and `forecasters:`",
    example="experiments/comparisons/lbbd.yaml",
)
_DEFAULT = Availability()
_PREFIX = "availability."
_MONTH = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])")


def _month(value: Any) -> pd.Timestamp:
    if isinstance(value, pd.Timestamp) and not pd.isna(value):
        return value
    # YAML reads 2018-03-31 as a date and 201803 as a number; pandas would take no text at all for NaT.
    if not isinstance(value, str) or not _MONTH.fullmatch(value):
        raise ValueError("a month such as 2018-03")
    return pd.Timestamp(pd.to_datetime(value, format="%Y-%m"))


def _month_or_none(value: Any) -> pd.Timestamp | None:
    return None if value is None else _month(value)


def _in_order(months: tuple[pd.Timestamp, ...]) -> tuple[pd.Timestamp, ...]:
    if list(months) != sorted(set(months)):
        raise ValueError("months from the earliest to the latest, none of them twice")
    return months


def _known_forecaster(name: str) -> str:
    if name not in forecaster_names():
        raise ValueError(f"one of {', '.join(forecaster_names())}")
    return name


def _no_twins(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise ValueError("forecasters, none of them twice")
    return names


Month = Annotated[pd.Timestamp, BeforeValidator(_month)]
MonthOrNone = Annotated[pd.Timestamp | None, BeforeValidator(_month_or_none)]
Whole = Annotated[int, Field(strict=True)]


class _Fields(BaseModel):
    """Unknown keys are refused, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class AvailabilityFields(_Fields):
    """When figures become known; see `availability.Availability`."""

    count_lag_months: Whole = Field(default=_DEFAULT.count_lag_months, ge=0, le=24, description="Of the counts.")
    estimate_lag_months: Whole = Field(
        default=_DEFAULT.estimate_lag_months, ge=0, le=60, description="Of mid-year population estimates."
    )
    census_published: Month = Field(default=_DEFAULT.census_published, description="Of Census 2021.")
    projection_known_from: MonthOrNone = Field(
        default=_DEFAULT.projection_known_from, description="Of the projection; None: known at every origin."
    )

    def availability(self) -> Availability:
        """Return it in the form that backtests take."""
        return Availability(**{name: getattr(self, name) for name in type(self).model_fields})


class Comparison(_Fields):
    """A backtest as asked for: all that decides its numbers but the data and the code."""

    area: str = Field(min_length=1, description="GSS code, borough name, or `London`.")
    origins: Annotated[tuple[Month, ...], AfterValidator(_in_order)] = Field(
        min_length=1, description="Last months of data."
    )
    forecasters: Annotated[tuple[Annotated[str, AfterValidator(_known_forecaster)], ...], AfterValidator(_no_twins)] = (
        Field(min_length=1, description="Names from the registry; the first is compared with each of the others.")
    )
    horizon_months: Whole = Field(default=12, ge=1, le=LONGEST_HORIZON_MONTHS, description="Months ahead.")
    n_paths: Whole = Field(default=500, ge=50, le=5000, description="Sample paths of each forecast.")
    seed: Whole = Field(default=0, ge=0, description="Seed of the paths.")
    availability: AvailabilityFields = Field(default=AvailabilityFields(), description="When figures become known.")

    def parameters(self) -> dict[str, str]:
        """Return all of it as text by name, for a run; `from_parameters` reads it back."""
        own = {name: _text(getattr(self, name)) for name in type(self).model_fields if name != "availability"}
        known = self.availability
        return own | {f"{_PREFIX}{name}": _text(getattr(known, name)) for name in type(known).model_fields}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, str], *, where: str) -> Comparison:
        """Read a comparison back from a run's parameters; others than its own are left aside.

        Args:
            parameters: As `parameters` gave them.
            where: What they are of, for errors.

        Returns:
            The comparison.

        Raises:
            WardcastError: A parameter is missing, or is not what it has to be.
        """
        own = [name for name in cls.model_fields if name != "availability"]
        known = list(AvailabilityFields.model_fields)
        missing = [name for name in (*own, *(f"{_PREFIX}{name}" for name in known)) if name not in parameters]
        if missing:
            raise _FORM.to_mend(where, [_missing(name, where) for name in missing])
        fields = {name: _value(name, parameters[name]) for name in own}
        availability = {name: _value(name, parameters[f"{_PREFIX}{name}"]) for name in known}
        return checked_form(cls, {**fields, "availability": availability}, where=where, form=_FORM)


def read_comparison(path: Path) -> Comparison:
    """Read a configuration file.

    Args:
        path: A YAML file, such as `experiments/comparisons/lbbd.yaml`.

    Returns:
        The comparison.

    Raises:
        WardcastError: The file is absent or not YAML, or a field is wrong; file and field are named.
    """
    return checked_form(Comparison, read_form(path, _FORM), where=path.name, form=_FORM)


def _missing(name: str, where: str) -> Problem:
    return Problem(
        where=f"{where}: {name}",
        expected="the parameter, as every comparison logs it",
        found="none of that name",
        mend="Run the comparison anew from its configuration file or options.",
    )


def _text(value: Any) -> str:
    """Write a value as one parameter."""
    if isinstance(value, tuple):
        return ", ".join(_text(one) for one in value)
    return f"{value:%Y-%m}" if isinstance(value, pd.Timestamp) else str(value)


def _value(name: str, text: str) -> Any:
    """Read a parameter's text as the value that the field takes."""
    if name in {"origins", "forecasters"}:
        return text.split(", ")
    if text == str(None):
        return None
    return int(text) if text.isdecimal() else text

"""What all parts of a request have in common."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MONTH_PATTERN = r"^\d{4}-(0[1-9]|1[0-2])$"


def _month(value: Any) -> Any:
    """Refuse what is no month in words that a person can follow."""
    if not isinstance(value, str) or not re.match(MONTH_PATTERN, value):
        raise ValueError("a month as YYYY-MM, for example 2025-06")
    return value


MonthName = Annotated[str, BeforeValidator(_month), Field(pattern=MONTH_PATTERN)]
"""A month as `YYYY-MM`."""

Hours = Annotated[float, Field(ge=0)]
"""Officer hours, 0 or more."""


class RequestModel(BaseModel):
    """Base of all request parts: unknown keys are refused, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

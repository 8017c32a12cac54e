"""What every part of a plan is built on."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class PlanModel(BaseModel):
    """Base of all plan parts: frozen, nothing extra."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Range(PlanModel):
    """A mean with a 90 % range over the simulated futures: every forecast path with every elasticity."""

    mean: float
    q05: float
    q95: float

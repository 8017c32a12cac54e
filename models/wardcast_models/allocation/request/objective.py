"""What a request wants the plan to make as large as possible."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wardcast_models.allocation.request.model import RequestModel
from wardcast_models.reference.assumptions import assumption

HarmScale = Literal["cambridge", "ons", "count", "custom"]


class Objective(RequestModel):
    """What the plan tries to make as large as possible."""

    harm_scale: HarmScale = Field(default="cambridge", description="Weight of one crime of each category.")
    harm_weights: dict[str, Annotated[float, Field(ge=0)]] = Field(
        default_factory=dict,
        description="With `harm_scale: custom`, the weight of one crime by category; 0 where not given.",
    )
    priority_weights: dict[str, Annotated[float, Field(ge=0)]] = Field(
        default_factory=dict, description="Multiplier by CSP priority id; 1 where not given."
    )
    asb_weight: float = Field(
        default=assumption("asb_weight").value,
        ge=0,
        le=50,
        description="Weight of one ASB incident, in Cambridge-day equivalents (with `custom`, in the custom unit).",
    )
    after_dark_weight: float = Field(
        default=0.0,
        ge=0,
        description="Value of one delivered hour after dark, in units of the harm scale (perception of safety).",
    )
    elasticity: float = Field(
        default=assumption("elasticity").value,
        ge=0,
        le=1,
        description="Central elasticity of preventable crime to presence (Draca et al. 2011); the plan aims at the "
        "mean over four elasticities around it, from none to a third more.",
    )
    spill_over: float = Field(
        default=0.0,
        ge=0,
        le=0.5,
        description="Share of a delivered hour's effect that also reaches the neighbouring wards together.",
    )
    cvar_weight: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Weight of the mean harm left in the worst tenth of futures (CVaR at 0.9) against the mean over "
        "all.",
    )
    cvar_paths: int = Field(
        default=200, ge=50, le=1000, description="Forecast paths that the worst tenth is taken from, at most `n_paths`."
    )

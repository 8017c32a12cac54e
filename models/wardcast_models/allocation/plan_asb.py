"""What a plan does about anti-social behaviour."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wardcast_models.allocation.plan_model import PlanModel, Range


class AsbWard(PlanModel):
    """What a plan does about anti-social behaviour in one ward, over its months."""

    ward_code: str
    ward_name: str
    share: float = Field(description="Of the area's anti-social behaviour: forecast, else as its ring-fence is split.")
    hours: float = Field(description="Planned hours credited to it; with a ring-fence the council hours kept for it.")
    expected: Range | None = Field(default=None, description="Incidents forecast, over forecast paths only.")
    avoided: Range | None = Field(default=None, description="Incidents avoided.")


class AsbTreatment(PlanModel):
    """How anti-social behaviour entered the plan."""

    mode: Literal["forecast", "floor"]
    statement: str
    floor_hours_per_month: float
    unobserved_months: tuple[str, ...] = Field(
        default=(), description="Months, `YYYY-MM`, since it was first observed in which a ward has no count."
    )
    credited_hours: float = Field(default=0.0, ge=0, description="Planned hours credited to it; 0 with a ring-fence.")
    expected: Range | None = Field(
        default=None, description="Incidents forecast in the area, over forecast paths only."
    )
    avoided: Range | None = Field(default=None, description="Incidents avoided in the area.")
    wards: tuple[AsbWard, ...] = Field(default=(), description="Most of it first; none where no hours are kept for it.")

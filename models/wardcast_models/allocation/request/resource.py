"""Teams and other resources of a request, and the shifts they work in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from wardcast_models.allocation.request.model import Hours, MonthName, RequestModel
from wardcast_models.reference.response_library import resource_types

Agency = Literal["council", "police", "partner"]


class Shift(RequestModel):
    """A part of the day that presence is planned for."""

    name: str = Field(min_length=1, description="Name used in the assignments, for example `late`.")
    hours: float = Field(gt=0, le=24, description="Length in hours.")
    after_dark: bool = Field(default=False, description="Counts towards presence after dark.")


DEFAULT_SHIFTS = (
    Shift(name="day", hours=8),
    Shift(name="late", hours=8, after_dark=True),
    Shift(name="night", hours=8, after_dark=True),
)


class ShiftShares(RequestModel):
    """How one category's crime falls on the shifts; replaces the shifts' hours over 24."""

    category: str = Field(description="Analysis category id, or `all` for every category without an entry of its own.")
    shares: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(
        description="Share of a day's crime by shift name, 0 where not given; together at most 1."
    )


class Resource(RequestModel):
    """A pool of hours of one kind of team, crew or project."""

    name: str = Field(min_length=1, description="Name used in the assignments.")
    agency: Agency = Field(default="police", description="Who employs the team; where not given, the type's agency.")
    type: str = Field(
        default="visible_patrol",
        description="Key of the packaged response library; decides which categories the team affects.",
    )
    hours_per_month: float = Field(ge=0, description="Planned hours available a month, on top of the baseline.")
    hours_by_month: dict[MonthName, Hours] = Field(
        default_factory=dict, description="Planned hours available in single months, instead of `hours_per_month`."
    )
    hours_by_shift: dict[str, Hours] = Field(
        default_factory=dict, description="Most planned hours a month in single shifts, within the month's hours."
    )
    cost_per_hour: float | None = Field(default=None, ge=0, description="Pounds a planned hour.")
    unit_hours: float | None = Field(
        default=None, gt=0, description="Hours of one whole unit (a shift of one officer, a visit); see `whole_units`."
    )
    effectiveness: dict[str, Annotated[float, Field(ge=0, le=5)]] = Field(
        default_factory=dict,
        description="Effect of one delivered hour relative to one police patrol hour, by analysis category; "
        "overrides the library and is then marked as the user's assumption.",
    )
    delivery_rate: float | None = Field(
        default=None, gt=0, le=1, description="Delivered over planned hours; None takes the library's figure."
    )
    enforcement: bool | None = Field(
        default=None, description="Counts towards the burden of enforcement; None takes the library's entry."
    )
    shifts: tuple[str, ...] = Field(default=(), description="Shifts it can work; empty means all.")
    wards: tuple[str, ...] = Field(default=(), description="Ward codes it can work in; empty means all.")
    months: tuple[MonthName, ...] = Field(default=(), description="Months it can work in; empty means all.")

    @model_validator(mode="before")
    @classmethod
    def _agency_of_its_type(cls, data: Any) -> Any:
        """Fill in the agency that a type of resource usually belongs to."""
        if isinstance(data, Mapping) and data.get("agency") is None:
            known = resource_types().get(str(data.get("type", "visible_patrol")))
            if known is not None:
                return {**data, "agency": known.agency}
        return data

    def hours_in(self, month: str) -> float:
        """Return the planned hours available in a month, `YYYY-MM`; 0 where it cannot work then."""
        if self.months and month not in self.months:
            return 0.0
        return self.hours_by_month.get(month, self.hours_per_month)

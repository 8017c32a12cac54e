"""What a made-up plan does about anti-social behaviour, in both ways."""

from __future__ import annotations

from collections.abc import Sequence

from tests.plan_example_wards import spread
from wardcast_models.allocation.plan import WardExplanation
from wardcast_models.allocation.plan_asb import AsbTreatment, AsbWard
from wardcast_models.allocation.plan_model import Range

HOURS_KEPT_PER_MONTH = 66.0


def asb_kept(wards: Sequence[WardExplanation], n_months: int) -> AsbTreatment:
    """Return a ring-fence, the same in every ward."""
    hours = HOURS_KEPT_PER_MONTH * n_months / len(wards)
    return AsbTreatment(
        mode="floor",
        statement=(
            "Anti-social behaviour is not in the data within 12 months of March 2025, so it is not forecast. "
            "15% of council hours are set aside for it, split by public order and criminal damage as a stand-in."
        ),
        floor_hours_per_month=HOURS_KEPT_PER_MONTH,
        wards=tuple(
            AsbWard(ward_code=ward.ward_code, ward_name=ward.ward_name, share=1 / len(wards), hours=hours)
            for ward in wards
        ),
    )


def asb_forecast(wards: Sequence[WardExplanation]) -> AsbTreatment:
    """Return a forecast of 120 incidents in the first ward and fewer in each after it, down to 12."""
    expected = [max(120.0 - 12.0 * place, 12.0) for place in range(len(wards))]
    return AsbTreatment(
        mode="forecast",
        statement="Anti-social behaviour is forecast. No full count is at hand for 2024-04.",
        floor_hours_per_month=0.0,
        unobserved_months=("2024-04",),
        credited_hours=float(len(wards)) * 10.0,
        expected=_chance(sum(expected)),
        avoided=spread(sum(expected) / 50),
        wards=tuple(
            AsbWard(
                ward_code=ward.ward_code,
                ward_name=ward.ward_name,
                share=incidents / sum(expected),
                hours=10.0,
                expected=_chance(incidents),
                avoided=spread(incidents / 50),
            )
            for ward, incidents in zip(wards, expected, strict=True)
        ),
    )


def _chance(incidents: float) -> Range:
    """Return a count with a range around it."""
    return Range(mean=incidents, q05=0.8 * incidents, q95=1.2 * incidents)

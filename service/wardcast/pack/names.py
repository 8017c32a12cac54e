"""Ward names for people, told apart where two wards share one."""

from __future__ import annotations

from collections import Counter

from wardcast_models.allocation.plan import Plan

WardNames = dict[str, str]


def ward_names(plan: Plan) -> WardNames:
    """Return a name for each ward code of the plan; wards that share a name carry their code.

    Args:
        plan: The plan.

    Returns:
        Name by ward code, for example `Abbey` or `Abbey (E05014053)`.
    """
    uses = Counter(ward.ward_name for ward in plan.wards)
    return {
        ward.ward_code: ward.ward_name if uses[ward.ward_name] == 1 else f"{ward.ward_name} ({ward.ward_code})"
        for ward in plan.wards
    }

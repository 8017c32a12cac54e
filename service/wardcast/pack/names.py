"""Ward names for people, told apart where two wards share one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from wardcast_models.allocation.plan import Plan

WardNames = dict[str, str]


def ward_names(plan: Plan) -> WardNames:
    """Return a name for each ward code of the plan; wards that share a name carry their code.

    Args:
        plan: The plan.

    Returns:
        Name by ward code, for example `Abbey` or `Abbey (E05014053)`.
    """
    return distinct_names({ward.ward_code: ward.ward_name for ward in plan.wards})


def distinct_names(name_by_code: Mapping[str, str]) -> WardNames:
    """Tell wards that share a name apart by their code.

    Args:
        name_by_code: Name by ward code.

    Returns:
        Name by ward code, for example `Abbey` or `Abbey (E05014053)`.
    """
    uses = Counter(name_by_code.values())
    return {code: name if uses[name] == 1 else f"{name} ({code})" for code, name in name_by_code.items()}

"""The wards of a made-up plan: who is sent where, and why."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from wardcast_models.allocation.plan import Assignment, CategoryDemand, ResourceShare, WardExplanation
from wardcast_models.allocation.plan_model import Range
from wardcast_models.allocation.request.resource import Agency
from wardcast_models.reference.taxonomy import taxonomy

# relative demand of each ward, in the order above: a town centre, a growing riverside, quiet suburbs
DEMAND = (9.0, 3.8, 4.1, 3.5, 3.4, 4.6, 3.1, 3.3, 6.2, 4.0, 4.8, 2.9, 3.2, 5.6, 2.6, 3.9, 3.6, 5.1, 4.4)
GROWTH = {"E05014055": 1.12, "E05014061": 1.05, "E05014068": 1.04}
CATEGORIES = (
    ("violence_with_injury", 0.085, 365.0),
    ("robbery_personal", 0.022, 365.0),
    ("burglary_residential", 0.050, 273.5),
    ("violence_without_injury", 0.190, 10.0),
    ("rape", 0.014, 2555.0),
    ("arson", 0.008, 185.0),
)
ALL_CRIMES_A_MONTH = 1700.0
SHIFT_PART = {"day": 0.25, "late": 0.45, "night": 0.30}
PERSONS_EXPOSED = 11_500.0
CENTRE, SUBURBS = "Town centre and riverside", "Suburbs"
"""Groups of wards, as a column of the user's may name them."""


@dataclass(frozen=True, kw_only=True)
class Team:
    """A team and its officer hours a month."""

    name: str
    agency: Agency
    hours_per_month: float
    kind: str = "Police neighbourhood patrol"
    cost_per_hour: float | None = None
    enforcement: bool = True


def spread(mean: float) -> Range:
    """Return a mean with a range as wide as real ones, from no effect on."""
    return Range(mean=mean, q05=0.0, q95=mean * 2.1)


def assignments(
    wards: Sequence[tuple[str, str]], demand: dict[str, float], months: tuple[str, ...], teams: Sequence[Team]
) -> tuple[Assignment, ...]:
    """Return hours that chase demand."""
    # hours chase demand above the quietest wards, which get none
    pull = {code: max(0.0, value - 2.95) ** 1.2 for code, value in demand.items()}
    total = sum(pull.values()) or 1.0
    if not any(pull.values()):
        pull = dict.fromkeys(pull, 1.0 / len(pull))
    return tuple(
        Assignment(
            ward_code=code,
            ward_name=name,
            month=month,
            shift=shift,
            resource=team.name,
            agency=team.agency,
            hours=round(team.hours_per_month * part * pull[code] / total, 2),
        )
        for month in months
        for shift, part in SHIFT_PART.items()
        for team in teams
        for code, name in wards
        if pull[code] > 0
    )


def ward_explanations(
    wards: Sequence[tuple[str, str]],
    demand: dict[str, float],
    given: Sequence[Assignment],
    teams: Sequence[Team],
    n_months: int,
) -> tuple[WardExplanation, ...]:
    """Return every ward with its reasons, most hours first."""
    hours: dict[tuple[str, str], float] = defaultdict(float)
    for assignment in given:
        hours[assignment.ward_code, assignment.resource] += assignment.hours
    total = {code: sum(hours[code, team.name] for team in teams) for code, _ in wards}
    ranked = sorted(wards, key=lambda ward: (-total[ward[0]], ward[0]))
    all_demand = sum(demand.values())
    group_size = max(1, round(len(wards) / 4))
    explained = []
    for rank, (code, name) in enumerate(ranked, start=1):
        ward = _explanation(code, name, rank, demand[code] / all_demand, total[code], n_months, len(wards))
        enforced = sum(hours[code, team.name] for team in teams if team.enforcement)
        explained.append(
            ward.model_copy(
                update={
                    "resources": _shares(code, [other for other, _ in wards], hours, teams),
                    "in_top_group": rank <= group_size,
                    "top_group_share": 1 / (1 + math.exp((rank - group_size - 0.5) * 0.9)),
                    "protection": ward.harm_avoided.mean / ward.need_harm if ward.need_harm else 0.0,
                    "burden_hours_per_1000": enforced / n_months / (PERSONS_EXPOSED / 1000),
                    "group": CENTRE if demand[code] > 4 else SUBURBS,
                }
            )
        )
    return tuple(explained)


def _shares(
    code: str, codes: Sequence[str], hours: dict[tuple[str, str], float], teams: Sequence[Team]
) -> tuple[ResourceShare, ...]:
    shares = []
    for team in teams:
        here, everywhere = hours[code, team.name], sum(hours[other, team.name] for other in codes)
        rank = 1 + sum(hours[other, team.name] > here for other in codes)
        reason = (
            f"An hour of {team.name} does more here than in most wards."
            if here
            else f"Every hour of {team.name} does more elsewhere."
        )
        shares.append(
            ResourceShare(
                resource=team.name,
                hours=here,
                share=here / everywhere if everywhere else 0.0,
                rank=rank,
                reasons=(reason, "No limit of the request holds these hours."),
            )
        )
    return tuple(sorted(shares, key=lambda share: (-share.hours, share.resource)))


def _explanation(
    code: str, name: str, rank: int, share: float, hours: float, n_months: int, n_wards: int
) -> WardExplanation:
    crimes = ALL_CRIMES_A_MONTH * n_months * share * n_wards / 19
    demands = []
    for at, (category, part, weight) in enumerate(CATEGORIES):
        # wards differ in their mix of crime
        count = crimes * part * (1 + 0.25 * math.sin(rank * 1.7 + at * 2.1))
        preventable = taxonomy()[category].preventable[1]
        demands.append(
            CategoryDemand(
                category=category,
                label=taxonomy()[category].label,
                expected_count=count,
                weighted_harm=count * weight,
                preventable_harm=count * weight * preventable,
                too_few=count / n_months < 5,
            )
        )
    demands.sort(key=lambda demand: -demand.preventable_harm)
    preventable_harm = sum(demand.preventable_harm for demand in demands)
    avoided = preventable_harm * 0.03 * math.sqrt(hours / 300) if hours else 0.0
    growth = GROWTH.get(code, 1.004)
    drivers = [
        f"{demands[0].label} makes up {demands[0].preventable_harm / preventable_harm:.0%} of the harm patrols can "
        f"touch here.",
        f"It holds {share:.0%} of the harm in the area that visible patrols can touch.",
    ]
    if growth > 1.02:
        drivers.append(f"{growth - 1:.0%} more people are expected than when the forecast was fitted.")
    return WardExplanation(
        ward_code=code,
        ward_name=name,
        hours=hours,
        rank=rank,
        preventable_harm=preventable_harm,
        preventable_harm_share=share,
        need_harm=sum(demand.weighted_harm for demand in demands),
        harm_avoided=spread(avoided),
        crimes_avoided=spread(avoided / 90),
        categories=tuple(demands),
        growth=growth,
        trend=0.96 + 0.01 * (rank % 9),
        drivers=tuple(drivers),
    )

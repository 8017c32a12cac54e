"""What the weighing of demand takes as given, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from wardcast_models.allocation.demand.harm_scale import ASB_REFERENCE, CUSTOM, HARM_SOURCES, HARM_UNITS, scale_weights
from wardcast_models.allocation.demand.preventable import VIOLENCE, PreventableShare
from wardcast_models.allocation.plan import Assumption
from wardcast_models.allocation.request.objective import Objective
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.reference.assumptions import assumption
from wardcast_models.reference.taxonomy import asb_aim, harm_weights, in_use, known_ons_weights, priorities, taxonomy


def demand_assumptions(
    forecast: Forecast, objective: Objective, *, aimed: Collection[str], shares: Mapping[str, PreventableShare]
) -> list[Assumption]:
    """Say what the weighing took as given.

    Args:
        forecast: The forecast.
        objective: What the request aims at.
        aimed: The forecast's categories that the plan aims at with a weight above 0, in order.
        shares: Share of each category that presence can touch.

    Returns:
        The assumptions, the harm scale first.
    """
    known = taxonomy()
    scale = scale_weights(objective)
    touched = [category for category in aimed if shares[category].value > 0]
    stated = [_harm_scale(objective)]
    without = _labels(category for category in forecast.categories if _may_aim(category) and category not in scale)
    if without:
        stated.append(
            Assumption(
                topic="Categories without a weight",
                statement=f"This harm scale gives no weight to {without}: they are forecast and reported, but the "
                "plan does not aim at them.",
                source="user" if objective.harm_scale == CUSTOM else "the harm scale's published list",
            )
        )
    left_out = _labels(category for category in forecast.categories if not _may_aim(category))
    if left_out:
        stated.append(
            Assumption(
                topic="Categories the plan does not aim at",
                statement=f"{left_out}: too rare to plan for, or counts that follow police activity. Their harm is "
                "reported as need.",
                source="assumed",
            )
        )
    untouched = _labels(category for category in aimed if shares[category].value == 0)
    if untouched:
        stated.append(
            Assumption(
                topic="Need that presence does not touch",
                statement=f"Visible presence is given no effect on {untouched}; they are reported as need.",
                source="assumed",
            )
        )
    if touched:
        listed = ", ".join(f"{known[category].label} {shares[category].value:.0%}" for category in touched)
        sources = {shares[category].source for category in touched if category != VIOLENCE}
        stated.append(
            Assumption(
                topic="Preventable shares",
                statement=f"Of these categories presence can touch a share: {listed}.",
                source="; ".join(sorted(sources)) or shares[VIOLENCE].source,
            )
        )
    if VIOLENCE in touched:
        share = shares[VIOLENCE]
        stated.append(
            Assumption(
                topic="Violence with injury outside domestic abuse",
                statement=f"Presence can touch {share.value:.0%} of violence with injury: the part that is not "
                "domestic abuse.",
                source=share.source,
            )
        )
    if objective.priority_weights:
        stated.append(_priorities(forecast, objective, shares))
    if asb_aim(forecast.categories) is not None:
        stated.append(_asb_weight(objective))
    return stated


def _harm_scale(objective: Objective) -> Assumption:
    """State the harm scale, and how much of it is known."""
    statement = f"Harm is measured in {HARM_UNITS[objective.harm_scale]}."
    if objective.harm_scale == "ons":
        statement += (
            f" {len(known_ons_weights())} weights of this scale could be read, {len(harm_weights('ons'))} of them "
            "match a category here."
        )
    if objective.harm_weights:
        labels = {category: row.label for category, row in taxonomy().items()}
        weights = sorted(objective.harm_weights.items(), key=lambda item: (-item[1], item[0]))
        statement += f" One crime weighs: {', '.join(f'{labels[name]} {weight:g}' for name, weight in weights)}."
    return Assumption(topic="Harm scale", statement=statement, source=HARM_SOURCES[objective.harm_scale])


def _priorities(forecast: Forecast, objective: Objective, shares: Mapping[str, PreventableShare]) -> Assumption:
    """State the weights of local priorities, and where they change nothing."""
    labels = priorities()
    weighted = ", ".join(f"{labels[key]} x {value:g}" for key, value in sorted(objective.priority_weights.items()))
    sentences = [f"Local priorities are weighted: {weighted}."]
    for key in sorted(objective.priority_weights):
        idle: dict[str, list[str]] = {}
        for category in (name for name in in_use(forecast.categories) if taxonomy()[name].priority == key):
            idle.setdefault(_why_idle(category, forecast, objective, shares), []).append(category)
        reached = idle.pop("", [])
        if idle:
            where = "; ".join(f"{_labels(categories)} ({reason})" for reason, categories in idle.items())
            verb = "does not move hours for" if reached else "changes nothing:"
            sentences.append(f"The weight of {labels[key]} {verb} {where}.")
    return Assumption(topic="Priority weights", statement=" ".join(sentences), source="user")


def _why_idle(category: str, forecast: Forecast, objective: Objective, shares: Mapping[str, PreventableShare]) -> str:
    """Say why a priority's weight on a category moves no hours; "" where it can."""
    if category not in forecast.categories:
        return "not forecast here"
    if not scale_weights(objective).get(category, 0.0) > 0:
        return "no weight in this harm scale"
    if not _may_aim(category):
        return "the plan does not aim at it"
    return "" if shares[category].value > 0 else "presence is given no effect on it"


def _asb_weight(objective: Objective) -> Assumption:
    """State what one incident of anti-social behaviour weighs."""
    packaged = assumption("asb_weight")
    if objective.harm_scale == CUSTOM:
        statement = f"One incident weighs {objective.asb_weight:g} units of the request's own weights."
    else:
        reference = taxonomy()[ASB_REFERENCE].label.split(",")[0].lower()
        statement = (
            f"One incident weighs {objective.asb_weight:g} Cambridge-day equivalents; in this scale "
            f"{objective.asb_weight / packaged.value:g} times one {reference}."
        )
    return Assumption(
        topic="Weight of anti-social behaviour",
        statement=statement,
        source=packaged.source if objective.asb_weight == packaged.value else "user",
    )


def _may_aim(category: str) -> bool:
    """Tell whether plans may aim at a category."""
    return taxonomy()[category].objective


def _labels(categories: Iterable[str]) -> str:
    """Join the labels of categories."""
    return ", ".join(taxonomy()[category].label for category in categories)

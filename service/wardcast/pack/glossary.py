"""The words of the report that need explaining."""

from __future__ import annotations

from wardcast_models.allocation.plan import Plan

HARM_WORDS = {
    "cambridge": (
        "Days of imprisonment (Cambridge Crime Harm Index)",
        "A way to weigh crimes by how serious they are. Each crime counts as the days in prison that sentencing "
        "guidelines start from for it. It says nothing about how long anyone will be in prison.",
    ),
    "ons": (
        "Crime severity score (Office for National Statistics)",
        "A way to weigh crimes by how serious they are, from the sentences that courts give. Only some of its weights "
        "are published where they could be read; crimes without one do not count in this plan.",
    ),
    "count": (
        "Crimes, each counted as one",
        "A theft and an assault weigh the same in this plan.",
    ),
}
"""Term and explanation of each harm scale."""

ALWAYS = (
    (
        "Officer hour",
        "One officer present for one hour. The hours here come on top of the presence there is today, which the plan "
        "does not move.",
    ),
    (
        "Harm patrols can touch",
        "The part of the harm that visible presence in public places may prevent: for example street robbery, but "
        "not rape or violence at home. The rest is need that other services have to meet.",
    ),
    (
        "90% range",
        "The futures were simulated many times, with chance and with the uncertain effect of patrols. In 9 of 10 the "
        "figure lies within the range; in 1 of 20 it is lower and in 1 of 20 higher.",
    ),
    (
        "Too few",
        "Fewer than 5 a month are expected in the ward. Such small numbers move by chance: they are no trend. They can "
        "be read for a larger place or for several crimes together; the plan still counts them.",
    ),
    (
        "Wide",
        "Between 5 and 30 a month are expected. With about 30 a month a forecast is off by about 20%, with fewer by "
        "more (Gorr, Olligschlaeger and Thompson, International Journal of Forecasting, 2003).",
    ),
    (
        "Share",
        "A part of the whole area. If hours followed harm, a ward with 8% of the harm would get 8% of the hours.",
    ),
)


def glossary(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return terms and explanations, those of the plan's harm scale first.

    Args:
        plan: The plan.

    Returns:
        Pairs of term and explanation.
    """
    scale = HARM_WORDS.get(plan.harm_scale)
    return (scale, *ALWAYS) if scale else ALWAYS

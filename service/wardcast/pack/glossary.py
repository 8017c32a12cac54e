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
    "custom": (
        "Weights of the person who asked",
        "How serious each kind of crime is was entered with the request. A kind without a weight does not count in "
        "this plan.",
    ),
}
"""Term and explanation of each harm scale."""

ALWAYS = (
    (
        "Officer hour",
        "One officer, warden, youth worker or other member of a team at work for one hour, as planned. The hours here "
        "come on top of the presence there is today, which the plan does not move. Fewer may be delivered.",
    ),
    (
        "Harm patrols can touch",
        "The part of the harm that visible presence in public places may prevent: for example street robbery, but "
        "not rape or violence at home. The rest is need that other services have to meet.",
    ),
    (
        "90% range",
        "The future was simulated many times, each time with one course of crime and one size of the effect of "
        "patrols. In 9 of 10 of these futures the figure lies within the range; in 1 of 20 it is lower and in 1 of 20 "
        "higher.",
    ),
    (
        "Worst tenth (CVaR)",
        "The tenth of the simulated futures in which most harm is left. The figure is the average over that tenth. A "
        "request can give it a weight; without one, the plan aims at the average over all futures.",
    ),
    (
        "Top group",
        "The quarter of the wards that get most hours. In how many simulated futures a ward belongs there shows how "
        "sure its place is.",
    ),
    (
        "Elasticity",
        "How far crime falls as presence grows. At 0.3, 10% more presence lowers the crime it can touch by about 3%; "
        "at 0, patrols change nothing.",
    ),
    (
        "Protection",
        "How much harm the plan claims to avoid in a place, for each 1,000 units of harm forecast there.",
    ),
    (
        "Burden",
        "Hours of enforcement a month for each 1,000 people present. Teams that only help, such as youth workers, do "
        "not count.",
    ),
    (
        "Shadow price",
        "What one unit more of a limit is worth at the margin, in the plan’s unit of harm. It lies between what one "
        "unit looser gains and one unit tighter loses. A plan of whole units has none.",
    ),
    (
        "Ring-fence",
        "Hours kept for one purpose. They cannot be used elsewhere, even where they would do more.",
    ),
    (
        "Whole units",
        "Hours given out in whole pieces, such as a shift of one officer or one visit, instead of any amount.",
    ),
    (
        "Spill-over",
        "A part of a patrol’s effect that also reaches the wards next door. It is left out unless the request asks "
        "for it.",
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

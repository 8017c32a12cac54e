"""How the harm that a plan leaves spreads over the futures drawn."""

from __future__ import annotations

from wardcast_models.allocation.explanation.splits import IN_WORDS, Split
from wardcast_models.allocation.plan import Risk
from wardcast_models.allocation.programme.tail import CVAR_LEVEL

ALIKE = 0.0005
"""Differences below this share of the harm left are none to a reader."""


def risk_of(compared: tuple[Split, ...], cvar_weight: float) -> Risk:
    """Say what the plan leaves on average and in the worst tenth of the futures.

    Args:
        compared: The result of `splits`, the plan first.
        cvar_weight: Weight of the worst tenth in the objective.

    Returns:
        The figures and a statement that compares them with the simple splits.
    """
    ours = compared[0].effect
    mean, worst = float(ours.residual.mean()), ours.residual_cvar
    said = [
        f"Of the weighted harm that these teams can reach, {mean:,.0f} units are left on average and {worst:,.0f} in "
        "the worst tenth of the futures."
    ]
    said += [_against(split, worst) for split in compared if split.name in IN_WORDS]
    said.append(
        "The plan aims at the average only."
        if cvar_weight == 0
        else f"In what the plan aims at, the worst tenth has a weight of {cvar_weight:.0%} and the average the rest."
    )
    return Risk(
        cvar_weight=cvar_weight,
        level=CVAR_LEVEL,
        draws=int(ours.residual.size),
        residual_mean=mean,
        residual_cvar=worst,
        statement=" ".join(said),
    )


def _against(split: Split, worst: float) -> str:
    """Compare the worst tenth under the plan with that under one split."""
    theirs = split.effect.residual_cvar
    words = IN_WORDS[split.name]
    words = words[0].upper() + words[1:]
    if worst == 0 or abs(theirs / worst - 1) <= ALIKE:
        return f"{words} leaves the same there."
    side = "more" if theirs > worst else "less"
    return f"{words} leaves {theirs:,.0f} there, {abs(theirs / worst - 1):.1%} {side}."

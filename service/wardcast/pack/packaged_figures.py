"""The packaged evidence and published figures, as people read them."""

from __future__ import annotations

from wardcast.pack.wording import percent
from wardcast_models.reference.area_profile import ProfileFigure
from wardcast_models.reference.evidence import Evidence


def evidence_effect(figure: Evidence) -> str:
    """Write a study's figure with its unit.

    Args:
        figure: The figure.

    Returns:
        For example `−0.4 to −0.3 (elasticity of crime to police presence)`.
    """
    write = _plain if figure.unit.startswith("elasticity") else percent
    known = [value for value in (figure.low, figure.high) if value is not None]
    words = " to ".join(write(value) for value in known)
    if figure.central is not None:
        words = f"{words}, central {write(figure.central)}" if words else write(figure.central)
    return f"{words} ({figure.unit})"


def profile_value(figure: ProfileFigure) -> str:
    """Write a published figure with its unit.

    Args:
        figure: The figure.

    Returns:
        For example `17,800 persons`, `29%` or `−29%`.
    """
    if figure.unit in ("share", "relative change"):
        return percent(figure.value)
    return f"{figure.value:,.0f} {figure.unit}"


def _plain(value: float) -> str:
    return f"{value:g}".replace("-", "−")

"""Names as a sentence lists them."""

from __future__ import annotations

from collections.abc import Sequence


def listed(names: Sequence[str]) -> str:
    """Join names with commas and a last `and`.

    Args:
        names: The names.

    Returns:
        For example `Abbey, Alibon and Beam`; "" for none.
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"

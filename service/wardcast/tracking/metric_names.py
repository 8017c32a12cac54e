"""Names that people gave, as parts of a metric's name."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NOT_IN_A_PART = re.compile(r"[^\w\-. ]")
"""Characters that MLflow does not take in a metric's name on every system; `/` it takes for a folder."""
_LONGEST_PART = 100
"""Well below MLflow's limit of 250 characters for the whole name."""


def metric_parts(names: Iterable[str]) -> dict[str, str]:
    """Return what stands for each name between the slashes of a metric's name.

    Args:
        names: Any names, for example of a user's groups of wards.

    Returns:
        The part by name, in which other characters are `_` and a long name is cut. Names that would then be the same
        (letter case apart, which some databases do not tell) are numbered in the order given: `A_B`, `A_B 2`.
    """
    parts: dict[str, str] = {}
    taken: set[str] = set()
    for name in dict.fromkeys(names):
        part = plain = _plain(name)
        number = 1
        while part.casefold() in taken:
            number += 1
            part = f"{plain} {number}"
        taken.add(part.casefold())
        parts[name] = part
    return parts


def _plain(name: str) -> str:
    plain = _NOT_IN_A_PART.sub("_", name)[:_LONGEST_PART]
    return plain if plain.strip(".") else "_"  # `.` and `..` are folders too

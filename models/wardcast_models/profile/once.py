"""Findings told once: not a family of offences, one of its kinds and the priority that holds both."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from wardcast_models.profile.measures import ALL_CRIME, Measure


@dataclass(frozen=True, kw_only=True)
class Told:
    """A finding.

    Attributes:
        row: Of the table that it stands in.
        kind: Row of the kind within it that most clearly moved with it; None where none did, or it is itself a kind.
    """

    row: Mapping[Hashable, Any]
    kind: Mapping[Hashable, Any] | None


def told_findings(clear: pd.DataFrame, measures: Iterable[Measure], change: str) -> list[Told]:
    """Choose the most telling of findings that are about the same crimes at the same place.

    That is the one least likely to be chance. What holds it, or is held by it, and moved the same way says it again:
    it is left out, or named beside it where it is a part of it. All crime always stands by itself.

    Args:
        clear: Clear findings, with `measure, q_value`, the change and, where they have one, `ward_code`.
        measures: The measures, for what each adds up.
        change: Column of the change, in percent of no change or as a difference from what was expected.

    Returns:
        Findings, the least likely to be chance first.
    """
    adds_up = {measure.measure: frozenset(measure.categories) for measure in measures}
    told: list[Told] = []
    for row in clear.sort_values("q_value", kind="stable").to_dict("records"):
        same = next((at for at, other in enumerate(told) if _same(row, other.row, adds_up, change)), None)
        if same is None:
            told.append(Told(row=row, kind=None))
        elif told[same].kind is None and adds_up[row["measure"]] < adds_up[told[same].row["measure"]]:
            told[same] = Told(row=told[same].row, kind=row)
    return told


def _same(
    row: Mapping[Hashable, Any], other: Mapping[Hashable, Any], adds_up: Mapping[str, frozenset[str]], change: str
) -> bool:
    if ALL_CRIME in (row["measure"], other["measure"]) or row.get("ward_code", "") != other.get("ward_code", ""):
        return False
    mine, theirs = adds_up[row["measure"]], adds_up[other["measure"]]
    nested = bool(mine and theirs) and (mine <= theirs or theirs <= mine)
    return nested and (row[change] > 0) == (other[change] > 0)

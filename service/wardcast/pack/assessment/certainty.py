"""How sure a finding is, in words that need no statistics."""

from __future__ import annotations

from wardcast.pack.assessment.cells import NOT_KNOWN, Row, known, true
from wardcast_models.profile.wording import ALONE

UNCLEAR = "could be chance"
AMONG_MANY = "possible, not clear"
"""Its range leaves out no change, but among so many figures looked at some do so by luck."""
UNTESTED = "too few to tell"


def change_certainty(row: Row) -> str:
    """Say how sure a change is.

    Args:
        row: `change_percent` (NaN where not known), `significant` (whether it stands out after false discoveries were
            controlled), `q_value` (NaN where nothing could be tested) and `p_value`.

    Returns:
        `clear rise`, `clear fall`, `possible, not clear` (by itself more than chance would do), `could be chance`,
        `too few to tell`, or `not known`.
    """
    if not known(row["change_percent"]):
        return NOT_KNOWN
    if not known(row["q_value"]):
        return UNTESTED
    if true(row["significant"]):
        return "clear rise" if row["change_percent"] > 0 else "clear fall"
    return AMONG_MANY if known(row["p_value"]) and row["p_value"] <= ALONE else UNCLEAR


def excess_certainty(significant: object, q_value: object, *, clear: str) -> str:
    """Say whether something stands out.

    Args:
        significant: Whether it stands out after false discoveries were controlled.
        q_value: Its q-value; NaN where nothing could be tested.
        clear: The words where it does.

    Returns:
        Those words, `could be chance`, or `too few to tell`.
    """
    if not known(q_value):
        return UNTESTED
    return clear if true(significant) else UNCLEAR

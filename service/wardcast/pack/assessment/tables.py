"""The assessment's tables by the names that outputs give them."""

from __future__ import annotations

import pandas as pd

from wardcast_models.profile.assessment import TABLE_COLUMNS, Assessment


def tables_of(assessment: Assessment) -> dict[str, pd.DataFrame]:
    """Return the plain tables of an assessment, without those of its views and its review.

    Args:
        assessment: The assessment.

    Returns:
        Frame by its attribute in `Assessment`, in the order in which they are told.
    """
    return {name: getattr(assessment, name) for name in TABLE_COLUMNS}

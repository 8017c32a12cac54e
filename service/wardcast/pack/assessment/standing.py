"""What an output of the assessment is and is not for: said at its top."""

from __future__ import annotations

from wardcast.pack.internal import INTERNAL_MARK
from wardcast_models.profile.assessment import Assessment

PUBLIC_MARK = "For publication: small counts are hidden by the small-number rule."
HIDDEN_WORDS = "Such figures read “not shown (small number)”."
SYNTHETIC_MARK = (
    "SYNTHETIC SAMPLE. The ward names are real; the counts, the population and the findings are made up. "
    "Do not use them."
)


def standing(assessment: Assessment) -> tuple[str, ...]:
    """Say what an output of the assessment is.

    Args:
        assessment: The assessment.

    Returns:
        Sentences, the most important first.
    """
    use = (PUBLIC_MARK, assessment.publication, HIDDEN_WORDS) if assessment.publication else (INTERNAL_MARK,)
    return (*use, SYNTHETIC_MARK) if assessment.synthetic else use

"""Areas that a survey names and nobody knows: a mistyped code must not pass for a result."""

from __future__ import annotations

from collections.abc import Sequence

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import Survey
from wardcast_models.panel.places.gazetteer import Gazetteer
from wardcast_models.panel.places.wards import LONDON

_SHOWN = 5


def check_areas(surveys: Sequence[Survey], places: Gazetteer) -> list[Finding]:
    """Tell the unknown areas of surveys that cover known ones too.

    Args:
        surveys: The surveys.
        places: Known wards and areas.

    Returns:
        A finding for each survey with unknown areas.

    Raises:
        WardcastError: Apart from London as a whole, no area of a survey is known.
    """
    findings = []
    for survey in surveys:
        areas = set(survey.frame["area_code"]) - {LONDON.code}
        unknown = sorted(code for code in areas if code not in places.wards and places.find(code) is None)
        if not unknown:
            continue
        more = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
        named = ", ".join(unknown[:_SHOWN]) + more
        row = min(survey.first_lines[code] for code in unknown)
        if len(unknown) == len(areas):
            raise invalid_input(
                f"{survey.file} is of areas that are not known.",
                Problem(
                    where=f"{survey.file}, row {row}, column area_code",
                    expected="the code of a London borough or ward, or of one in a lookup of the folder",
                    found=named,
                    mend="Correct the codes, or add the lookup that lists these areas.",
                ),
            )
        rows = int(survey.frame["area_code"].isin(unknown).sum())
        message = (
            f"{rows:,} of its results are of areas that are not known, from row {row} on ({named}), and play no part: "
            "correct the codes if they are meant for an area of the folder."
        )
        findings.append(Finding(kind=FindingKind.CAVEAT, file=survey.file, message=message, rows=rows))
    return findings

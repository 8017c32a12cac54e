"""The report of the assessment: one self-contained page for people who decide."""

from __future__ import annotations

from markupsafe import Markup

from wardcast.pack.assessment.blocks import Part
from wardcast.pack.assessment.comparison_part import comparison_part
from wardcast.pack.assessment.emerging_part import emerging_part
from wardcast.pack.assessment.harm_part import harm_part
from wardcast.pack.assessment.hotspot_part import hotspot_part
from wardcast.pack.assessment.map_part import map_part
from wardcast.pack.assessment.method_part import glossary_part, method_part
from wardcast.pack.assessment.reading import Reading
from wardcast.pack.assessment.review_part import review_part
from wardcast.pack.assessment.season_part import season_part
from wardcast.pack.assessment.source_part import source_part
from wardcast.pack.assessment.standing import standing
from wardcast.pack.assessment.trend_part import trend_part
from wardcast.pack.assessment.view_part import gap_part, view_parts, volt_part
from wardcast.pack.assessment.year_part import year_part
from wardcast.pack.sections import numbered
from wardcast.pack.templating import template
from wardcast.pack.wording import months_label


def render_assessment(reading: Reading) -> str:
    """Render the report.

    The page asks for nothing from anywhere (its own policy forbids it), needs no script, and prints on A4.

    Args:
        reading: The assessment with what is shown beside it.

    Returns:
        A whole HTML document; the same assessment gives the same text.
    """
    assessment = reading.assessment
    review = assessment.review
    parts = _parts(reading)
    return template("assessment/report.html").render(
        assessment=assessment,
        standing=standing(assessment),
        page="sample" if assessment.synthetic else "public" if assessment.publication else "counts",
        months=months_label((f"{assessment.first_month:%Y-%m}", f"{assessment.last_month:%Y-%m}")),
        review_months=""
        if review is None
        else months_label((f"{review.first_month:%Y-%m}", f"{review.last_month:%Y-%m}")),
        parts=parts,
        contents=numbered({part.key: part.title for part in parts}),
        workbook=reading.workbook,
        foot=_in_style(f"Strategic assessment {assessment.year}, {assessment.area_name}"),
    )


def _in_style(words: str) -> Markup:
    """Write words for a string of the style sheet: whatever could end it, or the sheet, is escaped."""
    plain = "".join(sign if sign.isalnum() or sign in " -,/" else f"\\{ord(sign):06x}" for sign in words)
    return Markup(plain)  # noqa: S704 - nothing but letters, digits and escapes is left


def _parts(reading: Reading) -> tuple[Part, ...]:
    review = reading.assessment.review
    # the form for publication holds no places of these
    public = reading.is_public
    return (
        year_part(reading),
        *(() if review is None else (review_part(reading, review),)),
        map_part(reading),
        trend_part(reading),
        season_part(reading),
        *(() if public else (hotspot_part(reading),)),
        emerging_part(reading),
        comparison_part(reading),
        harm_part(reading),
        *(() if reading.assessment.volt.empty else (volt_part(reading),)),
        view_parts(reading),
        gap_part(reading),
        method_part(),
        source_part(reading),
        glossary_part(),
    )

"""Where the figures come from, and what to take care of."""

from __future__ import annotations

from markupsafe import Markup

from wardcast.pack.assessment.blocks import Head, Part, ReportTable, Shown
from wardcast.pack.assessment.cells import words_or
from wardcast.pack.assessment.reading import Reading, records
from wardcast_models.panel.findings import Finding, FindingKind, by_sentence, listed_files
from wardcast_models.words import listed

KINDS = {
    FindingKind.CAVEAT: "Take care",
    FindingKind.MISSING: "Not supplied",
    FindingKind.MENDED: "Put right",
    FindingKind.LEFT_ASIDE: "Left aside",
    FindingKind.READ: "Read",
}
"""Kinds of finding in the order a reader needs them, with their names for people."""

IN_REPORT = (FindingKind.CAVEAT, FindingKind.MISSING)
"""Kinds told in the report; the workbook has all."""

MOST_FINDINGS = 25
"""Findings told in the report; the workbook has all."""


def source_part(reading: Reading) -> Part:
    """Tell sources, notes and caveats.

    Args:
        reading: The assessment.

    Returns:
        The part.
    """
    findings = ordered_findings(reading.findings)
    told = _together([finding for finding in findings if finding.kind in IN_REPORT])
    shown = told[:MOST_FINDINGS]
    tables = [_measures(reading)]
    if shown:
        tables.append(
            ReportTable(
                caption="What the files are like",
                heads=(Head(label="What was found, and in which file"), Head(label="Kind", is_short=True)),
                rows=tuple((_in_files(message, files), KINDS[kind]) for kind, message, files, _ in shown),
                more=len(findings) - sum(number for *_, number in shown),
            )
        )
    assessment = reading.assessment
    origin: tuple[tuple[str, Shown], ...] = (
        ("Area and wards", f"{assessment.area_name} ({assessment.area_code}), ward boundaries {assessment.vintage}"),
        ("Fingerprint of the data", reading.data_digest or "not told"),
    )
    return Part(
        title="Notes, sources and caveats",
        key="sources",
        bullets=(*assessment.notes, *_plain_sources(reading)),
        tables=tuple(tables),
        terms=origin,
    )


def _in_files(message: str, files: str) -> Shown:
    return Markup('{} <span class="small">{}</span>').format(message, files) if files else message


def _together(findings: list[Finding]) -> list[tuple[FindingKind, str, str, int]]:
    """Return each kind and message once, with the files that it is told of and how many findings it stands for."""
    return [
        (same[0].kind, same[0].message, listed_files(each.file for each in same if each.file), len(same))
        for same in by_sentence(findings)
    ]


def ordered_findings(findings: tuple[Finding, ...]) -> list[Finding]:
    """Return the findings in the order a reader needs them.

    Args:
        findings: In any order.

    Returns:
        Caveats first, files read last.
    """
    order = list(KINDS)
    return sorted(findings, key=lambda finding: order.index(finding.kind))


def _measures(reading: Reading) -> ReportTable:
    """Say where each measure comes from and what to take care of, those with the same words together."""
    together: dict[tuple[str, str], list[str]] = {}
    for row in records(reading.assessment.measures):
        if caveat := words_or(row["caveat"]):
            together.setdefault((caveat, words_or(row["source"])), []).append(row["label"])
    return ReportTable(
        caption="What to take care of, figure by figure",
        heads=(Head(label="What"), Head(label="Take care"), Head(label="Source")),
        rows=tuple(("; ".join(labels), caveat, source) for (caveat, source), labels in together.items()),
    )


def _plain_sources(reading: Reading) -> tuple[str, ...]:
    """Say where the measures without a caveat come from."""
    together: dict[str, list[str]] = {}
    for row in records(reading.assessment.measures):
        if not words_or(row["caveat"]):
            together.setdefault(words_or(row["source"], "not told"), []).append(row["label"])
    return tuple(f"Source of {listed(labels)}: {source}." for source, labels in together.items())

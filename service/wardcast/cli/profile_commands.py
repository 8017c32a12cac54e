"""Command on a year: profile."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from wardcast.cli.options import AreaOption, DataOption, JsonOption, QuietOption, WardsOption
from wardcast.cli.output import Output
from wardcast.cli.written import free_place
from wardcast_models.errors import Problem, invalid_input
from wardcast_models.panel.findings import Finding, FindingKind, counted

_READING_SHARE = 0.6
"""Part of the progress that reading the files takes; the rest is the statistics."""


def register(app: typer.Typer) -> None:
    """Add the commands.

    Args:
        app: The command line.
    """
    example = "wardcast profile --data downloads --area E09000002 --year 2020/21 --out out/assessment"
    app.command(epilog=f"Example:  {example}")(profile)


def profile(
    data: DataOption,
    area: AreaOption,
    year: Annotated[
        str | None,
        typer.Option(
            "--year", help="Financial year, April to March, for example 2020/21; the newest complete one by default."
        ),
    ] = None,
    wards: WardsOption = None,
    review: Annotated[
        bool, typer.Option("--review", help="Also hold the last six months of data against the year.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write: report (HTML), workbook (XLSX) and document (JSON).")
    ] = None,
    public: Annotated[
        bool,
        typer.Option(
            "--public", help="Make the form for publication instead: small ward counts hidden, and the proof of it."
        ),
    ] = False,
    rule: Annotated[
        Path | None, typer.Option("--rule", help="Small-number rule (YAML) in place of the packaged one.")
    ] = None,
    published: Annotated[
        list[Path] | None,
        typer.Option(
            "--published",
            help="Folder of an earlier publication of the same wards, as written: readers have it too. Repeatable.",
        ),
    ] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Draw the strategic assessment of a financial year: changes, rates, trends, hotspots, harm and named views.

    With --quiet the notes on sources and the number of caveats are not printed; what is written with --out and what
    --json gives always has them, and findings are printed in any case.
    """
    from wardcast.cli.profile_view import show_assessment  # noqa: PLC0415 - keeps `--help` quick
    from wardcast.pack.assessment.document import assessment_document  # noqa: PLC0415
    from wardcast.pack.assessment.write import keep_apart, write_assessment, write_publication  # noqa: PLC0415
    from wardcast_models.disclosure.earlier import read_edition  # noqa: PLC0415
    from wardcast_models.disclosure.public import publish  # noqa: PLC0415
    from wardcast_models.disclosure.rule import packaged_rule, read_rule  # noqa: PLC0415
    from wardcast_models.panel.monitoring_assembly import read_monitoring  # noqa: PLC0415
    from wardcast_models.profile.assess import assess  # noqa: PLC0415
    from wardcast_models.profile.newest_year import newest_complete_year  # noqa: PLC0415
    from wardcast_models.profile.review import REVIEW_MONTHS  # noqa: PLC0415
    from wardcast_models.profile.year import year_start  # noqa: PLC0415

    output = Output(quiet=quiet, as_json=as_json)
    if out is not None:
        free_place(out, where="--out")
        keep_apart(out, public=public)
    _combine(public=public, review=review, for_public={"--rule": rule, "--published": published})
    if year is not None:
        year_start(year)
    chosen_rule = packaged_rule() if rule is None else read_rule(rule)
    earlier = tuple(read_edition(folder) for folder in published or ())
    with output.progress("reading files") as progress:
        monitoring = read_monitoring(
            data, area=area, wards=wards, progress=lambda f, phrase: progress(_READING_SHARE * f, phrase)
        )
        later = REVIEW_MONTHS if review else 0
        chosen = year or newest_complete_year(monitoring.panel, months_after=later)
        assessment = assess(
            monitoring,
            year=chosen,
            review=review,
            progress=lambda f, phrase: progress(_READING_SHARE + (1 - _READING_SHARE) * f, phrase),
        )
    if year is None:
        followed = f" that {REVIEW_MONTHS} later months follow" if review else ""
        output.say(f"Year: {chosen}, the newest complete one in the data{followed}. Name another with --year.")
    publication = publish(assessment, chosen_rule, earlier=earlier) if public else None
    told = assessment if publication is None else publication.assessment
    files: list[Path] = []
    if out is not None and publication is not None:
        files = write_publication(publication, monitoring, out)
    elif out is not None:
        files = write_assessment(assessment, monitoring, out)
    show_assessment(output, told)  # after the files: a pager that is left early must not cost them
    if not public:
        output.say(_to_take_care_of(monitoring.panel.findings))
    for path in files:
        output.state(f"Wrote {path}")
    findings = () if public else monitoring.panel.findings
    document = assessment_document(told, data_digest="" if public else monitoring.panel.digest, findings=findings)
    output.result(document | {"files": [str(path) for path in files]})


def _to_take_care_of(findings: tuple[Finding, ...]) -> str:
    """Say how much there is to know about the files, and where it stands."""
    caveats = sum(finding.kind is FindingKind.CAVEAT for finding in findings)
    return (
        f"About the files there {'is' if caveats == 1 else 'are'} {counted(caveats, 'caveat')} and "
        f"{counted(len(findings) - caveats, 'other finding')}: the written report and workbook have them, and so has "
        "wardcast ingest."
    )


def _combine(*, public: bool, review: bool, for_public: Mapping[str, object]) -> None:
    """Refuse options that do not go together."""
    for option, value in for_public.items():
        if value and not public:
            raise invalid_input(
                f"{option} is for publication only.",
                Problem(where=option, expected="--public beside it", found="no --public", mend="Add --public."),
            )
    if public and review:
        raise invalid_input(
            "The review is internal: its counts of six months have no proof of their own.",
            Problem(
                where="--review",
                expected="no --review beside --public",
                found="both",
                mend="Publish the year with --public alone, and run --review without it, into another folder, for the "
                "partnership.",
            ),
        )

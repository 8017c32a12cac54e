"""Command on a year: profile."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wardcast.cli.options import AreaOption, DataOption, JsonOption, QuietOption, WardsOption
from wardcast.cli.output import Output
from wardcast.cli.written import free_place
from wardcast_models.errors import Problem, invalid_input

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
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Draw the strategic assessment of a financial year: changes, rates, trends, hotspots, harm and named views."""
    from wardcast.cli.profile_view import show_assessment  # noqa: PLC0415 - keeps `--help` quick
    from wardcast.pack.assessment.document import assessment_document  # noqa: PLC0415
    from wardcast.pack.assessment.write import keep_apart, write_assessment, write_publication  # noqa: PLC0415
    from wardcast_models.disclosure.public import publish  # noqa: PLC0415
    from wardcast_models.disclosure.rule import packaged_rule, read_rule  # noqa: PLC0415
    from wardcast_models.panel.monitoring_assembly import read_monitoring  # noqa: PLC0415
    from wardcast_models.profile.assess import assess  # noqa: PLC0415
    from wardcast_models.profile.newest_year import newest_complete_year  # noqa: PLC0415
    from wardcast_models.profile.review import REVIEW_MONTHS  # noqa: PLC0415

    output = Output(quiet=quiet, as_json=as_json)
    if out is not None:
        free_place(out, where="--out")
        keep_apart(out, public=public)
    _combine(public=public, review=review, rule=rule)
    chosen_rule = packaged_rule() if rule is None else read_rule(rule)
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
    publication = publish(assessment, chosen_rule) if public else None
    told = assessment if publication is None else publication.assessment
    show_assessment(output, told)
    files: list[Path] = []
    if out is not None and publication is not None:
        files = write_publication(publication, monitoring, out)
    elif out is not None:
        files = write_assessment(assessment, monitoring, out)
    for path in files:
        output.state(f"Wrote {path}")
    document = assessment_document(told, data_digest="" if public else monitoring.panel.digest)
    output.result(document | {"files": [str(path) for path in files]})


def _combine(*, public: bool, review: bool, rule: Path | None) -> None:
    """Refuse options that do not go together."""
    if rule is not None and not public:
        raise invalid_input(
            "A small-number rule is for publication only.",
            Problem(where="--rule", expected="--public beside it", found="no --public", mend="Add --public."),
        )
    if public and review:
        raise invalid_input(
            "The review is internal: it is not part of the form for publication.",
            Problem(where="--review", expected="no --review beside --public", found="both", mend="Leave one out."),
        )

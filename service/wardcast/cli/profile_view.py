"""The strategic assessment as tables on a terminal."""

from __future__ import annotations

from wardcast.cli.output import Output
from wardcast.pack.assessment.cells import (
    NOT_KNOWN,
    NOT_SHOWN,
    ROUNDED_MARK,
    Row,
    change_words,
    has_unlocated,
    held,
    known,
    range_words,
    status_of,
    true,
)
from wardcast.pack.assessment.certainty import change_certainty
from wardcast.pack.assessment.reading import records
from wardcast.pack.assessment.standing import standing
from wardcast.pack.names import distinct_names
from wardcast.pack.wording import plain_number
from wardcast_models.disclosure.public import HIDDEN, ROUNDED
from wardcast_models.profile.assessment import Assessment
from wardcast_models.profile.measures import ALL_CRIME
from wardcast_models.profile.wording import over_months, signed_percent
from wardcast_models.words import listed

_INDENT = {"all": "", "priority": "", "family": "", "category": "  "}


def show_assessment(output: Output, assessment: Assessment) -> None:
    """Print what the assessment is, its headlines, the changes, the ward rates, what cannot be told, and the notes.

    Args:
        output: Where to.
        assessment: The assessment.
    """
    for words in standing(assessment):
        output.state(words)
    _show_changes(output, assessment)
    for words in assessment.unusual:
        output.state(words)
    _show_rates(output, assessment)
    _show_list(output, "Main findings", assessment.headlines)
    if assessment.review is not None:
        review = assessment.review
        _show_list(output, f"Review, {review.first_month:%Y-%m} to {review.last_month:%Y-%m}", review.findings)
    underivable = [
        f"{row['label']}: {row['why']}" + (f" Instead: {row['instead']}" if row["instead"] else "")
        for row in assessment.underivable.to_dict("records")
    ]
    _show_list(output, "What cannot be told from the files of this year", underivable)
    output.say()
    for note in assessment.notes:
        output.say(note)


def _show_changes(output: Output, assessment: Assessment) -> None:
    measures = assessment.measures.set_index("measure")
    rows = [
        (
            _INDENT.get(measures["level"].get(row["measure"], ""), "") + str(measures["label"][row["measure"]]),
            _told(row, "previous_count"),
            _with_unlocated(row),
            _change(row),
            change_certainty(row),
        )
        for row in records(assessment.area)
        if held(row) or measures["level"].get(row["measure"]) != "category"
    ]
    covered = f"{assessment.first_month:%Y-%m} to {assessment.last_month:%Y-%m}"
    title = f"{assessment.area_name}, {assessment.year} ({covered}), {assessment.vintage} wards"
    this_year = "this year (and without a ward)" if has_unlocated(records(assessment.area)) else "this year"
    output.table(title, ("measure", "year before", this_year, "change, 95% range", "how sure"), rows)
    missing = [str(measures["label"][row["measure"]]) for row in records(assessment.area) if not held(row)]
    if missing:
        output.state(f"Held in neither year: {listed(missing)}.")


def _show_rates(output: Output, assessment: Assessment) -> None:
    everything = assessment.wards[assessment.wards["measure"] == ALL_CRIME].sort_values("rank")
    if not everything["rate_per_1000"].notna().any():
        return
    names = distinct_names(assessment.ward_names)
    rows = [
        (
            _whole(row["rank"]),
            names.get(row["ward_code"], row["ward_code"]),
            _told(row, "count"),
            _whole(row["residents"]),
            float(row["rate_per_1000"]) if known(row["rate_per_1000"]) else NOT_KNOWN,
            "many visitors" if true(row["many_visitors"]) else "",
        )
        for row in records(everything)
    ]
    label = "rate per 1,000, annualised" if assessment.annualised else "rate per 1,000"
    output.table("All recorded crime by ward", ("", "ward", "count", "residents", label, ""), rows)


def _show_list(output: Output, heading: str, sentences: list[str] | tuple[str, ...]) -> None:
    if not sentences:
        return
    output.state(f"\n{heading}")
    for sentence in sentences:
        output.state(f"  - {sentence}")


def _with_unlocated(row: Row) -> int | str:
    """Return this year's count, and below it what carries no ward beside it."""
    told = _told(row, "count")
    if not has_unlocated((row,)):
        return told
    written = f"{told:,}" if isinstance(told, int) else told
    return f"{written}\n(+{plain_number(row['unlocated_count'])})"


def _change(row: Row) -> str:
    """Return the change on the year before, and below it its range."""
    told = change_words(row["change_percent"]) + over_months(row)
    if not known(row["change_low"]):
        return told
    return f"{told}\n{range_words(row['change_low'], row['change_high'], signed_percent)}"


def _told(row: Row, column: str) -> int | str:
    """Return a count, or that the form for publication does not show it, or shows it rounded."""
    status = status_of(row, column)
    if status == HIDDEN:
        return NOT_SHOWN
    return f"{_whole(row[column])}{ROUNDED_MARK}" if status == ROUNDED else _whole(row[column])


def _whole(value: float) -> int | str:
    if not known(value):
        return NOT_KNOWN
    return round(value) if abs(value - round(value)) < 0.05 else plain_number(value)

"""Reading the plan that is being followed now from the files that it was written to."""

from __future__ import annotations

import json
import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from wardcast_models.allocation.request.mean_hours import mean_monthly_hours
from wardcast_models.allocation.request.model import Hours, MonthName
from wardcast_models.allocation.request.plan_request import LastPlan
from wardcast_models.errors import ErrorKind, Problem, WardcastError, invalid_input
from wardcast_models.form_file import Form, checked_form
from wardcast_models.panel.sources.limits import Limits
from wardcast_models.panel.sources.opening import open_sources
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.table import read_table

MOST_BYTES = 64 * 1024 * 1024
"""A larger file is no plan: a year of all London's wards with eight teams takes about a third of it."""

PLAN_FILE = "plan.json"
"""What the whole plan is written to, beside its assignments."""

_PLAN_NAME = re.compile(r"areas/[^/]+/plans/[^/]+(?<!\.csv)(?<!\.json)")
_EXPECTED = f"the `assignments.csv` or the `{PLAN_FILE}` of a plan, its path seen from the request's folder"
_PLAN = Form(
    noun="plan",
    option="last_plan.name",
    content="a plan",
    example=f"the `{PLAN_FILE}` that `wardcast plan` writes",
)


class _PlanPart(BaseModel):
    """Base of what is read of a plan's JSON; all else in it is passed over."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True, allow_inf_nan=False)


class _Assigned(_PlanPart):
    """An assignment, as far as it is needed."""

    ward_code: str
    hours: Hours


class _WrittenPlan(_PlanPart):
    """A plan, as far as it is needed."""

    months: tuple[MonthName, ...] = Field(min_length=1)
    assignments: tuple[_Assigned, ...]


def with_last_plan(last_plan: LastPlan, folder: Path, *, where: str) -> LastPlan:
    """Fill in the last plan's hours from the file that it names.

    Hours that are given already stay, and so does the name of a plan that a service keeps (`areas/../plans/..`). The
    months of a plan are taken from its `plan.json`, also where its assignments are named and it is beside them; without
    it they are the months that the assignments have.

    Args:
        last_plan: The last plan of a request.
        folder: Folder of the request, from which the file is looked for.
        where: Field that names the file, for the error.

    Returns:
        The last plan, with mean monthly hours by ward where a file was read.

    Raises:
        WardcastError: The file is absent, too large or no plan, a part of it is wrong, or the `plan.json` beside the
            assignments is of other months.
    """
    if not last_plan.name or last_plan.ward_hours_per_month or _PLAN_NAME.fullmatch(last_plan.name):
        return last_plan
    path = folder / last_plan.name
    source = _opened(path, last_plan.name, where)
    if path.suffix == ".json":
        plan = _written_plan(source)
        assigned = [(each.ward_code, each.hours) for each in plan.assignments]
        hours = mean_monthly_hours(assigned, n_months=len(set(plan.months)))
    else:
        hours = _hours_of_assignments(source, path.with_name(PLAN_FILE))
    return last_plan.model_copy(update={"ward_hours_per_month": hours})


def _opened(path: Path, name: str, where: str) -> SourceFile:
    """Read the file whole, or say what is there instead."""
    if not path.is_file():
        found = f"`{name}`, which is {'a folder' if path.is_dir() else 'not there'}"
        problem = Problem(
            where=where, expected=_EXPECTED, found=found, mend="Correct the path, or give `ward_hours_per_month`."
        )
        raise WardcastError(ErrorKind.NOT_FOUND, "The last plan cannot be read.", [problem])
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise _no_plan(name, f"{size:,} bytes")
    sources = list(open_sources(path, limits=Limits(source_bytes=MOST_BYTES, archive_bytes=MOST_BYTES)))
    if len(sources) != 1:
        raise _no_plan(name, f"{len(sources)} tables in one file")
    return sources[0]


def _no_plan(name: str, found: str) -> WardcastError:
    """Build the error for a file that is something else."""
    return invalid_input(
        f"`{name}` is no plan.",
        Problem(
            where=name,
            expected=f"the assignments of a plan as comma-separated values, or a plan's `{PLAN_FILE}`",
            found=found,
            mend=f"Give the `assignments.csv` or the `{PLAN_FILE}` that `wardcast plan` wrote.",
        ),
    )


def _written_plan(source: SourceFile) -> _WrittenPlan:
    """Return what is needed of a plan's JSON."""
    try:
        data = json.loads(source.content)
    except (ValueError, RecursionError):
        raise _no_plan(source.name, "text that is not JSON") from None
    if not isinstance(data, dict):
        raise _no_plan(source.name, "JSON without named fields")
    return checked_form(_WrittenPlan, data, where=source.name, form=_PLAN)


def _hours_of_assignments(source: SourceFile, plan_file: Path) -> dict[str, float]:
    """Return each ward's mean monthly hours in an assignments file."""
    if not source.header:
        raise _no_plan(source.name, source.seems_to_be()[0])
    table = read_table(source, "month", "ward_code", "hours")
    stamps, wards, hours = table.months("month"), table.codes("ward_code"), table.numbers("hours")
    table.problems.raise_if_any()
    months = {f"{stamp:%Y-%m}" for stamp in stamps}
    if plan_file.is_file():
        planned = set(_written_plan(_opened(plan_file, plan_file.name, source.name)).months)
        if not months <= planned:
            raise _other_months(source.name, min(months - planned), planned)
        months = planned
    return mean_monthly_hours(zip(wards, hours, strict=True), n_months=len(months))


def _other_months(name: str, month: str, planned: set[str]) -> WardcastError:
    """Build the error for assignments beside the JSON of another plan."""
    return invalid_input(
        f"`{name}` and the `{PLAN_FILE}` beside it are not of one plan.",
        Problem(
            where=name,
            expected=f"months from {min(planned)} to {max(planned)}, as in `{PLAN_FILE}`",
            found=month,
            mend=f"Keep the `{PLAN_FILE}` of the same plan beside the assignments, or none.",
        ),
    )

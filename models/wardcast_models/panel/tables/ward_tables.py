"""Tables by ward that go with the counts: residents, homes, visitors, groups and hours, on the panel's wards."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wardcast_models.errors import Problem, WardcastError, invalid_input
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import (
    BaselineHours,
    Census,
    Estimates,
    Part,
    Pipeline,
    Projection,
    Visitors,
    WardGroups,
    WardTable,
)
from wardcast_models.panel.places.gazetteer import Gazetteer
from wardcast_models.panel.tables.tables import lookups_to, merged, of_kind, refuse_unknown_wards, shaped, where_first

CENSUS_YEAR = 2021
"""Year whose projected residents stand in for a count."""

_SHOWN = 5


def ward_tables(
    parts: Sequence[Part], ward_codes: tuple[str, ...], vintage: str, places: Gazetteer
) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Gather the tables that are keyed by ward, keeping the panel's wards.

    Estimates are kept on the panel's wards and on the older wards that a lookup leads from. For the projection, which
    need not be on the panel's wards, see `projection_of`.

    Args:
        parts: All parts.
        ward_codes: The panel's wards.
        vintage: Their vintage.
        places: Known wards.

    Returns:
        Frames by the name of the panel's field, and findings on rows and files that play no part.

    Raises:
        WardcastError: Two files disagree about the same ward, or a user's file mixes ward vintages or names a ward that
            nothing knows.
    """
    findings: list[Finding] = []

    older = {code for lookup in lookups_to(parts, vintage) for code in lookup.frame["old_code"]}

    def ours(kind: type[WardTable], *keys: str) -> pd.DataFrame:
        kept = [_in_panel(table, ward_codes, vintage, places, findings) for table in of_kind(parts, kind)]
        return merged([table for table in kept if not table.frame.empty], [*keys])

    def estimates() -> pd.DataFrame:
        usable = (*ward_codes, *sorted(older))
        kept = [_in_panel(table, usable, vintage, places, findings) for table in of_kind(parts, Estimates)]
        return merged([table for table in kept if not table.frame.empty], ["ward_code", "reference_date"])

    frames = {
        "census": ours(Census, "ward_code"),
        "estimates": estimates(),
        "pipeline": ours(Pipeline, "scheme", "ward_code", "first_completion", "last_completion"),
        "visitors": ours(Visitors, "ward_code", "month"),
        "ward_groups": ours(WardGroups, "ward_code"),
        "baseline_hours": ours(BaselineHours, "ward_code", "shift"),
    }
    return {name: shaped(name, frame) for name, frame in frames.items()}, findings


def _in_panel(
    table: WardTable, ward_codes: tuple[str, ...], vintage: str, places: Gazetteer, findings: list[Finding]
) -> WardTable:
    """Return a table's rows of the panel's wards; a user's table with unknown wards or mixed vintages is refused."""
    inside = table.frame["ward_code"].isin(ward_codes)
    strangers = sorted(set(table.frame["ward_code"][~inside]))
    is_users = not isinstance(table, Census | Estimates)
    if is_users:
        refuse_unknown_wards(table, places)
    if not inside.any():
        message = "None of its wards is in this panel (another ward vintage or another place): not used."
        findings.append(Finding(kind=FindingKind.LEFT_ASIDE, file=table.file, message=message))
    elif strangers and is_users:
        if not all(places.is_of(code, vintage) for code in strangers):
            raise _mixed_vintages(table, strangers, vintage)
        message = f"Rows on wards without crime counts ({int((~inside).sum())}) were left out."
        findings.append(Finding(kind=FindingKind.CAVEAT, file=table.file, message=message))
    return WardTable(file=table.file, frame=table.frame[inside])


def _mixed_vintages(table: WardTable, strangers: list[str], vintage: str) -> WardcastError:
    more = f" and {len(strangers) - _SHOWN} more" if len(strangers) > _SHOWN else ""
    return invalid_input(
        f"{table.file} mixes ward vintages.",
        Problem(
            where=where_first(table, strangers),
            expected=f"{vintage} wards, like its other rows and the crime files",
            found=", ".join(strangers[:_SHOWN]) + more,
            mend="Use one ward vintage in the file.",
        ),
    )


def residents_of(parts: Sequence[Part]) -> dict[str, float]:
    """Gather one figure of residents a ward, to turn shares of old wards round: Census, else estimate, else projection.

    Args:
        parts: All parts.

    Returns:
        Residents by ward code, of any vintage.
    """
    residents: dict[str, float] = {}
    for projection in of_kind(parts, Projection):
        nearest = projection.frame.sort_values("year", key=lambda year: (year - CENSUS_YEAR).abs(), ascending=False)
        residents.update(zip(nearest["ward_code"], nearest["persons"], strict=True))
    for kind in (Estimates, Census):
        for table in of_kind(parts, kind):
            newest_last = table.frame.sort_values("reference_date")
            residents.update(zip(newest_last["ward_code"], newest_last["persons"], strict=True))
    return {code: float(persons) for code, persons in residents.items()}

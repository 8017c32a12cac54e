"""From a folder of official files to one checked panel."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.errors import Problem, WardcastError, invalid_input
from wardcast_models.panel.asb import AsbCounts, count_asb
from wardcast_models.panel.caveats import caveats
from wardcast_models.panel.choose import as_covered, choose_area, choose_vintage
from wardcast_models.panel.combine import WardCounts, combine
from wardcast_models.panel.digest import panel_digest
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.gather import NEEDED, Gathered, gather
from wardcast_models.panel.panel import Area, Panel
from wardcast_models.panel.parts import LsoaLookup, SampleMarker, StreetMonth, WardMonthAsb, WardRelease
from wardcast_models.panel.tables import events_of, lookup_to, newest_series, of_kind, polygons_of, shaped, ward_tables
from wardcast_models.panel.wards import LONDON, ward_register
from wardcast_models.progress import Progress, silent
from wardcast_models.reference.taxonomy import ASB

_READING = 0.9
"""Share of the time that reading the files takes; putting them together takes the rest."""


def read_folder(data_dir: Path, *, area: str, wards: str | None = None, progress: Progress = silent) -> Panel:
    """Read every official file below a folder into one panel.

    Each file is recognised by its header or content, never by its name. Unrecognised files are left aside and
    listed among the findings.

    Args:
        data_dir: A folder, searched recursively, or a single file.
        area: GSS code (`E09000002`), borough name in any case, or `London`.
        wards: Ward vintage, `WD22` or `WD18`; None takes the newest that the area's wards come in.
        progress: Told how far the reading is.

    Returns:
        The panel, with all wards of the files and the area's named.

    Raises:
        WardcastError: The folder is missing, empty or without ward crime counts; a recognised file is broken (every
            problem of every file is told); the area or vintage is not in the data, or London is asked for and one
            borough is there.
    """
    gathered = gather(data_dir, lambda fraction, phrase: progress(_READING * fraction, phrase))
    progress(_READING, "putting the files together")
    releases = of_kind(gathered.parts, WardRelease)
    if not releases:
        raise _no_counts(data_dir, gathered)
    chosen = choose_area(area, releases)
    vintage = choose_vintage(chosen, wards, releases)
    panel = _assemble(gathered, as_covered(chosen, vintage, releases), vintage)
    progress(1.0, "read")
    return panel


def _no_counts(data_dir: Path, gathered: Gathered) -> WardcastError:
    if not gathered.left_aside:
        problem = Problem(
            where=data_dir.name,
            expected=NEEDED,
            found="other tables only",
            mend="Add at least one MPS ward release.",
        )
        return invalid_input(f"{data_dir.name} holds no ward crime counts.", problem)
    return invalid_input(
        f"{data_dir.name} holds no ward crime counts.",
        *(Problem(where=file, expected=NEEDED, found=what, mend=mend) for file, what, mend in gathered.left_aside),
    )


def _assemble(gathered: Gathered, area: Area, vintage: str) -> Panel:
    parts = gathered.parts
    releases = of_kind(parts, WardRelease)
    ours = [release for release in releases if vintage in release.vintages]
    others = [release for release in releases if vintage not in release.vintages]
    crime = combine(ours)
    asb = count_asb(
        crime.ward_codes,
        vintage,
        streets=of_kind(parts, StreetMonth),
        lookups=of_kind(parts, LsoaLookup),
        tables=of_kind(parts, WardMonthAsb),
    )
    months, categories, counts = _joined(crime, asb)
    frames, table_findings = ward_tables(parts, crime.ward_codes, vintage)
    lookup, lookup_findings = lookup_to(parts, vintage)
    panel = Panel(
        area=_with_wards(area, crime.ward_codes),
        vintage=vintage,
        wards=_wards(crime),
        categories=categories,
        months=months,
        counts=counts,
        census=frames["census"],
        estimates=frames["estimates"],
        projection=frames["projection"],
        pipeline=frames["pipeline"],
        visitors=frames["visitors"],
        ward_groups=frames["ward_groups"],
        baseline_hours=frames["baseline_hours"],
        events=events_of(parts),
        ward_lookup=lookup,
        polygons=polygons_of(parts, crime.ward_codes),
        borough_series=newest_series(parts),
        findings=(),
        synthetic=bool(of_kind(parts, SampleMarker)),
    )
    findings = (
        *gathered.findings,
        *(_other_vintage(release, vintage) for release in others),
        *crime.findings,
        *asb.findings,
        *table_findings,
        *lookup_findings,
        *caveats(panel, others),
    )
    if panel.synthetic:
        findings = (_synthetic(), *findings)
    return replace(panel, findings=findings, digest=panel_digest(panel))


def _joined(crime: WardCounts, asb: AsbCounts) -> tuple[pd.DatetimeIndex, tuple[str, ...], NDArray[np.float64]]:
    """Put ASB beside the crime categories on one unbroken run of months."""
    if asb.months.empty:
        return crime.months, crime.categories, crime.counts
    months = pd.date_range(min(crime.months[0], asb.months[0]), max(crime.months[-1], asb.months[-1]), freq="MS")
    counts = np.full((len(crime.ward_codes), len(crime.categories) + 1, len(months)), np.nan)
    counts[:, :-1, months.get_indexer(crime.months)] = crime.counts
    counts[:, -1, months.get_indexer(asb.months)] = asb.counts
    return months, (*crime.categories, ASB), counts


def _wards(crime: WardCounts) -> pd.DataFrame:
    register = ward_register()
    frame = pd.DataFrame(
        {
            "ward_code": crime.ward_codes,
            "ward_name": crime.ward_names,
            "area_code": [register[code].area_code for code in crime.ward_codes],
            "area_name": [register[code].area_name for code in crime.ward_codes],
        }
    )
    return shaped("wards", frame)


def _with_wards(area: Area, ward_codes: tuple[str, ...]) -> Area:
    register = ward_register()
    inside = tuple(code for code in ward_codes if area.code in {LONDON.code, register[code].area_code})
    return Area(code=area.code, name=area.name, ward_codes=inside)


def _other_vintage(release: WardRelease, vintage: str) -> Finding:
    message = f"It is on {' or '.join(sorted(release.vintages))} wards and this panel is on {vintage}: not used."
    return Finding(kind=FindingKind.LEFT_ASIDE, file=release.file, message=message)


def _synthetic() -> Finding:
    message = "These data are the embedded sample: synthetic figures, no record of any real place."
    return Finding(kind=FindingKind.CAVEAT, file="", message=message)

"""From a folder of official files to one checked panel."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from wardcast_models.errors import Problem, WardcastError, invalid_input
from wardcast_models.panel.assembly import Sources, assemble
from wardcast_models.panel.counts.street_counts import distinct_streets
from wardcast_models.panel.gather import NEEDED, Gathered, gather
from wardcast_models.panel.panel import Panel
from wardcast_models.panel.parts import LsoaLookup, SmallAreaRelease, StreetMonth, Survey, WardIncidents, WardRelease
from wardcast_models.panel.places.choose import CountsFrom, choose
from wardcast_models.panel.places.gazetteer import gazetteer
from wardcast_models.panel.places.reach import policeuk_reach, small_area_reach
from wardcast_models.panel.places.surveyed import check_areas
from wardcast_models.panel.tables.tables import of_kind
from wardcast_models.progress import Progress, silent

READING_SHARE = 0.9
"""Share of the time that reading the files takes; putting them together takes the rest."""


def read_folder(
    data_dir: Path,
    *,
    area: str,
    wards: str | None = None,
    progress: Progress = silent,
    read_on: date | None = None,
) -> Panel:
    """Read every official file below a folder into one panel.

    Each file is recognised by its header or content, never by its name. Unrecognised files are left aside and
    listed among the findings.

    Args:
        data_dir: A folder, searched recursively, or a single file.
        area: GSS code of a local authority (`E09000002`), its name in any case, or `London`.
        wards: Ward vintage such as `WD22` or `WD18`; None takes the newest that the area's counts can be made in.
        progress: Told how far the reading is.
        read_on: Day of the reading, after whose month nothing can have been counted; None is today.

    Returns:
        The panel, with all wards of the files and the area's named.

    Raises:
        WardcastError: The folder is missing, empty or without counts; a recognised file is broken (every problem of
            every file is told); the area or vintage is not in the data, or London is asked for and one borough is
            there.
    """
    gathered = gather(data_dir, lambda fraction, phrase: progress(READING_SHARE * fraction, phrase), read_on=read_on)
    progress(READING_SHARE, "putting the files together")
    panel = panel_of(gathered, area=area, wards=wards, folder=data_dir.name)
    progress(1.0, "read")
    return panel


def panel_of(gathered: Gathered, *, area: str, wards: str | None = None, folder: str = "The folder") -> Panel:
    """Make a panel of what was gathered from a folder.

    Args:
        gathered: What the files gave.
        area: As for `read_folder`.
        wards: As for `read_folder`.
        folder: The folder's name, for errors.

    Returns:
        The panel.

    Raises:
        WardcastError: As for `read_folder`, but for broken files.
    """
    parts = gathered.parts
    lookups = of_kind(parts, LsoaLookup)
    places = gazetteer(lookups)
    streets, findings = distinct_streets(of_kind(parts, StreetMonth))
    released: dict[str, frozenset[str]] = {}
    for release in of_kind(parts, WardRelease):
        for vintage in release.vintages:
            released[vintage] = released.get(vintage, frozenset()) | frozenset(release.ward_codes)
    held_by = {
        CountsFrom.WARD_RELEASES: released,
        CountsFrom.SMALL_AREA_RELEASES: small_area_reach(
            of_kind(parts, SmallAreaRelease), lookups=lookups, places=places
        ),
        CountsFrom.POLICE_UK: policeuk_reach(streets, of_kind(parts, WardIncidents), lookups=lookups, places=places),
    }
    if not any(held_by.values()):
        raise _no_counts(folder, gathered)
    choice = choose(area, wards, held_by=held_by, places=places)
    surveyed = check_areas(of_kind(parts, Survey), places)
    sources = Sources(
        parts=parts, findings=(*gathered.findings, *findings, *surveyed), places=places, streets=tuple(streets)
    )
    return assemble(sources, choice)


def _no_counts(folder: str, gathered: Gathered) -> WardcastError:
    if not gathered.left_aside:
        problem = Problem(
            where=folder,
            expected=NEEDED,
            found="other tables only",
            mend=(
                "Add at least one MPS ward release, or data.police.uk street files with a lookup from their small "
                "areas to wards."
            ),
        )
        return invalid_input(f"{folder} holds no ward crime counts.", problem)
    return invalid_input(
        f"{folder} holds no ward crime counts.",
        *(Problem(where=file, expected=NEEDED, found=what, mend=mend) for file, what, mend in gathered.left_aside),
    )

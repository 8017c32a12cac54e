"""From a folder of files to everything they tell about an area: its panel and what goes beyond it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from wardcast_models.panel.counts.street_counts import distinct_streets
from wardcast_models.panel.gather import gather
from wardcast_models.panel.ingest import READING_SHARE, panel_of
from wardcast_models.panel.monitoring import MONITORING_COLUMNS, Monitoring
from wardcast_models.panel.panel import Panel
from wardcast_models.panel.parts import (
    LsoaLookup,
    Part,
    Premises,
    Repeats,
    SmallAreaRelease,
    SmallAreaResidents,
    StreetMonth,
    Survey,
    WardSeries,
)
from wardcast_models.panel.places.gazetteer import Gazetteer, gazetteer
from wardcast_models.panel.places.small_areas import locate, wards_of_small_areas
from wardcast_models.panel.polygon_parts import SmallAreaPolygons
from wardcast_models.panel.tables.tables import merged, of_kind, refuse_unknown_wards
from wardcast_models.progress import Progress, silent

ALL_AGES = "all"
"""Age band of `SmallAreaResidents` that counts everybody."""

_MPS, _POLICEUK = "mps", "policeuk"


@dataclass(frozen=True, kw_only=True)
class _Files:
    """The parts of a folder and the panel made from them."""

    parts: Sequence[Part]
    panel: Panel

    @cached_property
    def lookups(self) -> list[LsoaLookup]:
        """Lookups from small areas to wards."""
        return of_kind(self.parts, LsoaLookup)

    @cached_property
    def places(self) -> Gazetteer:
        """Every known ward."""
        return gazetteer(self.lookups)

    @cached_property
    def points(self) -> pd.DataFrame:
        """Police.uk incidents at their map points, in the area's wards, with `ward_code`."""
        streets, _ = distinct_streets(of_kind(self.parts, StreetMonth))
        if not streets:
            return pd.DataFrame(
                columns=["lsoa_code", "longitude", "latitude", "month", "category", "count", "ward_code"]
            )
        points = pd.concat([street.frame for street in streets], ignore_index=True)
        wards = self.panel.area.ward_codes
        # Among all wards of the panel, as for its counts: a point across the border is the neighbour's.
        found = locate(
            points,
            self.panel.vintage,
            self.panel.ward_codes,
            lookups=self.lookups,
            polygons=self.panel.polygons,
        )
        return found[found["ward_code"].isin(wards)].drop(columns=["how", "divided"])

    @cached_property
    def ward_of(self) -> dict[str, str]:
        """Ward of each small area: by lookup, else the ward of most of its map points."""
        by_points = self.points.groupby(["lsoa_code", "ward_code"])["count"].sum().sort_values()
        known = wards_of_small_areas(self.lookups, self.panel.vintage, self.panel.area.ward_codes)
        return {str(lsoa): str(ward) for lsoa, ward in by_points.index} | known

    def located(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a frame of small areas that lie in the area's wards, with `ward_code`."""
        wards = frame["lsoa_code"].map(self.ward_of)
        return frame.assign(ward_code=wards)[wards.notna()]


def read_monitoring(
    data_dir: Path,
    *,
    area: str,
    wards: str | None = None,
    progress: Progress = silent,
    read_on: date | None = None,
) -> Monitoring:
    """Read every file below a folder into one picture of an area.

    Args:
        data_dir: A folder, searched recursively, or a single file.
        area: GSS code or name of a local authority, or `London`.
        wards: Ward vintage such as `WD22`; None takes the newest that the area's counts come in.
        progress: Told how far the reading is.
        read_on: Day of the reading, after whose month nothing can have been counted; None is today.

    Returns:
        The panel and what goes beyond it.

    Raises:
        WardcastError: As `ingest.read_folder`; or two files disagree about the same ward.
    """
    gathered = gather(data_dir, lambda fraction, phrase: progress(READING_SHARE * fraction, phrase), read_on=read_on)
    progress(READING_SHARE, "putting the files together")
    panel = panel_of(gathered, area=area, wards=wards, folder=data_dir.name)
    files = _Files(parts=gathered.parts, panel=panel)
    small_areas, months = _small_areas(files)
    residents = _newest(files, lambda bands: bands == ALL_AGES)
    monitoring = Monitoring(
        panel=panel,
        small_areas=_shaped("small_areas", small_areas),
        points=_shaped("points", files.points),
        small_area_residents=_shaped("small_area_residents", residents),
        ages=_shaped("ages", _ages(files)),
        ward_series=_shaped("ward_series", _ward_series(files)),
        repeats=_shaped("repeats", _of_wards(files, Repeats, ["ward_code", "month", "subject", "category"])),
        surveys=_shaped("surveys", _surveys(files)),
        premises=_shaped("premises", _of_wards(files, Premises, ["ward_code", "month"])),
        small_area_months=months,
        small_area_polygons=_polygons(files, {*small_areas["lsoa_code"], *residents["lsoa_code"]}),
    )
    progress(1.0, "read")
    return monitoring


def _shaped(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    columns = list(MONITORING_COLUMNS[name])
    return (
        pd.DataFrame(columns=columns) if frame.empty else frame.loc[:, columns].sort_values(columns, ignore_index=True)
    )


def _small_areas(files: _Files) -> tuple[pd.DataFrame, dict[str, tuple[pd.Timestamp, pd.Timestamp]]]:
    """Return counts by small area and the months that each source covers."""
    frames = [pd.DataFrame(columns=list(MONITORING_COLUMNS["small_areas"]))]
    months: dict[str, tuple[pd.Timestamp, pd.Timestamp]] = {}
    for source, counts in ((_MPS, files.located(_recorded(files))), (_POLICEUK, _incidents(files))):
        if len(counts):
            frames.append(counts.assign(source=source))
            months[source] = (counts["month"].min(), counts["month"].max())
    return pd.concat([frame for frame in frames if len(frame)] or frames, ignore_index=True), months


def _recorded(files: _Files) -> pd.DataFrame:
    """Return recorded crime by small area, each month from the release that reaches furthest."""
    releases = of_kind(files.parts, SmallAreaRelease)
    newest_first = sorted(releases, key=lambda release: (release.months[-1], release.content_digest), reverse=True)
    taken = pd.DatetimeIndex([])
    frames = []
    for release in newest_first:
        fresh = release.months.difference(taken)
        frames.append(release.frame[release.frame["month"].isin(fresh)])
        taken = taken.union(fresh)
    return pd.concat(frames or [pd.DataFrame(columns=["lsoa_code", "category", "month", "count"])], ignore_index=True)


def _incidents(files: _Files) -> pd.DataFrame:
    """Return police.uk incidents by small area."""
    return files.points.groupby(["lsoa_code", "ward_code", "category", "month"])["count"].sum().reset_index()


def _newest(files: _Files, of_bands: Callable[[Any], Any]) -> pd.DataFrame:
    """Return residents of the area's small areas in some age bands, at the newest date that has them."""
    tables = of_kind(files.parts, SmallAreaResidents)
    columns = ["lsoa_code", "age_band", "persons", "reference_date"]
    stacked = pd.concat([table.frame for table in tables] or [pd.DataFrame(columns=columns)], ignore_index=True)
    wanted = stacked[of_bands(stacked["age_band"])]
    here = files.located(wanted)
    newest: pd.DataFrame = here[here["reference_date"] == here["reference_date"].max()]
    return _of_one_census(files, newest.drop_duplicates(["lsoa_code", "age_band"]))


def _of_one_census(files: _Files, residents: pd.DataFrame) -> pd.DataFrame:
    """Drop small areas of an older census where a newer one's are told too: both would count the same residents.

    Codes that both censuses have are the same places, and stay.
    """
    by_year: dict[str, set[str]] = {}
    for lookup in files.lookups:
        by_year.setdefault(lookup.lsoa_year, set()).update(lookup.frame["lsoa_code"])
    if len(by_year) < 2:
        return residents
    newest = by_year.pop(max(by_year))
    older = set().union(*by_year.values())
    is_told_newest = not (newest - older).isdisjoint(residents["lsoa_code"])
    return residents[~residents["lsoa_code"].isin(older - newest)] if is_told_newest else residents


def _ages(files: _Files) -> pd.DataFrame:
    """Return residents by ward and age band."""
    bands = _newest(files, lambda bands: bands != ALL_AGES)
    return bands.groupby(["ward_code", "age_band", "reference_date"])["persons"].sum().reset_index()


def _ward_series(files: _Files) -> pd.DataFrame:
    """Return the dashboard's series of the area's wards, each month from the newest release that has it."""
    tables = of_kind(files.parts, WardSeries)
    if not tables:
        return pd.DataFrame()
    stacked = pd.concat([table.frame for table in tables], ignore_index=True).sort_values(["release", "count"])
    newest = stacked.drop_duplicates(["ward_code", "series", "month"], keep="last")
    return newest[newest["ward_code"].isin(files.panel.area.ward_codes)]


def _of_wards(files: _Files, kind: type[Repeats] | type[Premises], keys: list[str]) -> pd.DataFrame:
    """Return a user's tables for the area's wards; unknown wards, and two files that disagree, are refused."""
    tables = of_kind(files.parts, kind)
    for table in tables:
        refuse_unknown_wards(table, files.places)
    stacked = merged(tables, keys)
    return stacked if stacked.empty else stacked[stacked["ward_code"].isin(files.panel.area.ward_codes)]


def _surveys(files: _Files) -> pd.DataFrame:
    tables = of_kind(files.parts, Survey)
    return pd.concat([table.frame for table in tables], ignore_index=True) if tables else pd.DataFrame()


def _polygons(files: _Files, lsoa_codes: set[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for polygons in of_kind(files.parts, SmallAreaPolygons):
        found |= {code: shape for code, shape in polygons.geometries.items() if code in lsoa_codes}
    return dict(sorted(found.items()))

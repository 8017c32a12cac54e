"""The sample's marker, and official tables that are known but play no part."""

from __future__ import annotations

from wardcast_models.panel.parts import KnownUnused, Part, SampleMarker
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.source import SourceFile

SAMPLE_KEY = "wardcast_sample"
"""Key of the JSON file that marks a folder as the embedded sample."""


def recognises_sample(source: SourceFile) -> bool:
    """Tell whether a file marks the folder as the embedded sample."""
    return isinstance(source.json, dict) and bool(source.json.get(SAMPLE_KEY))


def read_sample(source: SourceFile) -> Part:
    """Read the marker."""
    return SampleMarker(file=source.name)


def _unused(what: str, why: str, *columns: str) -> Reader:
    def read(source: SourceFile) -> Part:
        return KnownUnused(file=source.name, what=what, why=why)

    return Reader(what=what, recognises=has_columns(*columns), read=read)


SAMPLE = Reader(what="the sample's marker", recognises=recognises_sample, read=read_sample)

_POPULATION = "ward forecasts use the Census and the GLA projection"

UNUSED: tuple[Reader, ...] = (
    _unused(
        "MPS crime by small area (LSOA)",
        "the ward releases hold the same crimes",
        "lsoa_code",
        "major_category",
        "minor_category",
        "month",
        "count",
    ),
    _unused("mid-year residents by small area", "forecasts are by ward", "lsoa11cd", "persons_all-ages"),
    _unused("Census residents by age and small area", _POPULATION, "geography code", "age: total"),
    _unused(
        "Census tenure by small area",
        "homes come from a housing pipeline",
        "geography code",
        "tenure of household: total: all households",
    ),
    _unused(
        "Census accommodation by small area",
        "homes come from a housing pipeline",
        "geography code",
        "accommodation type: total: all households",
    ),
    _unused("Census household composition by ward", _POPULATION, "ward_code", "hhcomp_code", "count"),
    _unused("council-tax dwellings by ward", "it ends before the forecasts start", "ward_code", "year", "dwellings"),
    _unused("a list of neighbouring wards", "no forecast or plan uses it", "ward_code", "nb_code"),
    _unused("a list of ward names", "names come from the ward releases", "wd22cd", "wd22nm", "lad22cd"),
    _unused(
        "a lookup from LSOA (2011) to wards by year",
        "street files carry LSOA (2021) codes",
        "lsoa11cd",
        "ward22cd",
        "weight",
    ),
    _unused("Cambridge Crime Harm Index weights", "harm weights are packaged", "prc_subgroup", "cchi_days_median"),
    _unused("a map from MPS labels to harm weights", "harm weights are packaged", "mps_minor", "cchi_days_median"),
    _unused("ONS Crime Severity Score weights", "harm weights are packaged", "offence", "ons_css_weight"),
)
"""Readers of tables that are named and left aside."""

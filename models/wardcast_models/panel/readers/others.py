"""The sample's marker, and official tables that are known but play no part."""

from __future__ import annotations

from wardcast_models.panel.parts import KnownUnused, Part, SampleMarker
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.table import read_table

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

_HOMES = "it counts homes that stood on a past day, not homes to come with a date: those come from a housing pipeline"


def recognises_notifiable(source: SourceFile) -> bool:
    """Tell whether a file is the MPS dashboard's table of all notifiable offences, as published."""
    plain = {name.replace(" ", "_") for name in source.columns}
    return plain >= {"month_year", "area_type", "offence_group", "offence_subgroup", "measure", "count"}


def read_notifiable(source: SourceFile) -> Part:
    """Leave aside the dashboard's table of all notifiable offences."""
    why = "the ward and borough releases hold the same offences, back to 2010"
    return KnownUnused(file=source.name, what="the MPS dashboard's table of all notifiable offences", why=why)


def read_severity(source: SourceFile) -> Part:
    """Leave aside ONS severity scores, saying how many offences they cover."""
    offences = len(read_table(source))
    why = (
        f"harm weights are packaged. It gives {offences} offences, a part of the ONS list, so plans weighed by it "
        "cover only the categories that they match, and anti-social behaviour has no weight in it"
    )
    return KnownUnused(file=source.name, what="ONS Crime Severity Score weights", why=why)


UNUSED: tuple[Reader, ...] = (
    Reader(what="all notifiable offences", recognises=recognises_notifiable, read=read_notifiable),
    _unused(
        "a police.uk file of outcomes",
        "it says what came of crimes, which the street files count",
        "crime id",
        "falls within",
        "outcome type",
    ),
    _unused(
        "a police.uk file of stop and search",
        "it is about people who were stopped, and this is about places",
        "type",
        "part of a policing operation",
        "object of search",
    ),
    _unused("Census tenure by small area", _HOMES, "geography code", "tenure of household: total: all households"),
    _unused(
        "Census accommodation by small area", _HOMES, "geography code", "accommodation type: total: all households"
    ),
    _unused(
        "Census household composition by ward",
        "rates and growth are by residents, not households",
        "ward_code",
        "hhcomp_code",
        "count",
    ),
    _unused("council-tax dwellings by ward", _HOMES, "ward_code", "year", "dwellings"),
    _unused(
        "a list of neighbouring wards", "clusters are found from the boundaries themselves", "ward_code", "nb_code"
    ),
    _unused(
        "a list of ward names and middle points", "names come from the ward releases", "wd22cd", "wd22nm", "lad22cd"
    ),
    _unused(
        "Cambridge Crime Harm Index weights",
        "harm weights are packaged; anti-social behaviour has no weight in this scale",
        "prc_subgroup",
        "cchi_days_median",
    ),
    _unused(
        "a map from MPS labels to harm weights",
        "harm weights are packaged; anti-social behaviour has no weight in this scale",
        "mps_minor",
        "cchi_days_median",
    ),
    Reader(
        what="ONS Crime Severity Score weights", recognises=has_columns("offence", "ons_css_weight"), read=read_severity
    ),
)
"""Readers of tables that are named and left aside."""

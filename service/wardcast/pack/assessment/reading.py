"""An assessment made ready for people: names, labels, and which measures are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from wardcast.pack.names import WardNames, distinct_names
from wardcast_models.panel.findings import Finding
from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.profile.assessment import Assessment

WORKBOOK = "assessment.xlsx"
PUBLIC_WORKBOOK = "assessment-public.xlsx"
"""Names of the workbook, which the report refers to, by whether it may be published."""

MOST_WARDS = 40
"""Wards in a table or named on a map; the workbook has all."""

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """An assessment with what is shown beside it.

    Attributes:
        assessment: The figures.
        ward_polygons: GeoJSON geometry by ward code; may be empty.
        small_area_polygons: GeoJSON geometry by small area; may be empty.
        findings: What the reading of the files found.
        data_digest: Fingerprint of the counts.
    """

    assessment: Assessment
    ward_polygons: Mapping[str, Mapping[str, Any]]
    small_area_polygons: Mapping[str, Mapping[str, Any]]
    findings: tuple[Finding, ...]
    data_digest: str

    @property
    def is_public(self) -> bool:
        """Whether this is the form for publication."""
        return bool(self.assessment.publication)

    @property
    def workbook(self) -> str:
        """Name of the workbook that goes with the report."""
        return PUBLIC_WORKBOOK if self.is_public else WORKBOOK

    @cached_property
    def names(self) -> WardNames:
        """Ward name by code, told apart where two share one."""
        return distinct_names(self.assessment.ward_names)

    @cached_property
    def labels(self) -> dict[str, str]:
        """Label by measure."""
        measures = self.assessment.measures
        return dict(zip(measures["measure"], measures["label"], strict=True))

    @cached_property
    def main_measures(self) -> tuple[str, ...]:
        """Measures that are drawn: all crime, the priorities, and what is counted but no crime."""
        measures = self.assessment.measures
        chosen = measures["level"].isin(["all", "priority"]) | (
            (measures["level"] == "category") & ~measures["crime"].astype(bool)
        )
        seen: dict[str, str] = {}
        for row in records(measures[chosen]):
            # a priority that is one category has that category's figures: it is drawn once
            seen.setdefault(row["label"], row["measure"])
        return tuple(seen.values())

    def label(self, measure: str) -> str:
        """Return a measure's name for people."""
        return self.labels.get(measure, measure.replace("_", " "))

    def place(self, ward_code: str) -> str:
        """Return a ward's name for people, or that of the whole area for ""."""
        return self.names.get(ward_code, ward_code) if ward_code else self.assessment.area_name

    def in_order(self, frame: pd.DataFrame) -> list[Row]:
        """Return the rows of a frame in the order of the measures."""
        order = {measure: place for place, measure in enumerate(self.labels)}
        return sorted(records(frame), key=lambda row: order.get(row["measure"], len(order)))


def reading_of(assessment: Assessment, monitoring: Monitoring) -> Reading:
    """Put an assessment beside the boundaries and findings of the files it was drawn from.

    Findings and the fingerprint of the data were made from every count: the form for publication goes without them.

    Args:
        assessment: The figures.
        monitoring: What they were drawn from.

    Returns:
        Both, ready for people.
    """
    return Reading(
        assessment=assessment,
        ward_polygons=monitoring.panel.polygons,
        small_area_polygons=monitoring.small_area_polygons,
        findings=() if assessment.publication else monitoring.panel.findings,
        data_digest="" if assessment.publication else monitoring.panel.digest,
    )


def records(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame as dictionaries."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def of(frame: pd.DataFrame, **wanted: str) -> pd.DataFrame:
    """Return the rows whose columns have the values wanted."""
    kept = pd.Series(data=True, index=frame.index)
    for column, value in wanted.items():
        kept &= frame[column] == value
    return frame[kept]


def area_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows about the whole area."""
    return frame[frame["ward_code"] == ""]


def ward_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows about single wards."""
    return frame[frame["ward_code"] != ""]


def significant(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are more than chance would do."""
    return flagged(frame, "significant")


def flagged(frame: pd.DataFrame, flag: str) -> pd.DataFrame:
    """Return the rows of which a flag is set; an unknown one is not."""
    return frame[frame[flag].fillna(value=False).astype(bool)]

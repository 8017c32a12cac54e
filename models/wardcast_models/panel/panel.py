"""The data contract: one checked, content-hashed panel of ward counts and what goes with it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.errors import ErrorKind, Problem, WardcastError
from wardcast_models.panel.findings import Finding


@dataclass(frozen=True, kw_only=True)
class Area:
    """The place that forecasts and plans are made for.

    Attributes:
        code: GSS code of the borough (`E09000002`), or `E12000007` for London.
        name: Its name.
        ward_codes: GSS codes of its wards in the panel's order.
    """

    code: str
    name: str
    ward_codes: tuple[str, ...]


APPROXIMATE = "approximate"
"""Member that a polygon carries, with the value true, where its file calls it approximate."""

EVENT_COLUMNS = ("event", "first_month", "last_month", "category", "label", "source")
"""Columns of `Panel.events`."""

UNLOCATED_COLUMNS = ("place", "category", "month", "count", "source")
"""Columns of `Panel.unlocated`."""

CARRIED_COLUMNS = ("ward_code", "category", "first_month", "last_month", "from_vintage", "relative_sd")
"""Columns of `Panel.carried`."""


@dataclass(frozen=True, kw_only=True)
class Release:
    """One ward release as it was published, on the panel's axes.

    W wards, C categories and T months of the panel.

    Attributes:
        file: Name of the file it came from.
        published: Day from which it was known.
        published_known: Whether the file tells that day; else it is assumed from the last month.
        first_month: Its first complete month.
        last_month: Its last complete month.
        counts: Counts, float32, shape (W, C, T'), T' months from `first_month` to `last_month`; NaN where the release
            does not cover or list a cell.
    """

    file: str
    published: pd.Timestamp
    published_known: bool
    first_month: pd.Timestamp
    last_month: pd.Timestamp
    counts: NDArray[np.float32]

    @cached_property
    def months(self) -> pd.DatetimeIndex:
        """Its months without gaps, those of the last axis of `counts`."""
        return pd.date_range(self.first_month, self.last_month, freq="MS")

    def up_to(self, until: pd.Timestamp) -> Release:
        """Return the release without the months after one of its own.

        Args:
            until: Month start, from `first_month` on; the last month kept.

        Returns:
            The release; itself where it ends by then.
        """
        if self.last_month <= until:
            return self
        kept = len(pd.date_range(self.first_month, until, freq="MS"))
        return replace(self, last_month=until, counts=self.counts[:, :, :kept])


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Monthly counts by ward and analysis category, with population, homes and polygons.

    W wards, C analysis categories, T months. Every ward of the files is kept (forecasters learn from all
    of London when London files are given); `area` names the wards that results are for.

    Attributes:
        area: The area asked for.
        vintage: Ward vintage, e.g. `WD22`. All ward codes below are of this vintage.
        wards: One row a ward, columns `ward_code, ward_name, area_code, area_name`, sorted by code.
        categories: Analysis category ids (see `reference.taxonomy`), in taxonomy order; length C.
        months: Month starts without gaps; length T.
        counts: Counts, float64, shape (W, C, T). NaN where a ward, category and month was not observed;
            a true zero is 0.
        census: Census residents, columns `ward_code, persons, reference_date, source`; may be empty.
        estimates: Dated residents between censuses, columns `ward_code, persons, reference_date, source`, on the ward
            codes of their own vintage, which need not be the panel's; may be empty.
        projection: Yearly residents, columns `ward_code, area_code, area_name, year, persons, source`, on the ward
            codes of its own vintage, one a borough, which need not be the panel's; may be empty.
        ward_lookup: Columns `old_code, new_code, share_of_old` from older wards to this vintage; may be empty.
        pipeline: Housing pipeline, columns `scheme, ward_code, homes, first_completion, last_completion,
            probability, persons_per_home, source, jobs, homes_in_projection, known_from`; `jobs` open as the homes
            complete; where `homes_in_projection` (how many of the homes the projection holds) is NaN, homes replace
            the projection's growth; a row without `known_from` is as old as the projection; may be empty.
        visitors: Jobs, and visitors a day, by date, columns `ward_code, month, jobs, visitors, source, known_from`, NaN
            where not given; may be empty.
        ward_groups: Columns `ward_code, group`: a user's grouping of wards (for example by deprivation); may be empty.
        baseline_hours: Columns `ward_code, shift, officer_hours_per_month`: presence that the plan does not
            move; may be empty.
        polygons: GeoJSON geometry by ward code (WGS84 longitude, latitude), with a member `approximate` that is true
            where the file says so; may be empty.
        events: Events that the user marks beside the packaged ones, columns `event, first_month, last_month, category,
            label, source`; `last_month` NaT where the event stays, `category` "" where it concerns all; may be empty.
        borough_series: Borough-level series that have no ward, columns `area_code, series, month, count`; may be empty.
        unlocated: Recorded crime that no ward holds, columns `place, category, month, count, source`; `place` is the
            GSS code of a borough, or the name of a police force where nothing nearer is known; may be empty.
        carried: Where counts came from wards of another vintage, columns `ward_code, category, first_month, last_month,
            from_vintage, relative_sd` (standard deviation of a carried month over its count); may be empty.
        releases: Every ward release of this vintage as it was published, oldest first (see `revisions`); may be empty.
        findings: What the reading found, in order.
        synthetic: True for the embedded sample; every output then says so.
        digest: SHA-256 of everything above but `findings`, as hex.
    """

    area: Area
    vintage: str
    wards: pd.DataFrame
    categories: tuple[str, ...]
    months: pd.DatetimeIndex
    counts: NDArray[np.float64]
    census: pd.DataFrame
    estimates: pd.DataFrame
    projection: pd.DataFrame
    ward_lookup: pd.DataFrame
    pipeline: pd.DataFrame
    visitors: pd.DataFrame
    ward_groups: pd.DataFrame
    baseline_hours: pd.DataFrame
    polygons: dict[str, dict[str, Any]]
    borough_series: pd.DataFrame
    findings: tuple[Finding, ...]
    synthetic: bool
    digest: str = field(default="")
    events: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(EVENT_COLUMNS)))
    unlocated: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(UNLOCATED_COLUMNS)))
    carried: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CARRIED_COLUMNS)))
    releases: tuple[Release, ...] = ()

    @cached_property
    def ward_codes(self) -> tuple[str, ...]:
        """GSS codes of all wards, in the order of the first axis of `counts`."""
        return tuple(self.wards["ward_code"])

    @cached_property
    def ward_names(self) -> dict[str, str]:
        """Ward name by code."""
        return dict(zip(self.wards["ward_code"], self.wards["ward_name"], strict=True))

    @cached_property
    def area_rows(self) -> NDArray[np.intp]:
        """Positions of the area's wards on the first axis of `counts`."""
        position = {code: row for row, code in enumerate(self.ward_codes)}
        return np.array([position[code] for code in self.area.ward_codes], dtype=np.intp)

    @property
    def first_month(self) -> pd.Timestamp:
        """First month of the panel."""
        return self.months[0]

    @property
    def last_month(self) -> pd.Timestamp:
        """Last month of the panel."""
        return self.months[-1]

    def up_to(self, until: pd.Timestamp) -> Panel:
        """Return the panel as if it ended with the month `until`; the digest stays that of the whole.

        Months after it are cut from the counts, the unlocated crime, the carried spans and the releases.

        Args:
            until: Month start; the last month kept.

        Returns:
            The panel with the later months cut off.

        Raises:
            WardcastError: `until` lies outside the panel.
        """
        if until not in self.months:
            raise WardcastError(
                ErrorKind.INVALID_INPUT,
                f"The data do not reach {until:%Y-%m}.",
                [
                    Problem(
                        where="--until",
                        expected=f"a month from {self.first_month:%Y-%m} to {self.last_month:%Y-%m}",
                        found=f"{until:%Y-%m}",
                        mend="Choose a month within the data, or add files that cover it.",
                    )
                ],
            )
        keep = self.months <= until
        begun = pd.to_datetime(self.carried["first_month"]) <= until
        ended = pd.to_datetime(self.carried["last_month"])
        return replace(
            self,
            months=self.months[keep],
            counts=self.counts[:, :, keep],
            unlocated=self.unlocated[pd.to_datetime(self.unlocated["month"]) <= until],
            carried=self.carried[begun].assign(last_month=ended.where(ended <= until, until)[begun]),
            releases=tuple(release.up_to(until) for release in self.releases if release.first_month <= until),
        )

    def to_frame(self, *, area_only: bool = True) -> pd.DataFrame:
        """Return the counts in long form: `ward_code, category, month, count`, unobserved cells absent.

        Args:
            area_only: Keep the area's wards only.

        Returns:
            One row per observed ward, category and month.
        """
        rows = self.area_rows if area_only else np.arange(len(self.ward_codes))
        codes = np.asarray(self.ward_codes, dtype=object)[rows]
        index = pd.MultiIndex.from_product(
            [codes, self.categories, self.months], names=["ward_code", "category", "month"]
        )
        frame = pd.DataFrame({"count": self.counts[rows].reshape(-1)}, index=index).dropna().reset_index()
        frame["count"] = frame["count"].astype("int64")
        return frame

"""The strategic assessment's figures, as plain tables that every output is made from."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

TABLE_COLUMNS: dict[str, tuple[str, ...]] = {
    "measures": ("measure", "label", "level", "crime", "categories", "source", "caveat"),
    "area": (
        "measure",
        "months",
        "previous_count",
        "count",
        "change_percent",
        "change_low",
        "change_high",
        "p_value",
        "q_value",
        "significant",
        "rate_per_1000",
        "share_of_crime",
        "unlocated_count",
        "shared_months",
    ),
    "wards": (
        "measure",
        "ward_code",
        "months",
        "previous_count",
        "count",
        "change_percent",
        "change_low",
        "change_high",
        "p_value",
        "q_value",
        "significant",
        "residents",
        "rate_per_1000",
        "rank",
        "many_visitors",
        "ratio_to_area",
        "shared_months",
    ),
    "trends": (
        "measure",
        "ward_code",
        "months",
        "percent_a_year",
        "low",
        "high",
        "p_value",
        "q_value",
        "significant",
        "breaks",
    ),
    "rolling": ("measure", "ward_code", "month", "count_12_months"),
    "seasons": ("measure", "calendar_month", "index", "low", "high", "p_value", "q_value", "significant"),
    "hotspots": (
        "measure",
        "unit",
        "code",
        "label",
        "ward_code",
        "count",
        "expected",
        "count_around",
        "expected_around",
        "ratio",
        "z",
        "p_value",
        "q_value",
        "significant",
        "own_ratio",
        "own_low",
        "own_high",
        "own_p_value",
        "own_q_value",
        "stands_out",
    ),
    "clustering": (
        "measure",
        "unit",
        "test",
        "statistic",
        "expected",
        "z",
        "p_value",
        "q_value",
        "significant",
        "words",
    ),
    "emerging": (
        "measure",
        "ward_code",
        "recent_months",
        "count",
        "expected",
        "low",
        "high",
        "ratio",
        "p_value",
        "q_value",
        "significant",
    ),
    "comparison": (
        "measure",
        "place",
        "place_name",
        "kind",
        "count",
        "rate_per_1000",
        "change_percent",
        "distance",
    ),
    "harm": ("category", "ward_code", "count", "harm", "share_of_area_harm", "share_of_area_count"),
    "repeats": ("subject", "category", "ward_code", "persons", "repeat_persons", "repeat_share", "low", "high"),
    "volt": ("question", "statement", "figure", "unit", "source", "gap"),
    "underivable": ("measure", "label", "why", "instead"),
    "published": ("measure", "label", "published_percent", "change_percent", "difference_points", "source"),
}
"""Columns of the frames of `Assessment`. `ward_code` is "" where a row is about the whole area. Unknown figures are
NaN. `months` are how many months of the year `count` is of: all that the measure has. `shared_months` are those that
both years have: `previous_count` and the change are of these alone; 0 where there are none. `significant` is False
where nothing could be tested. A measure stands once, under the first of the levels `all`, `priority`, `family` and
`category` that it is: police ASB and all burglary are priorities. `measures.categories` are the ids of the categories
that its counts add up, a space between them; "" where it is no such sum. `trends.breaks` names what else changed within
its months ("" where nothing), for example a new recording system: such a trend may be recording.
Of hotspots, `expected` is what the place would
have by its residents (an even share where those are not known); `count_around` and `expected_around` are of the place
with its neighbours, which is what `z`, `p_value`, `q_value` and `significant` test, and `ratio` is theirs.
`own_ratio` is `count` over `expected` (times) with a 95 % interval; `own_p_value` and `own_q_value` test whether it is
more than 2, and `stands_out` says so; NaN and False where too few months tell how much counts vary.
"""

VIEW_COLUMNS = ("measure", "label", "ward_code", "previous_count", "count", "change_percent", "rate_per_1000", "basis")
"""Columns of `View.table`; `basis` says what the row is: recorded crime, an open proxy, a survey share, …"""

REVIEW_COLUMNS = (
    "measure",
    "ward_code",
    "count_then",
    "count_now",
    "change_percent",
    "change_low",
    "change_high",
    "p_value",
    "q_value",
    "significant",
    "was_hotspot",
    "is_hotspot",
)
"""Columns of `Review.table`."""


@dataclass(frozen=True, kw_only=True)
class View:
    """One named view, for example women's and girls' safety in public space.

    Attributes:
        view: Id, one of `vawg_public_space`, `asb_licensed_premises`, `hate_crime`, `fire`,
            `serious_violence_knife`, `children_young_people`.
        title: Heading.
        purpose: What it can and cannot show, in one or two sentences; names every open proxy as one.
        table: Figures, columns `VIEW_COLUMNS`; may be empty.
        findings: What it shows, sentences with figures.
        missing: What would be needed to say more, sentences.
    """

    view: str
    title: str
    purpose: str
    table: pd.DataFrame
    findings: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Review:
    """The last six months beside the assessment they follow.

    Attributes:
        first_month: First month of the six.
        last_month: Last month of the six.
        then_first_month: First month of the same six calendar months in the assessed year.
        then_last_month: Last of them.
        table: Columns `REVIEW_COLUMNS`.
        findings: What changed, what held, sentences with figures.
    """

    first_month: pd.Timestamp
    last_month: pd.Timestamp
    then_first_month: pd.Timestamp
    then_last_month: pd.Timestamp
    table: pd.DataFrame
    findings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """A year of an area. Counts are of the area's wards unless a table says otherwise.

    Attributes:
        area_code: GSS code of the area.
        area_name: Its name.
        vintage: Ward vintage.
        year: As `2020/21` (April to March).
        first_month: First month of the year that the panel covers.
        last_month: Last such month.
        months_covered: How many such months; below 12 the rates are annualised.
        annualised: Whether rates are scaled up from part of the year.
        synthetic: True for the embedded sample.
        ward_names: Ward name by code.
        measures: Every measure told: all crime, CSP priorities, families and categories; `level` is `all`, `priority`,
            `family` or `category`; `crime` whether it counts recorded crime.
        area: The area as a whole, by measure: this year against the same months of the year before, with a 95 %
            interval of the change (percent) and its false-discovery-adjusted `q_value`.
        wards: The same by ward, with rates per 1,000 residents; each measure is a family of tests, of many.
        trends: Change a year over the last months (`months`) up to the end of the year, by measure and ward, with
            95 % interval; the area and the wards are two families of tests.
        rolling: Sums of twelve months up to each month, by measure, area as a whole ("") and wards.
        seasons: Calendar month over the mean month, by measure, area as a whole; each measure is a family of tests.
        hotspots: Wards (`unit` `ward`) and small areas (`lsoa`): whether there is more than expected around them
            (Getis-Ord Gi*), and whether they stand out by themselves.
        clustering: Whether a measure clusters at all, by unit (`ward`, `lsoa`, `point`), with a sentence.
        emerging: The last three months of the year against what the ward's own past leads one to expect; two families.
        comparison: London, similar boroughs and the area side by side; `kind` is `area`, `london` or `similar`.
        harm: Harm (Cambridge days) by category and ward.
        repeats: Repeat victims and callers, with a 95 % interval of the share.
        volt: Victim, offender, location and time, as far as open counts allow; `gap` says what they cannot tell.
        underivable: CSP priorities and figures that the files of this year cannot give, with the reason.
        published: Changes that the area's own plan published, beside those found here; empty where none is packaged.
        views: Named views.
        review: Present where one was asked for.
        notes: What a reader has to know, sentences.
        headlines: The five to ten most important findings, sentences with figures and their certainty.
        unusual: What makes the year, or the one before, no ordinary one: sentences.
        area_headlines: The headlines that tell of the area as a whole and name no ward.
        publication: The small-number rule in words where this is the form for publication (see `disclosure.public`),
            whose hidden figures are NaN; "" for the internal form, which shows every count.
    """

    area_code: str
    area_name: str
    vintage: str
    year: str
    first_month: pd.Timestamp
    last_month: pd.Timestamp
    months_covered: int
    annualised: bool
    synthetic: bool
    ward_names: dict[str, str]
    measures: pd.DataFrame
    area: pd.DataFrame
    wards: pd.DataFrame
    trends: pd.DataFrame
    rolling: pd.DataFrame
    seasons: pd.DataFrame
    hotspots: pd.DataFrame
    clustering: pd.DataFrame
    emerging: pd.DataFrame
    comparison: pd.DataFrame
    harm: pd.DataFrame
    repeats: pd.DataFrame
    volt: pd.DataFrame
    underivable: pd.DataFrame
    published: pd.DataFrame
    views: tuple[View, ...]
    review: Review | None
    notes: tuple[str, ...]
    headlines: tuple[str, ...]
    area_headlines: tuple[str, ...] = ()
    unusual: tuple[str, ...] = ()
    publication: str = ""

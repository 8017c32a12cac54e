"""What a reader has to know before using the figures."""

from __future__ import annotations

import pandas as pd

from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.profile.breaks import RECORDING, breaks_within, crosses_recording_change
from wardcast_models.profile.comparison import HOW_SIMILAR
from wardcast_models.profile.false_discovery import LEVEL
from wardcast_models.profile.measures import ALL_CRIME
from wardcast_models.profile.monthly import MonthlyCounts
from wardcast_models.profile.origin import in_london
from wardcast_models.profile.outstanding import NOTE
from wardcast_models.profile.published import TOLERANCE_POINTS
from wardcast_models.profile.residents import Residents
from wardcast_models.profile.trend import TREND_MONTHS
from wardcast_models.profile.wording import signed_percent
from wardcast_models.profile.year import MONTHS_A_YEAR, CoveredYear
from wardcast_models.profile.year_tables import YearTables
from wardcast_models.reference.taxonomy import taxonomy
from wardcast_models.words import listed

_NAMED = 3

METHOD = (
    f"A change, trend or hotspot is called clear where at most {LEVEL:.0%} of such findings are expected to be chance "
    "(Benjamini and Hochberg's q value, within each table's family of tests: the area's measures, or all measures and "
    "wards; for a ward's change on the year before and hotspots measure by measure, with Benjamini and Bogomolov's "
    "allowance for the many measures; for seasons each measure by itself). Intervals allow "
    "for counts that vary more than chance alone (dispersion) and for months that resemble the month before "
    "(autocorrelation)."
)


def notes(
    monitoring: Monitoring,
    year: CoveredYear,
    counts: MonthlyCounts,
    tables: YearTables,
    residents: Residents,
    *,
    published: pd.DataFrame,
    compared_with_others: bool,
) -> list[str]:
    """Collect the notes.

    Args:
        monitoring: The area's files.
        year: The year.
        counts: Monthly counts.
        tables: The year in figures.
        residents: Residents of the wards.
        published: Published changes beside those found.
        compared_with_others: Whether other boroughs stand in the comparison.

    Returns:
        Sentences, the most important first.
    """
    panel = monitoring.panel
    told = [
        f"{panel.area.name} is the sum of its {len(panel.area.ward_codes)} {panel.vintage} wards; crime without a "
        "ward is not in it."
    ]
    if panel.synthetic:
        told.append("These figures are of the embedded sample: synthetic, no record of any real place.")
    told += _months(panel_name=panel.vintage, year=year, counts=counts, tables=tables)
    first = year.months[0] - pd.DateOffset(years=1)
    if in_london(panel.area.code) and crosses_recording_change(first, year.last_month):
        told.append(
            "The police changed their recording system in February and March 2024: changes between before and after "
            "are partly changes of recording."
        )
    told += _breaks(monitoring, counts, year)
    told += _left_out(counts)
    told += _unlocated(counts, tables)
    told += _carried(monitoring, year)
    told += _small_areas(monitoring, year)
    told.append(residents.told)
    if residents.known:
        told.append(_visitors(monitoring, tables))
    told += _published(published)
    told += [METHOD, NOTE]
    if compared_with_others:
        told.append(HOW_SIMILAR)
    return told


def _months(*, panel_name: str, year: CoveredYear, counts: MonthlyCounts, tables: YearTables) -> list[str]:
    told = []
    held = len(year.months)
    if year.without_crime:
        told.append(
            f"No recorded crime of {year.label} is held on {panel_name} wards. The year is told by what else is "
            "counted; every figure of crime is not known, which is not zero."
        )
    if held < MONTHS_A_YEAR:
        span = f"{year.months[0]:%Y-%m} to {year.last_month:%Y-%m}"
        if year.without_crime:
            span += f"; not observed: {listed([f'{month:%Y-%m}' for month in year.missing])}"
        told.append(
            f"Only {held} of the 12 months of {year.label} are in the data ({span}). Counts are of those months; "
            "rates are annualised (x 12 / months), which takes no account of season."
        )
    if tables.area["previous_count"].isna().all():
        told.append(
            f"The same months of the year before are not in the data on {panel_name} wards, so no change is given."
        )
    fewer = [
        f"{measure.label} ({months} months)"
        for measure, months in zip(counts.measures, tables.area["months"], strict=True)
        if 0 < months < held
    ]
    if fewer:
        told.append(f"Counted over fewer months: {listed(fewer)}. Their rates are annualised.")
    shared = [
        f"{measure.label} ({row['shared_months']} of {row['months']} months)"
        for measure, row in zip(counts.measures, tables.area.to_dict("records"), strict=True)
        if 0 < row["shared_months"] < row["months"]
    ]
    if shared:
        told.append(
            f"Changes over the months that both years hold only, while counts are of all months held: {listed(shared)}."
        )
    return told


def _breaks(monitoring: Monitoring, counts: MonthlyCounts, year: CoveredYear) -> list[str]:
    window = counts.months[counts.window(year.last_month, TREND_MONTHS)]
    found = breaks_within(monitoring.panel, window[0], window[-1])
    if not found:
        return []
    sentence = f"Within the months of the trends: {listed(list(found.values()))}. A trend across them may be theirs."
    if RECORDING in found.values():
        sentence += " One across the new recording system is possibly a change of recording."
    return [sentence]


def _left_out(counts: MonthlyCounts) -> list[str]:
    categories = dict.fromkeys(
        [category for left in counts.left_out.values() for category in left]
        + [
            measure.categories[0]
            for row, measure in enumerate(counts.measures)
            if len(measure.categories) == 1 and pd.isna(counts.area[row]).all()
        ]
    )
    if not categories:
        return []
    names = listed([taxonomy()[category].label for category in categories])
    return [f"Not observed throughout the year, which is not zero, and so in no sum: {names}."]


def _unlocated(counts: MonthlyCounts, tables: YearTables) -> list[str]:
    """Say how much carries no ward: of all crime, and of each kind of incident that is none."""
    told = []
    for measure, row in zip(counts.measures, tables.area.to_dict("records"), strict=True):
        number, count = row["unlocated_count"], row["count"]
        apart = not measure.crime and measure.level in ("category", "priority") and number > 0
        if measure.measure == ALL_CRIME and not pd.isna(number):
            what = "crimes of the area"
        elif apart:
            what = f"records of {measure.label}"
        else:
            continue
        told.append(
            f"{number:,.0f} {what} carry no ward ({100 * number / max(number + count, 1):.1f}% of all); they are told "
            "beside the counts and never spread over wards."
        )
    return told


def _carried(monitoring: Monitoring, year: CoveredYear) -> list[str]:
    """Say which months are held on wards of another vintage only, and so are not used."""
    panel = monitoring.panel
    rows = panel.carried[panel.carried["ward_code"].isin(panel.area.ward_codes)]
    start = year.start - pd.DateOffset(years=1)
    both = pd.date_range(start, periods=2 * MONTHS_A_YEAR, freq="MS")
    touched = [month for month in both if ((rows["first_month"] <= month) & (rows["last_month"] >= month)).any()]
    if not touched:
        return []
    vintages = listed(sorted(set(rows["from_vintage"].astype(str))))
    names = listed([taxonomy()[category].label.lower() for category in sorted(set(rows["category"]))][:_NAMED])
    what = names if rows["category"].nunique() <= _NAMED else "most categories"
    return [
        f"Only published counts on {panel.vintage} wards are used. Of {what}, {len(touched)} of the {len(both)} months "
        f"of this year and the one before ({touched[0]:%Y-%m} to {touched[-1]:%Y-%m}) were published on {vintages} "
        "wards only, at least for some wards; those count as not observed."
    ]


def _small_areas(monitoring: Monitoring, year: CoveredYear) -> list[str]:
    """Say which months of the year the maps of small areas hold, where they hold some and not all."""
    months = monitoring.small_areas["month"]
    held = year.months[year.months.isin(months)]
    if not 0 < len(held) < len(year.months):
        return []
    return [
        f"Small areas are held for {len(held)} of these months only ({held[0]:%Y-%m} to {held[-1]:%Y-%m}); their "
        "hotspots are of those."
    ]


def _visitors(monitoring: Monitoring, tables: YearTables) -> str:
    wards = tables.wards
    busy = wards[(wards["measure"] == ALL_CRIME) & wards["many_visitors"]]["ward_code"]
    named = (
        f" Here this holds for {', '.join(monitoring.panel.ward_names[code] for code in busy)}." if len(busy) else ""
    )
    return (
        "Rates per resident mislead where people work, shop or travel but do not live, such as town centres and "
        f"stations.{named}"
    )


def _published(published: pd.DataFrame) -> list[str]:
    told = []
    for row in published.to_dict("records"):
        stated = round(row["published_percent"], 6)
        plan = signed_percent(stated, 0 if stated == round(stated) else 1)
        near = abs(row["difference_points"]) <= TOLERANCE_POINTS
        verdict = "agree within" if near else "differ by more than"
        told.append(
            f"{row['label']}: the area's own plan says {plan}, the files "
            f"{signed_percent(row['change_percent'], 1)}; they {verdict} {TOLERANCE_POINTS:.0f} percentage points."
        )
    return told

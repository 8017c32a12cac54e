"""The strategic assessment: every table of a year, from an area's files."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.profile.assessment import Assessment
from wardcast_models.profile.clustering import clustering
from wardcast_models.profile.comparison import comparison
from wardcast_models.profile.count_maps import count_maps
from wardcast_models.profile.emerging import emerging
from wardcast_models.profile.excess import ward_noise
from wardcast_models.profile.harm import harm
from wardcast_models.profile.headlines import Findings, area_headlines, headlines
from wardcast_models.profile.hotspot import hotspots, told_once
from wardcast_models.profile.measures import measures_of, measures_table
from wardcast_models.profile.monthly import monthly_counts
from wardcast_models.profile.notes import notes
from wardcast_models.profile.published import published
from wardcast_models.profile.published_counts import published_counts
from wardcast_models.profile.repeats import repeat_shares
from wardcast_models.profile.residents import residents_for
from wardcast_models.profile.review import review as review_of
from wardcast_models.profile.rolling import rolling
from wardcast_models.profile.season import seasons
from wardcast_models.profile.trend import trends
from wardcast_models.profile.underivable import underivable
from wardcast_models.profile.unusual import unusual_months
from wardcast_models.profile.views.all_views import all_views
from wardcast_models.profile.views.evidence import Evidence
from wardcast_models.profile.volt import volt
from wardcast_models.profile.year import MONTHS_A_YEAR, covered_year
from wardcast_models.profile.year_tables import year_tables
from wardcast_models.progress import Progress, silent


def assess(monitoring: Monitoring, *, year: str, review: bool = False, progress: Progress = silent) -> Assessment:
    """Describe a financial year of an area.

    Everything is as it stood at the end of the year: trends, seasons and the newest months end with its last month.
    Only the review looks at what came after.

    Args:
        monitoring: The area's files.
        year: As `2020/21`: April 2020 to March 2021.
        review: Whether to compare the last six months of the data with the same months of the year.
        progress: Told how far the work is.

    Returns:
        The assessment.

    Raises:
        WardcastError: The year is misspelt, no month of it is in the data, or a review has too few months.
    """
    monitoring = replace(monitoring, panel=published_counts(monitoring.panel))
    panel = monitoring.panel
    span = covered_year(panel, year)
    measures = measures_of(panel)
    counts = monthly_counts(panel, measures, span)
    residents = residents_for(panel, panel.area.ward_codes, span.start + pd.DateOffset(months=MONTHS_A_YEAR // 2))
    progress(0.05, "counting the year")
    tables = year_tables(panel, counts, span, residents)
    evidence = Evidence(
        monitoring=monitoring, year=span, counts=counts, area=tables.area, wards=tables.wards, residents=residents
    )
    progress(0.15, "drawing trends and seasons")
    trend_table = trends(panel, counts, span.last_month)
    season_table = seasons(counts, span.last_month)
    emerging_table = emerging(counts, span.last_month)
    progress(0.4, "looking for hotspots")
    noise = ward_noise(counts, span, tables.sums)
    maps = count_maps(monitoring, measures, tables.sums, span, residents, noise=noise)
    spots = hotspots(maps)
    points = monitoring.points[monitoring.points["month"].isin(span.months)]
    clustering_table = clustering(maps, points)
    progress(0.8, "comparing with other boroughs")
    comparison_table = comparison(panel, counts, span, tables)
    harm_table = harm(counts, tables.sums)
    repeat_table = repeat_shares(monitoring.repeats, span)
    published_table = published(panel.area.code, tables.area, span)
    missing = underivable(panel, span)
    views = all_views(evidence)
    told_measures = measures_table(measures, counts.left_out, {*spots["measure"], *clustering_table["measure"]})
    findings = Findings(
        trends=trend_table,
        hotspots=told_once(spots, told_measures),
        emerging=emerging_table,
        comparison=comparison_table,
        harm=harm_table,
        underivable=missing,
        views=views,
    )
    told = notes(
        monitoring,
        span,
        counts,
        tables,
        residents,
        published=published_table,
        compared_with_others=bool((comparison_table["kind"] == "similar").any()),
    )
    progress(0.95, "writing it down")
    return Assessment(
        area_code=panel.area.code,
        area_name=panel.area.name,
        vintage=panel.vintage,
        year=span.label,
        first_month=span.months[0],
        last_month=span.last_month,
        months_covered=len(span.months),
        annualised=len(span.months) < MONTHS_A_YEAR,
        synthetic=panel.synthetic,
        ward_names={code: panel.ward_names[code] for code in panel.area.ward_codes},
        measures=told_measures,
        area=tables.area,
        wards=tables.wards,
        trends=trend_table,
        rolling=rolling(counts, span.last_month),
        seasons=season_table,
        hotspots=spots,
        clustering=clustering_table,
        emerging=emerging_table,
        comparison=comparison_table,
        harm=harm_table,
        repeats=repeat_table,
        volt=volt(evidence, repeat_table, spots, season_table, harm_table),
        underivable=missing,
        published=published_table,
        views=views,
        review=review_of(panel, counts, span, spots, residents) if review else None,
        notes=tuple(told),
        headlines=tuple(headlines(evidence, findings)),
        unusual=tuple(unusual_months(panel, span)),
        area_headlines=tuple(area_headlines(evidence, findings)),
    )

"""What is said about exposure: where residents, homes, jobs and visitors come from and what was assumed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting import residents as basis
from wardcast_models.forecasting.daytime import WORTH, Daytime
from wardcast_models.forecasting.pipeline import (
    PERSONS_PER_HOME,
    homes_to_come,
    jobs_opened,
    named_wards,
    persons_completed,
)
from wardcast_models.forecasting.residents import Residents
from wardcast_models.panel.panel import Panel
from wardcast_models.panel.tables.visitors import VISITOR_RATIO

SMALLEST_INDEX = 0.1
"""A month counts as at least this share of today's residents, so that a near-empty ward is not blown up or emptied."""

_MOST_NAMES = 6
_WORTH = (
    f"a job counts as {WORTH['jobs']:.2g} residents and a visitor a day as {WORTH['visitors']:.2g} (assumed), never "
    "beside another figure for the same jobs"
)


def exposure_notes(
    panel: Panel,
    known: Residents,
    others: Daytime,
    *,
    steady: NDArray[np.bool_],
    replaced: NDArray[np.bool_],
    until: pd.Timestamp,
    scenario: str,
) -> tuple[str, ...]:
    """Say, for the area's wards, where exposure comes from and what was assumed.

    Args:
        panel: The panel, W wards.
        known: Residents before any pipeline.
        others: Jobs and visitors.
        steady: Wards whose crime residents do not explain, shape (W,).
        replaced: Wards where the pipeline's homes stand for all growth to come, shape (W,).
        until: Last month of data.
        scenario: Delivery scenario.

    Returns:
        Sentences.
    """
    rows = panel.area_rows
    unknown = np.isnan(known.persons[rows, 0])
    method, n_dated = known.method[rows], known.n_dated[rows]
    projected = method != basis.NONE
    coming = named_wards(homes_to_come(panel.pipeline, until=until), panel.ward_codes)[rows]
    replacing, within, adding = coming & replaced[rows] & projected, coming & ~replaced[rows], coming & ~projected
    counted, flat = steady[rows] & others.total[rows], steady[rows] & ~others.total[rows]

    def names(which: NDArray[np.bool_]) -> str:
        if len(which) > 1 and which.all():
            return "all wards of the area"
        listed = [panel.ward_names[panel.ward_codes[row]] for row in rows[which]]
        return ", ".join(listed) if len(listed) <= _MOST_NAMES else f"{len(listed)} wards"

    def days(which: NDArray[np.bool_]) -> str:
        return ", ".join(sorted(set(known.last_dated[rows[which]].strftime("%Y-%m"))))

    opening = _opens_jobs(panel)[rows] & ~others.total[rows] & ~flat
    several, constant = projected & (n_dated > 1), ~projected & (n_dated > 1)
    by_census = (n_dated == 1) & np.isin(np.array(panel.area.ward_codes), _counted(panel))
    by_estimate = (n_dated == 1) & ~by_census
    with_homes = named_wards(panel.pipeline[panel.pipeline["homes"].astype(float) > 0], panel.ward_codes)[rows]
    by_borough = method == basis.BOROUGH
    own_level = projected & (n_dated == 0) & ~by_borough
    said = [
        (unknown.any(), f"No population is known for {names(unknown)}: growth there is taken as none."),
        *(
            (which.any(), f"No projection covers {names(which)}: {figure} {held} (assumed).")
            for figure, alone in (
                ("Census residents", ~projected & by_census),
                (f"residents of {days(~projected & by_estimate)}", ~projected & by_estimate),
            )
            for which, held in (
                (alone & ~with_homes, "are held constant"),
                (alone & with_homes, "change only by the homes of the housing pipeline"),
            )
        ),
        (
            constant.any(),
            f"No projection covers {names(constant)}: residents follow their dated figures and are held constant "
            "before the first and after the last of them (assumed).",
        ),
        (
            (method == basis.CARRIED).any(),
            "The projection's older wards were carried to today's wards by the shares in the lookup file supplied, the "
            "same in every year: by the projection, today's wards made from one older ward share one growth.",
        ),
        (
            by_borough.any(),
            f"The projection is on older wards for {names(by_borough)}: each ward grows as its borough does (assumed).",
        ),
        *(
            (
                (projected & single).any(),
                f"Projected residents of {names(projected & single)} were rebased to {figure}, keeping the "
                "projection's growth rates.",
            )
            for single, figure in (
                (by_census, "Census 2021"),
                (by_estimate, f"their figure of {days(projected & by_estimate)}"),
            )
        ),
        (
            several.any(),
            f"Residents of {names(several)} follow mid-year estimates and the Census, month by month between them, and "
            f"the projection's growth rates before the first and after the last of them ({known.source}).",
        ),
        (
            own_level.any(),
            f"No Census residents were supplied for {names(own_level)}: the projection's own level is used.",
        ),
        (
            replacing.any(),
            f"{_pipeline_note(names(replacing), scenario)}; it replaces the projection's growth there, "
            "because homes already in the projection are unknown.",
        ),
        (
            within.any(),
            f"{_pipeline_note(names(within), scenario)}; of the projection's growth there only what its "
            "own homes do not make is kept.",
        ),
        (adding.any(), f"{_pipeline_note(names(adding), scenario)}."),
        (others.total[rows].any(), f"Jobs or visitors by date in {names(others.total[rows])} are exposure: {_WORTH}."),
        (opening.any(), f"Jobs of the housing pipeline in {names(opening)} open as its homes complete: {_WORTH}."),
        (
            flat.any(),
            f"{names(flat)}: more than {VISITOR_RATIO:g} times the borough's median of crimes per resident, so "
            "past crime and not residents is the exposure and growth does not move the forecast.",
        ),
        (
            counted.any(),
            f"{names(counted)}: more than {VISITOR_RATIO:g} times the borough's median of crimes per resident, so "
            "the jobs and visitors supplied and not residents are the exposure.",
        ),
    ]
    return tuple(sentence for holds, sentence in said if holds)


def scenario_notes(panel: Panel, months: pd.DatetimeIndex, *, until: pd.Timestamp, scenario: str) -> tuple[str, ...]:
    """Say where a delivery scenario changes nothing in the area, and why.

    Args:
        panel: The panel.
        months: Month starts of past and future.
        until: Last month of data.
        scenario: Delivery scenario.

    Returns:
        A sentence or none.
    """
    if scenario == "as_planned":
        return ()
    planned, chosen = (
        np.stack(
            [
                of_schemes(panel.pipeline, panel.area.ward_codes, months, until=until, scenario=name)
                for of_schemes in (persons_completed, jobs_opened)
            ]
        )
        for name in ("as_planned", scenario)
    )
    if not np.array_equal(planned, chosen):
        return ()
    nothing = "no housing pipeline is supplied for the area's wards"
    why = "no homes or jobs of it are still to come" if planned.any() else nothing
    return (f"Delivery scenario `{scenario}` changes nothing here: {why}, so this is the forecast as planned.",)


def shortage_notes(panel: Panel, months: pd.DatetimeIndex, persons: NDArray[np.float64]) -> tuple[str, ...]:
    """Name the area's wards whose figures contradict each other so far that fewer than no residents come out.

    Args:
        panel: The panel, W wards.
        months: Past and future months; length T.
        persons: Residents as the figures give them, shape (W, T); below 0 where more homes are taken out of the
            projection, or were completed since the dated figure, than residents are known.

    Returns:
        A sentence a ward, none where nothing is below 0.
    """
    return tuple(
        f"{panel.ward_names[panel.ward_codes[row]]}: residents come out below 0 from {months[below][0]:%Y-%m} on, as "
        "the homes of the pipeline do not fit the projection and the dated figures; they are counted as 0 there, and "
        f"no forecast is moved below {SMALLEST_INDEX:.0%} of what today's residents give. Check homes_in_projection "
        "and the dates of the schemes."
        for row in panel.area_rows
        if (below := persons[row] < 0).any()
    )


def _counted(panel: Panel) -> NDArray[np.str_]:
    """Return the codes of the wards that the Census counted residents in."""
    return panel.census.loc[panel.census["persons"].astype(float) > 0, "ward_code"].to_numpy(dtype=str)


def _opens_jobs(panel: Panel) -> NDArray[np.bool_]:
    """Return the wards (W,) in which a scheme opens jobs."""
    schemes = panel.pipeline[panel.pipeline["jobs"].astype(float).fillna(0.0) > 0]
    return named_wards(schemes, panel.ward_codes)


def _pipeline_note(wards: str, scenario: str) -> str:
    """Say how the pipeline entered."""
    how = {
        "as_planned": "homes complete as dated",
        "slower": "homes still to come take twice as long",
        "none": "no further homes complete",
    }[scenario]
    return (
        f"Housing pipeline in {wards}: {how}, weighted by probability, {PERSONS_PER_HOME:g} persons a home where not "
        "given"
    )

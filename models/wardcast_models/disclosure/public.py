"""The form of an assessment that may be published: small ward counts hidden, and whatever would give them away."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from wardcast_models.disclosure.area_cells import SLOTS, WHOLE_AREA, area_cells
from wardcast_models.disclosure.cells import Cells
from wardcast_models.disclosure.earlier import Edition, known_before
from wardcast_models.disclosure.protection import Protection, protect, rounded_to
from wardcast_models.disclosure.rule import SmallNumberRule
from wardcast_models.panel.findings import counted
from wardcast_models.profile.assessment import TABLE_COLUMNS, Assessment, View
from wardcast_models.profile.clustering import told_again
from wardcast_models.profile.measures import ALL_CRIME
from wardcast_models.profile.views.evidence import findings_of

HIDDEN, ROUNDED, SHOWN = "hidden", "rounded", ""
"""What became of a count: columns `shown` (this year) and `previous_shown` of the published `wards` and `area`."""

_STATUS = dict(zip(SLOTS, ("shown", "previous_shown"), strict=True))

_OF_BOTH_YEARS = ("change_percent", "change_low", "change_high")
_TESTED = ("p_value", "q_value")
_OF_THIS_YEAR = ("rate_per_1000", "ratio_to_area", "share_of_crime", "unlocated_count")


@dataclass(frozen=True, kw_only=True)
class Publication:
    """An assessment that may be published, with the proof for those who publish it.

    Attributes:
        assessment: Without what is hidden; `publication` holds the rule's words and the narrowest range.
        proof: One row a count that is not shown: `measure, ward_code, slot, reason, low, high`, the range that can be
            worked out from all that is published; `reason` is `small` or `complement`. Holds no hidden count.
        narrowest: Least `high - low` among them; infinity where nothing is hidden.
    """

    assessment: Assessment
    proof: pd.DataFrame
    narrowest: float


@dataclass(frozen=True, kw_only=True)
class _Withheld:
    """Measures of which something is not shown as it is.

    Attributes:
        somewhere: A ward or the area, in either year.
        whole: The area itself: nothing that tells of it may stay.
    """

    somewhere: frozenset[str]
    whole: frozenset[str]


def publish(assessment: Assessment, rule: SmallNumberRule, *, earlier: tuple[Edition, ...] = ()) -> Publication:
    """Apply the small-number rule to an assessment.

    Counts of wards and area of this year and the year before are kept as far as the rule lets them, with the rates and
    changes that follow from them. Of all other tables only what concerns the whole area stays. Left out is what would
    need a proof of its own: sentences about single wards, hotspots, the review, what the reading of the files found.

    Args:
        assessment: The internal form.
        rule: The rule.
        earlier: Publications that readers have already: what they show and hide counts for the proof too.

    Returns:
        The form for publication and its proof.

    Raises:
        WardcastError: A small count cannot be hidden any more, or an earlier publication does not fit.
    """
    cells = area_cells(assessment, rule.sensitive)
    if earlier:
        cells = replace(cells, earlier=known_before(earlier, assessment, cells))
    protection = protect(cells, rule)
    withheld = _withheld(assessment, cells, protection)
    return Publication(
        assessment=replace(
            assessment,
            area=_figures(assessment.area.assign(ward_code=WHOLE_AREA), cells, protection, rule, withheld)[
                [*TABLE_COLUMNS["area"], *_STATUS.values()]
            ],
            wards=_ranked(_figures(assessment.wards, cells, protection, rule, withheld)),
            trends=_of_months(assessment.trends, withheld),
            rolling=_of_months(assessment.rolling, withheld),
            seasons=_of_months(assessment.seasons.assign(ward_code=WHOLE_AREA), withheld).drop(columns="ward_code"),
            emerging=_of_months(assessment.emerging, withheld),
            harm=_of_months(assessment.harm, withheld),
            comparison=_without(assessment.comparison, withheld.whole),
            published=_without(assessment.published, withheld.whole),
            hotspots=assessment.hotspots.iloc[:0],
            # a statistic to its last digit is one more equation: of few hidden counts it tells each; what is left is
            # adjusted anew, for an adjusted value follows from all tests beside it
            clustering=told_again(_without(assessment.clustering, withheld.somewhere | frozenset(rule.sensitive))),
            repeats=_whole_area(assessment.repeats),
            volt=assessment.volt.iloc[:0],
            views=tuple(_view(view, withheld) for view in assessment.views),
            review=None,
            notes=_notes(assessment, withheld),
            headlines=() if withheld.whole else assessment.area_headlines,
            publication=_words(rule, protection, len(earlier)),
        ),
        proof=_proof(cells, protection),
        narrowest=protection.narrowest,
    )


def _words(rule: SmallNumberRule, protection: Protection, earlier: int) -> str:
    narrowest = (
        f"The narrowest such range here is {protection.narrowest:g} wide."
        if np.isfinite(protection.narrowest)
        else "Nothing had to be hidden here."
    )
    of = f"this publication and {counted(earlier, 'earlier one')} together" if earlier else "this publication by itself"
    return f"{rule.words} {narrowest} The proof is of {of}; what else is published elsewhere is not in it."


def _withheld(assessment: Assessment, cells: Cells, protection: Protection) -> _Withheld:
    kept_back = cells.names[protection.primary | protection.complementary]
    whole = set(kept_back.loc[kept_back["ward_code"] == WHOLE_AREA, "measure"])
    # what only the area has (less the dashboard's domestic abuse, say) goes with the measure it is taken from
    whole |= {
        str(row.measure)
        for row in assessment.measures.itertuples()
        if not row.categories and whole and row.level != "category"
    }
    return _Withheld(somewhere=frozenset(kept_back["measure"]), whole=frozenset(whole))


def _of_months(table: pd.DataFrame, withheld: _Withheld) -> pd.DataFrame:
    """Return the rows of the area; none where one of its totals is hidden, which other months or shares would give."""
    rows = _whole_area(table)
    return rows.iloc[:0] if withheld.whole else rows


def _whole_area(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["ward_code"] == WHOLE_AREA].reset_index(drop=True)


def _without(table: pd.DataFrame, measures: frozenset[str]) -> pd.DataFrame:
    return table[~table["measure"].isin(measures)].reset_index(drop=True)


def _view(view: View, withheld: _Withheld) -> View:
    table = _without(_whole_area(view.table), withheld.whole)
    return replace(view, table=table, findings=tuple(findings_of(table)))


def _notes(assessment: Assessment, withheld: _Withheld) -> tuple[str, ...]:
    """Return the notes; those that name a ward follow from all crime by ward, and go where any of it is hidden."""
    if withheld.whole:
        return ()
    if ALL_CRIME not in withheld.somewhere:
        return assessment.notes
    names = tuple(assessment.ward_names.values())
    return tuple(note for note in assessment.notes if not any(name in note for name in names))


def _figures(
    table: pd.DataFrame, cells: Cells, protection: Protection, rule: SmallNumberRule, withheld: _Withheld
) -> pd.DataFrame:
    """Return a table of counts without what is hidden; what follows from a count that is not exact is blank."""
    kept_back = protection.primary | protection.complementary
    status = cells.names.assign(
        status=np.where(~kept_back, SHOWN, np.where(protection.rounded, ROUNDED, HIDDEN)),
        figure=np.where(protection.rounded, rounded_to(cells.counts, rule.rounding_base), np.nan),
    )[~cells.unpublished]
    frame = table.reset_index(drop=True)
    for slot, column in _STATUS.items():
        told = frame[["measure", "ward_code"]].merge(
            status[status["slot"] == slot], on=["measure", "ward_code"], how="left", validate="one_to_one"
        )
        done = told["status"].fillna(SHOWN)
        frame = frame.assign(**{slot: frame[slot].where(done == SHOWN, told["figure"]), column: done})
    exact = frame["shown"] == SHOWN
    # a change over fewer months than the count would tell the count of the other months, perhaps a small one
    same_months = (frame["shared_months"] >= frame["months"]) | (frame["ward_code"] == WHOLE_AREA)
    both = exact & (frame["previous_shown"] == SHOWN) & same_months
    open_measure = ~frame["measure"].isin(withheld.somewhere)
    blanked = {column: frame[column].where(both) for column in _OF_BOTH_YEARS}
    # the noise that ranges and tests are made from is learned from all wards of a measure together
    tested = open_measure if (frame["ward_code"] != WHOLE_AREA).any() else both
    blanked |= {column: blanked[column].where(tested) for column in ("change_low", "change_high")}
    blanked |= {column: frame[column].where(tested) for column in _TESTED}
    blanked |= {column: frame[column].where(exact) for column in _OF_THIS_YEAR if column in frame.columns}
    blanked |= _of_hidden_totals(frame, blanked, withheld)
    return frame.assign(**blanked, significant=frame["significant"].astype(bool) & blanked["q_value"].notna())


def _of_hidden_totals(frame: pd.DataFrame, blanked: dict[str, pd.Series], withheld: _Withheld) -> dict[str, pd.Series]:
    """Return the columns from which a hidden total of the area would follow, without what tells it."""
    found: dict[str, pd.Series] = {}
    if "ratio_to_area" in blanked:
        found["ratio_to_area"] = blanked["ratio_to_area"].mask(frame["measure"].isin(withheld.whole))
    if "share_of_crime" in blanked and ALL_CRIME in withheld.whole:
        found["share_of_crime"] = pd.Series(np.nan, index=frame.index)
    if withheld.whole and (frame["ward_code"] == WHOLE_AREA).all():
        # the area's tests are adjusted for each other
        found["q_value"] = pd.Series(np.nan, index=frame.index)
    return found


def _ranked(wards: pd.DataFrame) -> pd.DataFrame:
    """Return the wards with ranks and the mark of many visitors only where nothing of the measure is hidden."""
    exact = wards["shown"] == SHOWN
    whole = exact.groupby(wards["measure"]).transform("all")
    crime = exact[wards["measure"] == ALL_CRIME]
    busy = wards["many_visitors"] if crime.all() else pd.Series(np.nan, index=wards.index)
    return wards.assign(rank=wards["rank"].where(whole), many_visitors=busy)


def _proof(cells: Cells, protection: Protection) -> pd.DataFrame:
    """Return the range that can be worked out about every count that is not shown exactly."""
    kept_back = protection.primary | protection.complementary
    return (
        cells.names[kept_back]
        .assign(
            reason=np.where(protection.primary[kept_back], "small", "complement"),
            low=protection.ranges.low[kept_back],
            high=protection.ranges.high[kept_back],
        )
        .reset_index(drop=True)
    )

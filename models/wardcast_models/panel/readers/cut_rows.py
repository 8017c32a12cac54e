"""Whether a release seems to end too early: a file that was cut just after a row is whole in every other respect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.places.wards import ward_register
from wardcast_models.panel.readers.mps_rows import MpsRows

LEAST_PLACES = 10
"""With fewer places nothing is usual."""

LEAST_LABELS_SHARE = 0.5
"""Of the usual number of offence labels; in the published ward releases no ward has less than two thirds."""

LEAST_PLACES_SHARE = 0.8
LEAST_CRIMES = 30.0
"""An offence with as many crimes a place is recorded in nearly all of them: shoplifting, with 63 to 111 in the usual
ward of a release of 24 months, is absent from 5 of 679 wards at most."""


def perhaps_cut(release: MpsRows, places: Sequence[str], kind: str) -> tuple[Finding, ...]:
    """Tell where the last row stands in a block that is far shorter than the others.

    Releases list the offences of one place after another, or the places of one offence after another. In both a cut
    leaves the last block short, and what it lacks would count as none.

    Args:
        release: The rows; at least one.
        places: Code of each row's place, "" where it has none; length N.
        kind: What the places are, in the plural.

    Returns:
        A finding, or nothing.
    """
    rows = pd.DataFrame(
        {"place": places, "label": release.text["minor"], "crimes": release.values.sum(axis=1)}, dtype=object
    )
    last = rows.iloc[-1]
    rows = rows[rows["place"] != ""]
    labels = rows.groupby("place")["label"].nunique()
    if len(labels) < LEAST_PLACES:
        return ()
    of_place = labels.get(last["place"], labels.median())
    if of_place < LEAST_LABELS_SHARE * labels.median():
        lacks = f"{last['place']}, which has {of_place} offence labels where {labels.median():.0f} are usual"
        return (_finding(release, lacks),)
    of_label = rows[rows["label"] == last["label"]]
    listed = of_label["place"].nunique()
    if listed and listed < LEAST_PLACES_SHARE * len(labels) and of_label["crimes"].sum() >= LEAST_CRIMES * listed:
        usual = of_label["crimes"].sum() / listed
        lacks = f"{last['label']}, which stands for {listed} of {len(labels)} {kind}, with {usual:,.0f} crimes each"
        return (_finding(release, lacks),)
    return ()


def borough_cut_short(release: MpsRows, codes: Sequence[str], vintages: Collection[str]) -> tuple[Finding, ...]:
    """Tell where the borough of the last row lacks wards and every other borough of the release is whole.

    Args:
        release: The rows of a ward release; at least one.
        codes: Ward code of each row, every one in the register; length N.
        vintages: Ward vintages that all of them belong to.

    Returns:
        A finding, or nothing.
    """
    register = ward_register()
    present = set(codes)
    areas = {register[code].area_code for code in present}
    lacking = Counter(
        ward.area_code
        for code, ward in register.items()
        if ward.area_code in areas and code not in present and not ward.vintages.isdisjoint(vintages)
    )
    last = register[codes[-1]]
    if len(areas) == 1 or set(lacking) != {last.area_code}:
        return ()
    there = sum(register[code].area_code == last.area_code for code in present)
    number = there + lacking[last.area_code]
    return (_finding(release, f"{last.area_name}, of whose {number} wards {there} have rows"),)


def _finding(release: MpsRows, lacks: str) -> Finding:
    message = (
        f"The file may be cut: its last row is of {lacks}. What is absent counts as none, so compare its size with the "
        "published file, and fetch it again if it is shorter."
    )
    return Finding(kind=FindingKind.CAVEAT, file=release.file, message=message)

"""Records of a log counted by ward and month, with a true zero wherever the log covers a ward and month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from wardcast_models.panel.places.wards import ward_register


def counts_by_ward(
    *,
    category: str,
    months: pd.DatetimeIndex,
    record_months: Sequence[pd.Timestamp],
    wards: Sequence[str],
    counts: Iterable[int],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count records by ward and month.

    A log that changes to new wards on the way has no zeros in the new ones before, nor in the old ones after: where a
    borough's wards of several reviews stand in it, those of a review are covered in the months in which one of them
    is named.

    Args:
        category: Analysis category of the records.
        months: Month starts that the log covers in full.
        record_months: Month start of each record.
        wards: Ward code of each record, "" where it has none.
        counts: How often each record counts; 0 for a record that only shows that the log covers its ward.

    Returns:
        `ward_code, category, month, count` with one row for each ward of the records and each month covered, and
        `category, month, count` of the records without a ward; records of other months are in neither.
    """
    records = pd.DataFrame({"ward_code": wards, "month": record_months, "count": list(counts)})
    covered = records[records["month"].isin(months)]
    named = sorted(set(records["ward_code"]) - {""})
    keys = pd.MultiIndex.from_product([named, months], names=["ward_code", "month"])
    summed = covered.groupby(["ward_code", "month"])["count"].sum()
    located = summed.reindex(keys, fill_value=0).reset_index().assign(category=category)
    lost = covered[(covered["ward_code"] == "") & (covered["count"] > 0)]
    unlocated = lost.groupby("month", as_index=False)["count"].sum().assign(category=category)
    return (
        located.loc[_in_use(located, covered), ["ward_code", "category", "month", "count"]].reset_index(drop=True),
        unlocated[["category", "month", "count"]],
    )


def _in_use(cells: pd.DataFrame, records: pd.DataFrame) -> pd.Series[bool]:
    """Tell which ward-months are covered: all but those of a review while the borough uses another review."""
    area, review = _area(cells["ward_code"]), _review(cells["ward_code"])
    used = pd.DataFrame(
        {"area": _area(records["ward_code"]), "review": _review(records["ward_code"]), "month": records["month"]}
    ).drop_duplicates()
    reviews_used = used.groupby(["area", "month"])["review"].agg(set).to_dict()
    in_use = [
        key not in reviews_used or one in reviews_used[key]
        for key, one in zip(zip(area, cells["month"], strict=True), review, strict=True)
    ]
    return pd.Series(in_use, index=cells.index, dtype=bool)


def _area(codes: pd.Series[str]) -> pd.Series[str]:
    """Return the borough of each ward, the code itself where the register has no such ward."""
    register = ward_register()
    return codes.map({code: register[code].area_code if code in register else code for code in codes.unique()})


def _review(codes: pd.Series[str]) -> pd.Series[str]:
    """Return the ward vintages of each ward as one text."""
    register = ward_register()
    known = {code: register[code].vintages if code in register else () for code in codes.unique()}
    return codes.map({code: " ".join(sorted(vintages)) for code, vintages in known.items()})

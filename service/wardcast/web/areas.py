"""What is known of each area, gathered from its datasets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wardcast.store.records import DatasetRecord


@dataclass(frozen=True, kw_only=True)
class AreaSummary:
    """One area.

    Attributes:
        code: GSS code.
        name: Its name.
        newest: Dataset stored last.
        n_datasets: Datasets stored.
    """

    code: str
    name: str
    newest: DatasetRecord
    n_datasets: int


def area_summaries(datasets: Iterable[DatasetRecord]) -> list[AreaSummary]:
    """Gather datasets by area.

    Args:
        datasets: Newest first.

    Returns:
        One summary an area, by name.
    """
    by_area: dict[str, list[DatasetRecord]] = {}
    for dataset in datasets:
        by_area.setdefault(dataset.area_code, []).append(dataset)
    summaries = [
        AreaSummary(code=code, name=found[0].area_name, newest=found[0], n_datasets=len(found))
        for code, found in by_area.items()
    ]
    return sorted(summaries, key=lambda area: (area.name, area.code))

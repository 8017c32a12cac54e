"""The attacker who reads every byte: two truths that differ only in what is hidden make the same files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.panels import make_panel
from tests.trend_examples import square_tiles
from wardcast.pack.assessment.write import write_publication
from wardcast_models.disclosure.public import Publication, publish
from wardcast_models.disclosure.rule import SmallNumberRule, packaged_rule
from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.panel.monitoring_assembly import read_monitoring
from wardcast_models.profile.assess import assess

AREA = "E09000002"
ONE, OTHER = "rape", "other_sexual_offences"


def hidden_in(publication: Publication) -> set[tuple[str, str, str]]:
    return set(zip(*(publication.proof[name] for name in ("measure", "ward_code", "slot")), strict=True))


def stays_as_small(count: float, change: int, threshold: int) -> bool:
    return count + change >= 1 and (count < threshold) == (count + change < threshold)


def other_truths(monitoring: Monitoring, publication: Publication, rule: SmallNumberRule) -> Iterator[Monitoring]:
    """One crime more and one less of two kinds in two wards in one month: no sum of any month shows it."""
    panel = monitoring.panel
    hidden = hidden_in(publication)
    first, second = panel.categories.index(ONE), panel.categories.index(OTHER)
    start = int(publication.assessment.year[:4])
    for slot, year in (("count", start), ("previous_count", start - 1)):
        inside = panel.months.isin(pd.date_range(f"{year}-04-01", periods=12, freq="MS"))
        both = [w for w in panel.area.ward_codes if {(ONE, w, slot), (OTHER, w, slot)} <= hidden]
        for more, less in permutations(both, 2):
            up, down = panel.area.ward_codes.index(more), panel.area.ward_codes.index(less)
            moves = ((up, first, 1), (up, second, -1), (down, first, -1), (down, second, 1))
            sums = panel.counts[:, :, inside].sum(axis=2)
            has = inside & (panel.counts[up, second] >= 1) & (panel.counts[down, first] >= 1)
            if has.any() and all(stays_as_small(sums[w, c], by, rule.threshold) for w, c, by in moves):
                counts = panel.counts.copy()
                for ward, category, by in moves:
                    counts[ward, category, np.flatnonzero(has)[0]] += by
                yield replace(monitoring, panel=replace(panel, counts=counts))
                break


def bytes_of(monitoring: Monitoring, publication: Publication, out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in write_publication(publication, monitoring, out)}


def check_that_no_byte_tells(monitoring: Monitoring, year: str, rule: SmallNumberRule, tmp_path: Path) -> None:
    publication = publish(assess(monitoring, year=year), rule)
    told = bytes_of(monitoring, publication, tmp_path / "true")
    tried = 0
    for number, other in enumerate(other_truths(monitoring, publication, rule)):
        again = publish(assess(other, year=year), rule)
        if hidden_in(again) == hidden_in(publication):
            tried += 1
            for name, content in bytes_of(other, again, tmp_path / f"other {number}").items():
                assert content == told[name], f"{name} tells one truth from another"
    assert tried


def small_area(seed: int) -> Monitoring:
    """Twelve wards side by side with a handful of sexual offences each, and boundaries, so that maps are tested too."""
    categories = ("violence_with_injury", ONE, OTHER, "criminal_damage", "arson", "drug_possession")
    panel = make_panel(n_wards=12, categories=categories, random_seed=seed)
    levels = np.array([8.0, 0.4, 1.0, 3.0, 2.0, 4.0])
    counts = np.random.default_rng(seed).poisson(levels[None, :, None], size=panel.counts.shape)
    tiles = square_tiles(list(panel.ward_names.items()))
    return Monitoring(panel=replace(panel, counts=counts.astype(np.float64), polygons=tiles))


@pytest.mark.parametrize("seed", range(3))
def test_a_small_area_published_of_two_truths_is_the_same_to_the_byte(seed: int, tmp_path: Path) -> None:
    monitoring = small_area(seed)
    made = publish(assess(monitoring, year="2019/20"), packaged_rule())
    assert len(made.assessment.clustering)
    check_that_no_byte_tells(monitoring, "2019/20", packaged_rule(), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("wards", "year"), [(None, "2021/22"), (None, "2023/24"), ("WD18", "2021/22")])
def test_real_years_published_of_two_truths_are_the_same_to_the_byte(
    real_data: Path, tmp_path: Path, wards: str | None, year: str
) -> None:
    monitoring = read_monitoring(real_data, area=AREA, wards=wards)
    check_that_no_byte_tells(monitoring, year, packaged_rule(), tmp_path)

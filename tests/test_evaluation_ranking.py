"""Hotspots: how much crime and harm the wards held that a forecast ranked highest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.panels import make_panel
from wardcast_models.evaluation.ranking import hotspot_ranking, pooled_ranking
from wardcast_models.evaluation.ward_areas import ward_areas_km2
from wardcast_models.reference.taxonomy import harm_weights

WARDS = [f"E0500000{number}" for number in range(10)]


def cells(
    said: Sequence[float], recorded: Sequence[float], *, category: str = "shoplifting", origin: str = "2019-12"
) -> pd.DataFrame:
    """Return cells of one category over two months, half of the totals in each."""
    frame = pd.DataFrame(
        {
            "ward_code": np.repeat(WARDS[: len(said)], 2),
            "mean": np.repeat(np.asarray(said) / 2.0, 2),
            "actual": np.repeat(np.asarray(recorded) / 2.0, 2),
        }
    )
    return frame.assign(model="ours", origin=pd.Timestamp(origin), category=category)


def rows(ranking: pd.DataFrame, target: str = "all", unit: str = "wards") -> pd.DataFrame:
    return ranking[(ranking["target"] == target) & (ranking["unit"] == unit)].set_index("share")


def test_hotspots_catch_the_crime_of_the_wards_ranked_highest() -> None:
    said = [9.0, 8.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    recorded = [20.0, 10.0, 40.0, 5.0, 5.0, 5.0, 5.0, 4.0, 4.0, 2.0]
    found = rows(hotspot_ranking(cells(said, recorded)))
    assert found["wards"].tolist() == [1, 2]
    assert found["captured"].tolist() == pytest.approx([0.2, 0.3])
    assert found["captured_best"].tolist() == pytest.approx([0.4, 0.6])
    assert found["pai"].tolist() == pytest.approx([2.0, 1.5])
    assert found["pei_star"].tolist() == pytest.approx([0.5, 0.5])


def test_by_surface_the_densest_wards_come_first_and_the_last_one_counts_in_part() -> None:
    areas = {WARDS[0]: 8.0, WARDS[1]: 1.0, WARDS[2]: 1.0}
    found = rows(hotspot_ranking(cells([16.0, 4.0, 3.0], [60.0, 10.0, 30.0]), areas_km2=areas), unit="surface")
    assert found["captured"].tolist() == pytest.approx([0.1, 0.4])
    assert found["captured_best"].tolist() == pytest.approx([0.3, 0.4])
    assert found["pai"].tolist() == pytest.approx([1.0, 2.0])
    assert found["wards"].tolist() == [1, 2]


def test_without_every_ward_s_area_only_wards_are_counted() -> None:
    found = hotspot_ranking(cells([1.0, 2.0], [3.0, 4.0]), areas_km2={WARDS[0]: 1.0})
    assert set(found["unit"]) == {"wards"}


def test_harm_is_found_where_few_but_grave_crimes_are() -> None:
    many = cells([100.0, 0.0], [100.0, 0.0])
    grave = cells([0.0, 20.0], [0.0, 20.0], category="rape")
    ranking = hotspot_ranking(pd.concat([many, grave]))
    weights = harm_weights("cambridge")
    harm = np.array([100.0 * weights["shoplifting"], 20.0 * weights["rape"]])
    assert rows(ranking, "all").loc[0.1, "captured"] == pytest.approx(100 / 120)
    assert rows(ranking, "harm").loc[0.1, "captured"] == pytest.approx(harm.max() / harm.sum())
    assert harm[1] > harm[0]
    assert rows(ranking, "sexual").loc[0.1, "captured"] == 1.0
    assert set(ranking["target"]) == {"all", "harm", "theft", "sexual"}


def test_what_did_not_happen_is_not_ranked() -> None:
    nothing = cells([1.0, 2.0], [0.0, 0.0], category="rape")
    assert set(hotspot_ranking(pd.concat([nothing, cells([1.0, 2.0], [1.0, 1.0])]))["target"]) == {
        "all",
        "harm",
        "theft",
    }


def test_origins_are_ranked_apart_and_pooled_as_their_mean() -> None:
    first, second = cells([2.0, 1.0], [3.0, 1.0]), cells([2.0, 1.0], [1.0, 3.0], origin="2020-06")
    ranking = hotspot_ranking(pd.concat([first, second]))
    assert rows(ranking).loc[0.1, "captured"].tolist() == [0.75, 0.25]
    pooled = pooled_ranking(ranking)
    assert rows(pooled).loc[0.1, ["captured", "captured_best", "pai", "pei_star"]].tolist() == pytest.approx(
        [0.5, 0.75, 1.0, 2 / 3]
    )


@given(
    said=st.lists(st.floats(0.01, 500.0), min_size=10, max_size=10),
    recorded=st.lists(st.integers(0, 300), min_size=10, max_size=10).filter(any),
    areas=st.lists(st.floats(0.2, 30.0), min_size=10, max_size=10),
)
@settings(max_examples=30, deadline=None)
def test_nothing_beats_hindsight_and_hindsight_is_reached_by_the_right_order(
    said: list[float], recorded: list[int], areas: list[float]
) -> None:
    sizes = dict(zip(WARDS, areas, strict=True))
    ranking = hotspot_ranking(cells(said, recorded), areas_km2=sizes)
    assert ((ranking["pei_star"] >= 0.0) & (ranking["pei_star"] <= 1.0 + 1e-9)).all()
    told = hotspot_ranking(cells(recorded, recorded), areas_km2=sizes)
    assert told["pei_star"].to_numpy() == pytest.approx(np.ones(len(told)))


def test_areas_are_those_of_the_polygons_or_unknown() -> None:
    panel = make_panel(n_wards=2)
    one_km = 1.0 / 111.195
    squares = {
        code: {
            "type": "Polygon",
            "coordinates": [[[0, 60], [width, 60], [width, 60 + one_km], [0, 60 + one_km], [0, 60]]],
        }
        for code, width in zip(panel.area.ward_codes, (2 * one_km, 6 * one_km), strict=True)
    }
    areas = ward_areas_km2(replace(panel, polygons=squares))
    assert list(areas.values()) == pytest.approx([1.0, 3.0], rel=2e-3)
    assert ward_areas_km2(panel) == {}

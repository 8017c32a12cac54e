"""Hotspots and clustering: recomputed with esda, quiet on noise, loud on a planted hotspot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from wardcast_models.profile.clustering import clustering
from wardcast_models.profile.false_discovery import LEVEL, q_values, q_values_by_family
from wardcast_models.profile.hotspot import CountMap, hotspots, told_once
from wardcast_models.profile.neighbours import neighbours
from wardcast_models.profile.point_clustering import point_clustering
from wardcast_models.profile.spatial import global_clustering, local_hotspots, standard_rates

SIDE = 8
CODES = [f"P{row}{column}" for row in range(SIDE) for column in range(SIDE)]


def squares() -> dict[str, dict[str, object]]:
    """A chessboard of squares of 0.01 degrees."""
    found: dict[str, dict[str, object]] = {}
    for row in range(SIDE):
        for column in range(SIDE):
            west, south = column / 100, row / 100
            ring = [[west, south], [west + 0.01, south], [west + 0.01, south + 0.01], [west, south + 0.01]]
            found[f"P{row}{column}"] = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return found


@pytest.fixture(scope="module")
def touching() -> np.ndarray:
    found = neighbours(squares(), CODES)
    assert found is not None
    return found


def skewed(random: np.random.Generator, number: int) -> np.ndarray:
    """Counts of places as they are: a few hold much of the crime."""
    return random.poisson(20 * random.gamma(1.2, 1 / 1.2, size=(number, SIDE * SIDE))).astype(float)


def test_squares_that_touch_are_neighbours_corners_included(touching: np.ndarray) -> None:
    by_code = dict(zip(CODES, touching, strict=True))
    near = {code for code, yes in zip(CODES, by_code["P00"], strict=True) if yes}
    assert near == {"P01", "P10", "P11"}
    assert sorted(set(touching.sum(axis=1))) == [3, 5, 8]
    assert (touching == touching.T).all()


def test_an_island_counts_the_nearest_place_as_its_neighbour() -> None:
    island = {"type": "Polygon", "coordinates": [[[1, 1], [1.01, 1], [1.01, 1.01], [1, 1.01], [1, 1]]]}
    found = neighbours({**squares(), "ISLE": island}, [*CODES, "ISLE"])
    assert found is not None
    assert [code for code, yes in zip(CODES, found[-1], strict=False) if yes] == ["P77"]


def test_a_place_without_a_polygon_gives_no_map() -> None:
    assert neighbours(squares(), [*CODES, "UNKNOWN"]) is None


def test_the_statistics_are_those_of_esda(touching: np.ndarray) -> None:
    esda = pytest.importorskip("esda", reason="esda is a development dependency")
    libpysal = pytest.importorskip("libpysal", reason="libpysal is a development dependency")
    values = skewed(np.random.default_rng(1), 3)
    graph = {place: list(np.flatnonzero(row)) for place, row in enumerate(touching)}
    z, _ = local_hotspots(values, touching)
    index, expected, _, p_values = global_clustering(values, touching)
    for row, counts in enumerate(values):
        star = libpysal.weights.fill_diagonal(libpysal.weights.W(graph, silence_warnings=True))
        local = esda.G_Local(counts, star, transform="B", star=None, permutations=0)
        assert z[row] == pytest.approx(local.Zs, rel=1e-6)
        moran = esda.Moran(
            counts, libpysal.weights.W(graph, silence_warnings=True), transformation="r", permutations=999
        )
        assert index[row] == pytest.approx(moran.I, rel=1e-9)
        assert expected == pytest.approx(moran.EI)
        assert p_values[row] == pytest.approx(1 - moran.p_sim if moran.I < moran.EI else moran.p_sim, abs=0.07)


def test_the_index_of_rates_is_that_of_esda(touching: np.ndarray) -> None:
    esda = pytest.importorskip("esda", reason="esda is a development dependency")
    libpysal = pytest.importorskip("libpysal", reason="libpysal is a development dependency")
    random = np.random.default_rng(5)
    persons = random.integers(400, 9000, size=SIDE * SIDE).astype(float)
    counts = np.vstack([skewed(random, 2), random.poisson(persons / 500)])
    graph = {place: list(np.flatnonzero(row)) for place, row in enumerate(touching)}
    index, *_ = global_clustering(standard_rates(counts, persons), touching)
    for row, of_measure in enumerate(counts):
        weights = libpysal.weights.W(graph, silence_warnings=True)
        peer = esda.Moran_Rate(of_measure, persons, weights, adjusted=True, transformation="r", permutations=0)
        assert index[row] == pytest.approx(peer.I, rel=1e-9)


def test_crime_that_follows_residents_does_not_cluster(touching: np.ndarray) -> None:
    """People live thickly in one half of the map, at one rate everywhere: the counts cluster, the rates do not."""
    random = np.random.default_rng(6)
    persons = np.repeat([1500.0, 6000.0], SIDE * SIDE // 2)
    names = tuple(f"m{number}" for number in range(40))
    made = replace(
        planted(touching), measures=names, counts=random.poisson(persons / 100, size=(40, SIDE * SIDE)).astype(float)
    )
    assert clustering([made], pd.DataFrame())["significant"].all()
    by_rates = clustering([replace(made, persons=persons)], pd.DataFrame())
    assert by_rates["significant"].mean() <= LEVEL
    assert set(by_rates["test"]) == {"Moran's I of rates (empirical Bayes)"}


def test_many_maps_of_noise_together_show_no_hotspot(touching: np.ndarray) -> None:
    random = np.random.default_rng(7)
    one = planted(touching)
    measures = tuple(f"m{number}" for number in range(30))
    alarms = [
        hotspots([replace(one, measures=measures, counts=skewed(random, 30))])["significant"].any() for _ in range(12)
    ]
    assert np.mean(alarms) <= 0.1


def test_families_read_together_are_looked_into_only_where_they_survive_together() -> None:
    quiet = np.full(20, 0.5)
    lucky = np.r_[0.002, quiet[1:]]
    loud = np.r_[1e-6, 1e-5, quiet[2:]]
    together = q_values_by_family(np.vstack([loud, lucky, *[quiet] * 8])) <= LEVEL
    assert (q_values(lucky) <= LEVEL).any()
    assert together.sum(axis=1).tolist() == [2] + [0] * 9


def test_noise_makes_no_hotspots(touching: np.ndarray) -> None:
    _, p_values = local_hotspots(skewed(np.random.default_rng(2), 200), touching)
    assert np.mean([(q_values(row) <= LEVEL).any() for row in p_values]) <= LEVEL
    assert np.mean(p_values < 0.05) == pytest.approx(0.05, abs=0.01)


def test_noise_does_not_cluster(touching: np.ndarray) -> None:
    *_, p_values = global_clustering(skewed(np.random.default_rng(3), 400), touching)
    assert np.mean(p_values < 0.05) == pytest.approx(0.05, abs=0.035)


def planted(touching: np.ndarray) -> CountMap:
    counts = np.random.default_rng(4).poisson(20, size=SIDE * SIDE).astype(float)
    centre = CODES.index("P44")
    counts[touching[centre] | (np.arange(SIDE * SIDE) == centre)] *= 3
    names = tuple(CODES)
    return CountMap(
        unit="lsoa",
        codes=names,
        labels=names,
        ward_codes=names,
        measures=("all_crime",),
        counts=counts[None],
        touching=touching,
    )


def test_a_planted_hotspot_is_found_where_it_is(touching: np.ndarray) -> None:
    table = hotspots([planted(touching)])
    found = set(table["code"][table["significant"]])
    block = {f"P{row}{column}" for row in (3, 4, 5) for column in (3, 4, 5)}
    assert "P44" in found
    assert found <= block
    assert len(found) >= 4
    assert table[table["significant"]]["ratio"].mean() > 1.5


def test_residents_explain_a_high_count(touching: np.ndarray) -> None:
    made = planted(touching)
    by_residents = hotspots([replace(made, persons=made.counts[0] * 50)])
    assert not by_residents["significant"].any()
    assert by_residents["expected"].to_numpy() == pytest.approx(by_residents["count"].to_numpy())


def test_the_figure_of_a_hotspot_is_that_of_the_place_with_its_neighbours(touching: np.ndarray) -> None:
    made = planted(touching)
    row = hotspots([made]).set_index("code").loc["P44"]
    around = made.counts[0][touching[CODES.index("P44")]].sum() + row["count"]
    assert row["count_around"] == around
    assert row["ratio"] == pytest.approx(around / row["expected_around"])


def test_a_family_is_not_listed_where_one_of_its_kinds_is(touching: np.ndarray) -> None:
    one = planted(touching)
    flat = np.full_like(one.counts, 20.0)
    names = ("drugs", "drug_possession", "drug_trafficking")
    spots = hotspots([replace(one, measures=names, counts=np.vstack([one.counts + flat, one.counts, flat]))])
    measures = pd.DataFrame(
        {
            "measure": names,
            "level": ["family", "category", "category"],
            "categories": ["drug_possession drug_trafficking", "drug_possession", "drug_trafficking"],
        }
    )
    listed = told_once(spots, measures)
    clear = listed[listed["significant"]].groupby("code")["measure"].agg(list)
    assert clear["P44"] == ["drug_possession"]


def incidents(seed: int, *, bunched: bool) -> pd.DataFrame:
    """Two categories at 400 map points; the second bunches in one corner where asked to."""
    random = np.random.default_rng(seed)
    places = random.uniform(0, 0.05, size=(400, 2))
    weights = random.gamma(0.5, 2, size=400)
    corner = np.where((places < 0.015).all(axis=1), 6.0, 1.0) if bunched else np.ones(400)
    frames = []
    for category, extra in (("burglary_residential", np.ones(400)), ("robbery_personal", corner)):
        counts = random.poisson(3 * weights * extra)
        frames.append(
            pd.DataFrame(
                {"longitude": places[:, 0], "latitude": 51.5 + places[:, 1], "category": category, "count": counts}
            )
        )
    return pd.concat(frames, ignore_index=True).query("count > 0")


def test_busy_map_points_alone_are_no_clustering() -> None:
    p_values = np.array([point_clustering(incidents(seed, bunched=False))["p_value"] for seed in range(30)])
    assert np.mean(p_values < 0.05) <= 0.13


def test_a_category_that_bunches_among_the_points_is_found() -> None:
    table = point_clustering(incidents(1, bunched=True)).set_index("category")
    assert table.loc["robbery_personal", "p_value"] < 0.001
    assert table.loc["robbery_personal", "statistic"] > 1.1

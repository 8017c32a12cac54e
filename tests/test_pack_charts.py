"""Charts: right places, right colours, no name that becomes markup."""

from __future__ import annotations

import dataclasses
import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plan_examples import LBBD_WARDS, plan_example
from tests.trend_examples import square_tiles, trends_example
from wardcast.pack.charts.interval_plot import IntervalRow, interval_plot
from wardcast.pack.charts.labels import label_place, wrapped
from wardcast.pack.charts.palette import SEQUENCE
from wardcast.pack.charts.projection import path_data, project
from wardcast.pack.charts.ranked_bars import BarPart, BarRow, ranked_bars
from wardcast.pack.charts.scale import round_up, scale_over
from wardcast.pack.charts.svg import element
from wardcast.pack.charts.trend_panel import trend_panel
from wardcast.pack.charts.ward_map import MapWard, MapWords, class_of, class_tops, ward_map

HOSTILE = "<b>&\"'</b>"


def parsed(markup: object) -> ElementTree.Element:
    """Read a drawing as strictly as XML demands."""
    return ElementTree.fromstring(str(markup))  # noqa: S314 - our own output


def map_ward(code: str, name: str, hours: float, rank: int = 1) -> MapWard:
    label = f"{hours:.0f} hours"
    return MapWard(code=code, name=name, rank=rank, value=hours, value_label=label, below=label, labelled=True)


def map_words(**words: str) -> MapWords:
    told = {"key": "map", "title": "t", "description": "d", "legend": "Hours", "none": "No hours"} | words
    return MapWords(**told)


def test_text_and_attributes_cannot_become_markup() -> None:
    built = str(element("text", HOSTILE, label=HOSTILE))
    assert "<b>" not in built
    assert parsed(built).text == HOSTILE
    assert parsed(built).get("label") == HOSTILE


def test_a_degree_east_is_drawn_shorter_than_a_degree_north_at_the_latitude_of_london() -> None:
    ring = [[0.0, 51.0], [1.0, 51.0], [1.0, 52.0], [0.0, 52.0], [0.0, 51.0]]
    shape = project({"a": {"type": "Polygon", "coordinates": [ring]}}, width=1000, max_height=500)
    xs = [x for x, _ in shape.rings["a"][0]]
    ys = [y for _, y in shape.rings["a"][0]]
    assert max(ys) - min(ys) == pytest.approx(500, abs=1)
    assert (max(xs) - min(xs)) / (max(ys) - min(ys)) == pytest.approx(math.cos(math.radians(51.5)), rel=0.01)


def test_north_is_up_and_neighbours_keep_their_common_border() -> None:
    shapes = project(square_tiles(LBBD_WARDS), width=600, max_height=600).rings
    first, below = shapes["E05014053"][0], shapes["E05014058"][0]
    assert max(y for _, y in first) == min(y for _, y in below)


def test_holes_and_islands_are_drawn_and_other_geometries_left_out() -> None:
    square = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
    hole = [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]
    island = [[[6, 0], [7, 0], [7, 1], [6, 0]]]
    shapes = project(
        {
            "a": {"type": "MultiPolygon", "coordinates": [[square, hole], island]},
            "b": {"type": "Point", "coordinates": [0, 0]},
        },
        width=100,
        max_height=100,
    )
    assert set(shapes.rings) == {"a"}
    assert path_data(shapes.rings["a"]).count("M") == 3


def test_a_label_stands_inside_its_ward_even_where_the_middle_lies_outside() -> None:
    horseshoe = ((0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (70.0, 100.0), (70.0, 20.0), (0.0, 20.0))
    place = label_place([horseshoe], height=15)
    assert place is not None
    assert place.y < 20
    assert place.width == pytest.approx(100, abs=1)
    assert label_place([horseshoe], height=200) is None


def test_words_break_into_lines_or_do_not_fit() -> None:
    assert wrapped("Eastbrook & Rush Green", font_size=10, width=80, most_lines=3) == ("Eastbrook &", "Rush Green")
    assert wrapped("Eastbrook & Rush Green", font_size=10, width=30, most_lines=3) is None


def test_more_hours_are_never_lighter_and_none_is_hatched() -> None:
    wards = [map_ward(code, name, 10.0 * i**2, rank=20 - i) for i, (code, name) in enumerate(LBBD_WARDS)]
    drawing = str(ward_map(wards, square_tiles(LBBD_WARDS), map_words()))
    fills = re.findall(r'<path><title>|<path d="[^"]*" fill="([^"]*)" fill-rule', drawing)
    shades = [SEQUENCE.index(fill) for fill in fills if fill in SEQUENCE]
    assert len(shades) == 18
    assert shades == sorted(shades)
    assert "url(#map-none)" in fills
    assert parsed(drawing).get("role") == "img"


def test_a_map_of_names_that_look_like_markup_is_sound() -> None:
    tiles = square_tiles([("a", HOSTILE)])
    assert HOSTILE in "".join(parsed(ward_map([map_ward("a", HOSTILE, 5)], tiles, map_words())).itertext())


def test_marked_places_have_a_thick_border_and_larger_places_an_outline_with_their_name() -> None:
    tiles = square_tiles([("a", "A"), ("b", "B")])
    places = [dataclasses.replace(map_ward("a", "A", 5), marked=True), map_ward("b", "B", 4)]
    words = map_words(marked="hotspot")
    drawing = parsed(ward_map(places, {"a": tiles["a"], "b": tiles["b"]}, words, outlines={HOSTILE: tiles["a"]}))
    said = "".join(drawing.itertext())
    assert "thick border: hotspot" in said
    assert "A: 5 hours (hotspot)" in said
    assert HOSTILE in said
    assert [path.get("stroke-width") for path in drawing.iter("path")].count("3") == 1


def test_a_small_map_keeps_its_legend_within_its_width() -> None:
    drawing = parsed(ward_map([map_ward("a", "A", 500)], square_tiles([("a", "A")]), map_words(), width=340))
    assert drawing.get("viewBox", "").split()[2] == "340"
    assert all(float(entry.get("x", 0)) < 340 for entry in drawing.iter("text"))


def test_no_map_where_nothing_can_be_drawn() -> None:
    assert ward_map([map_ward("a", "A", 5)], {}, map_words()) is None


@given(st.lists(st.integers(min_value=0, max_value=10**8), min_size=1))
def test_every_amount_of_hours_has_a_colour(hundredths: list[int]) -> None:
    hours = [count / 100 for count in hundredths]
    tops = class_tops(hours)
    assert len(tops) <= len(SEQUENCE)
    assert list(tops) == sorted(set(tops))
    for value in hours:
        if value > 0:
            assert 0 <= class_of(value, tops) < len(tops)


@given(st.floats(min_value=1e-6, max_value=1e9))
def test_round_numbers_are_not_far_above(value: float) -> None:
    assert value * (1 - 1e-6) <= round_up(value) <= value * 2


@given(st.floats(min_value=-1e6, max_value=1e6), st.floats(min_value=-1e6, max_value=1e6))
def test_scales_cover_all_values_and_zero(one: float, other: float) -> None:
    scale = scale_over(low=min(one, other), high=max(one, other), start=0, end=100)
    for value in (one, other, 0.0):
        assert -1e-6 <= scale.at(value) <= 100 + 1e-6
    assert len(scale.ticks) <= 8


def test_a_bar_is_as_long_as_its_value() -> None:
    rows = [
        BarRow(label="A", values=(30.0, 10.0), value_label="40"),
        BarRow(label=HOSTILE, values=(20.0, 0.0), value_label="20"),
    ]
    parts = (BarPart(label="Police", colour="#111111"), BarPart(label="Council", colour="#222222"))
    drawing = parsed(ranked_bars(rows, parts, key="k", title="t", description="d"))
    widths = [float(r.get("width", 0)) for r in drawing.iter("rect") if r.get("stroke") == "#ffffff"]
    assert widths[0] / widths[1] == pytest.approx(3, rel=0.01)
    assert widths[0] / widths[2] == pytest.approx(1.5, rel=0.01)
    assert HOSTILE in "".join(drawing.itertext())


def test_the_interval_plot_shows_zero_and_each_range() -> None:
    rows = [
        IntervalRow(label="This plan", mean=4000, low=80, high=8400, emphasised=True),
        IntervalRow(label="No extra hours", mean=0, low=0, high=0, emphasised=False),
    ]
    drawing = parsed(interval_plot(rows, axis_label="Harm", key="k", title="t", description="d"))
    words = "".join(drawing.itertext())
    assert "This plan: 4,000, range 80 to 8,400" in words
    dots = [float(c.get("cx", 0)) for c in drawing.iter("circle")]
    assert dots[0] > dots[1]


def test_a_long_name_beside_an_interval_stands_whole_on_two_lines() -> None:
    row = IntervalRow(label="Non-domestic-abuse violence with injury", mean=1, low=-1, high=2, emphasised=True)
    drawing = parsed(interval_plot([row], axis_label="Change", key="k", title="t", description="d"))
    words = [text.text for text in drawing.iter("text")]
    assert {"Non-domestic-abuse violence", "with injury"} <= set(words)


def test_a_trend_breaks_its_line_where_a_month_was_not_observed() -> None:
    trend = trends_example(plan_example())[0]
    whole = parsed(trend_panel(trend, key="k", description="d"))
    values = (*trend.observed[:10], None, *trend.observed[11:])
    broken = parsed(trend_panel(type(trend)(**{**trend.__dict__, "observed": values}), key="k", description="d"))
    assert len(list(broken.iter("path"))) == len(list(whole.iter("path"))) + 1


def test_a_single_forecast_month_is_drawn_as_a_bar() -> None:
    trend = trends_example(plan_example(months=("2025-04",)))[0]
    drawing = parsed(trend_panel(trend, key="k", description="d"))
    assert len(list(drawing.iter("rect"))) == 2

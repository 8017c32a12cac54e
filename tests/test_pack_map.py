"""The report's map: whose boundaries it has, and what it says where it has none."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

from tests.page_reading import PageReader
from tests.plan_examples import inputs_example
from wardcast.pack.report import render_report


def test_without_polygons_bars_rank_the_wards_and_the_page_says_why() -> None:
    text = render_report(inputs_example(with_polygons=False))
    assert "No ward boundaries were given, so there is no map" in PageReader(text).words
    assert 'id="ward-map-title"' not in text
    assert 'id="hours-bars-title"' in text


def test_wards_without_a_polygon_are_named() -> None:
    inputs = inputs_example()
    polygons = {code: shape for code, shape in inputs.polygons.items() if code != "E05014053"}
    words = PageReader(render_report(dataclasses.replace(inputs, polygons=polygons))).words
    assert "No boundary was given for Abbey, so the map leaves it out." in words


def test_the_real_boundaries_give_a_map_small_enough_to_send(real_data: Path) -> None:
    collection = json.loads((real_data / "geography" / "wards_lbbd_2022_approx_from_lsoa21.geojson").read_text())
    polygons = {shape["properties"]["ward_code"]: shape["geometry"] for shape in collection["features"]}
    text = render_report(dataclasses.replace(inputs_example(), polygons=polygons))
    drawing = text[text.index("ward-map-title") : text.index("hours-bars-title")]
    assert drawing.count("<path") >= 19
    assert "No boundary was given" not in text
    for name in ("Abbey", "Gascoigne", "Northbury", "Barking"):
        assert re.search(rf"<tspan [^>]*>\d+\.\xa0{name}", drawing), f"{name} is written on the map"
    assert len(drawing) < 200_000


def test_the_map_says_that_boundaries_are_approximate_where_their_file_does() -> None:
    inputs = inputs_example()
    rough = {code: {**shape, "approximate": True} for code, shape in inputs.polygons.items()}
    words = PageReader(render_report(dataclasses.replace(inputs, polygons=rough))).words
    assert "Officer hours by ward, all months (boundaries approximate)" in words
    assert "by their file’s own words they are approximate" in words
    assert "approximate" not in PageReader(render_report(inputs)).words

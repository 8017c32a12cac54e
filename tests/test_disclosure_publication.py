"""What is published gives no hidden count away to a reader who has all of the files and another solver."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.command_line import CommandLine
from tests.page_reading import PageReader
from tests.panels import make_panel
from tests.published_reading import Published, published_document, published_workbook, read_document
from wardcast.pack.assessment.document import assessment_document
from wardcast_models.disclosure import protection
from wardcast_models.disclosure.bounds import Ranges
from wardcast_models.disclosure.public import publish
from wardcast_models.disclosure.rule import Method, SmallNumberRule, packaged_rule
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.panel.monitoring_assembly import read_monitoring
from wardcast_models.profile.assess import assess
from wardcast_models.profile.assessment import Assessment

AREA = "E09000002"
LEAST = packaged_rule().least_width
CATEGORIES = ("violence_with_injury", "rape", "other_sexual_offences", "arson", "criminal_damage", "homicide")


def small_area(seed: int, *, wards: int = 6, mean: float = 4.0) -> Assessment:
    """An area whose sexual offences are a handful a ward, arson and homicide fewer."""
    panel = make_panel(n_wards=wards, categories=CATEGORIES, random_seed=seed, monthly_mean=mean)
    levels = np.array([8.0, 0.25, 0.4, 0.1, 1.5, 0.03])
    counts = np.random.default_rng(seed).poisson(levels[None, :, None], size=panel.counts.shape)
    return assess(Monitoring(panel=replace(panel, counts=counts.astype(np.float64))), year="2019/20")


def published_of(assessment: Assessment, rule: SmallNumberRule) -> tuple[Published, dict[str, Any]]:
    document = assessment_document(publish(assessment, rule).assessment, data_digest="")
    return published_document(document), document


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("seed", range(5))
def test_another_solver_finds_every_hidden_count_uncertain(seed: int, method: Method) -> None:
    rule = packaged_rule().model_copy(update={"method": method})
    published, _ = published_of(small_area(seed), rule)
    widths = published.widths(rounding_base=rule.rounding_base)
    assert widths
    assert min(widths.values()) >= LEAST


def test_without_complements_the_same_reader_works_small_counts_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assessment = small_area(0)
    monkeypatch.setattr(protection, "_complements", lambda cells, *_: np.zeros(len(cells), dtype=np.bool_))
    monkeypatch.setattr(
        protection, "feasible_ranges", lambda cells, _: Ranges(low=0.0 * cells.counts, high=cells.counts + np.inf)
    )
    published, _ = published_of(assessment, packaged_rule())
    assert min(published.widths().values()) < LEAST


def test_what_is_not_protected_is_never_published(monkeypatch: pytest.MonkeyPatch) -> None:
    assessment = small_area(0)
    monkeypatch.setattr(protection, "_complements", lambda cells, *_: np.zeros(len(cells), dtype=np.bool_))
    with pytest.raises(WardcastError) as refused:
        publish(assessment, packaged_rule())
    assert refused.value.kind is ErrorKind.INFEASIBLE
    assert refused.value.message.startswith("Nothing was published")


def test_no_small_count_of_a_sensitive_category_is_shown_in_either_year() -> None:
    for seed in range(5):
        published, _ = published_of(small_area(seed), packaged_rule())
        shown = [
            row[slot]
            for row in published.rows
            for slot in ("count", "previous_count")
            if row["measure"] in packaged_rule().sensitive and row["ward_code"]
        ]
        assert not {1, 2, 3, 4} & set(shown)


@pytest.mark.parametrize("seed", range(3))
def test_nothing_that_follows_from_a_hidden_count_is_left_in_any_table(seed: int) -> None:
    published, document = published_of(small_area(seed), packaged_rule())
    hidden = {key for key in published.hidden() if key[1]}
    touched = {measure for measure, _, _ in hidden}
    for row in document["tables"]["wards"]:
        if (row["measure"], row["ward_code"], "count") in hidden:
            assert row["rate_per_1000"] is row["ratio_to_area"] is row["rank"] is row["change_percent"] is None
        if row["measure"] in touched:
            assert row["rank"] is None or (row["measure"], "count") not in {key[::2] for key in hidden}
            assert row["p_value"] is row["q_value"] is row["change_low"] is None
    by_ward = [name for name, rows in document["tables"].items() if any(row.get("ward_code") for row in rows)]
    assert by_ward == ["wards"]
    assert not any(row["ward_code"] for view in document["views"] for row in view["table"])
    assert not touched & {row["measure"] for row in document["tables"]["clustering"]}
    assert document["review"] is None
    assert document["data_digest"] == ""
    for words in (*document["headlines"], *(words for view in document["views"] for words in view["findings"])):
        assert not [name for name in document["ward_names"].values() if name in words]


def test_a_total_too_small_to_hide_anything_in_goes_too_and_so_does_all_that_gives_it() -> None:
    rule = packaged_rule().model_copy(update={"sensitive": ("homicide",)})
    made = (small_area(seed) for seed in range(20))
    assessment = next(one for one in made if one.area.set_index("measure").loc["homicide", "count"] in (1, 2))
    published, document = published_of(assessment, rule)
    assert ("homicide", "", "count") in published.hidden()
    assert min(published.widths().values()) >= LEAST
    totals = {key[0] for key in published.hidden() if not key[1]}
    assert all(row["ratio_to_area"] is None for row in document["tables"]["wards"] if row["measure"] in totals)
    assert all(row["q_value"] is None for row in document["tables"]["area"])  # adjusted with the hidden total's test
    if "all_crime" in totals:
        assert all(row["share_of_crime"] is None for row in document["tables"]["area"])
    assert not document["tables"]["harm"]
    assert not document["tables"]["rolling"]
    assert not document["headlines"]


def test_an_area_without_small_counts_is_published_whole() -> None:
    panel = make_panel(categories=("violence_with_injury", "rape"), monthly_mean=40.0)
    publication = publish(assess(Monitoring(panel=panel), year="2019/20"), packaged_rule())
    assert publication.proof.empty
    assert publication.assessment.wards["count"].notna().all()
    assert "Nothing had to be hidden here." in publication.assessment.publication


def test_measures_of_other_months_than_their_parts_still_bound_them() -> None:
    """A category without one month of the year is less than its family's, by an unknown rest of 0 or more."""
    panel = make_panel(n_wards=6, categories=CATEGORIES, random_seed=2)
    counts = panel.counts.copy()
    counts[:, 2] = np.random.default_rng(2).poisson(0.3, size=counts[:, 2].shape)
    counts[:, 2, panel.months == "2019-08"] = np.nan
    made = assess(Monitoring(panel=replace(panel, counts=counts)), year="2019/20")
    publication = publish(made, packaged_rule())
    assert not publication.proof.empty
    assert publication.narrowest >= LEAST


def written(wardcast: CommandLine, out: Path, *options: str | Path) -> Published:
    done = wardcast("profile", "--area", AREA, "--public", "--out", out, "--quiet", *options)
    assert done.exit_code == 0, done.err
    assert "not for publication" not in done.out
    return published_document(read_document(out / "assessment-public.json"))


def test_the_files_of_the_sample_keep_the_rule(wardcast: CommandLine, sample_dir: Path, tmp_path: Path) -> None:
    rule = tmp_path / "wider.yaml"
    categories = ["rape", "other_sexual_offences", "robbery_business", "arson"]
    rule.write_text(f"threshold: 6\nsensitive: {categories}\n", encoding="utf-8")
    out = tmp_path / "out"
    of_document = written(wardcast, out, "--data", sample_dir, "--year", "2024/25", "--rule", rule)
    of_workbook = published_workbook(out / "assessment-public.xlsx")
    assert sorted(of_document.hidden()) == sorted(of_workbook.hidden())
    widths = of_document.widths() | of_workbook.widths()
    assert widths
    assert min(widths.values()) >= LEAST
    with (out / "suppression-proof.csv").open(encoding="utf-8", newline="") as file:
        proof = list(csv.DictReader(file))
    keys = {(row["measure"], row["ward_code"], row["slot"]) for row in proof}
    assert keys == set(of_document.hidden())
    assert set(proof[0]) == {"measure", "ward_code", "slot", "reason", "low", "high"}
    assert all(float(row["high"]) - float(row["low"]) >= LEAST for row in proof)
    page = PageReader((out / "assessment-public.html").read_text(encoding="utf-8"))
    assert "For publication" in page.words
    assert (
        f"The narrowest such range here is {min(float(r['high']) - float(r['low']) for r in proof):g} wide"
        in page.words
    )


@pytest.fixture(scope="module")
def real_monitoring(real_data: Path) -> Iterator[Monitoring]:
    yield read_monitoring(real_data, area=AREA)


@pytest.mark.parametrize("year", ["2017/18", "2020/21", "2023/24"])
def test_the_real_years_keep_the_rule(real_monitoring: Monitoring, year: str) -> None:
    published, _ = published_of(assess(real_monitoring, year=year), packaged_rule())
    widths = published.widths()
    assert widths
    assert min(widths.values()) >= LEAST


def test_real_counts_of_older_wards_are_protected_too(real_data: Path) -> None:
    made = assess(read_monitoring(real_data, area=AREA, wards="WD18"), year="2021/22")
    publication = publish(made, packaged_rule())
    assert publication.narrowest >= LEAST - 1e-6


def test_the_two_forms_are_never_written_side_by_side(wardcast: CommandLine, sample_dir: Path, tmp_path: Path) -> None:
    asked = ("profile", "--data", sample_dir, "--area", AREA, "--year", "2023/24", "--out", tmp_path / "out", "--quiet")
    assert wardcast(*asked).exit_code == 0
    refused = wardcast(*asked, "--public")
    assert refused.exit_code == 2
    assert "never written side by side" in refused.err
    assert not list((tmp_path / "out").glob("*public*"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--rule", "rule.yaml"), "Add --public."),
        (("--public", "--review"), "Publish the year with --public alone"),
        (("--public", "--rule", "absent.yaml"), "--rule"),
    ],
)
def test_options_that_do_not_go_together_are_refused_before_any_work(
    wardcast: CommandLine, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    refused = wardcast("profile", "--data", tmp_path / "nothing", "--area", AREA, *options)
    assert refused.exit_code == 2
    assert said in refused.err

"""Last year's publication and this year's together give no hidden count away; what cannot be protected is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.command_line import CommandLine
from tests.panels import make_panel
from wardcast.pack.assessment.write import write_publication
from wardcast_models.disclosure.earlier import read_edition
from wardcast_models.disclosure.public import Publication, publish
from wardcast_models.disclosure.rule import Method, SmallNumberRule, packaged_rule
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.profile.assess import assess

CATEGORIES = ("violence_with_injury", "rape", "other_sexual_offences", "criminal_damage")
LEVELS = np.array([8.0, 0.3, 0.8, 3.0])
RULE = packaged_rule()
LAX = RULE.model_copy(update={"sensitive": ("other_sexual_offences",)})


def small_monitoring(seed: int = 0) -> Monitoring:
    panel = make_panel(n_wards=6, categories=CATEGORIES, random_seed=seed)
    counts = np.random.default_rng(seed).poisson(LEVELS[None, :, None], size=panel.counts.shape)
    return Monitoring(panel=replace(panel, counts=counts.astype(np.float64)))


def hidden_of(publication: Publication, slot: str) -> set[tuple[str, str]]:
    rows = publication.proof[publication.proof["slot"] == slot]
    return set(zip(rows["measure"], rows["ward_code"], strict=True))


def edition_of(monitoring: Monitoring, year: str, out: Path, rule: SmallNumberRule = RULE) -> Publication:
    made = publish(assess(monitoring, year=year), rule)
    write_publication(made, monitoring, out)
    return made


@pytest.mark.parametrize("seed", range(4))
def test_what_last_years_edition_hid_stays_hidden_in_the_year_before_of_this_one(tmp_path: Path, seed: int) -> None:
    monitoring = small_monitoring(seed)
    last = edition_of(monitoring, "2018/19", tmp_path / "last")
    assert hidden_of(last, "count")
    this = publish(assess(monitoring, year="2019/20"), RULE, earlier=(read_edition(tmp_path / "last"),))
    assert hidden_of(this, "previous_count") == hidden_of(last, "count")
    assert this.narrowest >= RULE.least_width
    assert "1 earlier one together" in this.assessment.publication


def test_a_count_that_a_wider_rule_hid_last_year_is_not_shown_by_a_narrower_one(tmp_path: Path) -> None:
    monitoring = small_monitoring()
    wide = RULE.model_copy(update={"threshold": 12})
    last = edition_of(monitoring, "2018/19", tmp_path / "last", wide)
    alone = publish(assess(monitoring, year="2019/20"), RULE)
    assert hidden_of(last, "count") - hidden_of(alone, "previous_count")  # the two side by side would show them
    this = publish(assess(monitoring, year="2019/20"), RULE, earlier=(read_edition(tmp_path / "last"),))
    assert hidden_of(last, "count") <= hidden_of(this, "previous_count")
    assert this.narrowest >= RULE.least_width


def test_a_small_count_that_was_shown_before_is_refused_and_named(tmp_path: Path) -> None:
    monitoring = small_monitoring()
    edition_of(monitoring, "2019/20", tmp_path / "lax", LAX)
    with pytest.raises(WardcastError) as refused:
        publish(assess(monitoring, year="2019/20"), RULE, earlier=(read_edition(tmp_path / "lax"),))
    assert refused.value.kind is ErrorKind.INFEASIBLE
    assert refused.value.message.startswith("Nothing was published")
    assert "rape in E05" in refused.value.problems[0].found
    assert refused.value.problems[0].mend


def test_editions_of_other_places_or_other_files_are_refused(tmp_path: Path) -> None:
    monitoring = small_monitoring()
    folder = tmp_path / "last"
    edition_of(monitoring, "2018/19", folder)
    edition = read_edition(folder)
    with pytest.raises(WardcastError, match="same area and the same wards"):
        publish(assess(monitoring, year="2019/20"), RULE, earlier=(replace(edition, vintage="WD18"),))
    proof = folder / "suppression-proof.csv"
    proof.write_text("\n".join(proof.read_text(encoding="utf-8").splitlines()[:-1]) + "\n", encoding="utf-8")
    with pytest.raises(WardcastError) as other_proof:
        read_edition(folder)
    assert "another edition" in other_proof.value.problems[0].found
    (folder / "assessment-public.json").write_text(json.dumps([1]), encoding="utf-8")
    with pytest.raises(WardcastError) as no_edition:
        read_edition(folder)
    assert no_edition.value.problems[0].where == "--published last"


def test_rounded_editions_are_refused(tmp_path: Path) -> None:
    rounding = RULE.model_copy(update={"method": Method.ROUND})
    edition_of(small_monitoring(), "2018/19", tmp_path / "rounded", rounding)
    with pytest.raises(WardcastError) as refused:
        read_edition(tmp_path / "rounded")
    assert refused.value.problems[0].found == "an edition with rounded counts"


def test_earlier_editions_are_for_publication_only_and_looked_for_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wardcast = CommandLine(tmp_path / "home", monkeypatch, capsys)
    asked = ("profile", "--data", tmp_path / "nothing", "--area", "E09000002", "--published", tmp_path / "absent")
    internal = wardcast(*asked)
    assert internal.exit_code == 2
    assert "Add --public." in internal.err
    absent = wardcast(*asked, "--public")
    assert absent.exit_code == 2
    assert "no readable assessment-public.json" in absent.err

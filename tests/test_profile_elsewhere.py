"""The assessment of a district outside London, from police.uk's files alone."""

from __future__ import annotations

import pytest

from tests.page_reading import PageReader
from tests.policeuk_files import NORTHTON, write_archive
from wardcast.pack.assessment.reading import reading_of
from wardcast.pack.assessment.report import render_assessment
from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.panel.monitoring_assembly import read_monitoring
from wardcast_models.profile.assess import assess
from wardcast_models.profile.assessment import Assessment


@pytest.fixture(scope="module")
def monitoring(tmp_path_factory: pytest.TempPathFactory) -> Monitoring:
    return read_monitoring(write_archive(tmp_path_factory.mktemp("archive"), first="2022-04", months=30), area=NORTHTON)


@pytest.fixture(scope="module")
def made(monitoring: Monitoring) -> Assessment:
    return assess(monitoring, year="2023/24", review=True)


def test_every_count_is_told_to_come_from_police_uk(made: Assessment) -> None:
    assert made.measures["source"].str.startswith("data.police.uk street files").all()
    assert not made.volt["source"].str.contains("MPS").any()


def test_nothing_of_london_is_told(made: Assessment, monitoring: Monitoring) -> None:
    words = PageReader(render_assessment(reading_of(made, monitoring))).words
    told = words.split("What the files are like")[0]
    for wrong in ("MPS", "changed their recording system", "London Fire Brigade", "Rate in London", "Beside London"):
        assert wrong not in told
    assert made.unusual == ()


def test_only_what_is_given_is_offered_instead(made: Assessment) -> None:
    instead = made.underivable.set_index("measure")["instead"]
    assert "Violence with injury as a whole is given" not in instead["violence_with_injury_non_domestic"]
    assert "Violence and sexual offences" in instead["violence_with_injury_non_domestic"]


def test_without_residents_no_rate_is_set_beside_another(made: Assessment) -> None:
    assert not any("nan" in sentence for sentence in made.headlines)

"""What the assessment says in sentences: what and when, of how many wards, and what did not happen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from tests.panels import make_panel
from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.profile.assess import assess
from wardcast_models.profile.assessment import Assessment
from wardcast_models.profile.breaks import breaks_within


def halved(months: pd.DatetimeIndex) -> NDArray[Any]:
    return np.where(months >= pd.Timestamp("2018-04-01"), 0.5, 1.0)


@pytest.fixture(scope="module")
def fallen() -> Assessment:
    rows = [
        (f"E0500000{ward}", band, 10.0 * ward, pd.Timestamp("2021-03-21"))
        for ward in (1, 2)
        for band in ("0-19", "20+")
    ]
    ages = pd.DataFrame(rows, columns=["ward_code", "age_band", "persons", "reference_date"])
    return assess(Monitoring(panel=make_panel(level=halved, monthly_mean=60.0), ages=ages), year="2018/19")


def test_a_break_of_one_month_is_named_with_its_month() -> None:
    found = breaks_within(make_panel(), pd.Timestamp("2018-04-01"), pd.Timestamp("2021-03-01"))
    assert found["incomplete_month"] == "a month that is not complete in the ward release (2020-03)"
    assert found["pandemic"] == "the pandemic"


def test_where_kinds_only_fell_it_is_said_that_none_rose(fallen: Assessment) -> None:
    assert any(sentence.startswith("Fell by more than chance would do") for sentence in fallen.headlines)
    assert "No single category rose by more than chance would do." in fallen.headlines


def test_ages_of_some_wards_are_not_told_as_those_of_the_area(fallen: Assessment) -> None:
    young = next(view for view in fallen.views if view.view == "children_young_people")
    assert young.findings[0].startswith("Of residents of the 2 of 4 wards whose ages are held, 50% are under 20")


def test_where_most_happens_is_told_with_how_many_wards_that_are(fallen: Assessment) -> None:
    told = " ".join(str(words) for words in fallen.volt["statement"])
    assert ", 3 of 4 wards, have " in told

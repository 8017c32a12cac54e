"""Events that a user marks: read from a file, kept with the panel, and taken out of trends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests import ward_files as wf
from tests.panels import make_panel
from wardcast_models.errors import WardcastError
from wardcast_models.forecasting.detector import proposed_events
from wardcast_models.forecasting.expectation import COMPONENTS
from wardcast_models.forecasting.regimes import event_regressors, marked_spans
from wardcast_models.forecasting.registry import forecaster
from wardcast_models.forecasting.steps import marked_steps
from wardcast_models.panel.archive import load_panel, save_panel
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.events import event_labels

COLUMNS = ["event", "first_month", "last_month", "category", "label", "source"]
RELABELLED = ["relabelled", "2017-04", "", "burglary_residential", "sheds became residential burglary", "Home Office"]
ROADWORKS = ["roadworks", "2025-01", "2025-09", "", "", ""]


def read(folder: Path, *rows: list[str]) -> Panel:
    wf.write(folder / "events.csv", [COLUMNS, *rows])
    return read_folder(folder, area="E09000002")


def test_marked_events_are_read_and_stay_with_the_panel(folder: Path, tmp_path: Path) -> None:
    panel = read(folder, RELABELLED, ROADWORKS)
    assert list(panel.events["event"]) == ["relabelled", "roadworks"]
    assert pd.isna(panel.events.loc[0, "last_month"])
    assert list(panel.events["label"]) == ["sheds became residential burglary", "roadworks"]
    assert list(panel.events["source"]) == ["Home Office", "supplied"]
    save_panel(panel, tmp_path / "panel.npz")
    back = load_panel(tmp_path / "panel.npz")
    pd.testing.assert_frame_equal(back.events, panel.events)
    assert back.digest == panel.digest


def test_marking_an_event_makes_other_data_of_it(folder: Path) -> None:
    before = read_folder(folder, area="E09000002")
    assert before.events.empty
    assert read(folder, RELABELLED).digest != before.digest


def caveats(panel: Panel) -> str:
    return " ".join(found.message for found in panel.findings if found.kind is FindingKind.CAVEAT)


def test_events_that_nothing_can_be_learned_of_are_named_with_the_reason(folder: Path) -> None:
    said = caveats(
        read(folder, ["fair", "2026-07", "2026-08", "", "", ""], ["riots", "2011-08", "2011-08", "", "", ""])
    )
    assert "fair begins in 2026-07, after the last month of data" in said
    assert "riots has no month in the data" in said
    assert "Marked events overlap" not in said
    assert "relabelled covers every month of the data" in caveats(read(folder, RELABELLED))


def test_an_event_of_some_months_of_the_data_needs_no_caveat(folder: Path) -> None:
    month = f"{read_folder(folder, area='E09000002').months[1]:%Y-%m}"
    assert "event" not in caveats(read(folder, ["fair", month, month, "", "", ""])).casefold()


def test_events_that_overlap_are_named_with_what_cannot_be_told(folder: Path) -> None:
    first, middle, last = (f"{month:%Y-%m}" for month in read_folder(folder, area="E09000002").months[:3])
    spans = {"works": (first, middle), "roads": (middle, last), "market": (middle, last)}
    rows = [[event, *span, "", "", ""] for event, span in spans.items()]
    said = caveats(read(folder, *rows, ["works", middle, middle, "", "", ""]))
    assert "rows of works share months, which count once" in said
    assert f"roads and works share 1 month ({middle} to {middle}), so the effect of each is less sure" in said
    assert "market and roads have the same months, so their effects cannot be told apart" in said


def test_events_of_two_categories_do_not_overlap(folder: Path) -> None:
    month = f"{read_folder(folder, area='E09000002').months[1]:%Y-%m}"
    rows = [[name, month, month, name, "", ""] for name in ("robbery_personal", "burglary_residential")]
    assert "overlap" not in caveats(read(folder, *rows))


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        (["", "2017-04", "", "", "", ""], "event", "a name"),
        (["a", "April", "", "", "", ""], "first_month", "YYYY-MM"),
        (["a", "2017-04", "2017-03", "", "", ""], "last_month", "not before first_month"),
        (["a", "2017-04", "", "burglaries", "", ""], "category", "burglary_residential"),
        (["pandemic", "2017-04", "", "", "", ""], "event", "a name of its own"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_row(folder: Path, row: list[str], column: str, expected: str) -> None:
    with pytest.raises(WardcastError) as refused:
        read(folder, ROADWORKS, row)
    (problem,) = refused.value.problems
    assert column in problem.where
    assert "row 3" in problem.where
    assert expected in problem.expected


def marked(panel: Panel, *rows: list[str]) -> Panel:
    frame = pd.DataFrame(list(rows), columns=COLUMNS)
    months = {name: pd.to_datetime(frame[name].replace("", None), format="%Y-%m") for name in COLUMNS[1:3]}
    return replace(panel, events=frame.assign(**months))


def test_an_event_of_one_category_leaves_the_others_alone_and_planned_months_are_known() -> None:
    panel = marked(make_panel(first_month="2015-01"), RELABELLED, ROADWORKS)
    assert "relabelled" not in event_labels(marked_spans(panel, "violence_with_injury"))
    spans = marked_spans(panel, "burglary_residential")
    months = pd.date_range("2016-01-01", "2026-01-01", freq="MS")
    known = event_regressors(months, until=pd.Timestamp("2025-03-01"), spans=spans)
    assert (known.loc["2017-04-01":, "relabelled"] == 1).all()
    assert known["roadworks"].to_numpy().nonzero()[0].tolist() == list(range(108, 117)), "January to September 2025"


@pytest.fixture(scope="module")
def relabelled() -> Panel:
    """Two steady categories of which the second doubles from one month to the next, unmarked."""
    panel = make_panel(n_wards=6, first_month="2012-01", n_months=96, monthly_mean=60.0, random_seed=2)
    counts = panel.counts.copy()
    counts[:, 1, panel.months >= "2017-04-01"] *= 2
    return replace(panel, counts=counts)


def test_a_proposal_that_was_accepted_is_estimated_and_not_proposed_again(relabelled: Panel) -> None:
    until = relabelled.last_month
    (proposal,) = [one for one in proposed_events(relabelled, until=until) if one.key == "burglary_residential"]
    assert f"{proposal.month:%Y-%m}" == "2017-04"
    accepted = marked(relabelled, RELABELLED)
    assert not [one for one in proposed_events(accepted, until=until) if one.key == "burglary_residential"]
    (step,) = marked_steps(accepted, until=until)
    assert step.category == "burglary_residential"
    assert step.low < 100 < step.high


def test_forecasts_take_a_marked_step_for_what_it_is(relabelled: Panel) -> None:
    accepted = marked(relabelled, RELABELLED)
    forecast = forecaster("pooled_theta").fit(accepted, until=accepted.last_month).forecast(horizon_months=6)
    events = forecast.components[COMPONENTS.index("events")].sum(axis=0)
    assert events[0] == pytest.approx(np.zeros(6)), "another category"
    assert (events[1] > 0.3 * forecast.mean[:, 1].sum(axis=0)).all()
    assert forecast.mean[:, 1].sum(axis=0) == pytest.approx(np.full(6, 6 * 60.0), rel=0.1)
    assert "sheds became residential burglary (from 2017-04)" in " ".join(forecast.assumptions)

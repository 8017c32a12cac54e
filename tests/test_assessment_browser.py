"""The assessment in a real browser: it lays out, keeps within the window, and prints on few pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.assessment_examples import assessment_example, monitoring_example
from tests.browsers import Browser, installed_browser
from wardcast.pack.assessment.reading import reading_of
from wardcast.pack.assessment.report import render_assessment


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return Browser(installed_browser(), tmp_path)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "assessment.html"
    text = render_assessment(reading_of(assessment_example(synthetic=True), monitoring_example()))
    path.write_text(text, encoding="utf-8")
    return path


def test_a_browser_keeps_the_assessment_whole_and_prints_it(browser: Browser, page: Path) -> None:
    dom = browser.dom(page)
    assert dom.count("<svg") == page.read_text(encoding="utf-8").count("<svg")
    assert "SYNTHETIC SAMPLE" in dom
    assert 5 <= browser.printed_pages(page) <= 25


def test_a_narrow_window_does_not_make_the_assessment_scroll_sideways(browser: Browser, page: Path) -> None:
    assert browser.width_in(page, window=390) == 390

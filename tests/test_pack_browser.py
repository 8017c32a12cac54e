"""The report in a real browser: it lays out, keeps within the window, and prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browsers import Browser, installed_browser
from tests.plan_examples import inputs_example
from wardcast.pack.report import render_report


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return Browser(installed_browser(), tmp_path)


def test_a_browser_keeps_the_report_whole_and_prints_it(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(render_report(inputs_example(synthetic=True)), encoding="utf-8")
    dom = browser.dom(page)
    assert dom.count("<svg") == page.read_text(encoding="utf-8").count("<svg")
    assert "SYNTHETIC SAMPLE" in dom
    assert 8 <= browser.printed_pages(page) <= 40


def test_a_narrow_window_does_not_make_the_page_scroll_sideways(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(render_report(inputs_example()), encoding="utf-8")
    assert browser.width_in(page, window=390) == 390

"""The report in a real browser: it lays out, keeps within the window, and prints."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.plan_examples import inputs_example
from wardcast.pack.report import render_report

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


@pytest.fixture(scope="module")
def browser() -> str:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium or Chrome here to show the report with")
    return found


def run(browser: str, profile: Path, *arguments: str) -> str:
    command = [browser, *OPTIONS, f"--user-data-dir={profile}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def test_a_browser_keeps_the_report_whole_and_prints_it(browser: str, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(render_report(inputs_example(synthetic=True)), encoding="utf-8")
    printed = tmp_path / "report.pdf"

    dom = run(browser, tmp_path / "profile", "--dump-dom", page.as_uri())
    assert dom.count("<svg") == page.read_text(encoding="utf-8").count("<svg")
    assert "SYNTHETIC SAMPLE" in dom

    run(browser, tmp_path / "profile", "--no-pdf-header-footer", f"--print-to-pdf={printed}", page.as_uri())
    content = printed.read_bytes()
    assert content.startswith(b"%PDF")
    assert 8 <= content.count(b"/Type /Page\n") <= 40


def test_a_narrow_window_does_not_make_the_page_scroll_sideways(browser: str, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(render_report(inputs_example()), encoding="utf-8")
    # a phone's width needs a frame: a browser's own window does not get that narrow
    (tmp_path / "frame.html").write_text(
        '<iframe id="f" src="report.html" width="390" height="800"></iframe><p id="w"></p>'
        "<script>f.onload=()=>{w.textContent='width '+f.contentDocument.documentElement.scrollWidth}</script>"
    )
    dom = run(
        browser,
        tmp_path / "profile",
        "--allow-file-access-from-files",
        "--virtual-time-budget=5000",
        "--dump-dom",
        (tmp_path / "frame.html").as_uri(),
    )
    assert "width 390<" in dom

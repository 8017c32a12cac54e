"""A real browser that shows, prints and narrows a page."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

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


def installed_browser() -> str:
    """Return the command of a browser; the test skips where there is none."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium or Chrome here to show the report with")
    return found


@dataclass(frozen=True)
class Browser:
    """A browser with a profile of its own."""

    command: str
    folder: Path

    def dom(self, page: Path, *options: str) -> str:
        """Return the page as the browser holds it."""
        return self._run(*options, "--dump-dom", page.as_uri())

    def printed_pages(self, page: Path) -> int:
        """Print the page and return how many sheets it takes."""
        printed = self.folder / "printed.pdf"
        self._run("--no-pdf-header-footer", f"--print-to-pdf={printed}", page.as_uri())
        content = printed.read_bytes()
        assert content.startswith(b"%PDF")
        return content.count(b"/Type /Page\n")

    def width_in(self, page: Path, *, window: int) -> int:
        """Return how wide the page gets in a window of some width; a frame stands for a phone's narrow window."""
        frame = page.parent / "frame.html"
        frame.write_text(
            f'<iframe id="f" src="{page.name}" width="{window}" height="800"></iframe><p id="w"></p>'
            "<script>f.onload=()=>{w.textContent='width '+f.contentDocument.documentElement.scrollWidth}</script>"
        )
        dom = self.dom(frame, "--allow-file-access-from-files", "--virtual-time-budget=5000")
        return int(dom.split('id="w">width ')[1].split("<")[0])

    def _run(self, *arguments: str) -> str:
        command = [self.command, *OPTIONS, f"--user-data-dir={self.folder / 'profile'}", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout

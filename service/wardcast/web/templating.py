"""Templates of the page, and how they are answered with."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from importlib import resources

from jinja2 import Environment
from starlette.responses import HTMLResponse

from wardcast.pack.templating import environment_of


def page_response(template: str, *, status_code: int = 200, **values: object) -> HTMLResponse:
    """Render a template as a response.

    Args:
        template: File name.
        status_code: HTTP status.
        **values: What the template shows.

    Returns:
        The response.
    """
    return HTMLResponse(_environment().get_template(template).render(**values), status_code=status_code)


def when(moment: datetime) -> str:
    """Write a moment for people, for example `2 April 2025, 09:15 UTC`."""
    utc = moment.astimezone(UTC)
    return f"{utc.day} {utc:%B %Y, %H:%M} UTC"


@cache
def style_sheet() -> str:
    """Return the style sheet of the page: the look it shares with reports, then its own."""
    look = resources.files("wardcast.pack").joinpath("templates/look.css").read_text(encoding="utf-8")
    own = resources.files("wardcast.web").joinpath("templates/page.css").read_text(encoding="utf-8")
    return f"{look}\n{own}"


@cache
def _environment() -> Environment:
    environment = environment_of("wardcast.web")
    environment.filters["when"] = when
    return environment

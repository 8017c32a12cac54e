"""The templates of the pack: everything that is put into them is escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from wardcast.pack.markup import FILTERS


@cache
def template(name: str) -> Template:
    """Return a template of the pack.

    Args:
        name: Its path below `templates`, for example `report.html`.

    Returns:
        The template.
    """
    environment = Environment(
        loader=PackageLoader("wardcast.pack"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    return environment.get_template(name)

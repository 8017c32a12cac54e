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
    return environment_of("wardcast.pack").get_template(name)


def environment_of(package: str) -> Environment:
    """Return the environment of a package's templates, in which a name that is not given is an error.

    Args:
        package: The package, with a folder `templates`.

    Returns:
        The environment, with the filters of the pack.
    """
    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    return environment

"""The area that files are fetched for: London, one of its boroughs, or a local authority of England or Wales."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.panel.places.wards import CITY_OF_LONDON, LONDON, boroughs, find_area, plain_name

_LOCAL_AUTHORITY = re.compile(r"E0[6-8]\d{6}|W06\d{6}")


@dataclass(frozen=True, kw_only=True)
class FetchArea:
    """An area.

    Attributes:
        code: GSS code.
        name: Its name; the code again where wardcast does not know it.
        in_london: Whether it is London or a part of it.
        forces: Police forces of it as data.police.uk names them; empty where they have to be asked for.
    """

    code: str
    name: str
    in_london: bool
    forces: tuple[str, ...]

    @property
    def whole_london(self) -> bool:
        """Whether it is all of London."""
        return self.code == LONDON.code

    def where(self, field: str) -> str:
        """Return the condition that picks the area's rows of an ONS table.

        Args:
            field: Column of local authority codes.

        Returns:
            An SQL condition.
        """
        return f"{field} LIKE 'E09%'" if self.whole_london else f"{field}='{self.code}'"


def fetch_area(text: str) -> FetchArea:
    """Find the area a person means.

    Args:
        text: GSS code of a local authority of England or Wales, a London borough's name, or `London`.

    Returns:
        The area.

    Raises:
        WardcastError: It is none of these.
    """
    found = find_area(text)
    if found is not None and found.code.startswith(("E09", "E12")):
        if found.code == LONDON.code:
            forces: tuple[str, ...] = ("metropolitan", "city-of-london")
        else:
            forces = ("city-of-london",) if found.code == CITY_OF_LONDON else ("metropolitan",)
        return FetchArea(code=found.code, name=found.name, in_london=True, forces=forces)
    code = text.strip().upper()
    if _LOCAL_AUTHORITY.fullmatch(code):
        return FetchArea(code=code, name=found.name if found else code, in_london=False, forces=())
    raise invalid_input(
        f"There is no area {text!r}.",
        Problem(
            where="--area",
            expected="a London borough by code or name, London, or a local authority's GSS code (E06 to E08, W06)",
            found=text,
            mend=f"{_meant(text)} Outside London, give the code: ONS lists it beside the authority's name.",
        ),
    )


def _meant(text: str) -> str:
    """Return the question whether the borough with the nearest name was meant."""
    codes = {**boroughs(), LONDON.name: LONDON.code}
    # people shorten the long names to their first word
    names = {**{plain_name(name).split()[0]: name for name in codes}, **{plain_name(name): name for name in codes}}
    close = get_close_matches(plain_name(text), names, n=1)
    if not close:
        return "Check the spelling."
    name = names[close[0]]
    return f"Did you mean {name} ({codes[name]})?"

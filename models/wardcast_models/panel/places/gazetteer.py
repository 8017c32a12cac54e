"""The gazetteer: every ward that the packaged London ranges or a folder's lookups know, and its local authority."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from wardcast_models.panel.panel import Area
from wardcast_models.panel.parts import LsoaLookup
from wardcast_models.panel.places.wards import VINTAGES, Ward, find_area, plain_name, ward_register


@dataclass(frozen=True, kw_only=True)
class Gazetteer:
    """Known wards.

    Attributes:
        wards: What is known of each ward, by code; area code and name are "" where no file tells them.
        names: Ward names by code, as far as the lookups tell them.
        listed: Codes in the lookups, by ward vintage.
    """

    wards: Mapping[str, Ward]
    names: Mapping[str, str]
    listed: Mapping[str, frozenset[str]]

    def area_code(self, ward_code: str) -> str:
        """Return the GSS code of a ward's local authority, "" where it is not known."""
        return self.wards[ward_code].area_code if ward_code in self.wards else ""

    def area_name(self, ward_code: str) -> str:
        """Return the name of a ward's local authority, "" where it is not known."""
        return self.wards[ward_code].area_name if ward_code in self.wards else ""

    def is_of(self, ward_code: str, vintage: str) -> bool:
        """Tell whether a ward code is in use in a vintage."""
        known = self.wards.get(ward_code)
        return ward_code in self.listed.get(vintage, ()) or (known is not None and vintage in known.vintages)

    def vintages_of(self, ward_codes: Iterable[str]) -> frozenset[str]:
        """Return the vintages in which every one of some ward codes is in use."""
        shared: frozenset[str] | None = None
        for code in ward_codes:
            known = self.wards.get(code)
            vintages = frozenset(vintage for vintage, codes in self.listed.items() if code in codes)
            vintages |= known.vintages if known is not None else frozenset()
            shared = vintages if shared is None else shared & vintages
        return shared or frozenset()

    def wards_of(self, area_code: str, vintage: str) -> tuple[str, ...]:
        """Return the codes of a local authority's wards of one vintage, sorted; empty where none is known."""
        return self._members.get((area_code, vintage), ())

    @cached_property
    def vintages(self) -> tuple[str, ...]:
        """Every ward vintage of which a ward is known, newest first."""
        return tuple(sorted({*VINTAGES, *self.listed}, key=lambda vintage: int(vintage[2:]), reverse=True))

    @cached_property
    def _members(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """Wards by local authority and vintage."""
        members: dict[tuple[str, str], list[str]] = {}
        for code in sorted(self.wards):
            for vintage in self.vintages_of([code]):
                members.setdefault((self.wards[code].area_code, vintage), []).append(code)
        return {key: tuple(codes) for key, codes in members.items()}

    @cached_property
    def areas(self) -> dict[str, str]:
        """GSS code of each known local authority, by name."""
        return {ward.area_name: ward.area_code for ward in self.wards.values() if ward.area_code and ward.area_name}

    def find(self, text: str) -> Area | None:
        """Find the area a person means.

        Args:
            text: GSS code of a local authority or its exact name, in any case, or `London`.

        Returns:
            The area without its wards, or None where nothing known has that name or code.
        """
        wanted = plain_name(text)
        for name, code in self.areas.items():
            if wanted in {plain_name(name), code.casefold()}:
                return Area(code=code, name=name, ward_codes=())
        return find_area(text)


def gazetteer(lookups: Sequence[LsoaLookup]) -> Gazetteer:
    """Make a gazetteer of the packaged London wards and those that lookups list.

    What is packaged goes before what a lookup says, and a newer lookup before an older one.

    Args:
        lookups: Lookups from small areas to wards.

    Returns:
        The gazetteer.
    """
    wards: dict[str, Ward] = {}
    names: dict[str, str] = {}
    listed: dict[str, set[str]] = {}
    for lookup in sorted(lookups, key=lambda lookup: (lookup.ward_year, lookup.lsoa_year, lookup.file)):
        vintage = f"WD{lookup.ward_year}"
        listed.setdefault(vintage, set()).update(lookup.frame["ward_code"])
        columns = ["ward_code", "ward_name", "area_code", "area_name"]
        for code, ward_name, area_code, area_name in lookup.wards[columns].itertuples(index=False):
            if ward_name:
                names[code] = ward_name
            if area_code or code not in wards:
                wards[code] = Ward(
                    code=code, area_code=area_code, area_name=area_name or area_code, vintages=frozenset({vintage})
                )
    return Gazetteer(
        wards={**wards, **ward_register()},
        names=names,
        listed={vintage: frozenset(codes) for vintage, codes in listed.items()},
    )

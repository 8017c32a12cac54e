"""Headers that spell a documented layout's columns another way: `Ward Code` or `ward-code` for `ward_code`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wardcast_models.panel.mapping import ColumnMapping, NamedMapping
from wardcast_models.panel.readers import LAYOUTS
from wardcast_models.panel.readers.reader import HasColumns
from wardcast_models.panel.sources.source import SourceFile

_BETWEEN_WORDS = re.compile(r"[\s_.-]+")


@dataclass(frozen=True, kw_only=True)
class Spelling(NamedMapping):
    """The mapping that a header tells by itself."""

    @property
    def told_by(self) -> str:
        """What the mapping comes from."""
        return "the names of its columns"


def spelling_of(source: SourceFile) -> Spelling | None:
    """Return how a header would spell a documented layout, were spaces, dots and hyphens underscores.

    Args:
        source: A file that no reader recognises as it stands.

    Returns:
        The mapping to the first layout whose columns it then has, or None where there is none, or where two of its
        columns would have one name.
    """
    spelt = {_BETWEEN_WORDS.sub("_", name.lower()): name for name in source.header if name}
    if len(spelt) < sum(map(bool, source.header)):
        return None
    for layout, reader in LAYOUTS.items():
        if isinstance(reader.recognises, HasColumns) and not reader.recognises.missing(spelt):
            others = {told: written for told, written in spelt.items() if told != written.lower()}
            mapping = ColumnMapping(match=list(spelt.values()), layout=layout, columns=others)
            return Spelling(file=source.name, where=source.name, mapping=mapping)
    return None

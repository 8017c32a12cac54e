"""YAML without what hides a document's content: repeated keys, merged keys, references that swell."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml

MOST_VALUES = 100_000
"""Names and values of the largest document that has references, with all of them written out."""

_MERGE = "tag:yaml.org,2002:merge"


class StrictLoader(yaml.SafeLoader):
    """A safe loader that refuses what hides a document's content: repeated keys, merged keys and swelling references.

    YAML would silently drop a key given twice. Keys merged with `<<`, and references (`*name`) to parts that hold
    references themselves, let a few lines stand for millions of values.
    """

    def get_single_node(self) -> yaml.Node | None:
        """Compose the document, refusing one that is too large once every reference is written out."""
        node: yaml.Node | None = super().get_single_node()
        if node is not None:
            _refuse_if_swollen(node)
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Build a mapping, refusing a repeated key."""
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if key.tag == _MERGE:
                problem = "keys merged with `<<`; write them out"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key `{name}` twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


def _refuse_if_swollen(document: yaml.Node) -> None:
    """Refuse a document that stands for more than `MOST_VALUES` values through references.

    Each part is counted once and its count used wherever it is referred to, so the check takes no longer than reading.
    """
    counts: dict[yaml.Node, int] = {}

    def count(node: yaml.Node) -> int:
        if node not in counts:
            counts[node] = MOST_VALUES + 1  # until it is counted: only a part that refers to itself meets this
            counts[node] = 1 + sum(count(part) for part in _parts(node))
        return counts[node]

    written_out = count(document)
    if written_out > max(MOST_VALUES, len(counts)):  # a form without any reference stands for what it holds
        problem = f"more than {MOST_VALUES:,} values once every reference (`*name`) is written out"
        raise yaml.constructor.ConstructorError(None, None, problem, document.start_mark)


def _parts(node: yaml.Node) -> list[yaml.Node]:
    """Return the parts of a list, or the names and values of a mapping; a single value has none."""
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return node.value if isinstance(node, yaml.SequenceNode) else []

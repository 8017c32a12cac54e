"""The examples in docs/files.md are what the readers take."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wardcast_models.panel.mapping import read_mappings
from wardcast_models.panel.readers import LAYOUTS
from wardcast_models.panel.sources.source import SourceFile

_PAGE = (Path(__file__).parents[1] / "docs" / "files.md").read_text(encoding="utf-8")
_BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", _PAGE, flags=re.DOTALL | re.MULTILINE)
_LOGS = [content for kind, content in _BLOCKS if not kind and content.startswith("log,")]
_MAPPINGS = [content for kind, content in _BLOCKS if kind == "yaml"]


def test_the_page_shows_a_log_of_reports_one_of_counts_and_a_mapping() -> None:
    assert len(_LOGS) == 2
    assert len(_MAPPINGS) == 1


@pytest.mark.parametrize("content", _LOGS)
def test_a_council_log_as_shown_is_recognised_and_read(content: str) -> None:
    log = SourceFile(name="log.csv", content=content.encode())
    assert LAYOUTS["council_log"].recognises(log)
    assert LAYOUTS["council_log"].read(log)


@pytest.mark.parametrize("content", _MAPPINGS)
def test_a_column_mapping_as_shown_is_read(content: str, tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(content, encoding="utf-8")
    assert [named.mapping.layout for named in read_mappings(path)] == ["council_log", "council_log"]

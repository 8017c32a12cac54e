"""Runs the command line in this process, as a user would type it."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from wardcast.cli.main import run


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    exit_code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON document on standard output."""
        return json.loads(self.out)


@dataclass(frozen=True)
class CommandLine:
    """The `wardcast` command with a home of its own."""

    home: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str | Path) -> Done:
        """Run one command."""
        self.monkeypatch.setenv("WARDCAST_HOME", str(self.home))
        self.monkeypatch.setattr(sys, "argv", ["wardcast", *(str(argument) for argument in arguments)])
        with pytest.raises(SystemExit) as ended:
            run()
        captured = self.capsys.readouterr()
        return Done(exit_code=int(ended.value.code or 0), out=captured.out, err=captured.err)

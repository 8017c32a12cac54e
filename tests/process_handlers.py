"""Handlers that behave in ways only a process can; they import little, so that workers start quickly."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from threading import Event

from wardcast.jobs.handlers import Handler
from wardcast.settings import Settings
from wardcast.store.identifiers import resource_name
from wardcast.store.records import OperationRecord
from wardcast_models.progress import Progress


def until_file(operation: OperationRecord, progress: Progress) -> str:
    """Work until a file exists, telling progress all the while; note its process id beside it."""
    Path(operation.payload["file"] + ".pid").write_text(str(os.getpid()))
    while not Path(operation.payload["file"]).exists():
        progress(0.25, "waiting for the file")
        Event().wait(0.02)
    return resource_name("E09000002", "models", "1")


def killed_once(operation: OperationRecord, progress: Progress) -> str:
    """Die without a word on the first attempt, as when memory runs out."""
    marker = Path(operation.payload["file"])
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return resource_name("E09000002", "models", "1")


def make_handlers(settings: Settings) -> dict[str, Handler]:
    """Return the handlers; they work on files only."""
    return {"until_file": until_file, "killed_once": killed_once}

"""Handlers that behave in ways only a process can; they import little, so that workers start quickly."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from threading import Event
from typing import Any

from wardcast.store.identifiers import resource_name
from wardcast_models.progress import Progress


def until_file(payload: dict[str, Any], progress: Progress) -> str:
    """Work until a file exists, telling progress all the while; note its process id beside it."""
    Path(payload["file"] + ".pid").write_text(str(os.getpid()))
    while not Path(payload["file"]).exists():
        progress(0.25, "waiting for the file")
        Event().wait(0.02)
    return resource_name("E09000002", "models", "1")


def killed_once(payload: dict[str, Any], progress: Progress) -> str:
    """Die without a word on the first attempt, as when memory runs out."""
    marker = Path(payload["file"])
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return resource_name("E09000002", "models", "1")


HANDLERS = {"until_file": until_file, "killed_once": killed_once}

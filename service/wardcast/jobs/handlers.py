"""What does the work: functions found by a dotted path, so that a worker process can import them for itself."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.progress import Progress

Handler = Callable[[dict[str, Any], Progress], str]
"""Does one operation: takes its payload, tells its progress, returns the resource name of the result."""


def load_handlers(path: str) -> Mapping[str, Handler]:
    """Import the handlers.

    Args:
        path: Module and name, for example `wardcast.app.handlers:HANDLERS`.

    Returns:
        Handler by kind of operation.

    Raises:
        WardcastError: Nothing of that kind is there.
    """
    module_name, _, attribute = path.partition(":")
    try:
        handlers = getattr(importlib.import_module(module_name), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise WardcastError(ErrorKind.INTERNAL, f"No handlers at {path}: {error}") from error
    if not isinstance(handlers, Mapping):
        raise WardcastError(ErrorKind.INTERNAL, f"{path} is not a mapping of handlers.")
    return handlers

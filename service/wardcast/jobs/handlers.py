"""What does the work: functions made by a factory found by a dotted path, so that worker processes can import it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping

from wardcast.settings import Settings
from wardcast.store.records import OperationRecord
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.progress import Progress

Handler = Callable[[OperationRecord, Progress], str]
"""Does one operation: takes it, tells its progress, returns the resource name of the result.

An operation may be taken up again after its result was stored, so a handler names what it makes after the operation
(`wardcast.store.identifiers.same_id`) and returns what is stored under that name where there is something.
"""


def load_handlers(path: str, settings: Settings) -> Mapping[str, Handler]:
    """Import a factory of handlers and have them made.

    Args:
        path: Module and name of a function from settings to handler by kind of operation, for example
            `wardcast.app.handlers:make_handlers`.
        settings: Where the handlers work.

    Returns:
        Handler by kind of operation.

    Raises:
        WardcastError: Nothing of that kind is there.
    """
    module_name, _, attribute = path.partition(":")
    try:
        make_handlers = getattr(importlib.import_module(module_name), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise WardcastError(ErrorKind.INTERNAL, f"No handlers at {path}: {error}") from error
    handlers = make_handlers(settings) if callable(make_handlers) else None
    if not isinstance(handlers, Mapping):
        raise WardcastError(ErrorKind.INTERNAL, f"{path} does not make a mapping of handlers.")
    return handlers

"""Prophet, imported when first needed and made quiet."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any


@cache
def prophet_class() -> Any:
    """Import Prophet when first needed (it takes seconds), with its chatter and its engine's turned off."""
    for name in ("prophet", "prophet.plot", "cmdstanpy"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL)
        logger.propagate = False
        logger.addHandler(logging.NullHandler())
    from prophet import Prophet  # noqa: PLC0415 - slow to import, so only when a model is fitted

    return Prophet

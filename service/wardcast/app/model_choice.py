"""What a caller may name as a model, checked before any work is done for it."""

from __future__ import annotations

from wardcast.tracking.model_record import ALIASES


def check_model(model: str | None, *, where: str) -> None:
    """Refuse a model that no release of this code could find, whatever the data.

    Whether an area has a champion or challenger only its models tell, later.

    Args:
        model: Forecaster, `champion` or `challenger`; None where none is named.
        where: Option or field that names it, for the error.

    Raises:
        WardcastError: There is no such forecaster; a name close to it is suggested.
    """
    if model is None or model in ALIASES:
        return
    from wardcast_models.forecasting.registry import forecaster  # noqa: PLC0415 - takes a second to import

    forecaster(model, where=where)

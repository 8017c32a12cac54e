"""Forecasts and their values, to messages and back."""

from __future__ import annotations

import pandas as pd

from wardcast.api.messages import enum_number, enum_text
from wardcast.api.times import from_timestamp, to_timestamp
from wardcast.store.identifiers import parse_resource_name, resource_name
from wardcast.store.records import ForecastRecord
from wardcast.v1.forecast_pb2 import Forecast, ForecastParts, ForecastValue, SeriesStatus
from wardcast_models.forecasting.expectation import COMPONENTS

_STATUS = SeriesStatus.DESCRIPTOR
COLUMNS = tuple(field.name for field in ForecastValue.DESCRIPTOR.fields if field.name != "parts")
"""Columns of the forecast file, in its order."""


def forecast_to_message(record: ForecastRecord) -> Forecast:
    """Return the message of a forecast.

    Args:
        record: The forecast.

    Returns:
        The message.
    """
    return Forecast(
        name=record.name,
        dataset=resource_name(record.area_code, "datasets", record.dataset_id),
        until=f"{record.until:%Y-%m}",
        horizon_months=record.horizon_months,
        model=record.model,
        scenario=record.scenario,
        seed=record.seed,
        n_paths=record.n_paths,
        run_id=record.run_id,
        model_version=record.model_version,
        create_time=to_timestamp(record.created_at),
    )


def forecast_from_message(message: Forecast) -> ForecastRecord:
    """Return the forecast of a message.

    Args:
        message: The message.

    Returns:
        The forecast, without its artefact.
    """
    area_code, forecast_id = parse_resource_name(message.name, "forecasts")
    return ForecastRecord(
        forecast_id=forecast_id,
        area_code=area_code,
        dataset_id=parse_resource_name(message.dataset, "datasets")[1],
        until=pd.Timestamp(message.until),
        horizon_months=message.horizon_months,
        model=message.model,
        scenario=message.scenario,
        seed=message.seed,
        n_paths=message.n_paths,
        run_id=message.run_id,
        model_version=message.model_version,
        created_at=from_timestamp(message.create_time),
    )


def values_to_messages(frame: pd.DataFrame) -> list[ForecastValue]:
    """Return the messages of a forecast's values.

    Args:
        frame: Rows of the forecast file, and beside them the columns `expectation.COMPONENTS`.

    Returns:
        One message a row.
    """
    status = {text: enum_number(_STATUS, text) for text in frame["status"].unique()}
    rows = frame.assign(status=frame["status"].map(status))[list(COLUMNS)].to_dict("records")
    parts = [ForecastParts(**dict(zip(COMPONENTS, row, strict=True))) for row in frame[list(COMPONENTS)].to_numpy()]
    return [
        ForecastValue(**{str(name): value for name, value in row.items()}, parts=part)
        for row, part in zip(rows, parts, strict=True)
    ]


def values_from_messages(messages: list[ForecastValue]) -> pd.DataFrame:
    """Return the values of messages.

    Args:
        messages: One a row.

    Returns:
        Rows of the forecast file, in its columns.
    """
    rows = [[getattr(message, name) for name in COLUMNS] for message in messages]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.assign(status=[enum_text(_STATUS, number) for number in frame["status"]])


def parts_from_messages(messages: list[ForecastValue]) -> pd.DataFrame:
    """Return what the means of messages are made of.

    Args:
        messages: One a row.

    Returns:
        The columns of `Forecast.decomposition_frame`, in its order.
    """
    values = [[getattr(message.parts, name) for name in COMPONENTS] for message in messages]
    parts = pd.DataFrame(values, columns=list(COMPONENTS), dtype=float)
    return pd.concat([_keys(messages), parts.assign(expected=parts.sum(axis=1))], axis=1)


def _keys(messages: list[ForecastValue]) -> pd.DataFrame:
    """Return place, kind of crime and month start of each message."""
    rows = [(message.ward_code, message.category, message.month) for message in messages]
    keys = pd.DataFrame(rows, columns=["ward_code", "category", "month"])
    return keys.assign(month=pd.to_datetime(keys["month"], format="%Y-%m"))

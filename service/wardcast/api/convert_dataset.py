"""Datasets and their findings, to messages and back."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from wardcast.api.messages import fill, read
from wardcast.api.times import from_timestamp, to_timestamp
from wardcast.store.identifiers import parse_resource_name
from wardcast.store.records import DatasetRecord
from wardcast.v1.dataset_pb2 import Dataset
from wardcast_models.panel.findings import Finding, FindingKind


def dataset_to_message(record: DatasetRecord) -> Dataset:
    """Return the message of a dataset.

    Args:
        record: The dataset.

    Returns:
        The message.
    """
    message = Dataset(
        name=record.name,
        area_code=record.area_code,
        area_name=record.area_name,
        vintage=record.vintage,
        first_month=f"{record.first_month:%Y-%m}",
        last_month=f"{record.last_month:%Y-%m}",
        n_wards=record.n_wards,
        categories=record.categories,
        synthetic=record.synthetic,
        digest=record.digest,
        create_time=to_timestamp(record.created_at),
    )
    for finding in record.findings:
        fill(message.findings.add(), asdict(finding))
    return message


def dataset_from_message(message: Dataset) -> DatasetRecord:
    """Return the dataset of a message.

    Args:
        message: The message.

    Returns:
        The dataset, without its artefact.
    """
    _, dataset_id = parse_resource_name(message.name, "datasets")
    findings = (read(finding) for finding in message.findings)
    return DatasetRecord(
        dataset_id=dataset_id,
        area_code=message.area_code,
        area_name=message.area_name,
        vintage=message.vintage,
        first_month=pd.Timestamp(message.first_month),
        last_month=pd.Timestamp(message.last_month),
        n_wards=message.n_wards,
        categories=tuple(message.categories),
        synthetic=message.synthetic,
        digest=message.digest,
        findings=tuple(Finding(**{**finding, "kind": FindingKind(finding["kind"])}) for finding in findings),
        created_at=from_timestamp(message.create_time),
    )

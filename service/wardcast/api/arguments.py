"""Checks of call arguments that are the same for several methods."""

from __future__ import annotations

import asyncio

from wardcast.app.model_choice import check_model
from wardcast.store.identifiers import parse_parent, parse_resource_name
from wardcast.store.records import DatasetRecord
from wardcast.store.store import Store
from wardcast_models.errors import Problem, invalid_input

LONGEST_TEXT = 200
"""Most characters of a short text argument."""


async def dataset_of(store: Store, *, parent: str, dataset: str, where: str) -> DatasetRecord:
    """Return the dataset that work is asked for on.

    Args:
        store: Where it is kept.
        parent: `areas/{area}` that the result is to belong to.
        dataset: Resource name of the dataset.
        where: Field that names it, for errors.

    Returns:
        The dataset.

    Raises:
        WardcastError: A name is wrong, the dataset is another area's, or there is none.
    """
    area_code = parse_parent(parent)
    dataset_area, dataset_id = parse_resource_name(dataset, "datasets", where=where)
    if dataset_area != area_code:
        raise invalid_input(
            "The dataset belongs to another area.",
            Problem(where=where, expected=f"a dataset of {parent}", found=dataset, mend="Make both the same area."),
        )
    return await asyncio.to_thread(store.datasets.get, dataset_id, area_code=area_code)


def checked_count(value: int, *, where: str, least: int, most: int) -> int:
    """Check a whole number.

    Args:
        value: The number.
        where: Field it came from, for the error.
        least: Least allowed.
        most: Most allowed.

    Returns:
        The number.

    Raises:
        WardcastError: It is out of range.
    """
    if not least <= value <= most:
        raise invalid_input(
            f"{where} is out of range.",
            Problem(where=where, expected=f"{least} to {most}", found=str(value), mend="Choose a number in the range."),
        )
    return value


def checked_text(text: str, *, where: str, required: bool = False) -> str:
    """Check a short text.

    Args:
        text: The text.
        where: Field it came from, for the error.
        required: Refuse an empty one.

    Returns:
        The text.

    Raises:
        WardcastError: It is too long or, where required, empty.
    """
    if len(text) > LONGEST_TEXT or (required and not text.strip()):
        raise invalid_input(
            f"{where} is {'empty' if not text.strip() else 'too long'}.",
            Problem(
                where=where,
                expected=f"{1 if required else 0} to {LONGEST_TEXT} characters",
                found=f"{len(text)} characters",
                mend="Correct the field.",
            ),
        )
    return text


async def checked_model(text: str, *, where: str) -> str | None:
    """Check the name of a model.

    Args:
        text: Forecaster, `champion` or `challenger`; empty for the default.
        where: Field it came from, for the error.

    Returns:
        The name, None where it is empty.

    Raises:
        WardcastError: It is too long, or there is no such forecaster.
    """
    name = checked_text(text, where=where) or None
    await asyncio.to_thread(check_model, name, where=where)
    return name

"""What an hour of each resource delivers and does: from the request, else from the packaged library."""

from __future__ import annotations

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.request.resource import Resource
from wardcast_models.reference.response_library import delivery_rate, effectiveness, resource_types
from wardcast_models.reference.taxonomy import ASB, COUNCIL_ASB, asb_aim


def delivered_share(resource: Resource) -> float:
    """Return the share of planned hours that a resource delivers.

    Args:
        resource: The resource.

    Returns:
        The request's rate, else the library's.
    """
    return delivery_rate(resource.type)[0] if resource.delivery_rate is None else resource.delivery_rate


def is_enforcement(resource: Resource) -> bool:
    """Tell whether a resource's hours are felt as enforcement.

    Args:
        resource: The resource.

    Returns:
        The request's word, else the library's.
    """
    return resource_types()[resource.type].enforcement if resource.enforcement is None else resource.enforcement


def effect_per_hour(resource: Resource, categories: tuple[str, ...]) -> Array:
    """Return what a planned hour does to each category.

    Args:
        resource: The resource.
        categories: Analysis category ids; length C.

    Returns:
        Effective delivered hours per planned hour, shape (C,); 1 is a delivered hour of police patrol.
    """
    library = effectiveness(resource.type)
    given = dict(resource.effectiveness)
    if asb_aim(categories) == COUNCIL_ASB and ASB in given:
        given.setdefault(COUNCIL_ASB, given[ASB])  # where the council's log stands in for the police's counts
    relative = [given.get(category, library[category]) for category in categories]
    return delivered_share(resource) * np.array(relative)

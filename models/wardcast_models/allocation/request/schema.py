"""The published JSON Schema of a request, for editors that complete and check a file while it is written."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from wardcast_models.allocation.request.names import EVERY_CATEGORY
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.reference.response_library import resource_types
from wardcast_models.reference.taxonomy import priorities, taxonomy


def request_schema() -> dict[str, Any]:
    """Return the JSON Schema of a request, draft 2020-12.

    It refuses unknown keys at every level and names of categories, priorities and kinds of team that are not
    packaged. What only other fields can tell, such as the name of a shift, is checked when the file is read.

    Returns:
        A JSON-ready document.
    """
    schema = PlanRequest.model_json_schema()
    parts = {name: part["properties"] for name, part in schema["$defs"].items()}
    resource, objective = parts["Resource"], parts["Objective"]
    resource["type"]["enum"] = list(resource_types())
    del resource["agency"]["default"]  # it depends on the type
    parts["ShiftShares"]["category"]["enum"] = [*taxonomy(), EVERY_CATEGORY]
    for by_category in (resource["effectiveness"], objective["harm_weights"]):
        by_category["propertyNames"] = {"enum": list(taxonomy())}
    objective["priority_weights"]["propertyNames"] = {"enum": list(priorities())}
    head = {
        "$schema": GenerateJsonSchema.schema_dialect,
        "title": "wardcast plan request",
        "description": "What `wardcast plan --request FILE.yaml` is asked for; only `resources` is required.",
    }
    return {**head, **{key: part for key, part in schema.items() if key not in head}}

"""What the API asks of the model registry, so that it can be served without one in tests."""

from __future__ import annotations

from typing import Protocol

from wardcast.app.workspace import Workspace
from wardcast.tracking.model_record import ModelRecord
from wardcast_models.errors import ErrorKind, Problem, WardcastError


class ModelRegistry(Protocol):
    """Registered versions of an area's models."""

    def versions(self, area_code: str) -> list[ModelRecord]:
        """Return an area's versions, newest first.

        Args:
            area_code: GSS code.
        """
        ...

    def promote(self, area_code: str, version: int, alias: str) -> ModelRecord:
        """Point an alias at a version and return the version.

        Args:
            area_code: GSS code.
            version: Version, counted from 1.
            alias: `champion` or `challenger`.
        """
        ...


class WorkspaceModels:
    """The registry of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def versions(self, area_code: str) -> list[ModelRecord]:
        """Return an area's versions, newest first.

        Args:
            area_code: GSS code.

        Returns:
            The versions.
        """
        from wardcast.app.models import models_of  # noqa: PLC0415 - imports mlflow, which takes seconds

        return models_of(self._workspace, area_code)

    def promote(self, area_code: str, version: int, alias: str) -> ModelRecord:
        """Point an alias at a version and return the version.

        Args:
            area_code: GSS code.
            version: Version, counted from 1.
            alias: `champion` or `challenger`.

        Returns:
            The version.

        Raises:
            WardcastError: No such version or alias.
        """
        from wardcast.app.models import promote  # noqa: PLC0415 - imports mlflow, which takes seconds

        return promote(self._workspace, area_code, version, alias=alias)


def version_of(identifier: str) -> int:
    """Return the version that a model's id is.

    Args:
        identifier: Last part of its resource name.

    Returns:
        The version.

    Raises:
        WardcastError: It is no version, so there is no such model.
    """
    if identifier.isascii() and identifier.isdigit():
        return int(identifier)
    raise _no_version(identifier)


def find_version(registry: ModelRegistry, area_code: str, version: int) -> ModelRecord:
    """Return one version.

    Args:
        registry: Where it is registered.
        area_code: GSS code.
        version: Version, counted from 1.

    Returns:
        The version.

    Raises:
        WardcastError: There is no such version.
    """
    for record in registry.versions(area_code):
        if record.version == version:
            return record
    raise _no_version(str(version))


def _no_version(found: str) -> WardcastError:
    return WardcastError(
        ErrorKind.NOT_FOUND,
        f"There is no model version {found}.",
        [
            Problem(
                where="name",
                expected="a registered version",
                found=found,
                mend="List the models and take one of those names.",
            )
        ],
    )

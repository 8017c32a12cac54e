"""What the API asks of the model registry, so that it can be served without one in tests."""

from __future__ import annotations

from typing import Protocol

from wardcast.app.workspace import Workspace
from wardcast.tracking.model_record import ModelRecord


class ModelRegistry(Protocol):
    """Registered versions of an area's models."""

    def versions(self, area_code: str) -> list[ModelRecord]:
        """Return an area's versions, newest first.

        Args:
            area_code: GSS code.
        """
        ...

    def promote(self, area_code: str, version: int, alias: str, *, without_gate_reason: str = "") -> ModelRecord:
        """Point an alias at a version and return the version.

        Args:
            area_code: GSS code.
            version: Version, counted from 1.
            alias: `champion` or `challenger`.
            without_gate_reason: Why the version is to be the champion without the gate's consent; empty asks for it.
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

    def promote(self, area_code: str, version: int, alias: str, *, without_gate_reason: str = "") -> ModelRecord:
        """Point an alias at a version and return the version.

        Args:
            area_code: GSS code.
            version: Version, counted from 1.
            alias: `champion` or `challenger`.
            without_gate_reason: Why the version is to be the champion without the gate's consent; empty asks for it.

        Returns:
            The version.

        Raises:
            WardcastError: No such version or alias, or the gate has not consented.
        """
        from wardcast.app.promotion import promote  # noqa: PLC0415 - imports mlflow, which takes seconds

        return promote(self._workspace, area_code, version, alias=alias, without_gate_reason=without_gate_reason)

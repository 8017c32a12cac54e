"""The gRPC server within the test's own process, its work done by stand-ins (`service_process` starts the real one)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.record_examples import AREA, model_example
from wardcast.api.models import ModelRegistry, WorkspaceModels
from wardcast.api.server import serve_grpc
from wardcast.app.workspace import Workspace
from wardcast.jobs.supervisor import WorkerPool
from wardcast.settings import Settings
from wardcast.tracking.model_record import ModelRecord
from wardcast_models.errors import ErrorKind, WardcastError


class RememberedModels:
    """A model registry that holds two versions in memory."""

    def __init__(self) -> None:
        self._versions = {1: model_example(1, aliases=("champion",)), 2: model_example(2)}

    def versions(self, area_code: str) -> list[ModelRecord]:
        """Return the versions of the one area there is."""
        return sorted(self._versions.values(), key=lambda record: -record.version) if area_code == AREA else []

    def promote(self, area_code: str, version: int, alias: str, *, without_gate_reason: str = "") -> ModelRecord:
        """Move an alias, without asking any gate."""
        if area_code != AREA or version not in self._versions:
            raise WardcastError(ErrorKind.NOT_FOUND, f"There is no version {version}.")
        for number, record in self._versions.items():
            others = tuple(name for name in record.aliases if name != alias)
            self._versions[number] = replace(record, aliases=(*others, alias) if number == version else others)
        self._versions[version] = replace(self._versions[version], without_gate_reason=without_gate_reason)
        return self._versions[version]


@dataclass(frozen=True)
class InProcessService:
    """A server in this process: its address, and what it serves."""

    grpc_address: str
    workspace: Workspace


@contextmanager
def in_process_service(
    home: Path, *, processes: int = 1, real: bool = False, **settings: object
) -> Iterator[InProcessService]:
    """Serve while the context lasts; `processes` 0: nothing does the work; `real`: no stand-in does it."""
    workspace = Workspace.open(Settings(home=home, **{"grpc_port": 0, "shutdown_grace_seconds": 1, **settings}))
    pool = WorkerPool(
        workspace.queue,
        workspace.settings,
        handlers_path="wardcast.app.handlers:make_handlers" if real else "tests.fake_handlers:make_handlers",
        processes=processes,
    )
    pool.start()
    try:
        with _serving(workspace, WorkspaceModels(workspace) if real else RememberedModels()) as grpc_address:
            yield InProcessService(grpc_address, workspace)
    finally:
        pool.stop()
        workspace.store.close()


@contextmanager
def _serving(workspace: Workspace, models: ModelRegistry) -> Iterator[str]:
    loop = asyncio.new_event_loop()
    address: list[str] = []
    ready = threading.Event()
    ended = asyncio.Event()

    async def serve() -> None:
        async with serve_grpc(workspace, models=models) as target:
            address.append(target)
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    try:
        assert ready.wait(30), "the service did not start"
        yield address[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(30)
        loop.close()

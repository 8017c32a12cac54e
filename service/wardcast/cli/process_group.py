"""Everything that `wardcast serve` runs, started and ended in order."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from wardcast.api.server import serve_grpc
from wardcast.app.workspace import Workspace
from wardcast.jobs.supervisor import WorkerPool
from wardcast.web.page import create_page
from wardcast_models.errors import ErrorKind, Problem, WardcastError


class _Page(uvicorn.Server):
    """The page's server, which leaves signals to the process group."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


async def serve_all(workspace: Workspace, say: Callable[[str], None]) -> None:
    """Serve gRPC and the page, and keep the workers running, until SIGINT or SIGTERM.

    Args:
        workspace: What is served; its settings name the addresses.
        say: Told the addresses once they answer.

    Raises:
        WardcastError: An address is taken.
    """
    settings = workspace.settings
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    # MLflow's tables have to be there before worker processes use them side by side.
    await asyncio.to_thread(lambda: workspace.tracker)
    pool = WorkerPool(
        workspace.queue,
        settings,
        handlers_path="wardcast.app.handlers:make_handlers",
    )
    application = create_page(workspace.store, hosts=settings.page_hosts)
    page = _Page(uvicorn.Config(application, log_level="warning", lifespan="off"))
    page_socket = _listen(settings.page_host, settings.page_port)
    try:
        async with serve_grpc(workspace) as grpc_address:
            pool.start()
            serving = asyncio.create_task(page.serve(sockets=[page_socket]))
            say(f"gRPC    {grpc_address}")
            say(f"page    http://{settings.page_host}:{page_socket.getsockname()[1]}/")
            say("ctrl-C ends it.")
            await ended.wait()
            page.should_exit = True
            await serving
    finally:
        await asyncio.to_thread(pool.stop)
        page_socket.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise WardcastError(
            ErrorKind.CONFLICT,
            f"The page cannot listen on {host}:{port}.",
            [
                Problem(
                    where="WARDCAST_PAGE_PORT",
                    expected="a free port of this machine",
                    found=f"{host}:{port} ({error.strerror})",
                    mend="End what listens there, or choose another port; 0 takes any free one.",
                )
            ],
        ) from error

"""`wardcast serve` as a process of its own, on free loopback ports (`in_process_service` serves stand-ins)."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

_START_SECONDS = 90.0


@dataclass(frozen=True)
class ServiceProcess:
    """A running `wardcast serve`: its process and its addresses."""

    process: subprocess.Popen[str]
    grpc_address: str
    page_address: str

    def interrupt(self) -> int:
        """Press ctrl-C; return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


@contextmanager
def service_process(home: Path, *arguments: str) -> Iterator[ServiceProcess]:
    """Start the service and wait until it has said its addresses; it is ended with the context."""
    ports = {"WARDCAST_GRPC_PORT": "0", "WARDCAST_PAGE_PORT": "0"}
    process = subprocess.Popen(
        [sys.executable, "-m", "wardcast.cli.main", "serve", *arguments],
        env={**os.environ, **ports, "WARDCAST_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    watchdog = Timer(_START_SECONDS, process.kill)
    watchdog.start()
    try:
        said = ""
        assert process.stdout is not None
        for line in process.stdout:
            said += line
            if "ctrl-C" in line:
                break
        watchdog.cancel()
        grpc = re.search(r"^gRPC +(\S+)", said, re.MULTILINE)
        page = re.search(r"^page +(\S+)", said, re.MULTILINE)
        assert grpc and page, f"the service did not start: {said}"
        yield ServiceProcess(process, grpc[1], page[1])
    finally:
        watchdog.cancel()
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.stdout is not None:
            process.stdout.close()

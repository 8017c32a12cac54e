"""What the tests of the fan-out run in workers; it imports little, so that workers start quickly."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

import numpy as np
from threadpoolctl import threadpool_info

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.fan_out import FanOut


class Heavy:
    """Eight megabytes, and a note in a folder every time that they arrive in a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.values = np.ones(1_000_000)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        (self.folder / f"{os.getpid()} {uuid4().hex}").touch()


def square(shared: object, number: int) -> int:
    return number * number


def sum_of(heavy: Heavy, number: int) -> float:
    return float(heavy.values[:number].sum())


def process_id(shared: object, item: object) -> int:
    return os.getpid()


def thread_counts(shared: object, item: object) -> list[int]:
    return [library["num_threads"] for library in threadpool_info()]


def process_ids_of_inner(shared: object, item: int) -> tuple[int, list[int]]:
    return os.getpid(), FanOut(workers=2).map(process_id, range(3))


def names_in(heavy: Heavy, folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def refuse_number_1(shared: object, number: int) -> int:
    if number == 1:
        problem = Problem(where="row 3", expected="a ward", found="nothing", mend="Name one.")
        raise invalid_input("The ward is missing.", problem)
    return number


def die_once_at_number_1(folder: Path, number: int) -> int:
    """Die without a word the first time, as when memory runs out."""
    if number == 1 and not (folder / "died").exists():
        (folder / "died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_at_number_1(shared: object, number: int) -> int:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def kill_all_once(shared: tuple[Path, list[int]], number: int) -> int:
    """Kill every worker at number 1, the first time."""
    folder, workers = shared
    if number == 1 and not (folder / "killed").exists():
        (folder / "killed").touch()
        for worker in set(workers) - {os.getpid()}:
            os.kill(worker, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def only_number_0_ends(shared: object, number: int) -> int:
    """Tell the process on the standard output; the other numbers go on for ever."""
    os.write(1, f"{os.getpid()}\n".encode())  # one write, which no other process can write into
    while number:
        Event().wait(0.01)
    return number

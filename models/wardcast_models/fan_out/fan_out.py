"""Where a fan-out runs, and what happens when a worker is lost."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeVar, get_args

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.fan_out.item import Run, in_this_process, inside_item
from wardcast_models.fan_out.loss import WorkerLostError
from wardcast_models.fan_out.refusal import unusable_cluster
from wardcast_models.progress import Progress, silent

Backend = Literal["loky", "dask", "sequential"]
"""`loky`: processes of this machine; `dask`: a cluster that is already there; `sequential`: this process."""

MOST_RERUNS = 3
"""Times that what lost its worker runs again before the fan-out is given up."""

Item = TypeVar("Item")
Result = TypeVar("Result")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class FanOut:
    """Calls a function on many items, spread over workers.

    Attributes:
        backend: Where the items run.
        workers: Processes of `loky`; 0 means one for each physical core that this process may use. Never more than
            there are items. Dask uses the workers it has.
        dask_scheduler: Address of the scheduler that `dask` needs, for example `tcp://host:8786`.

    Raises:
        WardcastError: Such a fan-out is not possible.
    """

    backend: Backend = "loky"
    workers: int = 0
    dask_scheduler: str | None = None

    def __post_init__(self) -> None:
        wrong = []
        if self.backend not in get_args(Backend):
            wrong.append(("backend", f"one of {', '.join(get_args(Backend))}", repr(self.backend)))
        if self.workers < 0:
            wrong.append(("workers", "0 or more", str(self.workers)))
        if self.backend == "dask" and not self.dask_scheduler:
            wrong.append(("dask_scheduler", "an address such as tcp://host:8786", "none"))
        if wrong:
            raise invalid_input(
                "The work cannot be spread like that.",
                *[
                    Problem(where=where, expected=expected, found=found, mend="Correct it.")
                    for where, expected, found in wrong
                ],
            )

    def map(
        self,
        function: Callable[[Any, Item], Result],
        items: Sequence[Item],
        *,
        shared: Any = None,
        progress: Progress = silent,
    ) -> list[Result]:
        """Call the function on every item.

        With one worker or one item, and inside another fan-out's item, everything runs in this process.

        Args:
            function: Called with `shared` and an item; at the top of an importable module.
            items: The second arguments.
            shared: The first argument; sent once to each worker. Nobody may change it.
            progress: Told as items finish and when a worker is lost. What it raises ends the fan-out and its workers.

        Returns:
            The results, in the order of the items.

        Raises:
            WardcastError: The cluster cannot be used, or workers kept dying.
            Exception: Whatever the function raised first; the remaining items are then dropped.
        """
        run = self._run(len(items))
        waiting: dict[int, Item] = dict(enumerate(items))
        results: dict[int, Result] = {}

        def tell(phrase: str) -> None:
            progress(len(results) / max(len(items), 1), phrase)

        tell(f"0 of {len(items)} done")
        for reruns_left in range(MOST_RERUNS, -1, -1):
            try:
                with run(function, list(waiting.items()), shared) as outcomes:
                    for place, result in outcomes:
                        results[place] = result
                        del waiting[place]
                        tell(f"{len(results)} of {len(items)} done")
                break
            except WorkerLostError as error:
                _log.warning("a worker was lost; %d of %d items have no result yet", len(waiting), len(items))
                if error.final or not reruns_left:
                    raise error.given_up(items_left=len(waiting)) from error
                tell(f"a worker was lost; running {len(waiting)} of {len(items)} again")
        return [results[place] for place in range(len(items))]

    def _run(self, n_items: int) -> Run:
        """Return where so many items run; a rerun of fewer stays there, for an item that kills may be among them."""
        # A daemonic process may not start processes.
        bound = inside_item() or multiprocessing.current_process().daemon
        if bound or n_items < 2 or self.backend == "sequential":
            return in_this_process
        if self.backend == "dask":
            return _cluster_run(str(self.dask_scheduler))
        return _process_run(self.workers, n_items)


def _process_run(workers: int, n_items: int) -> Run:
    # joblib takes a while to import, and most commands spread nothing.
    from joblib import cpu_count  # noqa: PLC0415

    from wardcast_models.fan_out.processes import in_processes  # noqa: PLC0415

    most = min(workers or cpu_count(only_physical_cores=True), n_items)
    return partial(in_processes, workers=most) if most > 1 else in_this_process


def _cluster_run(scheduler: str) -> Run:
    try:
        from wardcast_models.fan_out.cluster import on_cluster  # noqa: PLC0415 - an optional dependency
    except ModuleNotFoundError as error:
        expected = "the extra wardcast[dask]: pip install 'wardcast[dask]'"
        raise unusable_cluster(expected, f"{scheduler}, and no module named {error.name}") from error
    return partial(on_cluster, scheduler=scheduler)

"""Items on a Dask cluster that somebody else runs, through joblib.

joblib's own Dask backend waits for ever for a task that Dask gives up, because its workers died or the data it needs
were lost; the one here hands that on as an error. This module is only imported where Dask is asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from distributed import Client, Future, KilledWorker, Security
from distributed.client import FutureCancelledError
from distributed.core import connect
from distributed.utils import LoopRunner
from joblib import Parallel, delayed
from joblib.parallel import BatchedCalls, ParallelBackendBase
from threadpoolctl import threadpool_limits

from wardcast_models.fan_out.item import Function, Numbered, Outcomes, quietly_closed, run_item
from wardcast_models.fan_out.loss import WorkerLostError
from wardcast_models.fan_out.refusal import DASK_SETTING, unusable_cluster
from wardcast_models.source_digest import source_digest

CONNECT_SECONDS = 4.0
"""Time that a scheduler gets to answer."""
WORKER_SECONDS = 60.0
"""Time in which a first worker has to be there: clusters may start them when there is work, or again after a loss."""


class _DaskBackend(ParallelBackendBase):  # type: ignore[misc] # joblib has no types
    """A joblib backend that makes each item one Dask task.

    Args to the constructor:
        client: Connected to the cluster.
    """

    supports_retrieve_callback = True

    def __init__(self, client: Client) -> None:
        super().__init__(nesting_level=0)
        self._client = client
        self._futures: list[Future] = []

    def effective_n_jobs(self, n_jobs: int) -> int:
        """Return a number that is never 1, for which joblib would use this process; Dask spreads the tasks itself."""
        return max(n_jobs, 2)

    def submit(self, func: BatchedCalls, callback: Callable[[Future], None]) -> Future:
        """Hand an item to Dask; what is scattered among its arguments is then at the worker."""
        ((call, args, kwargs),) = func.items
        future = self._client.submit(call, *args, **kwargs, pure=False)
        self._futures.append(future)
        future.add_done_callback(callback)
        return future

    def retrieve_result_callback(self, out: Future) -> list[Any]:
        """Return the results of a batch of one, or raise what ended it."""
        return [out.result()]

    def abort_everything(self, ensure_ready: bool = True) -> None:  # noqa: ARG002 - joblib's signature
        """Take back what has not started; Dask cannot interrupt what has."""
        self._client.cancel(self._futures, force=True)


@contextmanager
def on_cluster(function: Function, items: Numbered, shared: Any, *, scheduler: str) -> Iterator[Outcomes]:
    """Run items on the workers of a Dask cluster.

    Leaving early, by an error or by the caller's will, takes back the items that have not started.

    Args:
        function: What to call; importable at the workers.
        items: Its second arguments, with their places.
        shared: Its first argument; sent once to each worker.
        scheduler: Address of the cluster's scheduler, for example `tcp://host:8786`.

    Yields:
        Places and results, as items finish.

    Raises:
        WorkerLostError: Every worker that had what is shared died, or the scheduler did.
        WardcastError: The cluster cannot be used, or an item ended several workers.
    """
    with _connected(scheduler) as client:
        try:
            sent = _scattered(client, shared)
            parallel = Parallel(
                backend=_DaskBackend(client), return_as="generator_unordered", batch_size=1, pre_dispatch="all"
            )
            outcomes = parallel(delayed(_run_pinned)(function, sent, place, item) for place, item in items)
            with quietly_closed(outcomes):
                yield outcomes
        except FutureCancelledError as error:
            raise _lost() from error
        except KilledWorker as error:  # Dask has tried it on several
            raise _lost(final=True) from error


def _lost(*, final: bool = False) -> WorkerLostError:
    mend = "Give the Dask workers more memory, and see their logs."
    return WorkerLostError(setting=DASK_SETTING, mend=mend, final=final)


def _run_pinned(function: Function, shared: Any, place: int, item: Any) -> tuple[int, Any]:
    # Not undone after the item: that would free the threads of an item beside it.
    threadpool_limits(limits=1)
    return run_item(function, shared, place, item)


@contextmanager
def _connected(scheduler: str) -> Iterator[Client]:
    """Connect to a cluster that has workers, and whose workers run this very code."""
    try:
        # A client that fails to connect takes seconds to go and complains on its way; a handshake does not.
        LoopRunner().run_sync(_shake_hands, scheduler)
        client = Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, MemoryError) as error:  # a web server's answer reads as one of exabytes
        raise unusable_cluster("a scheduler that answers", f"{scheduler} ({str(error) or 'no answer'})") from error
    with client:
        if _source_digests(client, scheduler) != {source_digest()}:
            raise unusable_cluster("the same release of wardcast as here", "another one on its workers")
        yield client


def _source_digests(client: Client, scheduler: str) -> set[str]:
    """Return which code the workers run; a task asks first, since that makes a cluster start workers on demand."""
    try:
        return {client.submit(source_digest, pure=False).result(WORKER_SECONDS), *client.run(source_digest).values()}
    except TimeoutError as error:
        raise unusable_cluster(f"a worker within {WORKER_SECONDS:g} seconds", f"{scheduler}, which has none") from error
    except Exception as error:  # Dask tells a missing module as RuntimeError or as Exception
        reason = error.__cause__ or error
        raise unusable_cluster(
            "wardcast installed on its scheduler and workers", str(reason) or type(reason).__name__
        ) from error


def _scattered(client: Client, shared: Any) -> Future | None:
    if shared is None:
        return None
    try:
        [sent] = client.scatter([shared], broadcast=True, hash=False)
    except OSError as error:
        raise _lost() from error
    return sent


async def _shake_hands(scheduler: str) -> None:
    security = Security().get_connection_args("client")
    greeting = connect(scheduler, timeout=CONNECT_SECONDS, **security)
    # Dask's own limit ends with the connection; something else may listen there and never say a word.
    comm = await asyncio.wait_for(greeting, CONNECT_SECONDS + 1.0)
    comm.abort()

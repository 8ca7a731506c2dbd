"""A sweep on a Dask cluster by its address; `distributed` is an optional part of the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from desktop import __version__
from desktop.domain.errors import EnvironmentFault, FieldError
from desktop.research.bench import SweepContext
from desktop.research.crew import Crew, CrewOpener
from desktop.research.variant import Outcome, Task
from desktop.research.worker import forget, run_chunk, worker_version

CONNECT_SECONDS = 10.0
_CLOSE_SECONDS = 0.3
_OPTION = "--dask"


def cluster_crew(address: str, *, connect_seconds: float = CONNECT_SECONDS) -> CrewOpener:
    """Return what opens a crew on a running Dask cluster. The cluster is not ours: it stays as it was found.

    Opening raises:
        EnvironmentFault: `distributed` is not installed, nobody answers at the address, it has no workers, or they do
            not run this version of Assay.

    Args:
        address: Of the scheduler, for example tcp://127.0.0.1:8786.
        connect_seconds: How long to wait for an answer.

    Raises:
        FieldError: the address is empty.
    """
    if not address.strip():
        raise FieldError(_OPTION, "needs the address of a scheduler, for example tcp://127.0.0.1:8786.")

    def opened(context: SweepContext) -> AbstractContextManager[Crew]:
        return _opened(context, address.strip(), connect_seconds)

    return opened


@contextmanager
def _opened(context: SweepContext, address: str, connect_seconds: float) -> Iterator[Crew]:
    client = _connected(address, connect_seconds)
    try:
        workers = _checked_workers(client, address)
        bars = client.scatter(context, broadcast=True, hash=False)  # to each worker once, not with each chunk
        # a chunk whose worker died is run by another; the scheduler does that, `retries` is for what failed in between
        executor = client.get_executor(pure=False, retries=1)
        yield _ClusterCrew(executor, bars, workers, lambda: _checked_workers(client, address))
        client.run(forget, context.key)
    except (OSError, CancelledError, _killed_worker()) as error:
        raise EnvironmentFault(
            f"The cluster at {address} was lost while the sweep ran ({str(error) or type(error).__name__}). "
            "Nothing of the sweep is kept. Look at its scheduler and workers and run it again."
        ) from None
    finally:
        client.close(timeout=_CLOSE_SECONDS)  # nobody wants the chunks that are left: the scheduler drops them


def _killed_worker() -> type[Exception]:
    """Return what is raised for a chunk whose workers died again and again."""
    from distributed import KilledWorker

    killed: type[Exception] = KilledWorker
    return killed


def _connected(address: str, seconds: float) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise EnvironmentFault(
            "A sweep on a cluster needs the library distributed, which is not installed here: install Assay with its "
            "part [dask]. Without --dask the sweep runs on this machine."
        ) from None
    try:
        client: Callable[..., Any] = Client
        return client(address, timeout=seconds, set_as_default=False)
    except (OSError, ValueError) as error:
        raise EnvironmentFault(
            f"The cluster at {address} does not answer ({str(error) or type(error).__name__}). "
            "Check that its scheduler is running and the address is right. Without --dask the sweep runs here."
        ) from None


def _checked_workers(client: Any, address: str) -> int:
    """Return how many chunks the cluster runs at a time, once its workers are known to run this version."""
    info = client.scheduler_info(n_workers=-1)["workers"]
    if not info:
        raise EnvironmentFault(f"The cluster at {address} has no workers. Start some and run the sweep again.")
    try:
        versions = client.run(worker_version)
    except (ImportError, AttributeError) as error:
        raise EnvironmentFault(
            f"The workers of {address} cannot import Assay ({error}). Install version {__version__} on each of them."
        ) from None
    for worker, version in versions.items():
        if version != __version__:
            raise EnvironmentFault(
                f"The worker {worker} runs Assay {version}, this is {__version__}: results could differ. "
                "Install the same version everywhere."
            )
    return sum(int(worker["nthreads"]) for worker in info.values())


class _ClusterCrew:
    """Chunks on a cluster."""

    def __init__(self, executor: Executor, bars: Any, workers: int, check: Callable[[], int]) -> None:
        """`check` returns how many chunks run at a time; it raises EnvironmentFault where no worker is left."""
        self._executor, self._bars, self._workers, self._check = executor, bars, workers, check
        self._run: Callable[[SweepContext, Sequence[Task]], list[Outcome]] = run_chunk

    @property
    def workers(self) -> int:
        return self._workers

    def submit(self, chunk: Sequence[Task]) -> Future[list[Outcome]]:
        return self._executor.submit(self._run, self._bars, chunk)

    def renew(self) -> None:
        """Go on with the workers that are left after one died with what it had computed (EnvironmentFault: none is)."""
        self._workers = self._check()

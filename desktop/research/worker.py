"""What runs inside a worker process: it takes the bars once, then chunks of variants."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from multiprocessing import parent_process
from pathlib import Path

import numpy as np

from desktop import __version__
from desktop.companions import without
from desktop.research.bench import Bench, SweepContext
from desktop.research.variant import Outcome, Task
from desktop.rules.columns import Columns

_NICENESS = 19  # the window and its sessions come first, however many processors a sweep keeps busy
_COMMON, _TIMES, _PRICES = "common.pickle", "times.npy", "prices.npy"


@dataclass(frozen=True, slots=True)
class ContextFile:
    """What all variants have in common, in a directory that only this program writes to and reads.

    The columns lie in files of their own that the workers map: all of them share one copy in memory.
    """

    directory: str
    key: str

    @classmethod
    def write(cls, context: SweepContext, directory: Path) -> ContextFile:
        """Write a context into an empty directory."""
        for number, bars in enumerate(context.columns.values()):
            np.save(directory / f"{number}-{_TIMES}", bars.start)
            np.save(directory / f"{number}-{_PRICES}", [bars.open, bars.high, bars.low, bars.close, bars.volume])
        empty = Columns.of(())
        common = replace(context, columns=dict.fromkeys(context.columns, empty))
        (directory / _COMMON).write_bytes(pickle.dumps(common))
        return cls(str(directory), context.key)

    def read(self) -> SweepContext:
        """Return the context; its columns are read-only."""
        directory = Path(self.directory)
        common: SweepContext = pickle.loads((directory / _COMMON).read_bytes())  # noqa: S301 - written by our parent process
        columns = {}
        for number, symbol in enumerate(common.columns):
            start = np.asarray(np.load(directory / f"{number}-{_TIMES}", mmap_mode="r"))
            prices = np.asarray(np.load(directory / f"{number}-{_PRICES}", mmap_mode="r"))
            columns[symbol] = Columns(start, *prices)
        return replace(common, columns=columns)


_benches: dict[str, Bench] = {}  # by the context's key; one: another sweep means that the last one is over
_opening = threading.Lock()


def run_chunk(context: SweepContext | ContextFile, tasks: Sequence[Task]) -> list[Outcome]:
    """Run some variants, one after the other, and return their outcomes in the same order.

    Args:
        context: What they have in common; read once by each process.
        tasks: What to run.

    Raises:
        ProgramBug: a variant failed by our own mistake.
    """
    with _opening:
        bench = _benches.get(context.key)
        if bench is None:
            _benches.clear()
            loaded = context.read() if isinstance(context, ContextFile) else context
            bench = _benches[context.key] = Bench(loaded)
    return [bench.run(task) for task in tasks]


def forget(key: str) -> None:
    """Let go of the bars and computed columns of a sweep that is over."""
    with _opening:
        _benches.pop(key, None)


def begin_worker(directory: str) -> None:
    """Prepare a process of a local pool: Ctrl-C is the parent's affair, and without a parent it ends.

    Args:
        directory: What was written for the workers; the last one removes it when the parent died and could not.
    """
    give_way = getattr(os, "nice", None)
    if give_way is not None:
        give_way(_NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    unmask = getattr(signal, "pthread_sigmask", None)
    if unmask is not None:  # the parent held it back while this process started
        unmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    with without("pandas", "polars"):  # TA-Lib would wrap its functions to take their series; ours are given arrays
        import_module("talib")
    threading.Thread(target=_end_with_parent, args=(directory,), name="parent-watch", daemon=True).start()


def _end_with_parent(directory: str) -> None:
    parent = parent_process()
    if parent is None:
        return
    parent.join()
    shutil.rmtree(directory, ignore_errors=True)
    os._exit(1)


def worker_version() -> str:
    """Return the version of Assay that this process runs: all workers of a sweep must run the same."""
    return __version__

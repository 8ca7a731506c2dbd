"""The indicators TA-Lib lacks, in batch and stream; the one place that calls pandas-ta-classic, when it first needs it.

Three ways to the same bits in a backtest, which has every bar, and in a session, which has the bars so far:

- What the last window alone decides is computed from **windows** (`tail_measures`, `tail_prices`): a session computes
  the last one, a backtest all of them.
- What may remember for ever is a **machine** (`tail_machines`) that takes bar after bar from the origin on.
- What forgets slowly is the library's and runs on **blocks** of one length that lie at the same places in every run.
  What is not there yet is filled up with the last bar: no function of the table looks ahead, which the tests hold it
  to. A block begins so many bars before the first one it answers for that what lay before no longer counts (its
  look-back and 30 lengths of its smoothing).
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any, TypeAlias

import numpy as np

from desktop.rules.catalogue_types import Function
from desktop.rules.columns import FloatArray
from desktop.rules.operators import NAN, finite
from desktop.rules.tail_machines import MACHINES, Machine
from desktop.rules.tail_measures import WINDOWED
from desktop.rules.tail_windows import Table

Kernel: TypeAlias = Callable[[Sequence[FloatArray]], tuple[FloatArray, ...]]
BlockKernel: TypeAlias = Callable[[Table], tuple[FloatArray, ...]]

#: Bars a block answers for, unless what it needs before them is more.
STEP = 1_024
#: Lengths of the smoothing after which the start of a block no longer counts: exp(-30) is 1e-13.
MEMORY = 30


def whole(row: Function, arguments: Sequence[float]) -> Kernel:
    """Return a function of a stretch of finite inputs, each of shape (n,): all its outputs, NaN where unknown."""
    if row.tail in MACHINES:
        return partial(_fed, row, arguments)
    return partial(_in_blocks, row, arguments)


def opener(row: Function, arguments: Sequence[float]) -> Callable[[Sequence[FloatArray]], Any]:
    """Return a function that opens a handle (`value`, `update`, `peek`) on a history of a function's inputs."""
    if row.tail in MACHINES:
        return partial(MachineHandle, row, arguments)
    return partial(WindowHandle if row.tail in WINDOWED else BlockHandle, row, arguments)


# --- Blocks ------------------------------------------------------------------------------------------------------


class Layout:
    """Where the blocks of a function lie: block k holds the bars from k * step on, `size` of them.

    The first block answers for all its bars, each later one for all but the first `reach`.
    """

    def __init__(self, row: Function, arguments: Sequence[float]) -> None:
        self.look_back = row.look_back(arguments)
        self.reach = self.look_back + MEMORY * row.smoothing(arguments)
        self.step = max(STEP, self.reach)
        self.size = self.reach + self.step

    def block_of(self, bar: int) -> int:
        """Return the number of the block that answers for a bar, counted from 0."""
        return max(0, (bar - self.reach) // self.step)


def _in_blocks(row: Function, arguments: Sequence[float], inputs: Sequence[FloatArray]) -> tuple[FloatArray, ...]:
    layout = Layout(row, arguments)
    kernel = block_kernel(row, arguments)
    count = len(inputs[0])
    results = tuple(np.full(count, NAN) for _ in range(max(len(row.outputs), 1)))
    for block in range(layout.block_of(count - 1) + 1):
        begin = block * layout.step
        bars = np.stack([column[begin : begin + layout.size] for column in inputs])
        missing = 0 if row.tail in WINDOWED else layout.size - bars.shape[1]
        first = layout.reach if block else layout.look_back
        parts = kernel(np.pad(bars, ((0, 0), (0, missing)), mode="edge") if missing else bars)
        end = min(begin + layout.size, count)
        for result, part in zip(results, parts, strict=True):
            result[begin + first : end] = part[first : end - begin]
    return results


class BlockHandle:
    """The last bars of a series, and a function's value on them; `update` and `peek` cost one run of a block."""

    def __init__(self, row: Function, arguments: Sequence[float], history: Sequence[FloatArray]) -> None:
        self._layout = Layout(row, arguments)
        self._kernel = block_kernel(row, arguments)
        self._single = not row.outputs
        count = len(history[0])
        begin = self._layout.block_of(count - 1) * self._layout.step
        self._bars = np.zeros((len(history), self._layout.size))
        self._count = count - begin
        for place, column in enumerate(history):
            self._bars[place, : self._count] = column[begin:]
        self.value = self._judged(self._count)

    def update(self, *now: float) -> float | tuple[float, ...]:
        """Take a closed bar and return the value."""
        self._make_room()
        self._bars[:, self._count] = now
        self._count += 1
        self.value = self._judged(self._count)
        return self.value

    def peek(self, *now: float) -> float | tuple[float, ...]:
        """Return the value if the forming bar closed as it is."""
        self._make_room()
        self._bars[:, self._count] = now
        return self._judged(self._count + 1)

    def _make_room(self) -> None:
        if self._count == self._layout.size:  # the next bar is the first the next block answers for
            self._bars[:, : self._layout.reach] = self._bars[:, self._layout.step :].copy()
            self._count = self._layout.reach

    def _judged(self, count: int) -> float | tuple[float, ...]:
        self._bars[:, count:] = self._bars[:, count - 1 : count]
        values = [float(output[count - 1]) for output in self._kernel(self._bars)]
        return values[0] if self._single else tuple(values)


class WindowHandle:
    """The last bars of a series, as many as one value needs."""

    def __init__(self, row: Function, arguments: Sequence[float], history: Sequence[FloatArray]) -> None:
        count = row.look_back(arguments) + 1
        self._kernel = block_kernel(row, arguments)
        self._single = not row.outputs
        self._bars = np.stack([column[-count:] for column in history])
        self.value = self._judged(self._bars)

    def update(self, *now: float) -> float | tuple[float, ...]:
        """Take a closed bar and return the value."""
        self._bars = self._moved(now)
        self.value = self._judged(self._bars)
        return self.value

    def peek(self, *now: float) -> float | tuple[float, ...]:
        """Return the value if the forming bar closed as it is."""
        return self._judged(self._moved(now))

    def _moved(self, now: tuple[float, ...]) -> Table:
        bars = np.empty_like(self._bars)
        bars[:, :-1] = self._bars[:, 1:]
        bars[:, -1] = now
        return bars

    def _judged(self, bars: Table) -> float | tuple[float, ...]:
        values = [float(output[-1]) for output in self._kernel(bars)]
        return values[0] if self._single else tuple(values)


def block_kernel(row: Function, arguments: Sequence[float]) -> BlockKernel:
    """Return a function of a block that gives its outputs, non-finite ones NaN; a division by zero is one."""
    kernel = _own_kernel(row, arguments) if row.tail in WINDOWED else _librarys_kernel(row, arguments)

    def quiet(bars: Table) -> tuple[FloatArray, ...]:
        with np.errstate(all="ignore"):
            return tuple(finite(output) for output in kernel(bars))

    return quiet


def _own_kernel(row: Function, arguments: Sequence[float]) -> BlockKernel:
    function = WINDOWED[row.tail]
    return lambda bars: function(bars, *arguments)


def _librarys_kernel(row: Function, arguments: Sequence[float]) -> BlockKernel:
    import pandas as pd

    function: Callable[..., Any] = getattr(_library(), row.tail)
    settings = {item.original: value for item, value in zip(row.arguments, arguments, strict=True)}
    names = [_KEYWORDS.get(item.default or item.name, item.default or item.name) for item in row.inputs]
    wanted = max(len(row.outputs), 1)

    def kernel(bars: Table) -> tuple[FloatArray, ...]:
        series = {name: pd.Series(column.copy()) for name, column in zip(names, bars, strict=True)}
        result = function(**series, **settings)
        values = result.to_numpy(dtype=np.float64).reshape(len(result), -1)
        return tuple(np.ascontiguousarray(values[:, place]) for place in range(wanted))

    return kernel


@cache
def _library() -> Any:
    """Import the library, once."""
    with warnings.catch_warnings():
        # While it is imported it reads the day of the year by a name that pandas gives up; nothing else is hushed.
        warnings.filterwarnings("ignore", "Timestamp.dayofyear is deprecated", DeprecationWarning)
        import pandas_ta_classic
    return pandas_ta_classic


#: Columns of a bar that the library calls something else.
_KEYWORDS = {"open": "open_"}


# --- Machines ----------------------------------------------------------------------------------------------------


def _machine(row: Function, arguments: Sequence[float]) -> Machine:
    return MACHINES[row.tail](*arguments)


def _fed(row: Function, arguments: Sequence[float], inputs: Sequence[FloatArray]) -> tuple[FloatArray, ...]:
    step = _machine(row, arguments).step
    values = np.empty((len(inputs[0]), max(len(row.outputs), 1)))
    for begin in range(0, len(values), _AT_ONCE):
        rows = zip(*(column[begin : begin + _AT_ONCE].tolist() for column in inputs), strict=True)
        part = np.array([step(*now) for now in rows], dtype=np.float64)
        values[begin : begin + _AT_ONCE] = part.reshape(len(part), -1)
    values[: row.look_back(arguments)] = NAN
    return tuple(finite(np.ascontiguousarray(column)) for column in values.T)


_AT_ONCE = 65_536  # bars that are numbers of Python at one time: a million would take 200 MB


class MachineHandle:
    """A machine that has taken every bar of a series since its origin."""

    def __init__(self, row: Function, arguments: Sequence[float], history: Sequence[FloatArray]) -> None:
        self._machine = _machine(row, arguments)
        for now in zip(*(column.tolist() for column in history), strict=True):
            self.value = self._machine.step(*now)

    def update(self, *now: float) -> float | tuple[float, ...]:
        """Take a closed bar and return the value."""
        self.value = self._machine.step(*map(float, now))
        return self.value

    def peek(self, *now: float) -> float | tuple[float, ...]:
        """Return the value if the forming bar closed as it is."""
        return copy.deepcopy(self._machine).step(*map(float, now))

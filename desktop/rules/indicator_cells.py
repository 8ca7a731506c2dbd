"""TA-Lib's functions in the stream: handles opened when their warm-up is full, started anew after a gap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from desktop.domain.market import Bar
from desktop.rules.catalogue import FUNCTIONS
from desktop.rules.cells import Cell, Values
from desktop.rules.columns import FloatArray
from desktop.rules.indicators import stream_opener
from desktop.rules.nodes import Indicator, Node
from desktop.rules.operators import NAN


class IndicatorCell(Cell):
    """A TA-Lib stream handle: opened when its warm-up is full, started anew after a non-finite input.

    `value` is the first output; `outputs` are all of them where there are several.
    """

    __slots__ = ("_count", "_handle", "_inputs", "_look_back", "_open", "_waiting", "outputs", "peeked_outputs")

    def __init__(self, node: Indicator, inputs: Sequence[Cell]) -> None:
        super().__init__(node)
        row = FUNCTIONS[node.function]
        self._inputs = tuple(inputs)
        self._count = max(len(row.outputs), 1)
        self._look_back = row.look_back(node.arguments)
        self._open = stream_opener(node)
        self._handle: Any = None
        self._waiting: list[tuple[float, ...]] = []  # finite inputs seen while the warm-up fills
        self.outputs = self.peeked_outputs = (NAN,) * self._count

    def advance(self, bar: Bar) -> None:  # noqa: ARG002  reads cells, not the bar
        now = tuple([cell.value for cell in self._inputs])
        total = sum(now)
        if total - total != 0.0 and not _all_finite(now):
            self._handle = None
            self._waiting.clear()
            self.outputs = (NAN,) * self._count
        elif self._handle is not None:
            self.outputs = self._read(self._handle.update(*now))
        else:
            self._waiting.append(now)
            if len(self._waiting) > self._look_back:
                self._handle = self._open(_columns(self._waiting))
                self._waiting = []
                self.outputs = self._read(self._handle.value)
        self.value = self.outputs[0]

    def peek(self, bar: Bar) -> None:  # noqa: ARG002  reads cells, not the bar
        now = tuple([cell.peeked for cell in self._inputs])
        total = sum(now)
        if total - total != 0.0 and not _all_finite(now):
            self.peeked_outputs = (NAN,) * self._count
        elif self._handle is not None:
            self.peeked_outputs = self._read(self._handle.peek(*now))
        elif len(self._waiting) >= self._look_back:
            self.peeked_outputs = self._read(self._open(_columns([*self._waiting, now])).value)
        else:
            self.peeked_outputs = (NAN,) * self._count
        self.peeked = self.peeked_outputs[0]

    def seed(self, values: Values, last: Bar) -> None:  # noqa: ARG002  the columns hold the last bar
        columns = [values(cell.node) for cell in self._inputs]
        bad = np.flatnonzero(~np.logical_and.reduce([np.isfinite(column) for column in columns]))
        begin = int(bad[-1]) + 1 if bad.size else 0
        history = [np.ascontiguousarray(column[begin:]) for column in columns]
        self._handle, self._waiting = None, []
        self.outputs = (NAN,) * self._count
        if len(history[0]) > self._look_back:
            self._handle = self._open(history)
            self.outputs = self._read(self._handle.value)
        else:
            self._waiting = list(zip(*(column.tolist() for column in history), strict=True))
        self.value = self.outputs[0]

    def reset(self) -> None:
        super().reset()
        self._handle, self._waiting = None, []
        self.outputs = (NAN,) * self._count

    def _read(self, result: Any) -> tuple[float, ...]:
        if self._count == 1:
            value = float(result)
            return (value if value - value == 0.0 else NAN,)
        return tuple([float(value) if value - value == 0 else NAN for value in result])


class LineCell(IndicatorCell):
    """The usual indicator, one series in and one number out, without the detours of the general one."""

    __slots__ = ("_input",)

    def __init__(self, node: Indicator, inputs: Sequence[Cell]) -> None:
        super().__init__(node, inputs)
        (self._input,) = inputs

    def advance(self, bar: Bar) -> None:
        handle, now = self._handle, self._input.value
        if handle is None or now - now != 0.0:
            super().advance(bar)
            return
        value = float(handle.update(now))
        self.value = value if value - value == 0.0 else NAN

    def peek(self, bar: Bar) -> None:
        handle, now = self._handle, self._input.peeked
        if handle is None or now - now != 0.0:
            super().peek(bar)
            return
        value = float(handle.peek(now))
        self.peeked = value if value - value == 0.0 else NAN


class OutputCell(Cell):
    """One of several outputs of an indicator."""

    __slots__ = ("_index", "_indicator")

    def __init__(self, node: Node, indicator: IndicatorCell, index: int) -> None:
        super().__init__(node)
        self._indicator, self._index = indicator, index

    def advance(self, bar: Bar) -> None:  # noqa: ARG002  reads cells, not the bar
        self.value = self._indicator.outputs[self._index]

    def peek(self, bar: Bar) -> None:  # noqa: ARG002  reads cells, not the bar
        self.peeked = self._indicator.peeked_outputs[self._index]


def _all_finite(values: tuple[float, ...]) -> bool:
    return all(value - value == 0.0 for value in values)


def _columns(rows: Sequence[tuple[float, ...]]) -> list[FloatArray]:
    return [np.array(column, dtype=np.float64) for column in zip(*rows, strict=True)]

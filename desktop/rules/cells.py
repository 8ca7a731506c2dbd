"""Streaming evaluation, one small object per node: `value` after the last closed bar, `peeked` on the forming one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from operator import itemgetter

from desktop.domain.market import Bar
from desktop.rules.columns import FloatArray
from desktop.rules.nodes import Node
from desktop.rules.operators import FALSE, NAN, TRUE, all_of, any_of
from desktop.rules.periods import LocalClock, time_value

Values = Callable[[Node], FloatArray]


class Cell:
    """A node in the stream. NaN is unknown; conditions are 1.0, 0.0 or NaN."""

    __slots__ = ("node", "peeked", "stamp", "value")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.value = NAN
        self.peeked = NAN
        self.stamp = 0  # which forming bar `peeked` belongs to

    def advance(self, bar: Bar) -> None:
        """Take a closed bar, after everything this cell reads has taken it."""
        raise NotImplementedError

    def peek(self, bar: Bar) -> None:
        """Set `peeked` as if the forming bar closed as it is; change nothing else."""
        raise NotImplementedError

    def seed(self, values: Values, last: Bar) -> None:  # noqa: ARG002  cells with memory need the values
        """Start over on a history whose last bar is `last`; `values` gives any node's column over it."""
        self.advance(last)

    def reset(self) -> None:
        """Start over on no history at all."""
        self.value = NAN


class ConstantCell(Cell):
    """A number that never changes."""

    __slots__ = ()

    def __init__(self, node: Node, value: float) -> None:
        super().__init__(node)
        self.value = self.peeked = value

    def advance(self, bar: Bar) -> None:
        """Nothing to do."""

    def peek(self, bar: Bar) -> None:
        """Nothing to do."""


class BarCell(Cell):
    """A value made from the bar alone: a price, the volume, hl2 and its like, a time of day."""

    __slots__ = ("_compute",)

    def __init__(self, node: Node, compute: Callable[[Bar], float]) -> None:
        super().__init__(node)
        self._compute = compute

    def advance(self, bar: Bar) -> None:
        value = self._compute(bar)
        self.value = value if value - value == 0.0 else NAN

    def peek(self, bar: Bar) -> None:
        value = self._compute(bar)
        self.peeked = value if value - value == 0.0 else NAN


def column_function(name: str, clock: LocalClock) -> Callable[[Bar], float]:
    """Return the function that reads a column from a bar."""
    if name in Bar._fields:
        field: Callable[[Bar], float] = itemgetter(Bar._fields.index(name))
        return field
    match name:
        case "hl2":
            return lambda bar: (bar.high + bar.low) / 2.0
        case "hlc3":
            return lambda bar: (bar.high + bar.low + bar.close) / 3.0
        case "ohlc4":
            return lambda bar: (bar.open + bar.high + bar.low + bar.close) / 4.0
        case _:
            return lambda bar: time_value(name, bar.start + clock.offset(bar.start))


class PairCell(Cell):
    """An operator on two cells: arithmetic, comparison."""

    __slots__ = ("_left", "_right", "_scalar")

    def __init__(self, node: Node, scalar: Callable[..., float], left: Cell, right: Cell) -> None:
        super().__init__(node)
        self._scalar, self._left, self._right = scalar, left, right

    def advance(self, bar: Bar) -> None:  # noqa: ARG002  reads cells, not the bar
        self.value = self._scalar(self._left.value, self._right.value)

    def peek(self, bar: Bar) -> None:  # noqa: ARG002  reads cells, not the bar
        self.peeked = self._scalar(self._left.peeked, self._right.peeked)


class OperatorCell(Cell):
    """An operator on any number of cells: minus sign, abs, min, max, not."""

    __slots__ = ("_operands", "_scalar")

    def __init__(self, node: Node, scalar: Callable[..., float], operands: Sequence[Cell]) -> None:
        super().__init__(node)
        self._scalar, self._operands = scalar, tuple(operands)

    def advance(self, bar: Bar) -> None:  # noqa: ARG002  reads cells, not the bar
        self.value = self._scalar(*[operand.value for operand in self._operands])

    def peek(self, bar: Bar) -> None:  # noqa: ARG002  reads cells, not the bar
        self.peeked = self._scalar(*[operand.peeked for operand in self._operands])


class AllCell(Cell):
    """`and` in Kleene logic."""

    __slots__ = ("_parts",)

    def __init__(self, node: Node, parts: Sequence[Cell]) -> None:
        super().__init__(node)
        self._parts = tuple(parts)

    def advance(self, bar: Bar) -> None:  # noqa: ARG002  reads cells, not the bar
        self.value = all_of([part.value for part in self._parts])

    def peek(self, bar: Bar) -> None:  # noqa: ARG002  reads cells, not the bar
        self.peeked = all_of([part.peeked for part in self._parts])


class AnyCell(Cell):
    """`or` in Kleene logic."""

    __slots__ = ("_parts",)

    def __init__(self, node: Node, parts: Sequence[Cell]) -> None:
        super().__init__(node)
        self._parts = tuple(parts)

    def advance(self, bar: Bar) -> None:  # noqa: ARG002  reads cells, not the bar
        self.value = any_of([part.value for part in self._parts])

    def peek(self, bar: Bar) -> None:  # noqa: ARG002  reads cells, not the bar
        self.peeked = any_of([part.peeked for part in self._parts])


class PreviousCell(Cell):
    """A cell's value some bars ago."""

    __slots__ = ("_bars", "_operand", "_past")

    def __init__(self, node: Node, operand: Cell, bars: int) -> None:
        super().__init__(node)
        self._operand, self._bars = operand, bars
        self._past: deque[float] = deque(maxlen=bars)

    def advance(self, bar: Bar) -> None:  # noqa: ARG002  reads cells, not the bar
        past = self._past
        self.value = past[0] if len(past) == self._bars else NAN
        past.append(self._operand.value)

    def peek(self, bar: Bar) -> None:  # noqa: ARG002  reads cells, not the bar
        self.peeked = self._past[0] if len(self._past) == self._bars else NAN

    def seed(self, values: Values, last: Bar) -> None:
        column = values(self._operand.node)
        self._past = deque(column[-self._bars - 1 : -1].tolist(), maxlen=self._bars)
        self.advance(last)

    def reset(self) -> None:
        super().reset()
        self._past.clear()


class CrossCell(Cell):
    """One cell passes another; unknown unless both are known on this bar and the one before."""

    __slots__ = ("_above", "_last", "_left", "_right")

    def __init__(self, node: Node, left: Cell, right: Cell, *, above: bool) -> None:
        super().__init__(node)
        self._left, self._right, self._above = left, right, above
        self._last = (NAN, NAN)

    def _crossed(self, left: float, right: float) -> float:
        before_left, before_right = self._last
        change = left + right + before_left + before_right
        if change != change:  # noqa: PLR0124  one of the four is NaN
            return NAN
        if self._above:
            return TRUE if before_left <= before_right and left > right else FALSE
        return TRUE if before_left >= before_right and left < right else FALSE

    def advance(self, bar: Bar) -> None:  # noqa: ARG002  reads cells, not the bar
        left, right = self._left.value, self._right.value
        self.value = self._crossed(left, right)
        self._last = (left, right)

    def peek(self, bar: Bar) -> None:  # noqa: ARG002  reads cells, not the bar
        self.peeked = self._crossed(self._left.peeked, self._right.peeked)

    def seed(self, values: Values, last: Bar) -> None:
        left, right = values(self._left.node), values(self._right.node)
        self._last = (float(left[-2]), float(right[-2])) if len(left) > 1 else (NAN, NAN)
        self.advance(last)

    def reset(self) -> None:
        super().reset()
        self._last = (NAN, NAN)

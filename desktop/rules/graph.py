"""The nodes of one timeframe, shared by every rule that uses them and computed once per bar."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.domain.market import Bar
from desktop.rules.aggregate import Aggregator
from desktop.rules.batch import BatchEvaluator
from desktop.rules.catalogue import FUNCTIONS
from desktop.rules.cells import (
    AllCell,
    AnyCell,
    BarCell,
    Cell,
    ConstantCell,
    CrossCell,
    OperatorCell,
    PairCell,
    PreviousCell,
    Values,
    column_function,
)
from desktop.rules.indicator_cells import IndicatorCell, LineCell, OutputCell
from desktop.rules.nodes import (
    AllOf,
    AnyOf,
    Between,
    Change,
    Column,
    Compare,
    Cross,
    Elementwise,
    Higher,
    Indicator,
    Node,
    Not,
    Number,
    Output,
    Previous,
    children,
)
from desktop.rules.operators import COMPARE, NUMERIC, not_
from desktop.rules.periods import LocalClock, Periods

_TWO = 2


class Graph:
    """Cells of one timeframe in the order they depend on each other."""

    def __init__(self, timeframe: str, clock: LocalClock) -> None:
        self.timeframe = timeframe
        self.clock = clock
        self.cells: dict[Node, Cell] = {}
        self.order: list[Cell] = []
        self.higher: dict[str, HigherGraph] = {}
        self.bars = 0  # closed since the origin
        self.fresh: list[Cell] = []  # made since the last bar or seed

    # --- Building ------------------------------------------------------------------------------------------------

    def cell(self, node: Node) -> Cell:
        """Return the cell of a node, made with everything it reads when it is new."""
        found = self.cells.get(node)
        if found is None:
            found = self.cells[node] = self._made(node)
            if not isinstance(found, ConstantCell) and found.node is node:
                self.order.append(found)
                self.fresh.append(found)
        return found

    def _made(self, node: Node) -> Cell:
        match node:
            case Number(value=value):
                return ConstantCell(node, value)
            case Column(name=name):
                return BarCell(node, column_function(name, self.clock))
            case Indicator(inputs=inputs):
                single = len(inputs) == 1 and not FUNCTIONS[node.function].outputs
                return (LineCell if single else IndicatorCell)(node, [self.cell(operand) for operand in inputs])
            case Output(indicator=indicator, index=index):
                cell = self.cell(indicator)
                several = bool(FUNCTIONS[indicator.function].outputs)
                return OutputCell(node, cell, index) if several and isinstance(cell, IndicatorCell) else cell
            case Elementwise(operator=sign, operands=operands):
                cells = [self.cell(operand) for operand in operands]
                if len(cells) == _TWO:
                    return PairCell(node, NUMERIC[sign].scalar, cells[0], cells[1])
                return OperatorCell(node, NUMERIC[sign].scalar, cells)
            case Previous() | Change() | Higher():
                return self._remembering(node)
            case _:
                return self._condition(node)

    def _remembering(self, node: Previous | Change | Higher) -> Cell:
        match node:
            case Change(operand=operand, bars=bars):
                return PairCell(node, NUMERIC["-"].scalar, self.cell(operand), self.cell(Previous(operand, bars)))
            case Previous(operand=operand, bars=bars):
                return PreviousCell(node, self.cell(operand), bars)
            case Higher(timeframe=timeframe, operand=operand):
                return HigherCell(node, self._graph_above(timeframe), operand)

    def _condition(self, node: Node) -> Cell:
        match node:
            case Compare(operator=sign, left=left, right=right):
                return PairCell(node, COMPARE[sign], self.cell(left), self.cell(right))
            case Between(operand=operand, low=low, high=high):
                parts = (Compare(">=", operand, low), Compare("<=", operand, high))
                return AllCell(node, [self.cell(part) for part in parts])
            case Cross(above=above, left=left, right=right):
                return CrossCell(node, self.cell(left), self.cell(right), above=above)
            case Not(operand=operand):
                return OperatorCell(node, not_, [self.cell(operand)])
            case AllOf(parts=parts):
                return AllCell(node, [self.cell(part) for part in parts])
            case AnyOf(parts=parts):
                return AnyCell(node, [self.cell(part) for part in parts])
            case _:
                raise TypeError(f"{type(node).__name__} cannot be computed without a position")

    def _graph_above(self, timeframe: str) -> HigherGraph:
        if timeframe not in self.higher:
            self.higher[timeframe] = HigherGraph(timeframe, self)
        return self.higher[timeframe]

    # --- Running -------------------------------------------------------------------------------------------------

    def update(self, bar: Bar) -> None:
        """Take a closed bar."""
        for above in self.higher.values():
            above.add(bar)
        for cell in self.order:
            cell.advance(bar)
        self.bars += 1

    def seed(self, batch: BatchEvaluator, *, only_fresh: bool = False) -> None:
        """Start over on a history, as if it had been taken bar by bar; or bring only the fresh cells up to it."""
        for above in self.higher.values():
            above.seed(batch, only_fresh=only_fresh)
        self.bars = len(batch)
        cells = self.fresh if only_fresh else self.order
        if self.bars:
            last = last_bar(batch)
            values: Values = batch.values
            for cell in cells:
                cell.seed(values, last)
        else:
            for cell in cells:
                cell.reset()
        self.fresh = []

    def settle(self) -> None:
        """Before the first bar nothing has to be brought up to anything: no cell is fresh."""
        self.fresh = []
        for above in self.higher.values():
            above.settle()

    def keep(self, roots: Iterable[Cell]) -> None:
        """Forget every cell that none of `roots` reads."""
        kept = {id(cell) for root in roots for cell in needed_by(self, root)}
        self.order = [cell for cell in self.order if id(cell) in kept]
        self.cells = {node: cell for node, cell in self.cells.items() if id(cell) in kept}
        inner: dict[str, list[Cell]] = {}
        for cell in self.order:
            if isinstance(cell, HigherCell):
                inner.setdefault(cell.timeframe, []).append(cell.inner)
        self.higher = {timeframe: above for timeframe, above in self.higher.items() if timeframe in inner}
        for timeframe, above in self.higher.items():
            above.graph.keep(inner[timeframe])


class HigherGraph:
    """The nodes of a higher timeframe, fed from the bars of the one below."""

    def __init__(self, timeframe: str, below: Graph) -> None:
        self.graph = Graph(timeframe, below.clock)
        self._bars = Aggregator(below.timeframe, Periods(timeframe, below.clock))
        self._fresh = True

    def add(self, bar: Bar) -> None:
        """Take a closed bar of the timeframe below."""
        for closed in self._bars.add(bar):
            self.graph.update(closed)

    def overdue(self, start: int) -> Bar | None:
        """Return the bar that would close first if a bar below started at `start`."""
        return self._bars.overdue(start)

    def seed(self, batch: BatchEvaluator, *, only_fresh: bool) -> None:
        """Start over on a history of the timeframe below, or bring only what is fresh up to it."""
        if self._fresh or not only_fresh:
            self._bars.seed(batch.columns)
        self.graph.seed(batch.higher(self.graph.timeframe), only_fresh=only_fresh)
        self._fresh = False

    def settle(self) -> None:
        """Nothing is fresh before the first bar."""
        self._fresh = False
        self.graph.settle()


class HigherCell(Cell):
    """A node's value on the last closed bar of a higher timeframe."""

    __slots__ = ("_above", "inner", "timeframe")

    def __init__(self, node: Node, above: HigherGraph, operand: Node) -> None:
        super().__init__(node)
        self._above = above
        self.timeframe = above.graph.timeframe
        self.inner = above.graph.cell(operand)

    def advance(self, bar: Bar) -> None:  # noqa: ARG002  the graph above has taken it
        self.value = self.inner.value

    def peek(self, bar: Bar) -> None:
        overdue = self._above.overdue(bar.start)
        if overdue is None:
            self.peeked = self.inner.value
            return
        # The forming bar lies beyond an open period: that one is closed, only nobody has said so yet.
        for cell in needed_by(self._above.graph, self.inner):
            cell.peek(overdue)
        self.peeked = self.inner.peeked


def needed_by(graph: Graph, root: Cell) -> list[Cell]:
    """Return the cells that `root` reads, itself included, in the order they depend on each other."""
    nodes: set[int] = set()
    waiting = [root.node]
    while waiting:
        node = waiting.pop()
        cell = graph.cell(node)
        if id(cell) not in nodes:
            nodes.add(id(cell))
            waiting.extend(parts_in(cell.node))  # a lone output is its indicator
    return [cell for cell in graph.order if id(cell) in nodes]


def parts_in(node: Node) -> tuple[Node, ...]:
    """Return the nodes of the same timeframe that a node's cell reads."""
    match node:
        case Higher():
            return ()
        case Between(operand=operand, low=low, high=high):
            return (Compare(">=", operand, low), Compare("<=", operand, high))
        case Change(operand=operand, bars=bars):
            return (operand, Previous(operand, bars))
        case _:
            return children(node)


def last_bar(batch: BatchEvaluator) -> Bar:
    """Return the last bar of an evaluator's columns."""
    columns = batch.columns
    return Bar(
        "",
        batch.timeframe,
        int(columns.start[-1]),
        float(columns.open[-1]),
        float(columns.high[-1]),
        float(columns.low[-1]),
        float(columns.close[-1]),
        float(columns.volume[-1]),
    )

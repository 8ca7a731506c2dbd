"""Rules on a running series: closed bars one by one, the forming bar looked at as often as one likes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop.domain.errors import ProgramBug
from desktop.domain.market import Bar
from desktop.rules.batch import BatchEvaluator
from desktop.rules.cells import Cell
from desktop.rules.columns import Columns
from desktop.rules.compile import Rule
from desktop.rules.explain import Explanation, explain
from desktop.rules.graph import Graph, needed_by
from desktop.rules.nodes import Node, Verdict, free_roots
from desktop.rules.operators import FALSE, NAN, TRUE
from desktop.rules.periods import LocalClock
from desktop.rules.terms import NO_POSITION, Judge, PositionTerms, position_function

_TRUE, _FALSE, _UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN


@dataclass(slots=True)
class _Plan:
    """How one rule is answered: from its root cell, or by a function of the position."""

    rule: Rule
    root: Cell | None
    closed: Judge | None
    forming: Judge | None
    order: list[Cell]  # what a peek has to look at
    users: int = 1  # how often the rule was added


class StreamEvaluator:
    """Evaluates rules bar by bar for one feed, symbol, timeframe and origin; sessions share it.

    Equal nodes of different rules are one cell and are computed once per bar. The values equal those of
    `BatchEvaluator` over the same bars bit for bit.

    Args:
        timeframe: Timeframe of the bars it is given.
        zone: Zone of the exchange, for times of day and daily bars.
    """

    def __init__(self, *, timeframe: str, zone: str = "UTC") -> None:
        self.timeframe = timeframe
        self.zone = zone
        self._graph = Graph(timeframe, LocalClock(zone))
        self._plans: dict[int, _Plan] = {}
        self._equal: dict[int, tuple[Rule, _Plan]] = {}  # rules that were never added but equal one that was
        self._forming: Bar | None = None
        self._stamp = 0

    @property
    def bars(self) -> int:
        """Closed bars seen since the origin."""
        return self._graph.bars

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules it answers for."""
        return tuple(plan.rule for plan in self._plans.values())

    @property
    def is_used(self) -> bool:
        """Whether any rule is still answered."""
        return bool(self._plans)

    # --- Rules ---------------------------------------------------------------------------------------------------

    def add(self, rule: Rule, history: Columns | None = None) -> None:
        """Register a rule.

        Args:
            rule: A rule of this timeframe.
            history: All bars seen since the origin; needed when there were any and no equal rule is running, because
                new indicators are opened on all of them and never on a window.

        Raises:
            ProgramBug: bars were seen and `history` does not hold exactly as many, or the timeframe is another.
        """
        if rule.timeframe != self.timeframe:
            raise ProgramBug(f"a rule for bars of {rule.timeframe} cannot run on bars of {self.timeframe}")
        known = self._plans.get(id(rule))
        if known is not None:
            known.users += 1
            return
        shared = self._found(rule) is not None  # an equal rule: its nodes are running
        if self.bars and not shared and (history is None or len(history) != self.bars):
            seen = 0 if history is None else len(history)
            raise ProgramBug(f"a rule added after {self.bars} bars needs them all as history, but got {seen}")
        self._plans[id(rule)] = self._planned(rule)
        self._forming = None
        if not self.bars:
            self._graph.settle()
        elif history is not None and not shared:  # what runs already is left alone
            self._graph.seed(BatchEvaluator(history, timeframe=self.timeframe, zone=self.zone), only_fresh=True)

    def remove(self, rule: Rule) -> None:
        """Take back one `add`; nodes no other rule uses are no longer computed. Unknown rules are ignored."""
        plan = self._found(rule)
        if plan is None:
            return
        plan.users -= 1
        if plan.users:
            return
        del self._plans[id(plan.rule)]
        self._equal.clear()
        self._graph.keep(root for other in self._plans.values() for root in self._roots(other.rule))

    def _roots(self, rule: Rule) -> list[Cell]:
        return [self._graph.cell(node) for node in free_roots(rule.root)]

    def _planned(self, rule: Rule) -> _Plan:
        roots = self._roots(rule)
        needed = {id(cell) for root in roots for cell in needed_by(self._graph, root)}
        order = [cell for cell in self._graph.order if id(cell) in needed]
        if not rule.uses_position:
            return _Plan(rule, roots[0], None, None, order)
        return _Plan(
            rule,
            None,
            position_function(rule.root, self._reader(forming=False)),
            position_function(rule.root, self._reader(forming=True)),
            order,
        )

    def _reader(self, *, forming: bool) -> Callable[[Node], Callable[[], float]]:
        def reader(node: Node) -> Callable[[], float]:
            cell = self._graph.cell(node)
            return (lambda: cell.peeked) if forming else (lambda: cell.value)

        return reader

    # --- Bars ----------------------------------------------------------------------------------------------------

    def seed(self, columns: Columns) -> None:
        """Start over on all bars since the origin, as if each had been given to `update`."""
        self._forming = None
        self._graph.seed(BatchEvaluator(columns, timeframe=self.timeframe, zone=self.zone))

    def update(self, bar: Bar) -> None:
        """Take a closed bar; bars come in the order of time."""
        self._forming = None
        self._graph.update(bar)

    # --- Answers -------------------------------------------------------------------------------------------------

    def verdict(self, rule: Rule, terms: PositionTerms | None = None) -> Verdict:
        """Return what a rule says after the last closed bar.

        Args:
            rule: A rule that was added.
            terms: The open position, for rules with position terms; without it such terms are unknown.
        """
        plan = self._plans.get(id(rule)) or self._plan(rule)
        if plan.root is not None:
            value = plan.root.value
        else:
            value = plan.closed(terms or NO_POSITION) if plan.closed is not None else NAN
        return _TRUE if value == TRUE else _FALSE if value == FALSE else _UNKNOWN

    def peek(self, rule: Rule, forming: Bar, terms: PositionTerms | None = None) -> Verdict:
        """Return what a rule would say if the forming bar closed as it is; changes nothing.

        Rules asked about the same bar object share the work.
        """
        plan = self._plans.get(id(rule)) or self._plan(rule)
        self._look(plan, forming)
        if plan.root is not None:
            value = plan.root.peeked
        else:
            value = plan.forming(terms or NO_POSITION) if plan.forming is not None else NAN
        return _TRUE if value == TRUE else _FALSE if value == FALSE else _UNKNOWN

    def _look(self, plan: _Plan, forming: Bar) -> None:
        if forming is not self._forming:
            self._forming = forming
            self._stamp += 1
        stamp = self._stamp
        for cell in plan.order:
            if cell.stamp != stamp:
                cell.peek(forming)
                cell.stamp = stamp

    def explain(self, rule: Rule, terms: PositionTerms | None = None, forming: Bar | None = None) -> Explanation:
        """Return why a rule said what it said, clause by clause; of the forming bar when one is given."""
        plan = self._plans.get(id(rule)) or self._plan(rule)
        if forming is not None:
            self._look(plan, forming)
        position = terms or NO_POSITION
        reader = self._reader(forming=forming is not None)

        def read(node: Node) -> float:
            return position_function(node, reader)(position) if rule.uses_position else reader(node)()

        return explain(rule, read, self.bars + (forming is not None))

    def value(self, node: Node) -> float:
        """Return the value of a node of an added rule after the last closed bar; NaN is unknown."""
        cell = self._graph.cells.get(node)
        if cell is None:
            raise ProgramBug("a value was asked for that belongs to no rule of this evaluator")
        return cell.value

    def _plan(self, rule: Rule) -> _Plan:
        known = self._equal.get(id(rule))
        if known is not None:
            return known[1]
        plan = self._found(rule)
        if plan is None:
            raise ProgramBug(f"the rule {rule.text!r} was asked for but never added")
        self._equal[id(rule)] = (rule, plan)  # holding the rule keeps its id from being used again
        return plan

    def _found(self, rule: Rule) -> _Plan | None:
        plan = self._plans.get(id(rule))
        if plan is not None and plan.rule is rule:
            return plan
        return next((other for other in self._plans.values() if other.rule == rule), None)

"""Rule evaluators shared by the sessions on one symbol: each bar is computed once, however many ask."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from desktop.domain.market import Bar
from desktop.market.series import Record, merged, unknown
from desktop.rules.columns import Columns
from desktop.rules.compile import Rule
from desktop.rules.stream import StreamEvaluator

logger = logging.getLogger(__name__)


class SharedEvaluators:
    """Evaluators by symbol, timeframe and origin, each with every bar it has seen."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], dict[int, tuple[StreamEvaluator, Record]]] = {}

    def get(
        self, symbol: str, timeframe: str, origin: int, history: Sequence[Bar], rules: Sequence[Rule], *, zone: str
    ) -> StreamEvaluator:
        """Return the evaluator of an origin (µs UTC of the first bar) with these rules added; opened on the history.

        A history that knows more bars than an evaluator that is there (it was stored later) opens it anew.
        """
        origins = self._found.setdefault((symbol, timeframe), {})
        pair = origins.get(origin)
        if pair is None or len(history) > pair[1].count:
            evaluator = StreamEvaluator(timeframe=timeframe, zone=zone) if pair is None else pair[0]
            record = Record(Columns.of(history))
            evaluator.seed(record.columns())
            pair = origins[origin] = (evaluator, record)
        evaluator, record = pair
        for rule in rules:
            evaluator.add(rule, record.columns())
        return evaluator

    def forget(self, symbol: str, timeframe: str) -> None:
        """Drop every evaluator of a series that nobody follows any more."""
        self._found.pop((symbol, timeframe), None)

    def insert(self, symbol: str, timeframe: str, bars: Sequence[Bar]) -> dict[int, list[Bar]]:
        """Let every evaluator of a series start anew with bars that it has missed; return them by its `id`."""
        origins = self._found.get((symbol, timeframe), {})
        found: dict[int, list[Bar]] = {}
        for origin, (evaluator, record) in tuple(origins.items()):
            columns = record.columns()
            missed = [bar for bar in unknown(columns, bars) if bar.start > origin]
            if missed:
                whole = merged(columns, Columns.of(missed))
                evaluator.seed(whole)
                origins[origin] = (evaluator, Record(whole))
                found[id(evaluator)] = missed
        return found

    def closed(self, bar: Bar) -> None:
        """Let every evaluator of the series see a closed bar; one whose last rule was taken back is dropped."""
        origins = self._found.get((bar.symbol, bar.timeframe), {})
        for origin, (evaluator, record) in tuple(origins.items()):
            if not evaluator.is_used:
                del origins[origin]
            elif bar.start > record.last_start:  # a history that was just read may hold it already
                try:
                    evaluator.update(bar)
                except Exception:
                    logger.exception(
                        "the rules on %s %s could not be worked out and start anew", bar.symbol, bar.timeframe
                    )
                    del origins[origin]
                    _let_go(evaluator)
                else:
                    record.append(bar)


def _let_go(evaluator: StreamEvaluator) -> None:
    """Take every rule back, so that the sessions that ask it fail and are built anew; the others never notice."""
    while evaluator.rules:
        for rule in evaluator.rules:
            evaluator.remove(rule)

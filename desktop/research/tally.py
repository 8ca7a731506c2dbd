"""What a backtest keeps of what the core says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from desktop.domain.events import Blocked, Fact, FillBooked, TradeClosed, Warned
from desktop.domain.fills import Fill
from desktop.domain.positions import ClosedTrade


class Tally:
    """Fills, trades, blocks by check, and warnings, each sentence once."""

    def __init__(self) -> None:
        self.fills: list[Fill] = []
        self.trades: list[ClosedTrade] = []
        self.blocks: Counter[str] = Counter()
        self.warnings: dict[str, None] = {}

    def take(self, facts: Iterable[Fact]) -> None:
        """Keep what counts of the facts of a step."""
        for fact in facts:
            if type(fact) is FillBooked:
                self.fills.append(fact.fill)
            elif type(fact) is TradeClosed:
                self.trades.append(fact.trade)
            elif isinstance(fact, Blocked):
                # a run of true bars is told at its start and, with its count, at its end
                self.blocks[fact.block.check.value] += fact.count - 1 if fact.count > 1 else 1
            elif isinstance(fact, Warned):
                self.warnings[fact.sentence] = None

"""What a backtest keeps of what the core says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from desktop.domain.events import Blocked, Fact, Warned
from desktop.domain.fills import Fill
from desktop.domain.positions import ClosedTrade
from desktop.trading.state import CoreState


class Tally:
    """Fills, trades, blocks by check, and warnings, each sentence once.

    Args:
        state: Of a core that tells no changes: it keeps its fills and trades itself.
    """

    def __init__(self, state: CoreState) -> None:
        self.fills: list[Fill] = state.fills
        self.trades: list[ClosedTrade] = state.trades
        self.blocks: Counter[str] = Counter()
        self.warnings: dict[str, None] = {}

    def take(self, facts: Iterable[Fact]) -> None:
        """Keep what counts of the facts of a step."""
        for fact in facts:
            if isinstance(fact, Blocked):
                # a run of true bars is told at its start and, with its count, at its end
                self.blocks[fact.block.check.value] += fact.count - 1 if fact.count > 1 else 1
            elif isinstance(fact, Warned):
                self.warnings[fact.sentence] = None

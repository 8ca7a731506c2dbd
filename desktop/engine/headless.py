"""The engine without a window: what happens is written as lines, and signals are answered where that is wanted."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from desktop.domain.errors import AssayError
from desktop.domain.events import FillBooked, SignalChanged, TradeClosed, Warned
from desktop.domain.signals import SignalState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desktop.domain.events import Fact
    from desktop.engine.api import Desk
    from desktop.engine.views import Changes


class HeadlessTrader:
    """Stands in for the user where there is no window: prints every fact that matters and approves each signal."""

    def __init__(self, desk: Desk, write: Callable[[str], None], *, approve: bool = True) -> None:
        """`write` takes a line of text; `approve`: answer each signal that waits for the user."""
        self._desk, self._write, self._approves = desk, write, approve
        self._begun = asyncio.get_running_loop().time()
        self._tasks: set[asyncio.Task[None]] = set()
        self._trouble = ""
        desk.on_fact(self._hear)
        desk.follow(self._look)

    def say(self, text: str) -> None:
        """Write a line with the seconds since the start."""
        seconds = asyncio.get_running_loop().time() - self._begun
        self._write(f"{seconds:6.1f} s  {text}")

    def _look(self, changes: Changes) -> None:
        """Say it once when prices stay away or the disk takes nothing, and once when all is well again."""
        if not changes.status:
            return
        banner = self._desk.status().banner
        what = banner.partition("(")[0]  # in brackets stands why, which changes with every new attempt
        if what != self._trouble:
            self._trouble = what
            self.say(f"trouble  {banner}" if banner else "well     Prices come and everything is stored again.")

    def _hear(self, fact: Fact) -> None:
        if isinstance(fact, SignalChanged):
            signal = fact.signal
            if signal.state is SignalState.PENDING and not signal.overdue and self._approves:
                self.say(
                    f"signal   {signal.side} {signal.quantity:,f} {signal.symbol} at {signal.price:,f}: "
                    f"{_because(signal.explanation)}"
                )
                task = asyncio.get_running_loop().create_task(self._approve(signal.signal_id))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            elif signal.state in (SignalState.EXPIRED, SignalState.BLOCKED):
                self.say(f"signal   {signal.symbol} {signal.state.lower()}: {signal.reason}")
        elif isinstance(fact, FillBooked):
            fill = fact.fill
            self.say(
                f"fill     {fill.side} {fill.quantity:,f} {fill.symbol} at {fill.price:,f}, slippage "
                f"{fill.slippage * fill.quantity:,.2f}, fee {fill.fee:,.2f}, cash now {fact.cash:,.2f}"
            )
        elif isinstance(fact, TradeClosed):
            trade = fact.trade
            self.say(f"closed   {trade.symbol} by {trade.reason}: {trade.pnl:+,.2f} after fees of {trade.fees:,.2f}")
        elif isinstance(fact, Warned):
            self.say(f"warning  {fact.sentence}")

    async def _approve(self, signal_id: str) -> None:
        try:
            await self._desk.approve(signal_id)
        except AssayError as error:
            self.say(f"refused  {error}")

    def finish(self) -> None:
        """Print where the session stands."""
        for row in self._desk.sessions():
            self.say(
                f"The session made {_count(row.trades, 'trade')} and holds {_count(row.positions, 'position')}: "
                f"equity {row.equity:,.2f} {row.settings.currency}, {row.pnl:+,.2f} since the start, "
                f"fees {row.fees:,.2f}."
            )


def _because(explanation: Mapping[str, Any]) -> str:
    return "; ".join(str(clause["line"]) for clause in explanation.get("clauses", ()))


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")

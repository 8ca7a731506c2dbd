"""Trading halts: what is held while a market does not trade, and let go when it does again (fault 24)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from desktop.domain.risk import Check
from desktop.trading.risk_table import Case, Finding

if TYPE_CHECKING:
    from desktop.domain.messages import Halted
    from desktop.trading.marks import Marks
    from desktop.trading.risk_checks import RiskChecks
    from desktop.trading.state import CoreState

BROKER = "broker"  # who said what a refused order told of, and what was stored before it was kept apart


class Halts:
    """Why trading in symbols is halted, by who said so: each takes back its own word only. Iterates over symbols."""

    def __init__(self) -> None:
        self._said: dict[str, dict[str, str]] = {}  # by symbol: who said it, and the reason

    def __iter__(self) -> Iterator[str]:
        return iter(self._said)

    def __contains__(self, symbol: object) -> bool:
        return symbol in self._said

    def __len__(self) -> int:
        return len(self._said)

    def reason(self, symbol: str) -> str:
        """Return why a symbol is halted; empty: it trades."""
        return next(iter(self._said.get(symbol, {}).values()), "")

    def said_by(self, who: str) -> list[str]:
        """Return the symbols that are halted by the word of `who`."""
        return [symbol for symbol, said in self._said.items() if who in said]

    def take(self, symbol: str, by: str, reason: str) -> None:
        """Take a halt, or with an empty reason that there is none any more as far as `by` knows."""
        said = self._said.setdefault(symbol, {})
        if reason:
            said[by] = reason
        else:
            said.pop(by, None)
        if not said:
            del self._said[symbol]

    def find(self, case: Case) -> Finding | None:
        """Be the check of the risk gate."""
        symbol = case.request.symbol
        if symbol not in self._said:
            return None
        return Finding("halted", "trading", f"Trading in {symbol} is halted: {self.reason(symbol)}. Nothing was sent.")

    def snapshot(self) -> dict[str, Any]:
        return {symbol: dict(said) for symbol, said in self._said.items()}

    def restore(self, data: Mapping[str, Any]) -> None:
        self._said = {symbol: {BROKER: said} if isinstance(said, str) else dict(said) for symbol, said in data.items()}


class HaltDesk:
    """Takes what feed and broker say of halts, on paper as in live trading; `retry` tries again what was held."""

    def __init__(
        self, state: CoreState, marks: Marks, halts: Halts, checks: RiskChecks, retry: Callable[[], None]
    ) -> None:
        self._state, self._marks, self._halts, self._checks, self._retry = state, marks, halts, checks, retry

    def take(self, message: Halted) -> None:
        """Take that trading in a symbol is halted, or goes on; each is told once."""
        halts, symbol = self._halts, message.symbol
        if symbol not in self._marks:
            return
        before = halts.reason(symbol)
        halts.take(symbol, message.by, message.reason)
        now = halts.reason(symbol)
        self.mind()
        if now and now != before:
            self._state.warn("halt", f"Trading in {symbol} is halted: {now}. Exits and stops are held and stay armed.")
        elif before and not now:
            self._state.warn("halt", f"Trading in {symbol} goes on.")
            self._retry()

    def mind(self) -> None:
        """Have every order asked for halts from now on; a backtest, which never hears of one, need not be."""
        if self._halts:
            self._checks.mind(Check.HALT, self._halts.find)

"""What the session owns: the ledger's cash and positions, marked at the session's last prices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from desktop.domain.events import FillBooked, PositionChanged, TradeClosed
from desktop.domain.fills import Fill
from desktop.domain.money import ZERO
from desktop.domain.orders import Order, Purpose
from desktop.domain.positions import ClosedTrade, Position
from desktop.domain.quick import copier
from desktop.domain.triggers import TriggerKind
from desktop.trading.ledger import Ledger
from desktop.trading.marks import Marks
from desktop.trading.state import CoreState

_lived = copier(Position, "bars_held", "high", "low")
_WHY = {
    Purpose.ENTRY: "",
    Purpose.RULE_EXIT: "rule",
    Purpose.TRIGGER: "trigger",
    Purpose.CLOSE: "by hand",
    Purpose.FLATTEN: "flattened",
    Purpose.GUARD: "protection at the broker",
}


class Holdings:
    """Books fills once, tells what they changed, and values the whole at the last prices.

    Attributes:
        ledger: The books.
        knows: Whether an execution is booked already, by its id.
        quantity: Units held of a symbol.
    """

    def __init__(self, state: CoreState, marks: Marks) -> None:
        self._state, self._marks = state, marks
        settings = state.settings
        self.ledger = Ledger(settings.cash, settings.currency, session_id=settings.session_id, account=settings.account)
        self.knows, self.quantity = self.ledger.knows, self.ledger.quantity

    # reads -----------------------------------------------------------------------------------------------------
    @property
    def cash(self) -> Decimal:
        return self.ledger.cash

    @property
    def positions(self) -> Mapping[str, Position]:
        """The ledger's open positions by symbol."""
        return self.ledger.positions

    def position(self, symbol: str) -> Position | None:
        """Return a holding with the bars and extremes it has lived through."""
        position = self.ledger.positions.get(symbol)
        return None if position is None else self._lived(position)

    def all(self) -> dict[str, Position]:
        """Return all holdings in the configured order of symbols."""
        held = self.ledger.positions
        return {symbol: self._lived(held[symbol]) for symbol in self._marks if symbol in held}

    def _lived(self, position: Position) -> Position:
        mark = self._marks[position.symbol]
        return _lived(position, mark.terms_bars, mark.high, mark.low)

    def value(self, symbol: str) -> Decimal:
        """Return what a holding would bring at the last price."""
        position = self.ledger.positions.get(symbol)
        return ZERO if position is None else position.quantity * self._price(position)

    def invested(self) -> Decimal:
        return sum((self.value(symbol) for symbol in self.ledger.positions), ZERO)

    def equity(self) -> Decimal:
        return self.ledger.cash if self.ledger.is_flat else self.ledger.cash + self.invested()

    def _price(self, position: Position) -> Decimal:
        mark = self._marks[position.symbol]
        return mark.sell_price if mark.known else position.average

    # changes ---------------------------------------------------------------------------------------------------
    def book(
        self, fill: Fill, order: Order, *, inside: bool, fired: TriggerKind | None = None
    ) -> tuple[Decimal, Decimal]:
        """Book an execution that was not booked before; returns the quantity held before and after it.

        Args:
            fill: The execution.
            order: The order it belongs to.
            inside: It happened inside the bar that is passing, after its open.
            fired: The trigger the order came from.
        """
        state, ledger, symbol = self._state, self.ledger, fill.symbol
        mark = self._marks[symbol]
        reason = _WHY[order.purpose] if fired is None else fired.value.replace("_", "-").lower()
        before, held, realised, trades = ledger.fold(fill, mark.bars_held, reason)
        if held > before:
            price = float(fill.price)
            if before <= ZERO < held:
                mark.enter(price, inside=inside)
            else:
                mark.see(price, price)
        if state.tells_changes:
            self._tell(fill, held, realised, trades)
        else:
            state.fills.append(fill)
            if trades:
                state.trades.extend(trades)
        if held <= ZERO:
            mark.leave()
        return before, held

    def _tell(self, fill: Fill, held: Decimal, realised: Decimal, trades: tuple[ClosedTrade, ...]) -> None:
        """Tell what an execution changed."""
        state, symbol = self._state, fill.symbol
        session_id, now = state.session_id, state.now
        state.effects.append(FillBooked(session_id, now, fill, self.ledger.cash, realised))
        after = self.ledger.position(symbol)
        if held > ZERO:
            after = self._lived(after)
        state.effects.append(PositionChanged(session_id, now, after))
        for trade in trades:
            state.effects.append(TradeClosed(session_id, now, trade))

    # storage ---------------------------------------------------------------------------------------------------
    def snapshot(self) -> dict[str, Any]:
        return self.ledger.snapshot()

    def restore(self, data: Mapping[str, Any], execution_ids: Iterable[str]) -> None:
        self.ledger.restore(data, execution_ids)

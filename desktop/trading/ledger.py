"""Cash and positions, exact: cash + cost of positions + fees - realised P&L is the starting cash after every fill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from desktop.domain.fills import Fill
from desktop.domain.money import ZERO, bounded
from desktop.domain.orders import Side
from desktop.domain.positions import ClosedTrade, Position
from desktop.domain.quick import maker
from desktop.trading.exact import EXACT
from desktop.trading.position_books import Entry, Holding, SymbolBooks, Trip

_ID_PREFIX = 24
_SELL = Side.SELL
_plus, _minus, _times, _divide = EXACT.add, EXACT.subtract, EXACT.multiply, EXACT.divide
_position, _trade = maker(Position), maker(ClosedTrade)
_tuple = tuple.__new__  # makes a named tuple of its values at half the price of calling its class


@dataclass(slots=True)
class Booking:
    """What one fill changed.

    Attributes:
        realised: Change of the realised P&L, gross of fees; zero for a plain buy.
        position: The position after it; quantity 0 when it was closed.
        trades: The trades that are complete by it: one at most, more only when a late fill re-orders what was booked.
        repeated: The fill was booked before; nothing was changed.
    """

    realised: Decimal
    position: Position
    trades: tuple[ClosedTrade, ...] = ()
    repeated: bool = False

    @property
    def closed(self) -> ClosedTrade | None:
        """The last trade that is complete by it."""
        return self.trades[-1] if self.trades else None

    @property
    def oversold(self) -> Decimal:
        """Units by which the position is short after it (fault 16): true, but nothing a session asks for."""
        quantity = self.position.quantity
        return quantity.copy_negate() if quantity < ZERO else ZERO


class Ledger:
    """The books of one session: a function of the set of its fills, whatever the order in which they arrive.

    Args:
        cash: Money at the start.
        currency: Of all amounts.
        session_id: For the positions and trades it makes.
        account: Likewise.
    """

    def __init__(self, cash: Decimal, currency: str, *, session_id: str = "", account: str = "") -> None:
        self.start = self.cash = cash
        self.currency, self.session_id, self.account = currency, session_id, account
        self.fees = ZERO
        self._books: dict[str, SymbolBooks] = {}
        self._open: dict[str, SymbolBooks] = {}  # those that hold anything, in the order in which it was opened
        self._positions: dict[str, Position] | None = {}  # as values; None: to be made when they are asked for
        self._booked: set[str] = set()
        self._marks: dict[str, Decimal] = {}
        self._trade_prefix = session_id[:_ID_PREFIX]

    def knows(self, execution_id: str) -> bool:
        """Whether an execution is booked already."""
        return execution_id in self._booked

    def latest(self, symbol: str) -> int:
        """Return when the newest execution of a symbol was, µs UTC; 0: there was none."""
        books = self._books.get(symbol)
        return 0 if books is None else books.latest

    @property
    def realised(self) -> Decimal:
        """Realised P&L since the start, gross of fees."""
        total = ZERO
        for books in self._books.values():
            total = EXACT.add(total, books.holding.total)
        return total

    def balance(self) -> Decimal:
        """Return cash + cost of positions + fees - realised P&L: the starting cash, exactly (invariant 1)."""
        total = EXACT.subtract(EXACT.add(self.cash, self.fees), self.realised)
        for position in self.positions.values():
            total = EXACT.add(total, position.cost)
        return total

    @property
    def positions(self) -> Mapping[str, Position]:
        """The open positions by symbol."""
        found = self._positions
        if found is None:
            found = self._positions = {symbol: self.position(symbol) for symbol in self._open}
        return found

    @property
    def is_flat(self) -> bool:
        """Whether nothing is held."""
        return not self._open

    def quantity(self, symbol: str) -> Decimal:
        """Return how many units are held of a symbol; negative: short."""
        books = self._open.get(symbol)
        return ZERO if books is None else books.holding.quantity

    def book(self, fill: Fill) -> Booking:
        """Fold one execution in; one that is known changes nothing."""
        if fill.execution_id in self._booked:
            return Booking(ZERO, self.position(fill.symbol), repeated=True)
        _, _, realised, trades = self.fold(fill)
        return Booking(realised, self.position(fill.symbol), trades)

    def fold(
        self, fill: Fill, bars_held: int = 0, reason: str = ""
    ) -> tuple[Decimal, Decimal, Decimal, tuple[ClosedTrade, ...]]:
        """Fold an execution in that is not known yet.

        Args:
            fill: The execution.
            bars_held: For the trade that it completes; below zero counts as none.
            reason: Likewise: why the position was closed.

        Returns:
            The quantity held before and after it, what it realised, and the trades it completed (see `Booking`).
        """
        symbol, quantity, price, fee, at = fill.symbol, fill.quantity, fill.price, fill.fee, fill.at
        execution_id, sells = fill.execution_id, fill.side is _SELL
        books = self._books.get(symbol)
        if books is None:
            books = self._books[symbol] = SymbolBooks()
        self._booked.add(execution_id)
        value = _times(price, quantity)
        entry = _tuple(Entry, (at, execution_id, not sells, quantity, price, fee, fill.bar_start or at))
        before = books.holding[0]
        gain, trips = books.add(entry, value)
        held = books.holding[0]
        self.cash = _minus(_plus(self.cash, value) if sells else _minus(self.cash, value), fee)
        self.fees = _plus(self.fees, fee)
        self._positions = None
        if held:
            self._open[symbol] = books
        else:
            self._open.pop(symbol, None)
        if not trips:
            return before, held, gain, ()
        if len(trips) == 1:  # more only when a late one re-orders what was booked
            return before, held, gain, (self._trade(symbol, trips[0], bars_held, reason),)
        return before, held, gain, tuple([self._trade(symbol, trip, bars_held, reason) for trip in trips])

    def position(self, symbol: str) -> Position:
        """Return what is held of a symbol; quantity 0: nothing."""
        books = self._books.get(symbol)
        held = Holding() if books is None else books.holding
        return _position(
            self.session_id,
            self.account,
            symbol,
            held.quantity,
            held.cost,
            held.realised,
            held.fees,
            held.opened_at,
            held.opened_bar,
        )

    def _trade(self, symbol: str, trip: Trip, bars_held: int, reason: str) -> ClosedTrade:
        number, quantity, entry_time, entry_value, exit_time, exit_value, realised, fees = trip
        return _trade(
            f"{self._trade_prefix}-{symbol}-r{number}",
            self.session_id,
            self.account,
            symbol,
            quantity,
            entry_time,
            bounded(_divide(entry_value, quantity)),
            exit_time,
            bounded(_divide(exit_value, quantity)),
            _minus(realised, fees),
            fees,
            bars_held if bars_held > 0 else 0,
            reason,
        )

    # marks -----------------------------------------------------------------------------------------------------
    def mark(self, symbol: str, price: Decimal) -> None:
        """Take the price at which a holding is valued from now on."""
        self._marks[symbol] = price

    def value(self, symbol: str) -> Decimal:
        """Return what a holding is worth at its mark; at cost where there is none yet."""
        position = self.positions.get(symbol)
        if position is None:
            return ZERO
        price = self._marks.get(symbol)
        return position.cost if price is None else EXACT.multiply(position.quantity, price)

    def unrealised(self, symbol: str) -> Decimal:
        """Return what closing a holding at its mark would gain, gross of fees."""
        position = self.positions.get(symbol)
        return ZERO if position is None else EXACT.subtract(self.value(symbol), position.cost)

    def equity(self) -> Decimal:
        """Return cash and all holdings at their marks."""
        total = self.cash
        for symbol in self.positions:
            total = EXACT.add(total, self.value(symbol))
        return total

    # storage ---------------------------------------------------------------------------------------------------
    def snapshot(self) -> dict[str, Any]:
        """Return everything but the older execution ids, which are the store's, as JSON values."""
        return {
            "cash": str(self.cash),
            "fees": str(self.fees),
            "books": {symbol: self._books[symbol].snapshot() for symbol in sorted(self._books)},
            "marks": {symbol: str(self._marks[symbol]) for symbol in sorted(self._marks)},
        }

    def restore(self, data: Mapping[str, Any], execution_ids: Iterable[str] = ()) -> None:
        """Take up a snapshot exactly; `execution_ids` are all that the store has of the session."""
        self.cash, self.fees = Decimal(data["cash"]), Decimal(data["fees"])
        self._books = {symbol: SymbolBooks.restored(item) for symbol, item in data["books"].items()}
        self._marks = {symbol: Decimal(price) for symbol, price in data["marks"].items()}
        self._booked = set(execution_ids)
        self._open = {symbol: books for symbol, books in self._books.items() if books.holding.quantity}
        self._positions = None
        for books in self._books.values():
            self._booked.update(books.execution_ids)

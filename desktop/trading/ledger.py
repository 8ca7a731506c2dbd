"""Cash and positions, exact: cash + cost of positions + fees - realised P&L is the starting cash after every fill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from desktop.domain.codec import from_json, to_json
from desktop.domain.fills import Fill
from desktop.domain.money import ZERO, bounded
from desktop.domain.orders import Side
from desktop.domain.positions import ClosedTrade, Position


@dataclass(frozen=True, slots=True)
class Booking:
    """What one fill changed.

    Attributes:
        realised: Gain of a sale, gross of fees; zero for a buy.
        position: The position after it; quantity 0 when it was closed.
        closed: The trade that ended with it.
        repeated: The fill was booked before; nothing was changed.
        oversold: Units sold beyond what was held (fault 16); booked as a short quantity, which a session never asks for.
    """

    realised: Decimal
    position: Position
    closed: ClosedTrade | None = None
    repeated: bool = False
    oversold: Decimal = ZERO


@dataclass(slots=True)
class _Life:
    """Sums of a position from flat to flat: what a closed trade is made of."""

    bought: Decimal = ZERO
    paid: Decimal = ZERO
    sold: Decimal = ZERO
    received: Decimal = ZERO
    fees: Decimal = ZERO
    opened_bar: int = 0


class Ledger:
    """The books of one session; every execution is booked once, whatever the order in which fills arrive."""

    def __init__(self, cash: Decimal, currency: str, *, session_id: str = "", account: str = "") -> None:
        self.start = self.cash = cash
        self.currency, self.session_id, self.account = currency, session_id, account
        self.realised = ZERO
        self.fees = ZERO
        self.positions: dict[str, Position] = {}
        self.trades = 0
        self._lives: dict[str, _Life] = {}
        self._booked: set[str] = set()

    def knows(self, execution_id: str) -> bool:
        """Whether an execution is booked already."""
        return execution_id in self._booked

    def balance(self) -> Decimal:
        """Return cash + cost of positions + fees - realised P&L: the starting cash, exactly (invariant 1)."""
        return self.cash + sum((item.cost for item in self.positions.values()), ZERO) + self.fees - self.realised

    def book(self, fill: Fill) -> Booking:
        """Fold one execution in; one that is known changes nothing."""
        held = self.positions.get(fill.symbol)
        if fill.execution_id in self._booked:
            return Booking(ZERO, held or self._flat(fill), repeated=True)
        self._booked.add(fill.execution_id)
        self.cash += fill.cash_flow
        self.fees += fill.fee
        position = held or self._flat(fill)
        life = self._lives.setdefault(fill.symbol, _Life(opened_bar=fill.bar_start or fill.at))
        life.fees += fill.fee
        value = fill.price * fill.quantity
        if fill.side is Side.BUY:
            life.bought += fill.quantity
            life.paid += value
            return self._settle(fill, self._enlarged(position, fill.quantity, value, fill.fee), life, ZERO)
        life.sold += fill.quantity
        life.received += value
        return self._sell(fill, position, life, value)

    def _sell(self, fill: Fill, position: Position, life: _Life, value: Decimal) -> Booking:
        if position.quantity <= ZERO:  # a sale before its buy arrived, or one nobody asked for: the cost goes below zero
            short = replace(
                position, quantity=position.quantity - fill.quantity, cost=position.cost - value, fees=position.fees + fill.fee
            )
            return self._settle(fill, short, life, ZERO, oversold=fill.quantity)
        taken = min(fill.quantity, position.quantity)
        share = position.cost if taken == position.quantity else bounded(position.cost * taken / position.quantity)
        proceeds = value if taken == fill.quantity else bounded(value * taken / fill.quantity)
        gain = proceeds - share
        self.realised += gain
        over = fill.quantity - taken
        after = replace(
            position,
            quantity=position.quantity - fill.quantity,
            cost=position.cost - share - (value - proceeds),
            realised=position.realised + gain,
            fees=position.fees + fill.fee,
        )
        return self._settle(fill, after, life, gain, oversold=over)

    def _enlarged(self, position: Position, quantity: Decimal, value: Decimal, fee: Decimal) -> Position:
        """Return the position after a buy; one that was short is covered first."""
        if position.quantity >= ZERO:
            return replace(
                position, quantity=position.quantity + quantity, cost=position.cost + value, fees=position.fees + fee
            )
        short = -position.quantity
        covered = min(quantity, short)
        received = -position.cost if covered == short else bounded(-position.cost * covered / short)
        paid = value if covered == quantity else bounded(value * covered / quantity)
        gain = received - paid
        self.realised += gain
        return replace(
            position,
            quantity=position.quantity + quantity,
            cost=position.cost + received + (value - paid),
            realised=position.realised + gain,
            fees=position.fees + fee,
        )

    def _settle(
        self, fill: Fill, position: Position, life: _Life, gain: Decimal, *, oversold: Decimal = ZERO
    ) -> Booking:
        if position.quantity != ZERO:
            self.positions[fill.symbol] = position
            return Booking(gain, position, oversold=oversold)
        self.positions.pop(fill.symbol, None)
        del self._lives[fill.symbol]
        self.trades += 1
        return Booking(gain, position, self._trade(fill, position, life), oversold=oversold)

    def _trade(self, fill: Fill, position: Position, life: _Life) -> ClosedTrade:
        return ClosedTrade(
            trade_id=f"{self.session_id[:24]}-r{self.trades}",
            session_id=self.session_id,
            account=self.account,
            symbol=fill.symbol,
            quantity=life.bought,
            entry_time=life.opened_bar,
            entry_price=bounded(life.paid / life.bought),
            exit_time=fill.bar_start or fill.at,
            exit_price=bounded(life.received / life.sold),
            pnl=life.received - life.paid - life.fees,
            fees=life.fees,
        )

    def _flat(self, fill: Fill) -> Position:
        return Position(
            self.session_id,
            self.account,
            fill.symbol,
            ZERO,
            ZERO,
            opened_at=fill.at,
            opened_bar=fill.bar_start or fill.at,
        )

    # storage ---------------------------------------------------------------------------------------------------
    def snapshot(self) -> dict[str, Any]:
        """Return everything but the execution ids, which are the store's, as JSON values."""
        return {
            "cash": str(self.cash),
            "realised": str(self.realised),
            "fees": str(self.fees),
            "trades": self.trades,
            "positions": [to_json(item) for item in self.positions.values()],
            "lives": {symbol: to_json(life) for symbol, life in self._lives.items()},
        }

    def restore(self, data: Mapping[str, Any], execution_ids: Iterable[str]) -> None:
        """Take up a snapshot exactly."""
        self.cash, self.realised = Decimal(data["cash"]), Decimal(data["realised"])
        self.fees, self.trades = Decimal(data["fees"]), data["trades"]
        self.positions = {item["symbol"]: from_json(Position, item) for item in data["positions"]}
        self._lives = {symbol: from_json(_Life, item) for symbol, item in data["lives"].items()}
        self._booked = set(execution_ids)

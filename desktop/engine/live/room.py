"""The limits of a whole account, judged for all its sessions in one instant: what one reserves, the others see."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desktop.domain.accounts import AccountLimits
from desktop.domain.money import HUNDRED, ZERO, percent_of
from desktop.domain.orders import OrderStatus, Side
from desktop.trading.risk_table import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from decimal import Decimal

    from desktop.domain.broker import AccountInfo
    from desktop.trading.risk_table import Case
    from desktop.trading.session_core import SessionCore

_AT_BROKER = frozenset(
    {
        OrderStatus.NEW,
        OrderStatus.PARTIALLY_FILLED,
        OrderStatus.PENDING_CANCEL,
        OrderStatus.PENDING_REPLACE,
        OrderStatus.DONE_FOR_DAY,
        OrderStatus.SUSPENDED,
    }
)
NO_DAY = -1


class Sums(NamedTuple):
    """What the sessions of an account come to at one instant."""

    moved: Decimal  # what they won or lost since the account was read
    invested: Decimal  # positions at their prices
    reserved: Decimal  # for open buys
    cost: Decimal  # positions at cost


class AccountRoom:
    """Implements `trading.outside.Room` over every core of an account; synchronous, so nothing comes in between.

    Attributes:
        limits: In force.
        lost_day: Trading day on which the daily loss limit was reached.
    """

    def __init__(
        self,
        cores: Callable[[], Iterable[SessionCore]],
        limits: AccountLimits | None = None,
        *,
        lost_day: int = NO_DAY,
        on_loss: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`cores` gives the core of every session on the account; `on_loss` hears that the day's loss is reached."""
        self._cores, self._on_loss = cores, on_loss
        self.limits = limits or AccountLimits()
        self.lost_day = lost_day
        self._info: AccountInfo | None = None
        self._bound_then = ZERO  # money in positions and at the broker's orders when the account was read
        self._equity_then: Mapping[str, Decimal] = {}  # by session
        self._warned_of: Decimal | None = None  # the day (by its first equity) whose loss was told

    # readings --------------------------------------------------------------------------------------------------
    def about_to_read(self) -> tuple[Decimal, dict[str, Decimal]]:
        """Return what the journals say at the instant the account is asked for; hand it to `read`."""
        cores = tuple(self._cores())
        return _at_broker(cores), {core.state.session_id: core.equity for core in cores}

    def read(self, info: AccountInfo, then: tuple[Decimal, Mapping[str, Decimal]]) -> None:
        """Take what the broker says of the account."""
        self._info = info
        self._bound_then, self._equity_then = then
        self._warn(info, self._sums())

    def _sums(self) -> Sums:
        """Add up every session in one pass: this is asked with every order."""
        moved = invested = reserved = cost = ZERO
        then = self._equity_then
        for core in self._cores():
            ledger, held = core.holdings.ledger, ZERO
            if ledger.positions:
                held = core.holdings.invested()
                invested += held
                for position in ledger.positions.values():
                    cost += position.cost
            reserved += core.book.reserved
            before = then.get(core.state.session_id)
            if before is not None:
                moved += ledger.cash + held - before
        return Sums(moved, invested, reserved, cost)

    @property
    def day_change(self) -> Decimal | None:
        """P&L since the last close by the broker's word and what the sessions did since; None where it does not say."""
        info = self._info
        return None if info is None else self._day_change(info, self._sums())

    def _day_change(self, info: AccountInfo, sums: Sums) -> Decimal | None:
        base = info.day_start_equity
        return None if base is None else info.equity + sums.moved - base

    # the gate --------------------------------------------------------------------------------------------------
    def look(self, case: Case, *, day: int) -> Finding | None:
        """Return the limit of the account that an entry would break."""
        info = self._info
        if info is None:
            return Finding("not read", "the account", "The broker's account was not read yet. Nothing was sent.")
        if info.blocked:
            return Finding("blocked", "open", f"The broker lets the account trade nothing: {info.blocked}")
        value, sums = case.request.quantity * case.price, self._sums()
        return (
            self._loss(info, sums, day)
            or self._order_value(value)
            or self._positions(case.request.symbol)
            or self._allocation(info, sums, value)
            or self._buying_power(info, sums, value)
        )

    def _loss_share(self, info: AccountInfo, sums: Sums) -> Decimal | None:
        """Return the day's loss in per cent where it has reached the limit."""
        limit, change, base = self.limits.max_daily_loss, self._day_change(info, sums), info.day_start_equity
        if limit is None or change is None or base is None or base <= ZERO or -change < percent_of(limit, base):
            return None
        return -change / base * HUNDRED

    def _warn(self, info: AccountInfo, sums: Sums) -> None:
        """Tell once a day that the loss limit is reached."""
        share, limit = self._loss_share(info, sums), self.limits.max_daily_loss
        if share is None or limit is None or self._warned_of == info.day_start_equity:
            return
        self._warned_of = info.day_start_equity
        self._on_loss(f"The account has lost {share:.2f} % since the last close. {_lost_sentence(limit)}")

    def _loss(self, info: AccountInfo, sums: Sums, day: int) -> Finding | None:
        """Judge the day's loss; once reached it counts for the rest of the trading day."""
        limit = self.limits.max_daily_loss
        if limit is None:
            return None
        share = self._loss_share(info, sums)
        if share is not None:
            self.lost_day = day
            self._warn(info, sums)
        elif self.lost_day != day:
            return None
        value = "reached" if share is None else f"{share:.2f} %"
        return Finding(value, f"{limit} %", _lost_sentence(limit))

    def _order_value(self, value: Decimal) -> Finding | None:
        limit = self.limits.max_order_value
        if limit is None or value <= limit:
            return None
        return Finding(
            f"{value:,}",
            f"{limit:,}",
            f"The order is worth {value:,}; the account's limit is {limit:,}. Lower the quantity.",
        )

    def _positions(self, symbol: str) -> Finding | None:
        limit = self.limits.max_positions
        if limit is None:
            return None
        taken: set[str] = set()
        for core in self._cores():
            taken.update(core.holdings.positions)
            taken.update(order.symbol for order in core.book.open.values() if order.side is Side.BUY)
        taken.discard(symbol)
        if len(taken) < limit:
            return None
        return Finding(
            str(len(taken)), str(limit), f"{len(taken)} of {limit} positions of the account are taken or on order."
        )

    def _allocation(self, info: AccountInfo, sums: Sums, value: Decimal) -> Finding | None:
        limit = self.limits.max_allocation
        if limit is None:
            return None
        equity, bound = info.equity + sums.moved, sums.invested + sums.reserved + value
        if bound <= percent_of(limit, equity):
            return None
        share = f"{bound / equity * HUNDRED:.2f} %" if equity > ZERO else "more than all"
        return Finding(
            share, f"{limit} %", f"All sessions together would hold {share} of the account, its limit is {limit} %."
        )

    def _buying_power(self, info: AccountInfo, sums: Sums, value: Decimal) -> Finding | None:
        since = max(ZERO, sums.cost + sums.reserved - self._bound_then)  # reserved or bought since it was read
        free = info.buying_power - since
        if value <= free:
            return None
        return Finding(
            f"{value:,.2f}",
            f"{free:,.2f}",
            f"The order needs {value:,.2f} {info.currency}, the account can buy for {free:,.2f} more.",
        )


def _at_broker(cores: Iterable[SessionCore]) -> Decimal:
    """Return the money in positions, at cost, and in the buys that the broker certainly knows."""
    total = ZERO
    for core in cores:
        total += sum((position.cost for position in core.holdings.positions.values()), ZERO)
        total += sum((order.reserved for order in core.book.open.values() if order.status in _AT_BROKER), ZERO)
    return total


def _lost_sentence(limit: Decimal) -> str:
    return (
        f"The account's daily loss limit of {limit} % is reached: new entries are off until the next trading day, "
        "exits and stops keep working."
    )

"""The limits of a whole account, judged for all its sessions in one instant: what one reserves, the others see."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        return _bound(cores, only=_AT_BROKER), {core.state.session_id: core.equity for core in cores}

    def read(self, info: AccountInfo, then: tuple[Decimal, Mapping[str, Decimal]]) -> None:
        """Take what the broker says of the account."""
        self._info = info
        self._bound_then, self._equity_then = then
        self._warn(info)

    @property
    def equity(self) -> Decimal | None:
        """The account's equity now: the broker's last word and what the sessions have won or lost since."""
        if self._info is None:
            return None
        then = self._equity_then
        moved = [core.equity - then[core.state.session_id] for core in self._cores() if core.state.session_id in then]
        return self._info.equity + sum(moved, ZERO)

    @property
    def day_change(self) -> Decimal | None:
        """P&L since the last close by the broker's word; None where it does not say."""
        equity = self.equity
        if equity is None or self._info is None or self._info.day_start_equity is None:
            return None
        return equity - self._info.day_start_equity

    # the gate --------------------------------------------------------------------------------------------------
    def look(self, case: Case, *, day: int) -> Finding | None:
        """Return the limit of the account that an entry would break."""
        info = self._info
        if info is None:
            return Finding("not read", "the account", "The broker's account was not read yet. Nothing was sent.")
        if info.blocked:
            return Finding("blocked", "open", f"The broker lets the account trade nothing: {info.blocked}")
        value = case.request.quantity * case.price
        return (
            self._loss(info, day)
            or self._order_value(value)
            or self._positions(case.request.symbol)
            or self._allocation(value)
            or self._buying_power(info, value)
        )

    def _loss_share(self, info: AccountInfo) -> Decimal | None:
        """Return the day's loss in per cent where it has reached the limit."""
        limit, change, base = self.limits.max_daily_loss, self.day_change, info.day_start_equity
        if limit is None or change is None or base is None or base <= ZERO or -change < percent_of(limit, base):
            return None
        return -change / base * HUNDRED

    def _warn(self, info: AccountInfo) -> None:
        """Tell once a day that the loss limit is reached."""
        share, limit = self._loss_share(info), self.limits.max_daily_loss
        if share is None or limit is None or self._warned_of == info.day_start_equity:
            return
        self._warned_of = info.day_start_equity
        self._on_loss(f"The account has lost {share:.2f} % since the last close. {_lost_sentence(limit)}")

    def _loss(self, info: AccountInfo, day: int) -> Finding | None:
        """Judge the day's loss; once reached it counts for the rest of the trading day."""
        limit = self.limits.max_daily_loss
        if limit is None:
            return None
        share = self._loss_share(info)
        if share is not None:
            self.lost_day = day
            self._warn(info)
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

    def _allocation(self, value: Decimal) -> Finding | None:
        limit, equity = self.limits.max_allocation, self.equity
        if limit is None or equity is None:
            return None
        bound = sum((core.holdings.invested() + core.book.reserved for core in self._cores()), ZERO) + value
        if bound <= percent_of(limit, equity):
            return None
        share = f"{bound / equity * HUNDRED:.2f} %" if equity > ZERO else "more than all"
        return Finding(
            share, f"{limit} %", f"All sessions together would hold {share} of the account, its limit is {limit} %."
        )

    def _buying_power(self, info: AccountInfo, value: Decimal) -> Finding | None:
        since = max(ZERO, _bound(self._cores()) - self._bound_then)  # reserved or bought since it was read
        free = info.buying_power - since
        if value <= free:
            return None
        return Finding(
            f"{value:,.2f}",
            f"{free:,.2f}",
            f"The order needs {value:,.2f} {info.currency}, the account can buy for {free:,.2f} more.",
        )


def _bound(cores: Iterable[SessionCore], *, only: frozenset[OrderStatus] | None = None) -> Decimal:
    """Return the money in positions, at cost, and in open buys; `only` those in some states."""
    total = ZERO
    for core in cores:
        total += sum((position.cost for position in core.holdings.positions.values()), ZERO)
        if only is None:
            total += core.book.reserved
        else:
            total += sum((order.reserved for order in core.book.open.values() if order.status in only), ZERO)
    return total


def _lost_sentence(limit: Decimal) -> str:
    return (
        f"The account's daily loss limit of {limit} % is reached: new entries are off until the next trading day, "
        "exits and stops keep working."
    )

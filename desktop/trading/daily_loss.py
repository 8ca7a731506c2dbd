"""The daily loss limit (K2): entries halt for the rest of the trading day."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from desktop.domain.events import Blocked
from desktop.domain.money import ZERO, percent_of
from desktop.domain.risk import Block, Check, Outcome
from desktop.ports import TradingHours
from desktop.trading.holdings import Holdings
from desktop.trading.state import CoreState

NO_DAY = -1


class DailyLoss:
    """Equity at the start of the trading day, and whether the loss since then has halted entries.

    Attributes:
        halted: Entries are off until the next trading day.
        block: What halted them; None while they are on.
    """

    def __init__(self, state: CoreState, holdings: Holdings, hours: TradingHours) -> None:
        self._state, self._holdings, self._hours = state, holdings, hours
        self.day = NO_DAY
        self.base = ZERO
        self.checked_at = -1  # message time of the last look
        self.block: Block | None = None

    @property
    def halted(self) -> bool:
        return self.block is not None

    def begin(self, at: int) -> None:
        """Take the equity as the day's start if `at` is in a new trading day; called before its prices are known."""
        if self._state.limits.max_daily_loss is None:
            self.day, self.block = NO_DAY, None
            return
        day = self._hours.trading_day(at)
        if day != self.day:
            self.day, self.base, self.block = day, self._holdings.equity(), None

    def judge(self) -> None:
        """Halt entries where the loss of the day has reached the limit; recorded once."""
        limit = self._state.limits.max_daily_loss
        self.checked_at = self._state.now
        if limit is None or self.block is not None or self.day == NO_DAY:
            return
        equity = self._holdings.equity()
        loss = self.base - equity
        if loss <= ZERO or loss < percent_of(limit, self.base):  # the share of a base at or below zero is no loss
            return
        self.block = _block(loss, self.base, limit, self._state.settings.currency)
        self._state.warn("daily loss", self.block.sentence)
        self._state.emit(Blocked(self._state.session_id, self._state.now, "", "entry", self.block))

    def snapshot(self) -> dict[str, Any]:
        block = self.block
        seen = None if block is None else [block.value, block.limit, block.sentence]
        return {"day": self.day, "base": str(self.base), "checked_at": self.checked_at, "block": seen}

    def restore(self, data: dict[str, Any]) -> None:
        self.day, self.base, self.checked_at = data["day"], Decimal(data["base"]), data["checked_at"]
        seen = data["block"]
        self.block = None if seen is None else Block(Check.DAILY_LOSS, Outcome.BLOCK, *seen)


def _block(loss: Decimal, base: Decimal, limit: Decimal, currency: str) -> Block:
    value = f"{loss / base * 100:.2f} %" if base > ZERO else "more than all"
    bound = f"{limit} %"
    return Block(
        Check.DAILY_LOSS,
        Outcome.BLOCK,
        value,
        bound,
        f"Today's loss of {loss:,.2f} {currency} ({value}) has reached the limit of {bound}. "
        "New entries are off until the next trading day; exits and stops keep working.",
    )

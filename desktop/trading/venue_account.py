"""The session's account at the simulated exchange: cash and holdings that no fill takes below zero."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from desktop.domain.instruments import Instrument
from desktop.domain.money import HUNDRED, ONE, ZERO, floor_to
from desktop.trading.exact import EXACT
from desktop.trading.fill_models import FillModel

_plus, _minus, _times = EXACT.add, EXACT.subtract, EXACT.multiply


class VenueAccount:
    """Cash and long holdings, exact."""

    def __init__(self, cash: Decimal) -> None:
        self.cash = cash
        self.holdings: dict[str, Decimal] = {}

    def buyable(
        self, instrument: Instrument, price: Decimal, quantity: Decimal, needed: Decimal, model: FillModel
    ) -> tuple[Decimal, str]:
        """Return the part of a quantity that the cash pays with its fee, in whole lots, and why not all of it.

        Args:
            instrument: What is bought.
            price: Per unit.
            quantity: Units.
            needed: Money for all of it, fee included.
            model: What a fee is.
        """
        if needed <= self.cash or needed <= ZERO:
            return quantity, ""
        reason = (
            f"insufficient cash at the fill: needed {needed:,f}, available {self.cash:,f} {instrument.currency}. "
            "What could not be paid was cancelled."
        )
        unit = price * (ONE + model.settings.fee_percent / HUNDRED)
        part = min(quantity, floor_to(max(self.cash, ZERO) / unit, instrument.lot))
        while part > ZERO:
            value = _times(price, part)
            if _plus(value, model.fee(value)) <= self.cash:
                break
            part -= instrument.lot  # the fee's tenth decimal was rounded up
        return part, reason

    def sellable(self, instrument: Instrument, quantity: Decimal) -> tuple[Decimal, str]:
        """Return the part of a quantity that is held, and why not all of it."""
        held = self.holdings.get(instrument.symbol, ZERO)
        if quantity <= held:
            return quantity, ""
        reason = (
            f"insufficient position at the fill: needed {quantity:,f}, available {held:,f} {instrument.symbol}. "
            "What is not held was cancelled."
        )
        return held, reason

    def book(self, symbol: str, value: Decimal, quantity: Decimal, fee: Decimal, *, buys: bool) -> None:
        """Take an execution worth `value` in."""
        holdings = self.holdings
        held = holdings.get(symbol)
        if buys:
            self.cash = _minus(_minus(self.cash, value), fee)
            holdings[symbol] = quantity if held is None else _plus(held, quantity)
            return
        held = held or ZERO
        self.cash = _minus(_plus(self.cash, value), fee)
        left = _minus(held, quantity)
        if left:
            holdings[symbol] = left
        else:
            holdings.pop(symbol, None)

    def snapshot(self) -> dict[str, Any]:
        return {"cash": str(self.cash), "holdings": {name: str(self.holdings[name]) for name in sorted(self.holdings)}}

    def restore(self, data: Mapping[str, Any]) -> None:
        self.cash = Decimal(data["cash"])
        self.holdings = {symbol: Decimal(text) for symbol, text in data["holdings"].items()}

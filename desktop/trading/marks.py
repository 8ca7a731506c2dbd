"""What a session knows of prices: the last of each symbol, whether it can be trusted, and the extremes of a holding."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar, Quote
from desktop.rules.columns import Columns

_BEFORE_ENTRY_BAR_CLOSED = -1  # the close of the entry bar makes it 0


class Mark:
    """The last price of one symbol. Bid and ask are the same where only bars or trades are known."""

    __slots__ = (
        "_high",
        "_low",
        "_unseen",
        "ask",
        "at",
        "bad",
        "bars_held",
        "bid",
        "closed_start",
        "cool_reason",
        "cool_until",
        "entered_inside",
        "held",
        "instrument",
        "judged_at",
        "on_tick",
        "priced",
        "quoted",
    )

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.bid = 0.0  # 0: none yet (see `known`)
        self.ask = 0.0
        self.at = -1  # µs UTC of the price; -1: none yet
        self.quoted = False  # quotes came: bars no longer set the price
        self.bad = ""  # why the last quote was dropped; empty: it was good
        self.held = False
        self.bars_held = 0
        self._high = self._low = 0.0  # since the entry, but for what is unseen
        self._unseen: list[tuple[Columns, int, int]] = []  # bars the holding lived through and nobody asked about
        self.entered_inside = False  # bought inside the bar that is passing: its range before that does not count
        self.judged_at = -1  # µs UTC of the last judging on a quote
        self.cool_until = 0  # no order of the session on it before, after a rejection
        self.cool_reason = ""
        self.priced, self.on_tick = 0.0, instrument.price(0.0)
        self.closed_start = 0  # µs UTC, start of the last closed bar

    @property
    def known(self) -> bool:
        """Whether any price has been seen."""
        return self.at >= 0

    @property
    def sell_price(self) -> Decimal:
        """What a seller gets: the bid, on the tick."""
        value = self.bid
        return self.on_tick if value == self.priced else self._on_tick(value)

    @property
    def buy_price(self) -> Decimal:
        """What a buyer pays: the ask, on the tick."""
        value = self.ask
        return self.on_tick if value == self.priced else self._on_tick(value)

    def _on_tick(self, value: float) -> Decimal:
        """Return a price on the tick; the last one is kept, for one price is asked for many times."""
        self.priced, self.on_tick = value, self.instrument.price(value)
        return self.on_tick

    @property
    def terms_bars(self) -> int:
        """Bars closed since the entry fill, 0 on the entry bar."""
        return self.bars_held if self.bars_held > 0 else 0

    def quote(self, quote: Quote) -> None:
        self.bid, self.ask, self.at = quote.bid, quote.ask, quote.at
        self.quoted, self.bad = True, ""
        if self.held:
            self.see(quote.bid, quote.bid)

    def price(self, value: float, at: int) -> None:
        """Take a price of a bar: both sides at once."""
        self.bid = self.ask = value
        self.at = at
        self.bad = ""

    def see(self, high: float, low: float) -> None:
        """Widen the extremes of the holding."""
        if high > self._high:
            self._high = high
        if low < self._low:
            self._low = low

    def see_later(self, bars: Columns, begin: int, end: int) -> None:
        """Note that the holding lived through bars; their extremes are looked up when they are asked for."""
        self._unseen.append((bars, begin, end))

    @property
    def high(self) -> float:
        """Highest price since the entry."""
        self._look()
        return self._high

    @property
    def low(self) -> float:
        """Lowest price since the entry."""
        self._look()
        return self._low

    def _look(self) -> None:
        if self._unseen:
            unseen, self._unseen = self._unseen, []
            for bars, begin, end in unseen:
                self.see(float(bars.high[begin:end].max()), float(bars.low[begin:end].min()))

    def enter(self, price: float, *, inside: bool) -> None:
        """Begin a holding at its first fill."""
        self.held, self.bars_held = True, _BEFORE_ENTRY_BAR_CLOSED
        self._high = self._low = price
        self.entered_inside = inside

    def leave(self) -> None:
        self.held, self.bars_held, self._high, self._low, self.entered_inside = False, 0, 0.0, 0.0, False
        if self._unseen:
            self._unseen = []

    def range_of(self, bar: Bar) -> tuple[float, float]:
        """Return the highest and lowest price of the bar that the holding has lived through."""
        return (bar.close, bar.close) if self.entered_inside else (bar.high, bar.low)

    def snapshot(self) -> list[Any]:
        return [
            self.bid, self.ask, self.at, self.quoted, self.bad, self.held, self.bars_held, self.high, self.low,
            self.entered_inside, self.judged_at, self.cool_until, self.cool_reason, self.closed_start,
        ]  # fmt: skip

    def restore(self, data: list[Any]) -> None:
        (
            self.bid, self.ask, self.at, self.quoted, self.bad, self.held, self.bars_held, self._high, self._low,
            self.entered_inside, self.judged_at, self.cool_until, self.cool_reason, self.closed_start,
        ) = data  # fmt: skip


class Marks(dict[str, Mark]):
    """One mark for each symbol of the session, in the configured order."""

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        super().__init__((item.symbol, Mark(item)) for item in instruments)

    def snapshot(self) -> dict[str, list[Any]]:
        return {symbol: mark.snapshot() for symbol, mark in self.items()}

    def restore(self, data: dict[str, list[Any]]) -> None:
        for symbol, values in data.items():
            if symbol in self:
                self[symbol].restore(values)

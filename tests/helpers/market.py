"""A clock that stands still until told, a listener that remembers, and quotes without ceremony."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from desktop.domain.instruments import Instrument
from desktop.domain.market import SECOND, Bar, Quote, Trade
from desktop.domain.messages import BarsClosed
from desktop.market.hub import Hub


def at(text: str) -> int:
    """Return µs UTC of an ISO time."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * SECOND)


START = at("2024-03-04 14:00:00")


class FakeClock:
    def __init__(self, now: int = START) -> None:
        self.time = now
        self.seconds = 0.0

    def now(self) -> int:
        return self.time

    def monotonic(self) -> float:
        return self.seconds

    def pass_seconds(self, seconds: float) -> None:
        self.time += int(seconds * SECOND)
        self.seconds += seconds


class Heard:
    """A feed's listener that keeps everything."""

    def __init__(self) -> None:
        self.quotes: list[Quote] = []
        self.trades: list[Trade] = []
        self.bars: list[Bar] = []
        self.states: list[tuple[str, str]] = []

    def on_quote(self, quote: Quote) -> None:
        self.quotes.append(quote)

    def on_trade(self, trade: Trade) -> None:
        self.trades.append(trade)

    def on_bars(self, bars: Sequence[Bar]) -> None:
        self.bars.extend(bars)

    def on_halt(self, symbol: str, reason: str, at: int) -> None:
        raise AssertionError(f"{symbol} was halted at {at}: {reason}")

    def on_state(self, state: str, detail: str) -> None:
        self.states.append((state, detail))


def quote(seconds: float, price: float, symbol: str = "A", *, spread: float = 0.0) -> Quote:
    """Return a quote so many seconds after START."""
    return Quote(symbol, START + int(seconds * SECOND), price - spread / 2, price + spread / 2, 10.0, 10.0)


def hub_of(*symbols: str, timeframe: str = "1m", **instrument: object) -> Hub:
    """Return a hub that watches symbols, with bars of one timeframe."""
    hub = Hub("test", [Instrument(symbol, **instrument) for symbol in symbols])  # type: ignore[arg-type]  # by name
    for symbol in symbols:
        hub.watch(symbol, timeframe)
    return hub


def drained(hub: Hub) -> list[object]:
    """Return everything the hub has to hand on, drain by drain."""
    found: list[object] = []
    while items := hub.drain():
        found.extend(items)
    return found


def closed_bars(items: Sequence[object]) -> list[Bar]:
    """Return the bars that closed, in order."""
    return [bar for item in items if isinstance(item, BarsClosed) for bar in item.bars]

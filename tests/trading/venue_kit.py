"""Builders for tests of the simulated exchange and the ledger: orders, bars, fills, a venue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from desktop.domain.fills import Fill, OrderReport
from desktop.domain.instruments import Instrument
from desktop.domain.market import DAY, HOUR, Bar, Quote
from desktop.domain.orders import Order, OrderKind, Purpose, Side, TimeInForce
from desktop.domain.sessions import FillModelKind, FillSettings
from desktop.ports import TradingHours
from desktop.trading.venue import Venue

D = Decimal
T0 = 20_000 * DAY  # a midnight UTC
IDEAL = FillSettings.of(FillModelKind.IDEAL)
FIXED = FillSettings.of(FillModelKind.FIXED)
REALISTIC = FillSettings.of(FillModelKind.REALISTIC)
SHARE = Instrument("SPY")
COIN = Instrument("BTC/USDT", currency="USDT", tick=D("0.01"), lot=D("0.00000001"))
WON = Instrument("005930", currency="KRW", tick=D(100))


class UtcDays:
    """Open always; a trading day is a UTC day."""

    name, zone = "always", "UTC"

    def is_open(self, at: int) -> bool:
        return True

    def next_change(self, at: int) -> int | None:
        return None

    def trading_day(self, at: int) -> int:
        return at // DAY


def venue(
    settings: FillSettings = IDEAL,
    *,
    cash: str | int = 100_000,
    seed: int = 1,
    instruments: Sequence[Instrument] = (SHARE, COIN, WON),
    holdings: Mapping[str, str | int] | None = None,
    bar_length: int = 0,
) -> Venue:
    hours: dict[str, TradingHours] = {item.symbol: UtcDays() for item in instruments}
    by_symbol = {item.symbol: item for item in instruments}
    made = Venue(by_symbol, settings, seed=seed, cash=D(cash), hours=hours, bar_length=bar_length)
    made.account.holdings.update({symbol: D(quantity) for symbol, quantity in (holdings or {}).items()})
    return made


def order(
    side: Side = Side.BUY,
    kind: OrderKind = OrderKind.MARKET,
    quantity: str | int | Decimal = 10,
    *,
    limit: str | int | Decimal | None = None,
    stop: str | int | Decimal | None = None,
    symbol: str = "SPY",
    ordinal: int = 1,
    gtc: bool = False,
    created_at: int = T0,
) -> Order:
    return Order(
        order_id=f"s-{ordinal}",
        session_id="s",
        account="paper",
        symbol=symbol,
        side=side,
        kind=kind,
        purpose=Purpose.ENTRY if side is Side.BUY else Purpose.CLOSE,
        quantity=D(quantity),
        ordinal=ordinal,
        created_at=created_at,
        limit_price=None if limit is None else D(limit),
        stop_price=None if stop is None else D(stop),
        time_in_force=TimeInForce.GTC if gtc else TimeInForce.DAY,
    )


def bar(
    opened: float,
    high: float | None = None,
    low: float | None = None,
    close: float | None = None,
    *,
    index: int = 0,
    volume: float = 0.0,
    symbol: str = "SPY",
) -> Bar:
    """Return bar number `index` of one hour; only the open given: a flat bar."""
    return Bar(
        symbol,
        "1h",
        T0 + index * HOUR,
        opened,
        opened if high is None else high,
        opened if low is None else low,
        opened if close is None else close,
        volume,
    )


def pass_bar(place: Venue, *bars: Bar) -> list[OrderReport]:
    """Let bars of one instant open and run through their range."""
    at = bars[0].end
    return [*place.open_bars(bars, at), *place.range_bars(bars, at)]


def quote(bid: float, ask: float | None = None, *, at: int = T0, size: float = 0.0, symbol: str = "SPY") -> Quote:
    return Quote(symbol, at, bid, bid if ask is None else ask, size, size)


def fills(reports: Sequence[OrderReport]) -> list[Fill]:
    return [report.fill for report in reports if report.fill is not None]


def told(reports: Sequence[OrderReport]) -> list[tuple[Any, ...]]:
    """Return status and, of fills, quantity and price."""
    return [
        (item.status.value,) if item.fill is None else (item.status.value, item.fill.quantity, item.fill.price)
        for item in reports
    ]


def these(*values: object) -> tuple[object, ...]:
    """Return values to be compared with others at once, Decimals with whole numbers too."""
    return values

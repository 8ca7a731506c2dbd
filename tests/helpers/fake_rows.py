"""Plausible rows for a window without an engine: sessions in two currencies with everything that hangs on them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from desktop.domain.instruments import AssetClass, Instrument
from desktop.domain.market import MINUTE, SECOND, Bar
from desktop.domain.money import ZERO
from desktop.domain.orders import Order, OrderKind, OrderStatus, Purpose, Side
from desktop.domain.positions import ClosedTrade, Position
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, SessionSettings, SessionState
from desktop.domain.signals import Signal, SignalKind, SignalState
from desktop.domain.strategies import Protection, Sizing, Strategy
from desktop.domain.triggers import Trigger, TriggerKind, TriggerState
from desktop.engine.views import (
    ChartView,
    EquityView,
    FillMark,
    IndicatorLine,
    LimitLeft,
    OrderRow,
    PositionRow,
    SessionRow,
    SignalCard,
    SignalRow,
    TradeRow,
    TriggerRow,
    WatchRow,
)
from desktop.rules.columns import Columns, FloatArray

#: Friday 2026-11-20 15:03:22 UTC, the fake's present.
NOW = 1_795_187_002 * SECOND

ACME = Instrument("ACME", name="Acme Robotics")
NORD = Instrument("NORD", name="Nordlicht Energy")
HELI = Instrument("HELI", name="Helios Semiconductor")
SPYX = Instrument("SIM500", name="Simulated 500 index share")
HANBIT = Instrument("HANBIT", "KRW", Decimal(100), name="Hanbit Electronics", calendar="XKRX")
MIRAE = Instrument("HANRIVER", "KRW", Decimal(50), name="Han River Motors", calendar="XKRX")
COIN = Instrument(
    "COIN/USD", "USD", Decimal("0.1"), Decimal("0.00000001"), Decimal(10), "always", AssetClass.CRYPTO, "Simulated coin"
)

RSI = Strategy(
    name="RSI dip",
    timeframe="1m",
    entry="rsi(period) < oversold and close > sma(200)",
    exit="rsi(period) > overbought",
    parameters={"period": Decimal(14), "oversold": Decimal(30), "overbought": Decimal(70)},
    sizing=Sizing(value=Decimal(20)),
    protection=Protection(Decimal(3), Decimal(6)),
    description="Buys dips in an up-trend.",
)
CROSS = Strategy(
    name="Moving average cross",
    timeframe="5m",
    entry="crosses_above(ema(12), ema(26))",
    exit="crosses_below(ema(12), ema(26))",
    protection=Protection(trailing_stop=Decimal(4)),
)
STRATEGIES = (RSI, CROSS)

PRICES: dict[str, float] = {
    "ACME": 184.27,
    "NORD": 61.90,
    "HELI": 412.55,
    "SIM500": 598.12,
    "HANBIT": 71_000,
    "HANRIVER": 251_500,
    "COIN/USD": 64_210.4,
}
INSTRUMENTS = {item.symbol: item for item in (ACME, NORD, HELI, SPYX, HANBIT, MIRAE, COIN)}


def _settings(session_id: str, name: str, symbols: Sequence[str], **changes: Any) -> SessionSettings:
    base: dict[str, Any] = {
        "strategy": RSI,
        "strategy_version": "3f9c1a",
        "cash": Decimal(100_000),
        "limits": RiskLimits.prudent(),
        "benchmark": "SIM500",
    }
    instruments = tuple(INSTRUMENTS[symbol] for symbol in symbols)
    return SessionSettings(session_id=session_id, name=name, instruments=instruments, **{**base, **changes})


DEMO = _settings("s-demo", "Demo: quick dip", ("ACME", "NORD", "HELI", "COIN/USD"))
KOREA = _settings(
    "s-korea",
    "Seoul RSI",
    ("HANBIT", "HANRIVER"),
    cash=Decimal(100_000_000),
    currency="KRW",
    hours="XKRX",
    origin="real time",
    feed="polling",
    mode=ExecutionMode.SEMI_AUTO,
)
TREND = _settings(
    "s-trend",
    "Trend replay",
    ("ACME", "SIM500"),
    strategy=CROSS,
    origin="replay",
    feed="replay:/data/acme.csv",
    mode=ExecutionMode.AUTO,
)
NEW = _settings("s-new", "Coin cross", ("COIN/USD",), strategy=CROSS, cash=Decimal(25_000), benchmark="COIN/USD")
FAILED = _settings("s-failed", "Old experiment", ("NORD",))


def walk(symbol: str, count: int, *, last: float | None = None) -> FloatArray:
    """Return a random walk of `count` prices that ends at the symbol's price."""
    generator = np.random.default_rng(sum(map(ord, symbol)))
    steps = generator.normal(0.0001, 0.0016, count)
    path = np.exp(np.cumsum(steps) + 0.01 * np.sin(np.linspace(0, 9, count)))
    end = PRICES.get(symbol, 100.0) if last is None else last
    return np.asarray(path / path[-1] * end, dtype=np.float64)


def _sparkline(symbol: str, last: float, count: int = 60) -> tuple[float, ...]:
    return tuple(float(value) for value in walk(symbol, count, last=last))


def session_rows() -> list[SessionRow]:
    """Return one session of every kind and state."""

    def row(settings: SessionSettings, state: SessionState, pnl: str, today: str, **changes: Any) -> SessionRow:
        gain = Decimal(pnl)
        equity = settings.cash + gain
        base: dict[str, Any] = {
            "note": "",
            "cash": equity * Decimal("0.6"),
            "fees": Decimal("48.12") if settings.currency == "USD" else Decimal(31_200),
            "positions": 1,
            "pending_signals": 0,
            "trades": 12,
            "total_return": float(gain / settings.cash),
            "drawdown": -0.012,
            "max_drawdown": -0.034,
            "sharpe": 1.42,
            "win_rate": 0.583,
            "profit_factor": 1.71,
            "sparkline": _sparkline(settings.session_id, float(equity)),
        }
        return SessionRow(
            session_id=settings.session_id,
            settings=settings,
            state=state,
            equity=equity,
            pnl=gain,
            pnl_today=Decimal(today),
            **{**base, **changes},
        )

    state = SessionState
    return [
        row(DEMO, state.RUNNING, "1284.55", "312.40", positions=2, pending_signals=2),
        row(KOREA, state.RUNNING, "-842500", "-1210000", sharpe=-0.31),
        row(TREND, state.PAUSED, "5120.10", "0", note="Paused by the user: stops and exits keep working"),
        row(
            NEW,
            state.CREATED,
            "0",
            "0",
            positions=0,
            trades=0,
            sharpe=None,
            win_rate=None,
            profit_factor=None,
            sparkline=(),
            max_drawdown=0.0,
            drawdown=0.0,
            fees=ZERO,
            warm_up="26 of 78 bars",
        ),
        row(
            FAILED,
            state.FAILED,
            "-310.20",
            "0",
            positions=0,
            note="Stopped after an error in its feed; nothing is at work. Restart recovers it.",
        ),
    ]


def signal(signal_id: str, settings: SessionSettings, symbol: str, quantity: str, **changes: Any) -> Signal:
    """Return a pending entry at the symbol's price."""
    price = Decimal(str(PRICES[symbol]))
    amount = Decimal(quantity)
    base: dict[str, Any] = {
        "kind": SignalKind.ENTRY,
        "side": Side.BUY,
        "price": price,
        "created_at": NOW - 18 * SECOND,
        "expires_at": NOW + 42 * SECOND,
        "estimated_cost": price * amount,
        "estimated_fee": price * amount / 1000,
        "estimated_slippage": price * amount / 5000,
        "stop": settings.instrument(symbol).price(price * Decimal("0.97")),
        "target": settings.instrument(symbol).price(price * Decimal("1.06")),
        "loss_at_stop": price * amount * Decimal("0.03"),
        "quote_at": NOW - SECOND,
    }
    return Signal(
        signal_id=signal_id,
        session_id=settings.session_id,
        account=settings.account,
        symbol=symbol,
        quantity=amount,
        **{**base, **changes},
    )


def signal_card(made: Signal, settings: SessionSettings, *, cannot: str = "", drift: str = "0.04") -> SignalCard:
    """Return the card of a signal as the engine would fill it."""
    instrument = settings.instrument(made.symbol)
    value = made.price * made.quantity
    return SignalCard(
        signal=made,
        session=settings,
        instrument=instrument,
        bid=made.price - instrument.tick,
        ask=made.price,
        quote_age_us=320_000,
        drift_percent=Decimal(drift),
        position_after=made.quantity,
        exposure_after=value,
        exposure_percent=value / settings.cash * 100,
        limits=(
            LimitLeft("position size", "18.4 %", "25 %", 0.74),
            LimitLeft("total allocation", "61 %", "100 %", 0.61),
            LimitLeft("risk per trade", "0.55 %", "2 %", 0.28),
        ),
        lines=(("rsi(14) = 28.4 < 30", "true"), ("close = 184.27 > sma(200) = 179.03", "true")),
        cannot_approve=cannot,
        remaining_us=made.expires_at - NOW if made.expires_at else None,
        lifetime_us=60 * SECOND,
    )


def cards() -> list[SignalCard]:
    """Return pending signals, newest first: one that can be approved, one in won, one that drifted away, one exit."""
    exit_changes = {
        "kind": SignalKind.EXIT,
        "side": Side.SELL,
        "expires_at": 0,
        "stop": None,
        "target": None,
        "loss_at_stop": None,
    }
    return [
        signal_card(signal("g-1", DEMO, "ACME", "100"), DEMO),
        signal_card(signal("g-2", KOREA, "HANBIT", "500", created_at=NOW - 30 * SECOND), KOREA),
        signal_card(
            signal("g-3", DEMO, "HELI", "40", created_at=NOW - 50 * SECOND, expires_at=NOW + 10 * SECOND),
            DEMO,
            cannot="The price moved 0.9 %, the limit is 0.5 %.",
            drift="0.9",
        ),
        signal_card(signal("g-4", DEMO, "NORD", "300", created_at=NOW - 55 * SECOND, **exit_changes), DEMO),
    ]


def position_rows() -> list[PositionRow]:
    """Return winners and losers, one of them stale, one fractional."""

    def row(settings: SessionSettings, symbol: str, quantity: str, entry: str, **changes: Any) -> PositionRow:
        instrument = settings.instrument(symbol)
        amount, average = Decimal(quantity), Decimal(entry)
        price = Decimal(str(PRICES[symbol]))
        position = Position(
            settings.session_id,
            settings.account,
            symbol,
            amount,
            amount * average,
            opened_at=NOW - 95 * MINUTE,
            bars_held=95,
        )
        base: dict[str, Any] = {
            "stop": instrument.price(average * Decimal("0.97")),
            "target": instrument.price(average * Decimal("1.06")),
            "stop_trigger": f"t-stop-{symbol}",
            "target_trigger": f"t-target-{symbol}",
        }
        return PositionRow(
            position=position,
            session=settings,
            instrument=instrument,
            price=price,
            value=price * amount,
            pnl=(price - average) * amount,
            pnl_percent=(price / average - 1) * 100,
            **{**base, **changes},
        )

    return [
        row(DEMO, "NORD", "300", "60.15"),
        row(DEMO, "COIN/USD", "0.25", "65102.5", target=None, target_trigger=""),
        row(KOREA, "HANRIVER", "120", "254000"),
        row(TREND, "ACME", "9", "171.40", stale=True),
    ]


def order_rows() -> list[OrderRow]:
    """Return orders in the main states, from the main sources."""

    def row(
        order_id: str,
        settings: SessionSettings,
        symbol: str,
        side: Side,
        quantity: str,
        status: OrderStatus,
        came_from: str,
        **changes: Any,
    ) -> OrderRow:
        ordinal = int(order_id[2:])
        base: dict[str, Any] = {
            "kind": OrderKind.MARKET,
            "purpose": Purpose.ENTRY if side is Side.BUY else Purpose.RULE_EXIT,
            "created_at": NOW - ordinal * 7 * MINUTE,
            "updated_at": NOW - ordinal * 7 * MINUTE + SECOND,
        }
        if status in (OrderStatus.FILLED, OrderStatus.PARTIALLY_FILLED):
            filled = (
                Decimal(quantity)
                if status is OrderStatus.FILLED
                else settings.instrument(symbol).quantity(Decimal(quantity) / 3)
            )
            base |= {
                "filled": filled,
                "filled_value": filled * Decimal(str(PRICES[symbol])),
                "fees": filled * Decimal(str(PRICES[symbol])) / 1000,
            }
        order = Order(
            order_id=order_id,
            session_id=settings.session_id,
            account=settings.account,
            symbol=symbol,
            side=side,
            quantity=Decimal(quantity),
            status=status,
            ordinal=ordinal,
            **{**base, **changes},
        )
        return OrderRow(order, settings, settings.instrument(symbol), came_from)

    status, buy, sell = OrderStatus, Side.BUY, Side.SELL
    return [
        row("o-1", DEMO, "HELI", buy, "40", status.NEW, "by hand", kind=OrderKind.LIMIT, limit_price=Decimal("409.50")),
        row("o-2", DEMO, "NORD", buy, "300", status.FILLED, "signal", signal_id="g-90"),
        row("o-3", KOREA, "HANRIVER", buy, "120", status.FILLED, "signal", signal_id="g-91"),
        row(
            "o-4",
            KOREA,
            "HANBIT",
            buy,
            "90",
            status.PARTIALLY_FILLED,
            "signal",
            signal_id="g-92",
            kind=OrderKind.LIMIT,
            limit_price=Decimal(70_900),
        ),
        row("o-9", DEMO, "ACME", sell, "100", status.FILLED, "stop-loss", trigger_id="t-old", purpose=Purpose.TRIGGER),
        row(
            "o-10",
            DEMO,
            "ACME",
            buy,
            "900",
            status.DENIED,
            "signal",
            reason="position size: 165,843.00 USD would be 163 % of equity, the limit is 25 %.",
        ),
        row("o-11", TREND, "ACME", buy, "9", status.FILLED, "signal"),
        row(
            "o-12",
            TREND,
            "SIM500",
            buy,
            "12",
            status.CANCELED,
            "by hand",
            reason="cancelled by the user",
            kind=OrderKind.STOP,
            stop_price=Decimal(601),
        ),
    ]


def trigger_rows() -> list[TriggerRow]:
    """Return the stops and targets of the positions, and one that has fired."""
    rows = []
    for held in position_rows():
        for kind, level, name in (
            (TriggerKind.STOP_LOSS, held.stop, held.stop_trigger),
            (TriggerKind.TAKE_PROFIT, held.target, held.target_trigger),
        ):
            if level is None or held.price is None:
                continue
            made = Trigger(
                name,
                held.position.session_id,
                held.position.account,
                held.position.symbol,
                kind,
                held.position.quantity,
                level,
                NOW - 95 * MINUTE,
                updated_at=NOW - 95 * MINUTE,
            )
            rows.append(TriggerRow(made, held.session, held.instrument, held.price, (level / held.price - 1) * 100))
    fired = Trigger(
        "t-old",
        "s-demo",
        "paper",
        "ACME",
        TriggerKind.STOP_LOSS,
        Decimal(100),
        Decimal("181.20"),
        NOW - 130 * MINUTE,
        TriggerState.TRIGGERED,
        order_id="o-9",
        updated_at=NOW - 63 * MINUTE,
    )
    rows.append(TriggerRow(fired, DEMO, ACME, Decimal("184.27"), Decimal("-1.67")))
    return rows


def trade_rows() -> list[TradeRow]:
    """Return closed trades with gains and losses."""
    outcomes = (
        ("3.1", "rule"),
        ("-1.2", "stop-loss"),
        ("0.8", "rule"),
        ("5.9", "take-profit"),
        ("-2.9", "stop-loss"),
        ("0", "by hand"),
        ("12.4", "rule"),
        ("-0.4", "trailing stop"),
    )
    rows = []
    for number, (percent, reason) in enumerate(outcomes, 1):
        settings, symbol, quantity = (
            (KOREA, "HANBIT", Decimal(100)) if number % 3 == 0 else (DEMO, ("ACME", "NORD")[number % 2], Decimal(50))
        )
        instrument = settings.instrument(symbol)
        entry = instrument.price(Decimal(str(PRICES[symbol])) * (1 - Decimal(number) / 200))
        leave = instrument.price(entry * (1 + Decimal(percent) / 100))
        fees = (entry + leave) * quantity / 1000
        begin = NOW - number * 47 * MINUTE
        trade = ClosedTrade(
            f"x-{number}",
            settings.session_id,
            settings.account,
            symbol,
            quantity,
            begin,
            entry,
            begin + 22 * MINUTE,
            leave,
            (leave - entry) * quantity - fees,
            fees,
            22,
            reason,
        )
        rows.append(TradeRow(trade, settings, instrument, Decimal(percent)))
    return rows


def history_rows() -> list[SignalRow]:
    """Return signals of the past in every state, and the pending ones."""
    past = (
        ("g-90", DEMO, "NORD", SignalState.EXECUTED, {"order_id": "o-2"}),
        ("g-91", KOREA, "HANRIVER", SignalState.EXECUTED, {"order_id": "o-3"}),
        ("g-92", KOREA, "HANBIT", SignalState.CONFIRMED, {"order_id": "o-4"}),
        (
            "g-93",
            DEMO,
            "ACME",
            SignalState.BLOCKED,
            {"blocked_by": "position size", "reason": "Position size: 163 % of equity, the limit is 25 %."},
        ),
        ("g-94", DEMO, "HELI", SignalState.EXPIRED, {"reason": "Nobody answered within 60 s."}),
        ("g-95", DEMO, "ACME", SignalState.REJECTED, {"reason": "Turned down by the user."}),
    )
    rows = [SignalRow(card.signal, card.session, card.instrument) for card in cards()]
    for number, (signal_id, settings, symbol, state, changes) in enumerate(past, 1):
        at = NOW - number * 11 * MINUTE
        made = signal(
            signal_id,
            settings,
            symbol,
            "100",
            state=state,
            created_at=at,
            expires_at=at + MINUTE,
            updated_at=at + 9 * SECOND,
            **changes,
        )
        rows.append(SignalRow(made, settings, settings.instrument(symbol)))
    return rows


def watch_rows() -> list[WatchRow]:
    """Return every instrument with quotes."""
    rows = []
    for number, instrument in enumerate(INSTRUMENTS.values()):
        last = Decimal(str(PRICES[instrument.symbol]))
        opened = instrument.price(last * (1 + Decimal(number - 3) / 400))
        rows.append(
            WatchRow(
                "simulator",
                instrument,
                last - instrument.tick,
                last + instrument.tick,
                last,
                last - opened,
                (last / opened - 1) * 100,
                max(last, opened) + 5 * instrument.tick,
                min(last, opened) - 7 * instrument.tick,
                10_000.0 * (number + 1),
                NOW - number * SECOND,
                number == 5,
                _sparkline(instrument.symbol, float(last), 40),
            )
        )
    return rows


def columns(symbol: str, count: int = 400, *, step: int = MINUTE) -> Columns:
    """Return bars that end at the fake's present."""
    instrument = INSTRUMENTS[symbol]
    generator = np.random.default_rng(7 + sum(map(ord, symbol)))
    tick = float(instrument.tick)
    close = np.round(walk(symbol, count) / tick) * tick
    opened = np.concatenate(([close[0]], close[:-1]))
    spread = np.abs(generator.normal(0, 0.0009, count)) * close
    high = np.ceil((np.maximum(opened, close) + spread) / tick) * tick
    low = np.floor((np.minimum(opened, close) - spread) / tick) * tick
    volume = np.round(generator.gamma(2.0, 800.0, count))
    last = NOW // step * step
    start = np.arange(last - count * step, last, step, dtype=np.int64)
    return Columns(start, opened, high, low, close, volume)


def _sma(values: FloatArray, length: int) -> FloatArray:
    total = np.cumsum(np.insert(values, 0, 0.0))
    return np.concatenate((np.full(length - 1, np.nan), (total[length:] - total[:-length]) / length))


def _rsi(values: FloatArray, length: int) -> FloatArray:
    change = np.diff(values)
    gain, loss = np.where(change > 0, change, 0.0), np.where(change < 0, -change, 0.0)
    out = np.full(len(values), np.nan)
    up, down = gain[:length].mean(), loss[:length].mean()
    for index in range(length, len(values)):
        if index > length:
            up = (up * (length - 1) + gain[index - 1]) / length
            down = (down * (length - 1) + loss[index - 1]) / length
        out[index] = 100 * up / (up + down) if up + down else 0.0
    return out


def chart_view(settings: SessionSettings, symbol: str) -> ChartView:
    """Return a chart with indicators of both kinds, fills, levels and what is held."""
    bars = columns(symbol)
    instrument = settings.instrument(symbol)
    held = next((row for row in position_rows() if row.position.symbol == symbol and row.session == settings), None)
    triggers = tuple(
        row.trigger
        for row in trigger_rows()
        if row.trigger.symbol == symbol and row.session == settings and row.trigger.state is TriggerState.ACTIVE
    )
    working = tuple(
        row.order
        for row in order_rows()
        if row.order.symbol == symbol and row.session == settings and row.order.is_open
    )
    last = float(bars.close[-1])
    fills = tuple(
        FillMark(
            int(bars.start[index]),
            float(bars.low[index] if side is Side.BUY else bars.high[index]),
            side,
            Decimal(100),
            f"{side} 100 {symbol}",
        )
        for index, side in ((-210, Side.BUY), (-150, Side.SELL), (-95, Side.BUY))
    )
    return ChartView(
        settings.session_id,
        instrument,
        settings.strategy.timeframe,
        bars,
        Bar(
            symbol,
            settings.strategy.timeframe,
            int(bars.start[-1]) + MINUTE,
            last,
            last * 1.001,
            last * 0.9995,
            last * 1.0006,
            420.0,
        ),
        (
            IndicatorLine("sma(200)", _sma(bars.close, 200), overlay=True, group="sma"),
            IndicatorLine("rsi(14)", _rsi(bars.close, 14), overlay=False, group="rsi", levels=(30.0, 70.0)),
        ),
        fills,
        triggers,
        held.position if held else None,
        working,
    )


def equity_view(settings: SessionSettings, equity: float, count: int = 500) -> EquityView:
    """Return a curve that ends at `equity`, with a benchmark and the drawdown."""
    curve = walk(settings.session_id, count, last=equity)
    curve = curve + (float(settings.cash) - curve[0]) * np.linspace(1, 0, count)
    benchmark = walk("SIM500", count)
    rebased = benchmark / benchmark[0] * float(settings.cash)
    rebased[:20] = np.nan
    drawdown = curve / np.maximum.accumulate(curve) - 1
    at = np.arange(NOW - count * MINUTE, NOW, MINUTE, dtype=np.int64)
    return EquityView(settings.session_id, at, curve, rebased, drawdown, settings.benchmark, settings.currency)

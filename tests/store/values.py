"""Hypothesis strategies for every fact and value that is stored, and plain examples of them."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from desktop.domain import commands
from desktop.domain.events import (
    Blocked,
    CommandTaken,
    Fact,
    FillBooked,
    KillSwitchChanged,
    OrderChanged,
    PositionChanged,
    PrerequisitesJudged,
    SessionChanged,
    SignalChanged,
    TradeClosed,
    TriggerChanged,
    Warned,
)
from desktop.domain.fills import Fill
from desktop.domain.instruments import Instrument
from desktop.domain.market import TIMEFRAMES, Bar
from desktop.domain.orders import Order, OrderKind, OrderStatus, Purpose, Side
from desktop.domain.positions import ClosedTrade, Position
from desktop.domain.risk import Block, LimitTier, RiskLimits
from desktop.domain.sessions import SessionSettings
from desktop.domain.signals import Signal
from desktop.domain.strategies import Strategy
from desktop.domain.triggers import Trigger
from desktop.domain.validation import Thresholds, Verdict
from desktop.ports import EquityPoint

SESSION = "s1"
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.text("abcdefghijklmnop0123456789.-", min_size=1, max_size=12)
times = st.integers(0, 4_000_000_000_000_000)
money = st.decimals("-99999999999999", "99999999999999", places=10)
floats = st.floats(allow_nan=False, allow_infinity=False)
documents = st.dictionaries(
    texts, texts | st.integers(-(2**40), 2**40) | st.none() | st.lists(st.booleans(), max_size=2), max_size=3
)

SETTINGS = SessionSettings(
    SESSION,
    "Rehearsal",
    Strategy("RSI dip", "1m", "rsi(14) < 30", parameters={"period": Decimal(14)}),
    "0123456789ab",
    (Instrument("SPY"), Instrument("AAPL", tick=Decimal("0.05"))),
    limits=RiskLimits.prudent(),
)


def _by_type(kind: Any) -> st.SearchStrategy[Any] | None:
    return {
        Decimal: money,
        int: times,
        float: floats,
        str: texts,
        dict[str, Any]: documents,
        dict[str, object] | None: st.none() | documents,
        Decimal | None: st.none() | money,
        int | None: st.none() | st.integers(0, 1000),
    }.get(kind)


def values(kind: type, **given: Any) -> st.SearchStrategy[Any]:
    """Return a strategy of a dataclass, its fields drawn by their types; `given` fixes some."""
    import typing

    hints = typing.get_type_hints(kind)
    drawn = {}
    for field in fields(kind):
        if field.name in given:
            value = given[field.name]
            drawn[field.name] = value if isinstance(value, st.SearchStrategy) else st.just(value)
        else:
            found = _by_type(hints[field.name])
            drawn[field.name] = found if found is not None else st.from_type(hints[field.name])
    return st.builds(kind, **drawn)


fills = values(Fill, execution_id=names)
orders = values(Order, session_id=SESSION, order_id=names)
positions = values(Position, session_id=SESSION, symbol=names, account=names)
trades = values(ClosedTrade, session_id=SESSION, trade_id=names)
triggers = values(Trigger, session_id=SESSION, trigger_id=names)
signals = values(Signal, session_id=SESSION, signal_id=names)
tiers = st.lists(values(LimitTier), max_size=2).map(tuple)  # by its type alone an amount could be no number
limits = values(RiskLimits, tiers=tiers)
any_command = st.one_of(
    *(
        values(kind) if kind is not commands.SetLimits else values(kind, limits=limits)
        for kind in commands.Command.__args__
    )
)
facts: st.SearchStrategy[Fact] = st.one_of(
    values(SessionChanged, session_id=SESSION),
    values(CommandTaken, session_id=SESSION, command=any_command),
    values(SignalChanged, session_id=SESSION, signal=signals),
    values(OrderChanged, session_id=SESSION, order=orders),
    values(FillBooked, session_id=SESSION, fill=fills),
    values(PositionChanged, session_id=SESSION, position=positions),
    values(TradeClosed, session_id=SESSION, trade=trades),
    values(TriggerChanged, session_id=SESSION, trigger=triggers),
    values(Blocked, session_id=SESSION, block=values(Block)),
    values(Warned, session_id=SESSION),
    values(KillSwitchChanged, session_id=SESSION),
    values(
        PrerequisitesJudged,
        session_id=SESSION,
        thresholds=values(Thresholds),
        verdicts=st.lists(values(Verdict), max_size=2).map(tuple),
    ),
)
bars = st.builds(
    Bar,
    symbol=names,
    timeframe=st.sampled_from(list(TIMEFRAMES)),
    start=times,
    open=floats,
    high=floats,
    low=floats,
    close=floats,
    volume=floats,
)
points = values(EquityPoint, session_id=SESSION)


def order(number: int = 1, *, session_id: str = SESSION, status: OrderStatus = OrderStatus.NEW, **more: Any) -> Order:
    """Return one order."""
    given: dict[str, Any] = {"quantity": Decimal(10), "ordinal": number, "created_at": number} | more
    return Order(
        order_id=f"{session_id}-{number}",
        session_id=session_id,
        account="paper",
        symbol="SPY",
        side=Side.BUY,
        kind=OrderKind.MARKET,
        purpose=Purpose.ENTRY,
        status=status,
        **given,
    )


def fill(number: int = 1, *, session_id: str = SESSION, price: str = "71.25") -> Fill:
    """Return one fill of `order(number)`."""
    name = f"{session_id}-{number}"
    return Fill(f"{name}.1", name, "SPY", Side.BUY, Decimal(10), Decimal(price), Decimal("0.7125"), number)


def booked(number: int = 1, *, session_id: str = SESSION, cash: str = "99287.5") -> FillBooked:
    """Return the fact of one fill."""
    return FillBooked(session_id, number, fill(number, session_id=session_id), Decimal(cash), Decimal(0))


def order_changed(number: int = 1, *, session_id: str = SESSION, **more: Any) -> OrderChanged:
    """Return the fact of one order."""
    return OrderChanged(session_id, number, order(number, session_id=session_id, **more))

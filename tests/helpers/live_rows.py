"""Plausible rows of live trading: a session on a broker's account beside its paper twin, and what the broker says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from desktop.domain.accounts import AccountLimits
from desktop.domain.broker import AccountInfo, AccountRef, BrokerOrder, Holding, LinkState
from desktop.domain.market import MINUTE, SECOND
from desktop.domain.money import ZERO
from desktop.domain.orders import Order, OrderId, OrderKind, OrderStatus, Purpose, Side, TimeInForce
from desktop.domain.sessions import ExecutionMode, SessionState
from desktop.domain.triggers import Guard
from desktop.domain.validation import Prerequisite, Verdict
from desktop.engine.views import AccountView, OrderRow, SessionRow, Table
from tests.helpers import fake_rows as rows

REF = AccountRef("alpaca", "main")
LIVE = replace(
    rows.DEMO,
    session_id="s-live",
    name="Dip live",
    instruments=(rows.ACME, rows.NORD),
    cash=Decimal(10_000),
    feed="alpaca",
    origin="real time",
    broker=REF.broker_id,
    account=REF.account,
    mode=ExecutionMode.MANUAL,
)
TWIN = replace(LIVE, session_id="s-twin", name="Dip paper twin", broker="simulated", account="paper")


def session_row(**changes: Any) -> SessionRow:
    """Return the live session, armed."""
    base = rows.session_rows()[0]
    row = replace(
        base,
        session_id=LIVE.session_id,
        settings=LIVE,
        equity=Decimal("10184.20"),
        pnl=Decimal("184.20"),
        pnl_today=Decimal("62.10"),
        cash=Decimal("6470.20"),
        positions=1,
        pending_signals=1,
        sparkline=tuple(value / 10 for value in base.sparkline),
        armed=True,
    )
    return replace(row, **changes)


def twin_row() -> SessionRow:
    """Return its twin on paper."""
    pnl = Decimal("201.75")
    return replace(session_row(armed=False), session_id=TWIN.session_id, settings=TWIN, pnl=pnl)


def info(**changes: Any) -> AccountInfo:
    """Return the account as the broker states it."""
    made = AccountInfo(
        REF,
        "9A31X4",
        "USD",
        Decimal("48210.35"),
        Decimal("44500.00"),
        Decimal("89000.00"),
        Decimal("48331.15"),
        rows.NOW - 21 * SECOND,
    )
    return replace(made, **changes)


def external_order(order_id: str = "phone-7f2c", symbol: str = "HELI") -> BrokerOrder:
    """Return an order that was placed in the broker's own app."""
    return BrokerOrder(
        OrderId(order_id),
        f"b-{order_id}",
        symbol,
        Side.BUY,
        OrderKind.LIMIT,
        Decimal(10),
        ZERO,
        None,
        OrderStatus.NEW,
        TimeInForce.GTC,
        Decimal("405.50"),
        None,
        rows.NOW - 41 * MINUTE,
        rows.NOW - 41 * MINUTE,
    )


def unknown_order() -> Order:
    """Return an order that was sent and not answered for."""
    return Order(
        order_id=OrderId("as-3f9c1a-17"),
        session_id=LIVE.session_id,
        account=LIVE.account,
        symbol="ACME",
        side=Side.BUY,
        kind=OrderKind.MARKET,
        purpose=Purpose.ENTRY,
        quantity=Decimal(16),
        status=OrderStatus.UNKNOWN,
        ordinal=17,
        created_at=rows.NOW - 2 * MINUTE,
        updated_at=rows.NOW - MINUTE,
    )


def account(**changes: Any) -> AccountView:
    """Return the account, connected and in order."""
    made = AccountView(
        ref=REF,
        state=LinkState.CONNECTED,
        detail="",
        ready=True,
        real_money=True,
        info=info(),
        day_change=Decimal("-120.80"),
        limits=AccountLimits(max_allocation=Decimal(60), max_daily_loss=Decimal(3), max_positions=8),
        reconciled_at=rows.NOW - 21 * SECOND,
        holdings=(Holding("NORD", Decimal(20), Decimal(20)),),
        external=(),
        foreign=(),
        unknown=(),
        sessions=(LIVE.session_id,),
        armed=(LIVE.session_id,),
    )
    return replace(made, **changes)


def troubled(**changes: Any) -> AccountView:
    """Return the account with one of everything that asks for a decision or is only shown."""
    return replace(
        account(
            holdings=(
                Holding("NORD", Decimal(20), Decimal(25)),
                Holding("HELI", ZERO, Decimal(4), Decimal(4)),
                Holding("ACME", ZERO, ZERO),
            ),
            external=(external_order(),),
            unknown=(unknown_order(),),
        ),
        **changes,
    )


def lost(**changes: Any) -> AccountView:
    """Return the account without a connection."""
    return account(state=LinkState.RECONNECTING, ready=False, detail="the network is unreachable.", **changes)


def verdicts(*, met: bool = True) -> Sequence[Verdict]:
    """Return every prerequisite; `met`: all hold but the limits, which the user confirms in the dialog."""
    found = (
        (
            Prerequisite.BACKTEST,
            "Sharpe 1.42" if met else "none",
            "Sharpe above 1.0",
            "Backtest 3f9c1a2b of 2026-11-19 20:11 UTC on SPY 1h: Sharpe 1.42, 212 trades."
            if met
            else "There is no stored backtest of RSI dip 3f9c1a on market prices. Run one and keep it (Backtest).",
        ),
        (
            Prerequisite.PAPER,
            "7 days" if met else "2 days",
            "5 days on real-time prices",
            "7 days of paper trading on real-time prices, 41 trades: Dip paper twin."
            if met
            else "2 days of paper trading of RSI dip 3f9c1a on real-time prices (Dip paper twin), 5 are needed.",
        ),
    )
    made = [Verdict(name, met, value, needed, sentence) for name, value, needed, sentence in found]
    made.append(
        Verdict(
            Prerequisite.LIMITS,
            met=False,
            value="not confirmed",
            needed="confirmed by you",
            sentence="Read the limits of this session and confirm them.",
        )
    )
    sentence = "alpaca/main is connected: account 9A31X4, equity 48,210.35 USD, buying power 89,000.00 USD."
    made.append(Verdict(Prerequisite.BROKER, True, "connected", "connected and authenticated", sentence))
    kept = "The credentials are in the operating system's keyring."
    made.append(Verdict(Prerequisite.KEYRING, True, "in the keyring", "in the keyring", kept))
    return made


def confirmed(item: Verdict) -> Verdict:
    """Return the verdict on the limits once they were confirmed."""
    return replace(item, met=True, value="confirmed", sentence="You confirmed the limits of this session.")


def tables() -> Mapping[Table, Sequence[Any]]:
    """Return the live session beside its twin, with a position, its guards, orders and a signal that waits."""
    held = next(row for row in rows.position_rows() if row.session.session_id == "s-demo")
    symbol = held.position.symbol
    live = replace(
        held,
        position=replace(
            held.position,
            session_id=LIVE.session_id,
            account=LIVE.account,
            quantity=Decimal(20),
            cost=held.position.average * 20,
        ),
        session=LIVE,
        value=(held.price or ZERO) * 20,
        pnl=((held.price or ZERO) - held.position.average) * 20,
        stop_trigger="t-live-stop",
        target_trigger="t-live-target",
    )
    twin = replace(
        live,
        position=replace(live.position, session_id=TWIN.session_id, account=TWIN.account),
        session=TWIN,
        stop_trigger="t-twin-stop",
        target_trigger="t-twin-target",
    )
    triggers = []
    for row in rows.trigger_rows():
        if row.session.session_id != "s-demo" or row.trigger.symbol != symbol or row.trigger.order_id:
            continue
        kind = "stop" if row.trigger.trigger_id == held.stop_trigger else "target"
        for settings, name, guard in ((LIVE, "live", Guard.BROKER), (TWIN, "twin", Guard.APP)):
            made = replace(
                row.trigger,
                trigger_id=f"t-{name}-{kind}",
                session_id=settings.session_id,
                account=settings.account,
                quantity=Decimal(20),
                guard=guard,
            )
            triggers.append(replace(row, trigger=made, session=settings))
    waiting = rows.signal("g-live", LIVE, "ACME", "16", created_at=rows.NOW - 9 * SECOND)
    order = replace(unknown_order(), order_id=OrderId("as-3f9c1a-16"), status=OrderStatus.NEW, ordinal=16)
    order = replace(order, kind=OrderKind.LIMIT, limit_price=Decimal("183.20"))
    return {
        Table.SESSIONS: (session_row(), twin_row()),
        Table.POSITIONS: (live, twin),
        Table.TRIGGERS: triggers,
        Table.ORDERS: (OrderRow(order, LIVE, rows.ACME, "signal"),),
        Table.SIGNALS: (rows.signal_card(waiting, LIVE),),
        Table.ACCOUNTS: (account(),),
    }


def stopped(row: SessionRow) -> SessionRow:
    """Return a session after its stop."""
    return replace(row, state=SessionState.STOPPED, armed=False)

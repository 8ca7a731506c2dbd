"""A desk without an engine: rich rows in memory, commands recorded, changes told when a test says so."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from desktop.domain.accounts import AccountLimits
from desktop.domain.commands import PlaceOrder
from desktop.domain.errors import AssayError, FieldError, NotFound
from desktop.domain.events import Fact, Warned
from desktop.domain.market import MINUTE, SECOND
from desktop.domain.money import ZERO
from desktop.domain.orders import OrderKind, OrderStatus, Side
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, SessionState, StopChoice
from desktop.domain.strategies import Strategy, StrategyVersion
from desktop.domain.triggers import TriggerKind, TriggerState
from desktop.domain.validation import Prerequisite, Verdict
from desktop.engine.api import Desk, FeedChoice, RuleCheck, SessionDraft, TicketEstimate
from desktop.engine.status import _account_lamp, _broker_lamp
from desktop.engine.views import (
    AccountView,
    Allocation,
    AuditRow,
    Changes,
    ChartView,
    EquityView,
    Health,
    Lamp,
    OrderRow,
    PortfolioView,
    PositionRow,
    SessionBars,
    SessionRow,
    SignalCard,
    SignalRow,
    StatusView,
    Table,
    TradeRow,
    TriggerRow,
    WatchRow,
    Why,
)
from tests.helpers import fake_rows as rows
from tests.helpers import live_rows
from tests.helpers.fake_archive import FakeArchive

_KEYS: dict[Table, Callable[[Any], str]] = {
    Table.SESSIONS: lambda row: row.session_id,
    Table.SIGNALS: lambda row: row.signal.signal_id,
    Table.HISTORY: lambda row: row.signal.signal_id,
    Table.POSITIONS: lambda row: row.key,
    Table.TRADES: lambda row: row.trade.trade_id,
    Table.ORDERS: lambda row: row.order.order_id,
    Table.TRIGGERS: lambda row: row.trigger.trigger_id,
    Table.WATCH: lambda row: row.key,
    Table.ACCOUNTS: lambda row: row.key,
}


class FakeDesk:
    """Implements `Desk` in memory.

    Attributes:
        commands: What was asked, in order: (name of the method, its arguments by name).
        refuse: When set, the next command raises it (once) and changes nothing.
        tables: The rows by key; change them with `put` and `drop`, which tell the followers.
        banner: Shown in the status view.
    """

    def __init__(self, *, empty: bool = False) -> None:
        self.commands: list[tuple[str, dict[str, Any]]] = []
        self.refuse: AssayError | None = None
        self.banner = ""
        self.badge = "DEMO" if empty else "PAPER"
        self.verdicts: Sequence[Verdict] | AssayError = live_rows.verdicts()  # what `check_live` answers
        self.asked: list[SessionDraft] = []  # what it was asked
        self.warned: list[Warned] = []  # before anyone listened
        self.kill = False
        self.empty = empty
        self.saved: list[Strategy] = list(rows.STRATEGIES)
        self.versions: list[StrategyVersion] = []  # newest first
        self.archive = FakeArchive(empty=empty)
        self._listeners: list[Callable[[Changes], None]] = []
        self._fact_listeners: list[Callable[[Fact], None]] = []
        self.tables: dict[Table, dict[str, Any]] = {table: {} for table in Table}
        if not empty:
            self._fill()

    def _fill(self) -> None:
        made: dict[Table, Sequence[Any]] = {
            Table.SESSIONS: rows.session_rows(),
            Table.SIGNALS: rows.cards(),
            Table.HISTORY: rows.history_rows(),
            Table.POSITIONS: rows.position_rows(),
            Table.TRADES: rows.trade_rows(),
            Table.ORDERS: rows.order_rows(),
            Table.TRIGGERS: rows.trigger_rows(),
            Table.WATCH: rows.watch_rows(),
            Table.ACCOUNTS: (),
        }
        for table, found in made.items():
            self.tables[table] = {_KEYS[table](row): row for row in found}

    # for tests -------------------------------------------------------------------------------------------------
    def put(self, table: Table, row: Any) -> None:
        """Change or add a row and tell the followers."""
        key = _KEYS[table](row)
        self.tables[table][key] = row
        self.emit(Changes(changed={table: frozenset({key})}))

    def drop(self, table: Table, key: str) -> None:
        """Remove a row and tell the followers."""
        self.tables[table].pop(key, None)
        self.emit(Changes(removed={table: frozenset({key})}))

    def emit(self, changes: Changes) -> None:
        """Tell the followers of changes."""
        for listener in tuple(self._listeners):
            listener(changes)

    def tell(self, fact: Fact) -> None:
        """Tell a fact to whoever hears them."""
        for listener in tuple(self._fact_listeners):
            listener(fact)

    def warnings(self) -> Sequence[Warned]:
        return list(self.warned)

    def names(self) -> list[str]:
        """Return the names of the commands so far."""
        return [name for name, _ in self.commands]

    def _take(self, name: str, **arguments: Any) -> None:
        if self.refuse is not None:
            error, self.refuse = self.refuse, None
            raise error
        self.commands.append((name, arguments))

    # reads -----------------------------------------------------------------------------------------------------
    def sessions(self) -> Sequence[SessionRow]:
        return list(self.tables[Table.SESSIONS].values())

    def session(self, session_id: str) -> SessionRow | None:
        return self.tables[Table.SESSIONS].get(session_id)

    def signals(self) -> Sequence[SignalCard]:
        return sorted(self.tables[Table.SIGNALS].values(), key=lambda card: -card.signal.created_at)

    def signal(self, signal_id: str, *, quantity: Decimal | None = None) -> SignalCard | None:
        card: SignalCard | None = self.tables[Table.SIGNALS].get(signal_id)
        if card is None or quantity is None:
            return card
        value = card.signal.price * quantity
        changed = dataclasses.replace(
            card.signal,
            quantity=quantity,
            estimated_cost=value,
            estimated_fee=value / 1000,
            estimated_slippage=value / 5000,
            loss_at_stop=(card.signal.price - card.signal.stop) * quantity if card.signal.stop is not None else None,
        )
        return dataclasses.replace(
            card,
            signal=changed,
            position_after=quantity if card.signal.side is Side.BUY else ZERO,
            exposure_after=value,
            exposure_percent=value / card.session.cash * 100,
        )

    def history(self) -> Sequence[SignalRow]:
        return list(self.tables[Table.HISTORY].values())

    def positions(self) -> Sequence[PositionRow]:
        return list(self.tables[Table.POSITIONS].values())

    def trades(self) -> Sequence[TradeRow]:
        return list(self.tables[Table.TRADES].values())

    def orders(self) -> Sequence[OrderRow]:
        return list(self.tables[Table.ORDERS].values())

    def triggers(self) -> Sequence[TriggerRow]:
        return list(self.tables[Table.TRIGGERS].values())

    def watch(self) -> Sequence[WatchRow]:
        return list(self.tables[Table.WATCH].values())

    def row(self, table: str, key: str) -> Any | None:
        return self.tables[Table(table)].get(key)

    def portfolio(self) -> Sequence[PortfolioView]:
        if self.empty:
            return []
        dollar = (
            Allocation("Cash", Decimal("151268.25"), 0.734),
            Allocation("NORD", Decimal(18_570), 0.09),
            Allocation("COIN/USD", Decimal("16052.60"), 0.078),
            Allocation("ACME", Decimal("1658.43"), 0.008),
            Allocation("HELI", Decimal("18545.17"), 0.09),
        )
        live = (Allocation("Cash", Decimal("8946.20"), 0.878), Allocation("NORD", Decimal(1_238), 0.122))
        won = (Allocation("Cash", Decimal(68_977_500), 0.696), Allocation("HANRIVER", Decimal(30_180_000), 0.304))
        at_brokers = PortfolioView(
            "USD",
            Decimal("10184.20"),
            Decimal("8946.20"),
            Decimal(1_238),
            Decimal("62.10"),
            Decimal("0.61"),
            Decimal("35.00"),
            Decimal("149.20"),
            Decimal("4.80"),
            live,
            live=True,
            real_money=True,
        )
        return [
            *((at_brokers,) if self.badge == "LIVE" else ()),
            PortfolioView(
                "USD",
                Decimal("206094.45"),
                Decimal("151268.25"),
                Decimal("54826.20"),
                Decimal("312.40"),
                Decimal("0.15"),
                Decimal("417.68"),
                Decimal("5986.97"),
                Decimal("192.48"),
                dollar,
            ),
            PortfolioView(
                "KRW",
                Decimal(99_157_500),
                Decimal(68_977_500),
                Decimal(30_180_000),
                Decimal(-1_210_000),
                Decimal("-1.21"),
                Decimal(-300_000),
                Decimal(-542_500),
                Decimal(31_200),
                won,
            ),
        ]

    def status(self) -> StatusView:
        links = tuple(_account_lamp(view) for view in self.accounts())
        return StatusView(
            feed=Lamp("Feed", Health.OK, "12 ms", "Simulated market: 7 symbols, last quote 12 ms ago."),
            broker=_broker_lamp(self.accounts()),
            links=links,
            loop=Lamp("Loop lag", Health.OK, "2 ms", "Event loop lag: 2 ms (99th percentile), worst 11 ms."),
            storage=Lamp("Storage", Health.OK, "4 ms", "Database: last commit took 4 ms."),
            market=Lamp(
                "Market",
                Health.OK,
                "XNYS open, closes in 5:56",
                "New York Stock Exchange is open until 16:00 local time.",
            ),
            now=rows.NOW,
            badge=self.badge,
            kill=self.kill,
            banner=self.banner,
        )

    def equity(self, session_id: str) -> EquityView | None:
        found = self.session(session_id)
        return rows.equity_view(found.settings, float(found.equity)) if found is not None and found.sparkline else None

    def chart(self, session_id: str, symbol: str) -> ChartView | None:
        found = self.session(session_id)
        if found is None or symbol not in {item.symbol for item in found.settings.instruments}:
            return None
        return rows.chart_view(found.settings, symbol)

    def bars(self, session_id: str, symbol: str) -> SessionBars | None:
        view = self.chart(session_id, symbol)
        return None if view is None else SessionBars(view.instrument, view.timeframe, view.bars, "UTC")

    def why(self, session_id: str, symbol: str) -> Why:
        found = self.session(session_id)
        if found is None:
            raise NotFound("session", session_id)
        held = f"{session_id}/{symbol}" in self.tables[Table.POSITIONS]
        return Why(
            session_id,
            symbol,
            "Why still held?" if held else "Why no entry?",
            "The exit rule is not true: rsi(14) = 54.2 is not above 70."
            if held
            else "The entry rule is not true: rsi(14) = 54.2 is not under 30.",
            found.settings.strategy.exit if held else found.settings.strategy.entry,
            (("rsi(14) = 54.2 < 30", "false"), ("close = 184.27 > sma(200) = 179.03", "true")),
            (
                ("kill switch", True, "The kill switch is released."),
                ("warm-up", True, "400 of 200 bars are known."),
                ("position size", False, "An entry of 20 % is under the limit of 25 %, but 24 % is held already."),
            ),
            (
                (rows.NOW - 96 * MINUTE, "Quote 60.14 / 60.15"),
                (rows.NOW - 95 * MINUTE, "BUY 300 NORD filled at 60.15, fee 18.05 USD"),
            )
            if held
            else (),
        )

    def estimate(self, session_id: str, order: PlaceOrder) -> TicketEstimate:
        found = self.session(session_id)
        if found is None:
            raise NotFound("session", session_id)
        price = order.limit_price or Decimal(str(rows.PRICES.get(order.symbol, 100.0)))
        value = price * order.quantity
        sign = 1 if order.side is Side.BUY else -1
        loss = (price - order.stop_loss) * order.quantity if order.stop_loss is not None else None
        blocked = (
            f"The order needs {value:,f} {found.settings.currency} but only {found.cash:,f} is free."
            if sign > 0 and value > found.cash
            else ""
        )
        ask = "This is more than 5 times your usual order." if not blocked and value > found.cash / 2 else ""
        held = self.tables[Table.POSITIONS].get(f"{session_id}/{order.symbol}")
        before = held.position.quantity if held else ZERO
        return TicketEstimate(
            price,
            value,
            value / 1000,
            value / 5000,
            found.cash - sign * value - value / 1000,
            before + sign * order.quantity,
            loss,
            blocked,
            ask,
        )

    def feeds(self) -> Sequence[FeedChoice]:
        return [
            FeedChoice(
                "simulator",
                "Simulated market (demo)",
                "Seeded prices, no account or network needed.",
                tuple(rows.INSTRUMENTS.values()),
            ),
            FeedChoice("replay", "Replay of a file", "Bars, quotes or trades from a CSV file.", ()),
        ]

    def strategies(self) -> Sequence[Strategy]:
        return list(self.saved)

    def check_rule(
        self,
        text: str,
        *,
        role: str,
        parameters: Mapping[str, Decimal],
        timeframe: str,
        session_id: str = "",
        symbol: str = "",
        on_quotes: bool = False,
    ) -> RuleCheck:
        if on_quotes and "zscore" in text:
            return RuleCheck(ok=False, message="zscore is judged at bar close only.", column=text.index("zscore") + 1)
        if not text.strip():
            return RuleCheck(ok=role == "exit", message="" if role == "exit" else "An entry rule is needed.")
        if "smaa" in text:
            return RuleCheck(
                ok=False,
                message="There is no function smaa.",
                column=text.index("smaa") + 1,
                suggestion="did you mean sma?",
            )
        if text.count("(") != text.count(")"):
            return RuleCheck(ok=False, message="A bracket is not closed.", column=len(text))
        return RuleCheck(
            ok=True, message="needs 200 bars; uses close", verdict="false", lines=(("rsi(14) = 54.2 < 30", "false"),)
        )

    def check_draft(self, draft: SessionDraft) -> Sequence[FieldError]:
        found = []
        if not draft.name.strip():
            found.append(FieldError("name", "give the session a name."))
        if not draft.symbols:
            found.append(FieldError("symbols", "name at least one symbol."))
        if draft.cash <= ZERO:
            found.append(FieldError("cash", "must be an amount above zero."))
        return found

    async def audit(self, *, session_id: str = "", text: str = "", limit: int = 500) -> Sequence[AuditRow]:
        if self.empty:
            return []
        kinds = (
            ("SessionChanged", "Session started by the user."),
            ("SignalChanged", "ENTRY signal: BUY 100 ACME at 184.27, rsi(14) = 28.4 < 30."),
            ("CommandTaken", "The user approved the signal."),
            ("OrderChanged", "Order o-2 BUY 300 NORD: NEW."),
            ("FillBooked", "BUY 300 NORD at 60.15, fee 18.05 USD."),
            ("Blocked", "Entry in ACME blocked: position size 163 % of equity, the limit is 25 %."),
        )
        found = []
        for number in range(60, 0, -1):
            kind, sentence = kinds[number % len(kinds)]
            at = rows.NOW - (60 - number) * 53 * SECOND
            session = ("s-demo", "s-korea")[number % 2]
            found.append(AuditRow(session, number, at, at + 4000, kind, sentence, {"number": number}))
        wanted = text.casefold()
        return [
            row for row in found if session_id in ("", row.session_id) and wanted in f"{row.kind} {row.text}".casefold()
        ][:limit]

    # following -------------------------------------------------------------------------------------------------
    def follow(self, listener: Callable[[Changes], None], *, first: bool = False) -> Callable[[], None]:
        self._listeners.insert(0 if first else len(self._listeners), listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def on_fact(self, listener: Callable[[Fact], None]) -> Callable[[], None]:
        self._fact_listeners.append(listener)
        return lambda: self._fact_listeners.remove(listener) if listener in self._fact_listeners else None

    # commands --------------------------------------------------------------------------------------------------
    async def check_live(self, draft: SessionDraft) -> Sequence[Verdict]:
        self.asked.append(draft)
        await asyncio.sleep(0)
        if isinstance(self.verdicts, AssayError):
            raise self.verdicts
        return [
            live_rows.confirmed(item) if item.prerequisite is Prerequisite.LIMITS and draft.limits_confirmed else item
            for item in self.verdicts
        ]

    async def create_session(self, draft: SessionDraft, *, start: bool = True) -> str:
        self._take("create_session", draft=draft, start=start)
        return "s-created"

    def _to_state(self, session_id: str, state: SessionState, note: str = "") -> None:
        found = self.session(session_id)
        if found is not None:
            self.put(Table.SESSIONS, dataclasses.replace(found, state=state, note=note))

    async def start_session(self, session_id: str) -> None:
        self._take("start_session", session_id=session_id)
        self._to_state(session_id, SessionState.RUNNING)

    async def pause_session(self, session_id: str) -> None:
        self._take("pause_session", session_id=session_id)
        self._to_state(session_id, SessionState.PAUSED, "Paused by the user: stops and exits keep working")

    async def resume_session(self, session_id: str) -> None:
        self._take("resume_session", session_id=session_id)
        self._to_state(session_id, SessionState.RUNNING)

    async def stop_session(self, session_id: str, choice: StopChoice) -> None:
        self._take("stop_session", session_id=session_id, choice=choice)
        self._to_state(session_id, SessionState.STOPPED)

    async def delete_session(self, session_id: str) -> None:
        self._take("delete_session", session_id=session_id)
        self.drop(Table.SESSIONS, session_id)

    async def pause_all(self) -> None:
        self._take("pause_all")
        for row in self.sessions():
            if row.state is SessionState.RUNNING:
                self._to_state(row.session_id, SessionState.PAUSED, "Paused by the user: stops and exits keep working")

    async def resume_all(self) -> None:
        self._take("resume_all")
        for row in self.sessions():
            if row.state is SessionState.PAUSED:
                self._to_state(row.session_id, SessionState.RUNNING)

    async def set_mode(self, session_id: str, mode: ExecutionMode) -> None:
        self._take("set_mode", session_id=session_id, mode=mode)
        found = self.session(session_id)
        if found is not None:
            self.put(
                Table.SESSIONS, dataclasses.replace(found, settings=dataclasses.replace(found.settings, mode=mode))
            )

    async def set_limits(self, session_id: str, limits: RiskLimits) -> None:
        self._take("set_limits", session_id=session_id, limits=limits)

    async def approve(
        self,
        signal_id: str,
        *,
        quantity: Decimal | None = None,
        kind: OrderKind | None = None,
        limit_price: Decimal | None = None,
        confirmed: bool = False,
    ) -> None:
        self._take(
            "approve", signal_id=signal_id, quantity=quantity, kind=kind, limit_price=limit_price, confirmed=confirmed
        )
        self.drop(Table.SIGNALS, signal_id)

    async def reject(self, signal_id: str) -> None:
        self._take("reject", signal_id=signal_id)
        self.drop(Table.SIGNALS, signal_id)

    async def refresh_signal(self, signal_id: str) -> None:
        self._take("refresh_signal", signal_id=signal_id)

    async def place_order(self, session_id: str, order: PlaceOrder) -> None:
        self._take("place_order", session_id=session_id, order=order)

    async def close_position(
        self, session_id: str, symbol: str, quantity: Decimal | None = None, *, confirmed: bool = False
    ) -> None:
        self._take("close_position", session_id=session_id, symbol=symbol, quantity=quantity, confirmed=confirmed)
        if quantity is None:
            self.drop(Table.POSITIONS, f"{session_id}/{symbol}")

    async def cancel_order(self, session_id: str, order_id: str) -> None:
        self._take("cancel_order", session_id=session_id, order_id=order_id)
        found: OrderRow | None = self.tables[Table.ORDERS].get(order_id)
        if found is not None:
            self.put(
                Table.ORDERS,
                dataclasses.replace(found, order=dataclasses.replace(found.order, status=OrderStatus.CANCELED)),
            )

    async def replace_order(
        self,
        session_id: str,
        order_id: str,
        *,
        quantity: Decimal | None = None,
        limit_price: Decimal | None = None,
        stop_price: Decimal | None = None,
    ) -> None:
        self._take(
            "replace_order",
            session_id=session_id,
            order_id=order_id,
            quantity=quantity,
            limit_price=limit_price,
            stop_price=stop_price,
        )

    async def set_trigger(
        self,
        session_id: str,
        symbol: str,
        kind: TriggerKind,
        *,
        level: Decimal | None = None,
        trail_percent: Decimal | None = None,
        quantity: Decimal | None = None,
    ) -> None:
        self._take(
            "set_trigger",
            session_id=session_id,
            symbol=symbol,
            kind=kind,
            level=level,
            trail_percent=trail_percent,
            quantity=quantity,
        )

    async def move_trigger(
        self, session_id: str, trigger_id: str, *, level: Decimal | None = None, trail_percent: Decimal | None = None
    ) -> None:
        self._take(
            "move_trigger", session_id=session_id, trigger_id=trigger_id, level=level, trail_percent=trail_percent
        )
        found: TriggerRow | None = self.tables[Table.TRIGGERS].get(trigger_id)
        if found is not None and level is not None:
            self.put(
                Table.TRIGGERS, dataclasses.replace(found, trigger=dataclasses.replace(found.trigger, level=level))
            )

    async def cancel_trigger(self, session_id: str, trigger_id: str) -> None:
        self._take("cancel_trigger", session_id=session_id, trigger_id=trigger_id)
        found: TriggerRow | None = self.tables[Table.TRIGGERS].get(trigger_id)
        if found is not None:
            moved = dataclasses.replace(found.trigger, state=TriggerState.CANCELLED)
            self.put(Table.TRIGGERS, dataclasses.replace(found, trigger=moved))

    def accounts(self) -> Sequence[AccountView]:
        return list(self.tables[Table.ACCOUNTS].values())

    async def arm(self, session_id: str, typed: str) -> None:
        self._take("arm", session_id=session_id, typed=typed)
        self._set_armed(session_id, armed=True)

    def _set_armed(self, session_id: str, *, armed: bool) -> None:
        found = self.session(session_id)
        if found is not None:
            self.put(Table.SESSIONS, dataclasses.replace(found, armed=armed))
            self.emit(Changes(status=True))

    def go_live(self) -> None:
        """Add a live session beside its paper twin, with its account, position, orders, triggers and a signal."""
        for table, made in live_rows.tables().items():
            for row in made:
                self.tables[table][_KEYS[table](row)] = row
        self.badge = "LIVE"

    async def disarm(self, session_id: str) -> None:
        self._take("disarm", session_id=session_id)
        self._set_armed(session_id, armed=False)

    async def reconcile(self, account: str) -> None:
        self._take("reconcile", account=account)

    async def reconnect(self, account: str) -> None:
        self._take("reconnect", account=account)

    async def renew_prices(self) -> None:
        self._take("renew_prices")

    async def adopt_difference(self, session_id: str, symbol: str) -> None:
        self._take("adopt_difference", session_id=session_id, symbol=symbol)

    async def ignore_difference(self, account: str, symbol: str) -> None:
        self._take("ignore_difference", account=account, symbol=symbol)

    async def declare_lost(self, session_id: str, order_id: str, typed: str) -> None:
        self._take("declare_lost", session_id=session_id, order_id=order_id, typed=typed)

    async def set_account_limits(self, account: str, limits: AccountLimits) -> None:
        self._take("set_account_limits", account=account, limits=limits)

    async def engage_kill(self, *, flatten: bool = False) -> None:
        self._take("engage_kill", flatten=flatten)
        self._set_kill(engaged=True)

    async def release_kill(self) -> None:
        self._take("release_kill")
        self._set_kill(engaged=False)

    def _set_kill(self, *, engaged: bool) -> None:
        self.kill = engaged
        for row in self.sessions():
            self.put(Table.SESSIONS, dataclasses.replace(row, kill=engaged))
        self.emit(Changes(status=True))

    async def strategy_versions(self, name: str) -> Sequence[StrategyVersion]:
        return [item for item in self.versions if item.name == name]

    async def save_strategy(self, strategy: Strategy) -> str:
        self._take("save_strategy", strategy=strategy)
        self.saved = [item for item in self.saved if item.name != strategy.name] + [strategy]
        return "a1b2c3"

    async def reset_demo(self) -> None:
        self._take("reset_demo")


def as_desk(fake: FakeDesk) -> Desk:
    """Return the fake as the type the window asks for: mypy checks here that the fake keeps up with the protocol."""
    return fake

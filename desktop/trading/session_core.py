"""The session core: messages in, effects out; synchronous and deterministic, without I/O, clock or own randomness.

It only hands each message to the part that knows what to do; message time never goes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from desktop.domain import messages as said
from desktop.domain.effects import Effect
from desktop.domain.errors import UserMistake
from desktop.domain.events import OrderChanged
from desktop.domain.fills import OrderReport
from desktop.domain.market import Bar, Quote, timeframe_us
from desktop.domain.orders import Order, OrderId, OrderStatus
from desktop.domain.positions import Position
from desktop.domain.sessions import SessionSettings, SessionState
from desktop.domain.signals import Signal
from desktop.domain.strategies import Evaluate
from desktop.domain.triggers import Trigger
from desktop.ports import TradingHours
from desktop.trading.bookings import Bookings
from desktop.trading.closing import Closing
from desktop.trading.daily_loss import DailyLoss
from desktop.trading.holdings import Holdings
from desktop.trading.judging import Judge, RuleDesk, StrategyRules
from desktop.trading.marks import Marks
from desktop.trading.order_book import OrderBook
from desktop.trading.order_commands import OrderCommands
from desktop.trading.order_desk import OrderDesk
from desktop.trading.recovery import Recovery
from desktop.trading.risk_checks import RiskChecks
from desktop.trading.risk_gate import RiskGate
from desktop.trading.signal_commands import SignalCommands
from desktop.trading.signals import SignalBook
from desktop.trading.state import CoreState
from desktop.trading.trigger_commands import TriggerCommands
from desktop.trading.trigger_watch import TriggerWatch
from desktop.trading.triggers import TriggerBook
from desktop.trading.user_commands import UserCommands
from desktop.trading.why import explain_standing

if TYPE_CHECKING:
    from desktop.rules.columns import Columns


class SessionCore:
    """One session's rules, signals, risk, orders, triggers and ledger.

    Args:
        settings: What the session was started with.
        judges: What answers the rules on each symbol's series; they hold the last closed bar when it is handed in here.
        hours: Trading hours of each symbol.
        rules: The compiled rules; compiled from the strategy when not given.
        forming: Gives a symbol's forming bar, for strategies judged on quotes.
    """

    def __init__(
        self,
        settings: SessionSettings,
        *,
        judges: Mapping[str, Judge],
        hours: Mapping[str, TradingHours],
        rules: StrategyRules | None = None,
        forming: Callable[[str], Bar | None] | None = None,
    ) -> None:
        self.settings = settings
        self.rules = rules or StrategyRules.of(settings.strategy)
        state = self.state = CoreState(settings)
        marks = self.marks = Marks(settings.instruments)
        self.holdings = Holdings(state, marks)
        self.book = OrderBook(state)
        self.daily_loss = DailyLoss(state, self.holdings, hours[settings.instruments[0].symbol])
        self.signal_book = SignalBook(state)
        self.trigger_book = TriggerBook(state)
        self.checks = RiskChecks(state, self.holdings, self.book, self.daily_loss, hours, self._leaving)
        self.gate = RiskGate(marks, self.checks)
        desk = OrderDesk(state, marks, self.gate, self.book)
        self.rule_desk = RuleDesk(
            state,
            marks,
            self.holdings,
            self.book,
            desk,
            self.gate,
            self.signal_book,
            self.trigger_book,
            judges,
            self.rules,
            forming,
        )
        self.closing = Closing(state, marks, self.holdings, self.book, desk)
        self.watch = TriggerWatch(state, marks, self.trigger_book, self.book, desk, self.holdings)
        self.bookings = Bookings(
            state, marks, self.holdings, self.book, desk, self.signal_book, self.trigger_book, self.rule_desk.runs
        )
        self.commands = UserCommands(
            state,
            desk,
            self.signal_book,
            self.trigger_book,
            self.rule_desk.runs,
            self.closing,
            Recovery(state, self.book, self.gate, self.signal_book),
            SignalCommands(state, marks, desk, self.signal_book, self.trigger_book, self.rule_desk),
            OrderCommands(state, marks, self.holdings, self.book, desk, self.trigger_book, self.closing),
            TriggerCommands(state, marks, self.holdings, self.trigger_book),
        )
        self._on_quotes = settings.strategy.evaluate is Evaluate.QUOTE
        self._bar_length = timeframe_us(settings.strategy.timeframe)
        self._table: dict[type[Any], Callable[[Any], None]] = {
            said.BarsPassed: self._bars_passed,
            said.BarsClosed: self._bars_closed,
            said.Quotes: self._quotes,
            said.BadQuote: self._bad_quote,
            said.ClockTick: self._tick,
            said.Report: self._report,
            said.Asked: self._asked,
            said.OrderSending: self._sending,
            said.OrderUnresolved: self._unresolved,
        }

    # messages --------------------------------------------------------------------------------------------------
    def handle(self, message: said.Message) -> list[Effect]:
        """Take one message and return what follows, in order. An `at` before the last one counts as the last."""
        self._table[type(message)](message)
        return self.state.take()

    def _pass_time(self, at: int) -> None:
        self.state.advance_to(at)
        if self.state.now >= self.signal_book.next_due:
            self.signal_book.run_timers()

    def _retry(self, symbol: str = "") -> None:
        """Try again what a check holds."""
        if self.closing.waiting:
            self.closing.retry(symbol)
        if self.signal_book.live:
            self.rule_desk.retry_held(symbol)

    # bars of a replay: opened, judged, looked at again, ended ---------------------------------------------------
    def _bars_passed(self, message: said.BarsPassed) -> None:
        self.open_bars(message)
        self.judge_bars(message.bars)
        self.judge_again(message.bars)
        self.end_bars(message.bars)

    def open_bars(self, message: said.BarsPassed) -> None:
        """The bars begin: their opens are the prices now, and what waited for the market may go."""
        self._pass_time(message.at)
        if not message.bars:
            return
        first = message.bars[0]
        self.daily_loss.begin(first.start)
        self.checks.passing = (first.start, first.end)
        now = self.state.now
        for bar in self._own(message.bars):
            self.marks[bar.symbol].price(bar.open, now)
        self._retry()

    def judge_bars(self, bars: Sequence[Bar]) -> None:
        """Judge the triggers on the bars, symbols in the configured order."""
        for bar in self._own(bars):
            if self.trigger_book.has(bar.symbol):
                self.watch.on_bar(bar)

    def judge_again(self, bars: Sequence[Bar]) -> None:
        """Judge the stops of positions that a resting order opened inside the bar."""
        for bar in self._own(bars):
            if self.marks[bar.symbol].entered_inside:
                self.watch.on_bar(bar, stops_only=True)

    def end_bars(self, bars: Sequence[Bar]) -> None:
        """The bars end: extremes and trailing stops take them in."""
        for bar in self._own(bars):
            mark = self.marks[bar.symbol]
            if mark.held:
                mark.see(*mark.range_of(bar))
                self.watch.lift_on_bar(bar)
                mark.entered_inside = False
        self.checks.passing = None

    def _own(self, bars: Sequence[Bar]) -> Sequence[Bar]:
        """Return the bars of this session's symbols in the configured order."""
        if len(bars) == 1:
            return bars if bars[0].symbol in self.marks else ()
        by_symbol = {bar.symbol: bar for bar in bars}
        return [by_symbol[symbol] for symbol in self.marks if symbol in by_symbol]

    def _bars_closed(self, message: said.BarsClosed) -> None:
        self._pass_time(message.at)
        bars, now = self._own(message.bars), self.state.now
        for bar in bars:
            mark = self.marks[bar.symbol]
            if not mark.quoted:
                mark.price(bar.close, now)
            mark.closed_start = bar.start
            if mark.held:
                mark.bars_held += 1
        if self.state.limits.max_daily_loss is not None:
            self.daily_loss.judge()
        self._retry()
        self.rule_desk.on_slice(bars)

    # quotes ----------------------------------------------------------------------------------------------------
    @property
    def quiet(self) -> bool:
        """Whether a quote can change nothing but marks: nothing is armed, waits, or is judged on quotes."""
        return not (
            self.trigger_book.active
            or self._on_quotes
            or self.closing.waiting
            or self.signal_book.live
            or self.state.limits.max_daily_loss is not None
        )

    def _quotes(self, message: said.Quotes) -> None:
        if self.quiet:
            self.mark_quotes(message)
            return
        for quote in message.quotes:
            self.on_quote(quote, message.at)
        self._pass_time(message.at)

    def mark_quotes(self, message: said.Quotes) -> None:
        """Take a burst in a quiet session: nothing but marks and message time move."""
        find = self.marks.get
        for quote in message.quotes:
            mark = find(quote[0])
            if mark is not None:
                mark.quote(quote)
        self.state.advance_to(message.at)

    def on_quote(self, quote: Quote, at: int) -> None:
        """Take one quote of a burst whose message time is `at`."""
        mark = self.marks.get(quote.symbol)
        if mark is None:
            return
        self._pass_time(min(quote.at, at))
        state, loss = self.state, self.daily_loss
        looks = state.limits.max_daily_loss is not None and (
            loss.checked_at < 0 or state.now - loss.checked_at >= self.settings.tick_interval
        )
        if looks:
            loss.begin(state.now)
        mark.quote(quote)
        if looks:
            loss.judge()
        if self.trigger_book.active and self.trigger_book.has(quote.symbol):
            self.watch.on_quote(mark)
        self._retry(quote.symbol)
        if self._on_quotes:
            self.rule_desk.on_quote(mark)

    def _bad_quote(self, message: said.BadQuote) -> None:
        self._pass_time(message.at)
        mark = self.marks.get(message.symbol)
        if mark is not None:
            mark.bad = message.reason

    # time, reports, commands -----------------------------------------------------------------------------------
    def _tick(self, message: said.ClockTick) -> None:
        self._pass_time(message.at)
        if self.trigger_book.active:
            self.watch.poll()
        self._retry()

    def _report(self, message: said.Report) -> None:
        self._pass_time(message.at)
        self.on_report(message.report)

    def on_report(self, report: OrderReport, *, inside: bool = False) -> None:
        """Fold one report in (`inside`: its fill happened inside the bar that is passing)."""
        self.bookings.on_report(report, inside=inside)
        self._retry()

    def _asked(self, message: said.Asked) -> None:
        self._pass_time(message.at)
        self.commands.take(message)
        self._retry()

    def _sending(self, message: said.OrderSending) -> None:
        """Let an intent leave, once: whoever sends does so only if this told that the order is SENDING."""
        self._pass_time(message.at)
        order = self.mark_sending(message.order_id)
        if order is not None:
            self.state.emit(OrderChanged(self.state.session_id, self.state.now, order))

    def mark_sending(self, order_id: OrderId) -> Order | None:
        """Move an intent to SENDING; None where it is no intent any more (denied, or sent before)."""
        order = self.book.open.get(order_id)
        if order is None or order.status is not OrderStatus.INTENT:
            return None
        return self.book.move(order, OrderStatus.SENDING)

    def _unresolved(self, message: said.OrderUnresolved) -> None:
        """Note that nobody knows whether an order is at the broker; what is known of it stays."""
        self._pass_time(message.at)
        order = self.book.open.get(message.order_id)
        if order is not None and order.status in (OrderStatus.INTENT, OrderStatus.SENDING, OrderStatus.PENDING_NEW):
            self.book.move(order, OrderStatus.UNKNOWN, message.reason)

    def _leaving(self, symbol: str) -> bool:
        """Whether a symbol is on its way out: a sell works, a close is held, or an exit waits."""
        if self.book.selling(symbol) or symbol in self.closing.held:
            return True
        return any(
            signal.symbol == symbol and signal.kind.value == "EXIT" and signal.state.value == "PENDING"
            for signal in self.signal_book.live.values()
        )

    # many quiet bars at once -----------------------------------------------------------------------------------
    def advance(self, columns: Mapping[str, Columns], begin: int, end: int) -> list[Effect]:
        """Let bars pass on which no rule is true, nothing is in range and no limit is at work.

        Only marks, bar counts, extremes, trailing marks and message time change, and runs of true bars end.
        `advance(a, c)` is `advance(a, b)` then `advance(b, c)`.

        Args:
            columns: Bars by symbol, all of one length, row for row of the same times.
            begin: Row of the first bar that passes.
            end: Row after the last one.
        """
        if end <= begin or not columns:
            return []
        start = next(iter(columns.values())).start
        self._pass_time(int(start[begin]) + self._bar_length)
        self.rule_desk.runs.end_all()
        now = int(start[end - 1]) + self._bar_length
        for symbol, bars in columns.items():
            mark = self.marks[symbol]
            if not mark.quoted:
                mark.price(float(bars.close[end - 1]), max(now, self.state.now))
            mark.closed_start = int(bars.start[end - 1])
            if mark.held:
                mark.bars_held += end - begin
                high, low = float(bars.high[begin:end].max()), float(bars.low[begin:end].min())
                mark.see(high, low)
                self.watch.lift(mark, mark.instrument.price(high))
        self._pass_time(now)
        return self.state.take()

    # what it knows ---------------------------------------------------------------------------------------------
    @property
    def status(self) -> SessionState:
        return self.state.status

    @property
    def now(self) -> int:
        return self.state.now

    @property
    def refusal(self) -> UserMistake | None:
        """The typed error of the last command where it was refused."""
        return self.commands.refusal

    @property
    def cash(self) -> Decimal:
        return self.holdings.cash

    @property
    def free_cash(self) -> Decimal:
        return self.gate.free_cash

    @property
    def equity(self) -> Decimal:
        """Cash and holdings at the last prices."""
        return self.holdings.equity()

    @property
    def positions(self) -> dict[str, Position]:
        return self.holdings.all()

    @property
    def orders(self) -> Mapping[OrderId, Order]:
        """Open orders."""
        return self.book.open

    @property
    def triggers(self) -> Mapping[str, Trigger]:
        """Active triggers."""
        return self.trigger_book.active

    @property
    def signals(self) -> list[Signal]:
        """The last 100 signals, oldest first."""
        return list(self.signal_book.recent.values())

    @property
    def prices(self) -> dict[str, tuple[Decimal, Decimal]]:
        """Last bid and ask of every symbol that has a price."""
        return {symbol: (mark.sell_price, mark.buy_price) for symbol, mark in self.marks.items() if mark.known}

    def why(self, symbol: str) -> dict[str, Any]:
        """Return why, or why not, a symbol is traded right now: clause by clause and check by check (R4)."""
        return explain_standing(self, symbol)

    # storage ---------------------------------------------------------------------------------------------------
    def snapshot(self) -> dict[str, Any]:
        """Return all live state as JSON values; finished orders, trades and signals are the store's."""
        return {
            "state": self.state.snapshot(),
            "marks": self.marks.snapshot(),
            "holdings": self.holdings.snapshot(),
            "orders": self.book.snapshot(),
            "signals": self.signal_book.snapshot(),
            "runs": self.rule_desk.runs.snapshot(),
            "triggers": self.trigger_book.snapshot(),
            "polled_at": self.watch.polled_at,
            "closing": self.closing.snapshot(),
            "daily_loss": self.daily_loss.snapshot(),
        }

    def restore(
        self,
        state: Mapping[str, Any],
        orders: Iterable[Order] = (),
        execution_ids: Iterable[str] = (),
        signals: Iterable[Signal] = (),
    ) -> None:
        """Take up a snapshot exactly; `orders`, `execution_ids` and `signals` are all that the store has."""
        self.state.restore(state["state"])
        self.marks.restore(state["marks"])
        self.holdings.restore(state["holdings"], execution_ids)
        self.book.restore(state["orders"], list(orders))
        self.signal_book.restore(state["signals"], list(signals))
        self.rule_desk.runs.restore(state["runs"])
        self.trigger_book.restore(state["triggers"])
        self.watch.polled_at = state["polled_at"]
        self.closing.restore(state["closing"])
        self.daily_loss.restore(state["daily_loss"])

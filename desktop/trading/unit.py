"""A session core with its venue: what the engine and a backtest drive, one message at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from desktop.domain.effects import BROKER_REQUESTS, BrokerRequest, CancelAtBroker, Effect, ReplaceAtBroker, SubmitOrder
from desktop.domain.errors import UserMistake
from desktop.domain.events import Fact
from desktop.domain.fills import OrderReport
from desktop.domain.market import Bar, timeframe_us
from desktop.domain.messages import Asked, BarsClosed, BarsPassed, ClockTick, Message, Quotes
from desktop.domain.orders import Order, OrderStatus
from desktop.domain.sessions import SessionSettings
from desktop.domain.signals import Signal
from desktop.ports import TradingHours
from desktop.rules.stream import StreamEvaluator
from desktop.trading.outside import Outside, Room
from desktop.trading.price_flow import Span
from desktop.trading.proposals import Judge, StrategyRules
from desktop.trading.session_core import SessionCore
from desktop.trading.short_way import ShortWay
from desktop.trading.venue import Venue

_INTENT = OrderStatus.INTENT


@dataclass(slots=True)
class Step:
    """What one message led to.

    Attributes:
        facts: To store and to tell, in order.
        requests: For a broker outside the process, to be sent once the facts are durable; empty on paper.
        refusal: The typed error of a command that was refused.
    """

    facts: list[Fact] = field(default_factory=list)
    requests: list[BrokerRequest] = field(default_factory=list)
    refusal: UserMistake | None = None


_Carrier = Callable[[Any, Step], Iterable[OrderReport]]


class SessionUnit:
    """Drives a core and, on paper, its simulated venue until both are quiet; live requests are handed out."""

    def __init__(self, core: SessionCore, venue: Venue | None = None) -> None:
        self.core = core
        self.venue = venue

    @property
    def venue(self) -> Venue | None:
        """The simulated venue; None: requests are handed out."""
        return self._venue

    @venue.setter
    def venue(self, venue: Venue | None) -> None:
        outside: dict[type[Any], _Carrier] = dict.fromkeys(BROKER_REQUESTS, self._hand_out)
        self._venue = venue
        self._carriers = outside if venue is None else self._carriers_to(venue)
        core = self.core
        if venue is not None and not core.state.tells_changes:
            core.desk.short_way = ShortWay(core.state, core.book, core.signal_book, core.closing.held, venue)

    def step(self, message: Message) -> Step:
        """Take one message and everything that follows from it inside the process."""
        step = Step()
        venue = self.venue
        if venue is None:
            self._perform(self.core.handle(message), step)
        elif type(message) is BarsPassed:
            self.pass_bars(message.bars, message.at, step)
        elif type(message) is Quotes:
            self._quotes(message, step, venue)
        else:
            if self.core.book.open and isinstance(message, ClockTick | BarsClosed):
                self._fold(venue.tick(max(message.at, self.core.now)), step)
            effects = self.core.handle(message)
            if effects:
                self._perform(effects, step)
        if type(message) is Asked:
            step.refusal = self.core.refusal
        return step

    def advance(self, spans: Mapping[str, Span]) -> Step:
        """Let quiet bars pass (see `SessionCore.advance`)."""
        step = Step()
        self._perform(self.core.advance(spans), step)
        return step

    # bars and quotes on paper ----------------------------------------------------------------------------------
    def close_bars(self, bars: Sequence[Bar], at: int, step: Step) -> None:
        """Take what `BarsClosed` says without making one."""
        core, venue = self.core, self._venue
        state = core.state
        if venue is not None and core.book.open:
            self._fold(venue.tick(max(at, state.now)), step)
        core.flow.close_bars(bars, at)
        if state.effects:
            self._perform(state.take(), step)

    def judge_closes(self, closes: Sequence[tuple[str, float]], step: Step) -> None:
        """Judge the rules on bars that `advance` has let close: nothing works, is armed or waits."""
        core = self.core
        core.flow.judge_closes(closes)
        if core.state.effects:
            self._perform(core.state.take(), step)

    def pass_bars(self, bars: Sequence[Bar], at: int, step: Step) -> None:
        """Take what `BarsPassed` says without making one; on paper only. What it leads to goes into `step`."""
        core, venue = self.core, self._venue
        if venue is None:
            return
        state, flow, book, triggers = core.state, core.flow, core.book, core.trigger_book
        own = flow.open_bars(bars, at)
        if state.effects:
            self._perform(state.take(), step)
        at = state.now
        if not (book.open or triggers.active):  # nothing the bars could reach
            flow.end_bars(own)
            return
        self._fold(venue.open_bars(bars, at), step)
        if book.open or triggers.active:
            self._inside(bars, own, at, step, venue)
        flow.end_bars(own)
        if state.effects:
            self._perform(state.take(), step)

    def _inside(self, bars: Sequence[Bar], own: Sequence[Bar], at: int, step: Step, venue: Venue) -> None:
        """Let happen what the bars reach after their opens."""
        state, flow, book, triggers = self.core.state, self.core.flow, self.core.book, self.core.trigger_book
        if triggers.active:
            flow.judge_opens(own)
            self._perform(state.take(), step)
        if triggers.active:
            self._until_quiet(flow.judge_bars, own, step)
        if book.open:
            self._fold(venue.range_bars(bars, at), step, inside=True)
        if triggers.active:
            self._until_quiet(flow.judge_again, own, step)

    def _until_quiet(self, judge: Callable[[Sequence[Bar]], None], bars: Sequence[Bar], step: Step) -> None:
        """Judge until nothing more is asked for: a stop may have to wait for another sell to be cancelled first."""
        while self.core.trigger_book.active:
            judge(bars)
            effects = self.core.state.take()
            self._perform(effects, step)
            if not any(isinstance(effect, CancelAtBroker) for effect in effects):
                return

    def _quotes(self, message: Quotes, step: Step, venue: Venue) -> None:
        core = self.core
        if core.flow.quiet and not core.book.open:
            core.flow.mark_quotes(message)
            return
        at = message.at
        for quote in message.quotes:
            if core.book.open and quote.symbol not in core.halts:  # a halted market shows prices and fills nothing
                core.state.advance_to(min(quote.at, at))  # a fill is booked at its own time, not at the quote's before
                self._fold(venue.on_quote(quote, core.now), step)
            core.flow.on_quote(quote, at)
            while core.state.effects:
                effects = core.state.take()
                self._perform(effects, step)
                if any(isinstance(effect, CancelAtBroker) for effect in effects):
                    core.flow.look_again(quote.symbol)
        self._perform(core.handle(Quotes(at, ())), step)

    # effects ---------------------------------------------------------------------------------------------------
    def _fold(self, reports: Iterable[OrderReport], step: Step, *, inside: bool = False) -> None:
        core = self.core
        for report in reports:
            core.on_report(report, inside=inside)
        if core.state.effects:
            self._perform(core.state.take(), step)

    def _perform(self, effects: list[Effect], step: Step) -> None:
        """Keep the facts; carry requests out at the venue and fold what it reports, until there is nothing more."""
        core, carriers = self.core, self._carriers
        facts: list[Any] = step.facts
        for effect in effects:  # what follows from one is put behind the others
            carry = carriers.get(type(effect))
            if carry is None:
                facts.append(effect)
                continue
            inside = type(effect) is SubmitOrder and effect.within_bar
            for report in carry(effect, step):
                core.on_report(report, inside=inside)
            if core.state.effects:
                effects.extend(core.state.take())

    def _hand_out(self, request: BrokerRequest, step: Step) -> Iterable[OrderReport]:
        """Leave a request for a broker outside the process; its reports come as messages."""
        step.requests.append(request)
        return ()

    def _carriers_to(self, venue: Venue) -> dict[type[Any], _Carrier]:
        """Return what carries each kind of request to the simulated venue."""
        core, state, book = self.core, self.core.state, self.core.book

        def submit(request: SubmitOrder, _: Step) -> Iterable[OrderReport]:
            order = book.open.get(request.order.order_id)
            if order is None or order.status is not _INTENT:
                return ()  # denied in between, or taken by the venue before
            at = state.now
            if request.within_bar:
                return venue.submit(order, at, within_bar=True)
            name = venue.take(order, at)
            if not name:
                return venue.submit(order, at)
            core.on_acknowledged(order, name, at)  # what the venue's report of it would come to
            return ()

        def cancel(request: CancelAtBroker, _: Step) -> Iterable[OrderReport]:
            return venue.cancel(request.order_id, state.now)

        def replace(asked: ReplaceAtBroker, _: Step) -> Iterable[OrderReport]:
            return venue.replace(asked.order_id, asked.quantity, asked.limit_price, asked.stop_price, state.now)

        return {SubmitOrder: submit, CancelAtBroker: cancel, ReplaceAtBroker: replace}

    # storage ---------------------------------------------------------------------------------------------------
    def snapshot(self) -> dict[str, Any]:
        """Return core and venue as JSON values."""
        return {"core": self.core.snapshot(), "venue": None if self.venue is None else self.venue.snapshot()}

    def restore(
        self,
        state: Mapping[str, Any],
        orders: Iterable[Order] = (),
        execution_ids: Iterable[str] = (),
        signals: Iterable[Signal] = (),
    ) -> None:
        """Take up a snapshot exactly (see `SessionCore.restore`)."""
        self.core.restore(state["core"], orders, execution_ids, signals)
        if self.venue is not None and state["venue"] is not None:
            self.venue.restore(state["venue"])


def build_unit(
    settings: SessionSettings,
    judges: Mapping[str, Judge],
    hours: Mapping[str, TradingHours],
    *,
    rules: StrategyRules | None = None,
    forming: Callable[[str], Bar | None] | None = None,
    tells_changes: bool = True,
    room: Room | None = None,
) -> SessionUnit:
    """Build the unit of a session: the one place that chooses what fills its orders.

    Args:
        settings: The session; a broker other than "simulated" gives a unit without a venue, whose requests go outside.
        judges: What answers the rules, by symbol. Stream evaluators that are fresh are given the rules here; to one
            that has seen bars the caller has added them with its history.
        hours: By symbol.
        rules: As compiled by the caller; compiled here when not given.
        forming: Gives a symbol's forming bar, for strategies judged on quotes.
        tells_changes: Whether every change of a signal, order, trigger and position, every fill and trade becomes a
            fact. Where nobody hears of them, fills and trades are kept in the core's state, and blocks and warnings
            are told all the same.
        room: The limits of the whole account, for a session whose orders leave the process.
    """
    rules = rules or StrategyRules.of(settings.strategy)
    for judge in {id(item): item for item in judges.values()}.values():
        if isinstance(judge, StreamEvaluator) and not judge.bars:
            for rule in (rules.entry, rules.exit):
                if rule is not None:
                    judge.add(rule)
    outside = Outside(room) if settings.is_live else None
    core = SessionCore(settings, judges=judges, hours=hours, rules=rules, forming=forming, outside=outside)
    core.state.tells_changes = tells_changes
    if settings.is_live:
        return SessionUnit(core)
    instruments = {item.symbol: item for item in settings.instruments}
    venue = Venue(
        instruments,
        settings.fills,
        seed=settings.seed,
        cash=settings.cash,
        hours=hours,
        bar_length=timeframe_us(settings.strategy.timeframe),
    )
    return SessionUnit(core, venue)

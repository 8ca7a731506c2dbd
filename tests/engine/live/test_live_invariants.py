"""The invariants of FAULTS.md over random lives of a live session: losses, crashes, pauses, the kill switch."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.commands import PlaceOrder
from desktop.domain.errors import AssayError
from desktop.domain.events import FillBooked, OrderChanged, TriggerChanged
from desktop.domain.money import ZERO
from desktop.domain.orders import TERMINAL, Order, OrderKind, OrderStatus, Purpose, Side
from desktop.domain.sessions import SessionState
from desktop.domain.strategies import Protection
from desktop.domain.triggers import TriggerState
from desktop.trading.order_moves import WAYS
from tests.helpers.cut import Dropped
from tests.helpers.live_floor import LiveFloor
from tests.helpers.scripted_broker import ScriptedBroker
from tests.helpers.trading_floor import D, strategy

S = OrderStatus
POINTS = ("before-intent", "after-intent", "while-sending", "after-send", "inside-fill", "during-cancel")
SUBMITS = ("lose request", "lose answer", "504", "429 5", "not sent", "refuse no", "fill first", "stale answer")
WORDS = st.one_of(
    st.tuples(st.sampled_from(("dip", "dip", "rally", "crash", "stop", "limit", "cancel", "trade", "minute", "pause",
                               "resume", "kill", "flatten", "release", "drop", "back", "disarm", "arm", "rest")),
              st.just("")),
    st.tuples(st.just("slow"), st.sampled_from(("pause", "kill", "disarm", "minute"))),
    st.tuples(st.just("submit"), st.sampled_from(SUBMITS)),
    st.tuples(st.just("stream"), st.sampled_from(("lose", "duplicate", "late"))),
    st.tuples(st.just("cancels"), st.sampled_from(("lose request", "lose answer", "refuse", "not sent"))),
    st.tuples(st.just("cut"), st.sampled_from(POINTS)),
)  # fmt: skip


class Life:
    """One session over several programs, watched after every word."""

    def __init__(self) -> None:
        self.floor = LiveFloor()
        self.session_id = ""
        self.orders: dict[str, Order] = {}
        self.seen = 0
        self.wrong: list[str] = []

    async def begin(self) -> None:
        await self.floor.open()
        guarded = strategy(protection=Protection(stop_loss=D(15)))
        self.session_id = await self.floor.live(strategy=guarded)
        self.floor.broker.watch = self._sent

    def _sent(self, order: Order) -> None:
        """Note what may not be sent; an error raised here would only count as an answer that was lost."""
        core = self.floor.runner(self.session_id).unit.core
        armed = core.outside is not None and core.outside.armed
        if order.side is Side.BUY and not (armed and core.status is SessionState.RUNNING):
            self.wrong.append(f"{order.order_id} was sent while {core.status.value}, armed: {armed}")
        if self.floor.desk._kill.engaged and order.purpose is not Purpose.FLATTEN:
            self.wrong.append(f"{order.order_id} was sent past the kill switch")

    async def live(self, word: str, how: str) -> None:
        """Let one thing happen; where the program ends in it, start the next."""
        floor = self.floor
        doing = asyncio.ensure_future(self._does(word, how))
        while not doing.done() and not floor.cut.dead:  # who waits for a program that has ended waits for ever
            await asyncio.wait({doing}, timeout=0.01)
        if not doing.done():
            doing.cancel()
        with suppress(AssayError, Dropped, asyncio.CancelledError):
            await doing
        with suppress(Dropped):
            await floor.settle()
        if floor.cut.dead:
            await self._again()
        self._look()

    async def _again(self) -> None:
        faults = self.floor.broker.faults
        self.floor = await self.floor.again()
        self.floor.broker.watch = self._sent
        self.floor.broker.faults = faults
        with suppress(AssayError):
            await self.floor.desk.resume_session(self.session_id)

    async def _does(self, word: str, how: str) -> None:
        floor = self.floor
        if word == "slow":  # an order waits to be sent while something happens
            floor.broker.script("submit", "429 30")
            await self._does("dip", "")
            await self._command(how)
            await floor.tick(31)
        elif word in ("dip", "rally", "stop"):
            price = {"dip": 99.0, "rally": 111.0, "stop": 80.0}[word]
            floor.venue.prices["SPY"] = Decimal(str(price))
            await floor.bar(price)
        elif word in ("submit", "stream"):
            floor.broker.script(word, how)
        elif word == "cancels":
            floor.broker.script("cancel", how)
        elif word == "cut":
            floor.cut.at, floor.cut.left = how, 1
        elif word == "crash":
            floor.cut.now()
        elif word == "rest":
            floor.broker.fill = None if floor.broker.fill is not None else D(1)
        elif word in ("drop", "back"):
            (floor.broker.drop if word == "drop" else floor.broker.come_back)()
        elif word == "trade":
            self._trade()
        else:
            await self._command(word)

    async def _command(self, word: str) -> None:
        floor, desk = self.floor, self.floor.desk
        if word == "minute":
            await floor.tick(61)
        elif word == "limit":
            await floor.quote(105.0)
            limit = PlaceOrder("SPY", Side.BUY, D(3), kind=OrderKind.LIMIT, limit_price=D(90), confirmed=True)
            await desk.place_order(self.session_id, limit)
        elif word == "cancel":
            for order_id in tuple(floor.runner(self.session_id).unit.core.orders)[:1]:
                await desk.cancel_order(self.session_id, order_id)
        elif word == "pause":
            await desk.pause_session(self.session_id)
        elif word == "resume":
            await desk.resume_session(self.session_id)
        elif word in ("kill", "flatten"):
            await desk.engage_kill(flatten=word == "flatten")
        elif word == "release":
            await desk.release_kill()
        elif word == "arm":
            await desk.arm(self.session_id, "LIVE")
        else:
            await desk.disarm(self.session_id)

    def _trade(self) -> None:
        venue = self.floor.venue
        for order in tuple(venue.orders.values()):
            if order.status not in TERMINAL and order.filled < order.quantity:
                self.floor.broker.trade(order.order_id, min(D(2), order.quantity - order.filled))
                return

    # the invariants --------------------------------------------------------------------------------------------
    def _look(self) -> None:
        floor, kept = self.floor, self.floor.kept.kept[self.session_id]
        core = floor.runner(self.session_id).unit.core
        assert self.wrong == [], "invariant 9"
        floor.venue.check_no_duplicates()
        assert core.holdings.ledger.balance() == D(100_000), "invariant 1"
        fills = {fact.fill.execution_id: fact.fill for fact in kept.facts(FillBooked)}
        assert len(fills) == len(kept.facts(FillBooked)), "invariant 7"
        held = sum((fill.quantity if fill.side is Side.BUY else -fill.quantity for fill in fills.values()), ZERO)
        assert core.holdings.quantity("SPY") == held, "invariant 2"
        reserved = sum((order.reserved for order in core.orders.values()), ZERO)
        assert core.book.reserved == reserved, "invariant 5"
        assert core.cash - reserved >= 0, "invariant 5"
        self._moves(kept.facts(OrderChanged))
        fired = Counter(
            fact.trigger.trigger_id
            for fact in kept.facts(TriggerChanged)
            if fact.trigger.state is TriggerState.TRIGGERED
        )
        assert not fired or max(fired.values()) == 1, "invariant 6"

    def _moves(self, facts: list[Any]) -> None:
        for fact in facts[self.seen :]:
            order, before = fact.order, self.orders.get(fact.order.order_id)
            self.orders[order.order_id] = order
            assert order.filled <= order.quantity, "invariant 4"
            if before is not None:
                assert order.filled >= before.filled, "invariant 4"
                assert before.status is order.status or (before.status, order.status) in WAYS, "invariant 4"
        self.seen = len(facts)

    async def end(self) -> None:
        """Let everything come together, twice, and find nothing left over."""
        floor = self.floor
        floor.cut.at = ""  # what was to end the program and was not reached yet
        floor.broker.faults.clear()
        floor.broker.come_back()
        floor.broker.release()
        for _ in range(3):
            await floor.tick(61)
        once = await floor.again()
        state = self._state(once)
        twice = await once.again()
        assert self._state(twice) == state, "invariant 7"
        for symbol, quantity in twice.venue.positions().items():
            assert twice.held(self.session_id, symbol) == quantity, "invariant 2"
        for order_id, order in twice.venue.orders.items():
            known = twice.runner(self.session_id).unit.core.book.find(order_id)
            assert known is not None, "lost"
            assert known.filled == order.filled, "lost"
        await twice.close()

    def _state(self, floor: LiveFloor) -> Any:
        core = floor.runner(self.session_id).unit.core
        return (core.cash, core.positions, {key: order.status for key, order in core.orders.items()})


async def _live(words: list[tuple[str, str]]) -> None:
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    life = Life()
    await life.begin()
    for word, how in words:
        await life.live(word, how)
    await life.end()


@pytest.mark.parametrize("rests", [False, True], ids=["guarded here", "stops rest at the broker"])
@settings(max_examples=45, deadline=None)
@given(words=st.lists(WORDS, max_size=14))
def test_invariants_1_to_7_and_9_hold_over_any_life_of_a_live_session(
    rests: bool,  # noqa: FBT001 - a parameter of the test
    words: list[tuple[str, str]],
) -> None:
    able = replace(ScriptedBroker.abilities, resting_stop=rests)
    with patch.object(ScriptedBroker, "abilities", able):
        asyncio.run(_live(words))

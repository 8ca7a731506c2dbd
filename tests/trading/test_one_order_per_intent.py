"""Invariant 3: one broker order per intent under any schedule of crashes and losses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain import commands as ask
from desktop.domain.effects import SubmitOrder
from desktop.domain.events import OrderChanged
from desktop.domain.messages import OrderSending, OrderUnresolved
from desktop.domain.orders import Order, OrderStatus, Side
from desktop.trading.order_book import OrderBook
from desktop.trading.recovery import Recovery
from tests.trading.core_kit import D, Kit, fill_of
from tests.trading.script import restart

S = OrderStatus
WORDS = st.sampled_from(
    (
        "buy",
        "send",
        "send, answer lost",
        "send, crash before it is saved",
        "crash before the send",
        "crash",
        "found at the broker",
        "not found",
        "filled",
        "time passes",
    )
)


class Shell:
    """A shell around a live core as the order life demands it, with a broker that counts what reaches it."""

    def __init__(self) -> None:
        self.kit = Kit(live=True)
        self.kit.quote(100.0)
        self.waiting: list[Order] = []  # asked for, not sent yet
        self.reached: Counter[str] = Counter()  # orders at the broker, by client id

    def live(self, word: str) -> None:
        """Let one thing happen."""
        kit = self.kit
        if word == "buy":
            self._take(kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1))).requests)
        elif word == "time passes":
            kit.quote(100.0, after=5_000_000)
        elif "crash" in word:
            self._crash(word)
        elif word.startswith("send"):
            self._send(answered=word == "send")
        elif word == "found at the broker":
            self._about(S.UNKNOWN, S.NEW)
        elif word == "filled":
            self._fill()

    def _take(self, requests: Sequence[object]) -> None:
        self.waiting += [item.order for item in requests if isinstance(item, SubmitOrder)]

    def _send(self, *, answered: bool) -> None:
        if not self.waiting:
            return
        order = self.waiting.pop(0)
        if not self._may_leave(order):
            return
        self.reached[order.order_id] += 1
        if answered:
            self.kit.report(order, S.NEW, broker_order_id=f"b-{order.ordinal}")
        else:
            self.kit.step(OrderUnresolved(self.kit.now, order.order_id, "time-out"))

    def _may_leave(self, order: Order) -> bool:
        """Tell whether the core lets an order leave: only what it has just moved to SENDING does."""
        facts = self.kit.step(OrderSending(self.kit.now, order.order_id)).facts
        return any(isinstance(fact, OrderChanged) and fact.order.status is S.SENDING for fact in facts)

    def _crash(self, word: str) -> None:
        if self.waiting and word != "crash":
            order = self.waiting.pop(0)
            leaves = self._may_leave(order)
            if leaves and "before it is saved" in word:
                self.reached[order.order_id] += 1
        self.waiting.clear()
        restart(self.kit)
        self._take(self.kit.ask(ask.Recover()).requests)
        self._take(self.kit.ask(ask.Recovered()).requests)

    def _about(self, status: OrderStatus, said: OrderStatus) -> None:
        for order in tuple(self.kit.core.orders.values()):
            if order.status is status and self.reached[order.order_id]:
                self.kit.report(order, said)
                return

    def _fill(self) -> None:
        for order in tuple(self.kit.core.orders.values()):
            if order.status is S.NEW:
                self.kit.report(order, S.FILLED, fill=fill_of(order, 1, at=self.kit.now))
                return


def check(words: list[str]) -> None:
    shell = Shell()
    for word in words:
        shell.live(word)
        assert all(count == 1 for count in shell.reached.values()), f"sent twice: {shell.reached}"
    made = {order.order_id for order in shell.kit.orders}
    assert set(shell.reached) <= made


@settings(max_examples=200, deadline=None)
@given(words=st.lists(WORDS, max_size=25))
def test_invariant_3_one_broker_order_per_intent_under_any_schedule_of_crashes_and_losses(words: list[str]) -> None:
    check(words)


@pytest.mark.interpreted
def test_the_check_of_invariant_3_sees_a_planted_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recovery that sends again what was caught while sending would trade twice."""

    def forgetful(self: Recovery, *, resume: bool) -> str:
        book: OrderBook = self._book
        for order in tuple(book.open.values()):
            if order.status in (S.SENDING, S.UNKNOWN):
                back = Order(**{name: getattr(order, name) for name in Order.__slots__} | {"status": S.INTENT})
                book.open[order.order_id] = back
                self._state.emit(SubmitOrder(back))
        return end(self, resume=resume)

    end = Recovery.end
    monkeypatch.setattr(Recovery, "end", forgetful)
    with pytest.raises(AssertionError, match="sent twice"):
        check(["buy", "send, crash before it is saved", "send"])

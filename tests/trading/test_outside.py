"""A session that knows its account: arming, connection, halts, differences, splits, lost and found orders."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain import commands as ask
from desktop.domain.accounts import LOST_WORD, is_split
from desktop.domain.events import CommandTaken, Warned
from desktop.domain.messages import DifferenceFound, Halted, LinkChanged, OrderFound, OrderSending, OrderUnresolved
from desktop.domain.money import ZERO
from desktop.domain.orders import Order, OrderKind, OrderStatus, Purpose, Side
from desktop.domain.risk import OUTCOMES, Check, Outcome
from desktop.domain.sessions import ExecutionMode
from desktop.domain.signals import SignalState
from desktop.rules.nodes import Verdict
from desktop.trading.order_request import OrderRequest
from desktop.trading.outside import Outside
from desktop.trading.session_core import SessionCore
from desktop.trading.unit import SessionUnit
from tests.trading.core_kit import D, Kit, fill_of

S = OrderStatus
SPLIT = "looks like a split"


class LiveKit(Kit):
    """A live unit that was told of its account: armed and connected unless a test says otherwise."""

    def __init__(self, *, ready: bool = True) -> None:
        super().__init__(live=True)
        if ready:
            self.ask(ask.Arm())
            self.step(LinkChanged(self.now, connected=True, detail=""))
            self.quote(100.0)

    def build(self) -> SessionUnit:
        return SessionUnit(SessionCore(self.settings, judges=self.judges, hours=dict(self.hours), outside=Outside()))

    @property
    def outside(self) -> Outside:
        assert self.core.outside is not None
        return self.core.outside

    def buy(self, quantity: int = 10, price: str = "100") -> Order:
        """Buy at the broker, and hold it."""
        order = self.sent(quantity)
        self.report(order, S.FILLED, fill=fill_of(order, quantity, price, at=self.now))
        return order

    def sent(self, quantity: int = 10) -> Order:
        """Return an order on its way."""
        self.ask(ask.PlaceOrder("SPY", Side.BUY, D(quantity)))
        order = self.order()
        self.step(OrderSending(self.now, order.order_id))
        return order

    def refused(self) -> str:
        return "" if self.last.refusal is None else str(self.last.refusal)

    def differs(self, quantity: str, price: str = "90", ratio: str = "1") -> None:
        sentence = SPLIT if ratio != "1" else "not explained"
        self.step(DifferenceFound(self.now, "SPY", D(quantity), D(price), sentence, D(ratio)))


def state_of(kit: LiveKit, check: Check) -> None:
    """Let a check have something to find."""
    if check is Check.ARMED:
        kit.ask(ask.Disarm())
    elif check is Check.LINK:
        kit.step(LinkChanged(kit.now, connected=False, detail="cut"))
    elif check is Check.HALT:
        kit.step(Halted(kit.now, "SPY", "news"))
    else:
        kit.differs("-3")


@pytest.mark.parametrize("check", [Check.ARMED, Check.LINK, Check.HALT, Check.DIFFERENCE])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_each_check_of_an_account_does_what_the_table_says(check: Check, purpose: Purpose) -> None:
    kit = LiveKit()
    kit.buy()
    state_of(kit, check)
    side = Side.BUY if purpose is Purpose.ENTRY else Side.SELL
    decision = kit.core.gate.check(OrderRequest("SPY", side, purpose, D(5)))
    wanted = OUTCOMES[check][purpose]
    assert decision.outcome is wanted or (wanted is Outcome.PASS and decision.passes)
    if wanted is not Outcome.PASS:
        assert decision.block is not None
        assert decision.block.check is check


@pytest.mark.parametrize(("quantity", "ratio", "passes"), [("3", "1", True), ("-3", "1", False), ("10", "2", False)])
def test_protection_goes_on_while_the_broker_holds_more_than_the_journal(
    quantity: str,
    ratio: str,
    passes: bool,  # noqa: FBT001
) -> None:
    kit = LiveKit()
    kit.buy()
    kit.differs(quantity, ratio=ratio)
    assert kit.core.gate.check(OrderRequest("SPY", Side.SELL, Purpose.GUARD, D(5))).passes is passes


def test_a_new_live_session_is_disarmed_and_not_connected() -> None:
    kit = LiveKit(ready=False)
    assert (kit.outside.armed, kit.outside.connected) == (False, False)
    kit.quote(100.0)
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1)))
    assert "not armed" in kit.refused()


def test_differences_and_halts_survive_a_restart_and_arming_does_not() -> None:
    kit = LiveKit()
    kit.differs("3")
    kit.step(Halted(kit.now, "SPY", "news"))
    state = kit.unit.snapshot()
    kit.unit = kit.build()
    kit.unit.restore(state, kit.orders)
    assert (kit.outside.armed, kit.outside.connected) == (False, False)
    assert kit.outside.halts.reason("SPY") == "news"
    assert kit.outside.differences["SPY"].quantity == 3


def test_a_held_close_goes_once_the_connection_is_back() -> None:
    kit = LiveKit()
    kit.buy()
    kit.step(LinkChanged(kit.now, connected=False, detail="cut"))
    kit.ask(ask.ClosePosition("SPY"))
    assert len(kit.orders) == 1
    kit.step(LinkChanged(kit.now, connected=True, detail=""))
    assert kit.order().side is Side.SELL


def test_the_connection_is_told_once_each_time_it_changes() -> None:
    kit = LiveKit()
    for connected in (True, False, False, True):
        kit.step(LinkChanged(kit.now, connected=connected, detail="x"))
    assert [fact.topic for fact in kit.told(Warned)].count("connection") == 3


def test_a_disarmed_session_denies_the_entries_that_have_not_left() -> None:
    kit = LiveKit()
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1)))
    kit.ask(ask.Disarm())
    assert kit.order().status is S.DENIED


def test_an_order_that_was_never_stored_is_taken_in_and_its_id_never_minted_again() -> None:
    kit = LiveKit()
    lost = Order(
        "s-1-7", "s-1", "paper", "SPY", Side.BUY, OrderKind.MARKET, Purpose.ENTRY, D(4), 7, kit.now, status=S.UNKNOWN
    )
    kit.step(OrderFound(kit.now, lost))
    kit.step(OrderFound(kit.now, lost))
    assert kit.core.book.reserved == 400
    kit.report("s-1-7", S.FILLED, fill=fill_of(lost, 4, at=kit.now))
    assert kit.held() == 4
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1)))
    assert kit.order().order_id == "s-1-8"


def test_a_difference_is_adopted_at_its_price_only_where_there_is_the_cash() -> None:
    kit = LiveKit()
    kit.differs("2000", price="90")
    kit.ask(ask.AdoptDifference("SPY"))
    assert "more than this session has free" in kit.refused()
    kit.differs("3", price="90")
    kit.ask(ask.AdoptDifference("SPY"))
    assert kit.held() == 3
    assert kit.core.cash == D(100_000 - 270)
    assert kit.core.holdings.ledger.balance() == D(100_000)
    assert "SPY" not in kit.outside.differences


def test_nothing_is_adopted_while_an_order_in_the_symbol_has_no_answer() -> None:
    kit = LiveKit()
    order = kit.sent()
    kit.step(OrderUnresolved(kit.now, order.order_id, "time-out"))
    kit.differs("10")
    kit.ask(ask.AdoptDifference("SPY"))
    assert "may be its executions" in kit.refused()
    assert kit.held() == 0


def test_more_than_a_session_holds_cannot_be_missing_from_it() -> None:
    kit = LiveKit()
    kit.buy(5)
    kit.differs("-6")
    kit.ask(ask.AdoptDifference("SPY"))
    assert "holds 5 only" in kit.refused()
    assert kit.held() == 5


def test_an_unknown_order_is_declared_lost_by_the_word_alone_and_a_late_fill_is_booked() -> None:
    kit = LiveKit()
    order = kit.sent()
    kit.step(OrderUnresolved(kit.now, order.order_id, "time-out"))
    kit.ask(ask.DeclareLost(order.order_id, "yes"))
    assert "Type LOST" in kit.refused()
    assert kit.order().status is S.UNKNOWN
    kit.ask(ask.DeclareLost(order.order_id, LOST_WORD))
    assert (kit.order().status, kit.core.book.reserved) == (S.CANCELED, ZERO)
    assert kit.told(CommandTaken)[-1].accepted
    kit.report(order, S.FILLED, fill=fill_of(order, 10, at=kit.now))
    assert kit.held() == 10


def test_only_an_order_without_an_answer_can_be_declared_lost() -> None:
    kit = LiveKit()
    order = kit.buy()
    kit.ask(ask.DeclareLost(order.order_id, LOST_WORD))
    assert "Only an order without any answer" in kit.refused()


@pytest.mark.parametrize("command", [ask.Arm(), ask.Disarm(), ask.AdoptDifference("SPY"), ask.IgnoreDifference("SPY")])
def test_a_paper_session_has_no_account(command: ask.Command) -> None:
    kit = Kit()
    kit.ask(command)
    assert "trades on paper" in str(kit.last.refusal)


@settings(max_examples=60, deadline=None)
@given(
    parts=st.lists(st.tuples(st.integers(1, 40), st.decimals("1", "900", places=2)), min_size=1, max_size=4),
    ratio=st.sampled_from(("2", "3", "10", "1.5", "0.5", "0.1")),
)
def test_fault_23_adopting_a_split_moves_no_cash_and_keeps_the_books(
    parts: list[tuple[int, Decimal]], ratio: str
) -> None:
    kit = LiveKit()
    for quantity, price in parts:
        kit.quote(float(price))
        kit.buy(quantity * 20, str(price)) if kit.core.cash > quantity * 20 * price * 2 else None
    held, cash, cost = kit.held(), kit.core.cash, sum((item.cost for item in kit.core.positions.values()), ZERO)
    if not held:
        return
    kit.differs(str(held * D(ratio) - held), ratio=ratio)
    kit.ask(ask.AdoptDifference("SPY"))
    assert kit.held() == held * D(ratio)
    assert abs(kit.core.cash - cash) < Decimal("1e-6")
    after = sum((item.cost for item in kit.core.positions.values()), ZERO)
    assert abs(after - cost) < Decimal("1e-6")
    assert kit.core.holdings.ledger.balance() == D(100_000)


@pytest.mark.parametrize("ratio", ["2", "1.5", "0.1", "20", "0.5"])
def test_companies_split_by_such_ratios(ratio: str) -> None:
    assert is_split(D(ratio))


@pytest.mark.parametrize("ratio", ["1", "1.1", "0", "-2", "2.3"])
def test_other_ratios_are_no_split(ratio: str) -> None:
    assert not is_split(D(ratio))


def test_a_rule_that_was_true_before_the_session_was_armed_asks_once_it_is() -> None:
    kit = LiveKit()
    kit.ask(ask.SetMode(ExecutionMode.MANUAL))
    kit.ask(ask.Disarm())
    kit.judges["SPY"].entry = Verdict.TRUE
    kit.bar(100)
    assert [item.blocked_by for item in kit.core.signals] == [Check.ARMED.value]
    kit.ask(ask.Arm())
    kit.bar(100)
    assert [item.state for item in kit.core.signals if not item.blocked_by] == [SignalState.PENDING]

"""Where nobody hears of changes an order reaches the venue at once, and is the same as one that took every step."""

from __future__ import annotations

from desktop.domain.effects import SubmitOrder
from desktop.domain.orders import OrderStatus, Purpose, Side
from desktop.trading.order_request import OrderRequest
from desktop.trading.short_way import ShortWay
from desktop.trading.unit import SessionUnit
from tests.trading.core_kit import FALSE, TRUE, D, Kit


class Unheard(Kit):
    """A kit whose core tells no changes, as that of a backtest."""

    def build(self) -> SessionUnit:
        built = super().build()
        built.core.state.tells_changes = False
        return SessionUnit(built.core, built.venue)

    @property
    def short(self) -> ShortWay:
        short = self.core.desk.short_way
        assert short is not None
        return short


def _entered(kit: Kit) -> Kit:
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    return kit


def test_an_order_of_a_rule_works_at_the_venue_as_one_that_took_every_step() -> None:
    unheard, heard = _entered(Unheard()), _entered(Kit())
    (order,) = unheard.core.orders.values()
    assert order.status is OrderStatus.NEW
    assert order.broker_order_id == f"sim-{order.order_id}"
    assert dict(unheard.core.orders) == dict(heard.core.orders)
    assert unheard.core.book.snapshot() == heard.core.book.snapshot()
    assert unheard.core.free_cash == heard.core.free_cash


def test_it_fills_the_same() -> None:
    unheard, heard = _entered(Unheard()), _entered(Kit())
    for kit in (unheard, heard):
        kit.judges["SPY"].entry = FALSE
        kit.bar(101)
        kit.judges["SPY"].exit = TRUE
        kit.bar(102)
        kit.bar(103)
    assert [fill.execution_id for fill in unheard.core.state.fills] == ["s-1-1.1", "s-1-2.1"]
    assert len(unheard.core.state.trades) == 1
    assert unheard.unit.snapshot()["venue"] == heard.unit.snapshot()["venue"]
    assert unheard.core.holdings.snapshot() == heard.core.holdings.snapshot()


def test_an_order_the_venue_does_not_take_is_sent_like_any_other() -> None:
    kit = Unheard()
    kit.bar(100)
    order = kit.short.place(OrderRequest("SPY", Side.BUY, Purpose.ENTRY, D("0.5")), D(100), "s-1-s1")
    assert order.status is OrderStatus.INTENT
    assert not order.broker_order_id
    assert dict(kit.core.orders) == {order.order_id: order}
    assert kit.core.state.effects == [SubmitOrder(order)]
    assert kit.unit.venue is not None
    assert not kit.unit.venue.working


def test_it_is_not_free_while_something_else_is_on_its_way_or_waits() -> None:
    kit = Unheard()
    assert kit.short.is_free
    kit.core.state.warn("test", "Something is told first.")
    assert not kit.short.is_free
    kit.core.state.take()
    assert kit.short.is_free
    kit.core.state.flatten = True
    assert not kit.short.is_free


def test_a_core_that_tells_its_changes_has_none() -> None:
    assert Kit().core.desk.short_way is None
    assert Kit(live=True).core.desk.short_way is None

"""The part of the suite about the life of an order: executions, cancels, replaces, pairs of exits."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest

from desktop.domain.broker import Pair
from desktop.domain.broker_errors import OrderRefused, OutcomeUnknown
from desktop.domain.fills import Fill
from desktop.domain.orders import OrderKind, OrderStatus, Side
from tests.brokers.rig import Rig, before_the_test, within


class OrderLife:
    """Every execution is told once, under one id, whatever becomes of the order."""

    # --- Executions ---------------------------------------------------------------------------------------------------

    async def test_fault_14_part_fills_are_reported_one_by_one(self, live: Rig) -> None:
        live.standin.faults.add("submit", "part-fill", quantity=live.part)
        order = live.order()
        await within(live.broker.submit(order))
        await live.heard.until(lambda: live.heard.filled(order.order_id) == live.part)
        assert live.heard.statuses(order.order_id)[-1] is OrderStatus.PARTIALLY_FILLED
        live.standin.fill(order.order_id)
        await live.heard.ended(order.order_id, OrderStatus.FILLED)
        assert [fill.quantity for fill in live.heard.fills(order.order_id)] == [live.part, live.quantity - live.part]

    async def test_fault_14_a_part_fill_before_a_cancel_is_kept(self, live: Rig) -> None:
        order = await live.resting()
        live.standin.fill(order.order_id, live.part)
        await live.heard.until(lambda: live.heard.filled(order.order_id) == live.part)
        await within(live.broker.cancel(order))
        await live.heard.ended(order.order_id, OrderStatus.CANCELED)
        found = await within(live.broker.order(order.order_id, live.symbol))
        assert found is not None
        assert (found.status, found.filled) == (OrderStatus.CANCELED, live.part)

    async def test_fault_13_a_fill_after_a_cancel_is_reported(self, live: Rig) -> None:
        order = await live.resting()
        await within(live.broker.cancel(order))
        await live.heard.ended(order.order_id, OrderStatus.CANCELED)
        live.standin.fill(order.order_id, live.part)
        await live.heard.until(lambda: live.heard.filled(order.order_id) == live.part)

    async def test_fault_12_a_report_said_twice_is_one_execution(self, live: Rig) -> None:
        order = await live.resting()
        live.standin.faults.add("stream", "duplicate")
        live.standin.fill(order.order_id)
        await live.heard.ended(order.order_id, OrderStatus.FILLED)
        after = await live.resting()  # what was said before is heard by now
        assert live.heard.statuses(after.order_id)
        assert live.heard.filled(order.order_id) == live.quantity

    async def test_fault_12_reports_out_of_order_are_all_reported(self, live: Rig) -> None:
        order = await live.resting()
        live.standin.faults.add("stream", "reorder")
        live.standin.fill(order.order_id, live.part)
        live.standin.fill(order.order_id)
        await live.heard.until(lambda: live.heard.filled(order.order_id) == live.quantity)

    async def test_fault_12_a_fill_that_the_stream_never_told_is_found(self, live: Rig) -> None:
        order = await live.resting()
        live.standin.faults.add("stream", "lose")
        execution = live.standin.fill(order.order_id, live.part)
        found = await within(live.broker.fills(before_the_test(live), [live.symbol]))
        assert [(fill.order_id, fill.quantity, fill.price) for fill in found] == [
            (order.order_id, execution.quantity, execution.price)
        ]

    async def test_an_execution_has_one_id_wherever_it_is_told(self, live: Rig) -> None:
        order = await live.resting()
        live.standin.fill(order.order_id, live.part)
        live.standin.fill(order.order_id)
        await live.heard.ended(order.order_id, OrderStatus.FILLED)
        told = {fill.execution_id: fill for fill in live.heard.fills(order.order_id)}
        read = {
            fill.execution_id: fill for fill in await within(live.broker.fills(before_the_test(live), [live.symbol]))
        }
        assert told.keys() == read.keys()
        assert len(told) == 2
        for execution_id, fill in read.items():
            assert (fill.quantity, fill.price, fill.fee) == _numbers(told[execution_id])
            assert (fill.order_id, fill.side, fill.symbol) == (order.order_id, order.side, live.symbol)
        answer = await within(live.broker.order(order.order_id, live.symbol))
        assert answer is not None
        assert {fill.execution_id for fill in answer.fills} <= told.keys()

    async def test_a_holding_is_what_was_bought_in_decimals(self, live: Rig) -> None:
        await live.bought()
        held = {one.symbol: one for one in await within(live.broker.positions())}[live.symbol]
        assert isinstance(held.quantity, Decimal)
        assert held.quantity == live.standin.ledger.position(live.symbol)
        account = await within(live.broker.account())
        assert account.cash == live.standin.ledger.cash

    # --- Cancelling and replacing -------------------------------------------------------------------------------------

    async def test_a_cancel_is_reported_by_the_stream(self, live: Rig) -> None:
        order = await live.resting()
        await within(live.broker.cancel(order))
        await live.heard.ended(order.order_id, OrderStatus.CANCELED)
        assert live.at_venue(order)[0].status == "canceled"

    async def test_a_cancel_of_a_done_order_is_refused(self, live: Rig) -> None:
        order = await live.bought()
        await live.refused(live.broker.cancel(order))

    async def test_a_cancel_of_an_order_that_never_was_is_refused(self, live: Rig) -> None:
        await live.refused(live.broker.cancel(live.order()))

    async def test_a_cancel_without_an_answer_is_known_by_its_report(self, live: Rig) -> None:
        order = await live.resting()
        live.standin.faults.add("cancel", "lose-answer")
        with suppress(OutcomeUnknown, OrderRefused):  # an adapter may ask again: then it hears that it is done already
            await within(live.broker.cancel(order))
        await live.heard.ended(order.order_id, OrderStatus.CANCELED)

    async def test_a_replaced_order_keeps_our_id(self, live: Rig) -> None:
        if not live.broker.abilities.replaces:
            pytest.skip("the broker cannot change a working order")
        order = await live.resting()
        answer = await within(live.broker.replace(order, None, Decimal(live.lower), None))
        assert (answer.order_id, answer.limit_price) == (order.order_id, Decimal(live.lower))
        found = await within(live.broker.order(order.order_id, live.symbol))
        assert found is not None
        assert (found.order_id, found.limit_price, found.status) == (
            order.order_id,
            Decimal(live.lower),
            OrderStatus.NEW,
        )
        live.standin.price(live.symbol, live.lower, live.lower)
        await live.heard.ended(order.order_id, OrderStatus.FILLED)
        assert live.heard.filled(order.order_id) == live.quantity
        assert OrderStatus.CANCELED not in live.heard.statuses(order.order_id)
        assert {one.order_id for one in await within(live.broker.fills(before_the_test(live), [live.symbol]))} == {
            order.order_id
        }

    async def test_a_replace_keeps_what_was_filled_or_is_refused(self, live: Rig) -> None:
        if not live.broker.abilities.replaces:
            pytest.skip("the broker cannot change a working order")
        order = await live.resting()
        live.standin.fill(order.order_id, live.part)
        await live.heard.until(lambda: live.heard.filled(order.order_id) == live.part)
        level = Decimal(live.lower)
        try:
            await within(live.broker.replace(order, None, level, None))
        except OrderRefused:
            level = Decimal(live.below)  # it works on as it was
        found = await within(live.broker.order(order.order_id, live.symbol))
        assert found is not None
        assert (found.filled, found.quantity, found.limit_price) == (live.part, live.quantity, level)
        live.standin.price(live.symbol, live.lower, live.lower)
        await live.heard.ended(order.order_id, OrderStatus.FILLED)
        assert live.heard.filled(order.order_id) == live.quantity

    async def test_a_replaced_order_is_cancelled_under_our_id(self, live: Rig) -> None:
        if not live.broker.abilities.replaces:
            pytest.skip("the broker cannot change a working order")
        order = await live.resting()
        await within(live.broker.replace(order, None, Decimal(live.lower), None))
        await within(live.broker.cancel(order))
        await live.heard.ended(order.order_id, OrderStatus.CANCELED)
        assert not list(live.standin.ledger.working())

    async def test_a_replace_of_a_done_order_is_refused(self, live: Rig) -> None:
        if not live.broker.abilities.replaces:
            pytest.skip("the broker cannot change a working order")
        order = await live.resting()
        live.standin.fill(order.order_id)
        await live.heard.ended(order.order_id, OrderStatus.FILLED)
        await live.refused(live.broker.replace(order, None, Decimal(live.lower), None))

    @pytest.mark.parametrize("exit_", ["stop", "target"])
    async def test_one_exit_of_a_pair_ends_the_other(self, live: Rig, exit_: str) -> None:
        if not live.broker.abilities.resting_pair:
            pytest.skip("the broker has no pairs of exits")
        await live.bought()
        order = live.order(Side.SELL, OrderKind.STOP)
        pair = Pair(take_profit=Decimal(live.above), stop_loss=Decimal(live.below))
        await within(live.broker.submit(order, pair=pair))
        level = live.below if exit_ == "stop" else live.above
        live.standin.price(live.symbol, level, level)
        await live.heard.until(lambda: live.heard.filled(order.order_id) == live.quantity)
        assert [fill.price for fill in live.heard.fills(order.order_id)] == [Decimal(level)]
        assert live.standin.ledger.position(live.symbol) == 0
        assert not list(live.standin.ledger.working())
        read = await within(live.broker.fills(before_the_test(live), [live.symbol]))
        assert [fill.order_id for fill in read if fill.side is Side.SELL] == [order.order_id]

    async def test_what_one_exit_of_a_pair_sold_the_other_does_not_sell_again(self, live: Rig) -> None:
        if not live.broker.abilities.resting_pair:
            pytest.skip("the broker has no pairs of exits")
        await live.bought()
        order = live.order(Side.SELL, OrderKind.STOP)
        await within(live.broker.submit(order, pair=Pair(Decimal(live.above), Decimal(live.below))))
        live.standin.price(live.symbol, live.above, live.above, size=live.part)
        await live.heard.until(lambda: live.heard.filled(order.order_id) == live.part)
        live.standin.price(live.symbol, live.below, live.below)
        await live.heard.until(lambda: live.heard.filled(order.order_id) == live.quantity)
        assert live.standin.ledger.position(live.symbol) == 0

    async def test_a_cancelled_pair_leaves_no_exit(self, live: Rig) -> None:
        if not live.broker.abilities.resting_pair:
            pytest.skip("the broker has no pairs of exits")
        await live.bought()
        order = live.order(Side.SELL, OrderKind.STOP)
        await within(live.broker.submit(order, pair=Pair(Decimal(live.above), Decimal(live.below))))
        await within(live.broker.cancel(order))
        await live.heard.ended(order.order_id, OrderStatus.CANCELED)
        assert not list(live.standin.ledger.working())


def _numbers(fill: Fill) -> tuple[Decimal, Decimal, Decimal]:
    return fill.quantity, fill.price, fill.fee

from __future__ import annotations

import logging
from decimal import Decimal
from typing import Any

import pytest

from desktop.domain.broker import LinkState
from desktop.domain.broker_errors import BrokerFault
from desktop.domain.orders import OrderStatus
from tests.brokers.alpaca.floor import at_alpaca, broker_at, order_of
from tests.helpers.standins.alpaca import AlpacaStandin

TEN = Decimal(10)


def say(standin: AlpacaStandin, event: str, order_id: str, **changes: Any) -> None:
    """Let the order stream say something of an order; None takes a field away."""
    order = standin.order(order_id)
    at = "2026-11-20T15:00:00.5Z"
    data: dict[str, Any] = {"event": event, "timestamp": at, "at": at, **changes}
    data["order"] = {
        "id": order.order_id,
        "client_order_id": order.client_id,
        "symbol": "SPY",
        "asset_class": "us_equity",
        "side": "buy",
        "type": "limit",
        "time_in_force": "day",
        "qty": "10",
        "filled_qty": "0",
        "status": "new",
        "limit_price": "99.5",
        "created_at": at,
        "updated_at": "2099-01-01T00:00:00Z",
        **changes.get("order", {}),
    }
    standin.emit("orders", {"stream": "trade_updates", "data": data})


async def test_an_execution_without_its_id_is_looked_up_and_not_made_up() -> None:
    async with at_alpaca() as (standin, broker, ear):
        await broker.submit(order_of("rest-1", limit="99.50"))
        await ear.status("rest-1", OrderStatus.NEW)
        standin.faults.add("stream", "lose")
        standin.fill("rest-1", 10, "99.50")
        known = standin.ledger.executions[0]
        at = {"timestamp": "2020-01-01T00:00:00Z"}
        filled = {"order": {"status": "filled", "filled_qty": "10"}}
        say(standin, "fill", "rest-1", price="99.50", qty="10", **at, **filled)
        await ear.until(ear.fills)
        (fill,) = ear.fills()
        assert fill.execution_id == f"alpaca:{known.execution_id}"
        assert (fill.quantity, fill.price) == (TEN, Decimal("99.50"))
        assert (await ear.status("rest-1", OrderStatus.FILLED)).cumulative == 10


async def test_an_event_of_an_unknown_kind_is_harmless_and_said(caplog: pytest.LogCaptureFixture) -> None:
    async with at_alpaca() as (standin, broker, ear):
        await broker.submit(order_of("rest-1", limit="99.50"))
        await ear.status("rest-1", OrderStatus.NEW)
        before = len(ear.reports)
        with caplog.at_level(logging.WARNING):
            say(standin, "levitated", "rest-1")
            await ear.until(lambda: len(ear.reports) > before)
        assert ear.reports[-1].status is OrderStatus.NEW
        assert "levitated" in caplog.text
        assert len([state for state, _ in ear.links if state is LinkState.CONNECTED]) == 1


async def test_an_unknown_status_takes_the_events_meaning_else_changes_nothing() -> None:
    async with at_alpaca() as (standin, broker, ear):
        await broker.submit(order_of("rest-1", limit="99.50"))
        await ear.status("rest-1", OrderStatus.NEW)
        say(standin, "suspended", "rest-1", order={"status": "levitating"})
        await ear.status("rest-1", OrderStatus.SUSPENDED)
        say(standin, "levitated", "rest-1", order={"status": "levitating"})
        report = await ear.status("rest-1", OrderStatus.UNKNOWN)
        assert "'levitating'" in report.reason


@pytest.mark.parametrize(
    ("event", "words"),
    [("order_replace_rejected", "did not change the order"), ("order_cancel_rejected", "did not cancel the order")],
)
async def test_a_refused_change_or_cancel_says_so_and_the_order_works_on(event: str, words: str) -> None:
    async with at_alpaca() as (standin, broker, ear):
        await broker.submit(order_of("rest-1", limit="99.50"))
        await ear.status("rest-1", OrderStatus.NEW)
        say(standin, event, "rest-1")
        await ear.until(lambda: words in ear.reports[-1].reason)
        assert ear.reports[-1].status is OrderStatus.NEW


async def test_a_message_that_cannot_be_read_leads_to_a_new_connection() -> None:
    async with at_alpaca() as (standin, broker, ear):
        await broker.submit(order_of("rest-1", limit="99.50"))
        await ear.status("rest-1", OrderStatus.NEW)
        say(standin, "fill", "rest-1", execution_id="x", price="NaN", qty="10")
        await ear.link(LinkState.CONNECTED, 2)
        assert not ear.fills()


async def test_a_report_that_the_listener_cannot_take_does_not_end_the_stream() -> None:
    async with at_alpaca(started=False) as (standin, broker, ear):
        await broker.start(ear)
        ear.breaks = True
        await broker.submit(order_of("rest-1", limit="99.50"))
        await ear.link(LinkState.RECONNECTING)
        await ear.link(LinkState.CONNECTED, 2)
        await standin.connected()
        await broker.cancel(order_of("rest-1"))
        await ear.status("rest-1", OrderStatus.CANCELED)


async def test_text_frames_of_the_live_endpoint_are_heard_alike() -> None:
    async with at_alpaca(started=False) as (standin, broker, ear):
        standin.binary = False
        await broker.start(ear)
        await broker.submit(order_of("buy-1"))
        await ear.status("buy-1", OrderStatus.FILLED)


async def test_fault_20_a_silent_stream_is_found_by_asking() -> None:
    async with at_alpaca(started=False, heartbeat=0.02, patience=0.3) as (standin, broker, ear):
        await broker.start(ear)
        standin.silence()
        said = await ear.link(LinkState.RECONNECTING)
        assert "open but silent" in said
        standin.speak()
        await ear.link(LinkState.CONNECTED, 2)


async def test_a_start_without_a_network_keeps_trying_and_tells_when_it_is_there() -> None:
    async with at_alpaca(contract=False, started=False) as (standin, _, ear):
        port = standin.port
        await standin.stop()
        broker = broker_at(standin)
        with pytest.raises(BrokerFault):
            await broker.start(ear)
        await standin.start(port)
        await ear.link(LinkState.CONNECTED)
        assert (await broker.account()).cash == 100_000
        await broker.stop()


async def test_the_secret_is_in_no_text_that_anyone_sees(caplog: pytest.LogCaptureFixture) -> None:
    canary = "canary-4c1d9e"
    with caplog.at_level(logging.DEBUG):
        async with at_alpaca(contract=False, started=False, secret=canary, key_id=canary) as (standin, broker, ear):
            shown = [repr(broker), str(broker)]
            for doing in (broker.start(ear), broker.account(), broker.submit(order_of("buy-1")), broker.fills(0, [])):
                with pytest.raises(BrokerFault) as caught:
                    await doing
                error: BaseException | None = caught.value
                while error is not None:
                    shown += [repr(error), str(error), repr(error.args), repr(vars(error))]
                    error = error.__cause__ or error.__context__
            await standin.stop()
            with pytest.raises(BrokerFault) as caught:
                await broker.submit(order_of("buy-2"))
            shown += [repr(caught.value), repr(caught.value.__cause__), repr(caught.value.__context__)]
            shown += [detail for _, detail in ear.links]
    shown += [record.getMessage() + repr(record.__dict__) for record in caplog.records]
    assert len(shown) > 20
    assert not [text for text in shown if canary in text]

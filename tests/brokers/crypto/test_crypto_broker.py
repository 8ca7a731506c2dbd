"""What is particular to spot accounts at exchanges: fees in coins, crumbs, names on the wire, pairs that are known."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.brokers.crypto.broker import CryptoBroker
from desktop.brokers.crypto.crumbs import Crumbs
from desktop.brokers.crypto.facts import TRADING, own_id, wire_id
from desktop.domain.broker import AccountRef, LinkState
from desktop.domain.broker_errors import BrokerFault, NotSent, OrderRefused, OutcomeUnknown
from desktop.domain.fills import Fill
from desktop.domain.orders import OrderKind, OrderStatus, Side
from tests.brokers.crypto.pausing import at_once
from tests.brokers.rig import Rig, before_the_test, within
from tests.helpers.fake_clock import FakeClock
from tests.helpers.standins.crypto import BinanceStandin

D = Decimal


def adapter(
    standin: BinanceStandin, clock: FakeClock, cache: Path | None = None, *, timeout: float = 10.0
) -> CryptoBroker:
    return CryptoBroker(
        AccountRef("binance", "main"),
        exchange="binance",
        key=standin.key_id,
        secret=standin.secret,
        clock=clock,
        url=standin.url,
        cache=cache,
        pause=at_once,
        timeout=timeout,
    )


@pytest.fixture
async def live() -> AsyncIterator[Rig]:
    """An adapter that listens; the exchange takes 0.1 % of what is bought in the coin that is bought."""
    clock = FakeClock()
    async with BinanceStandin(clock=clock) as standin:
        standin.fee_rate = D("0.001")
        rig = Rig(standin, adapter(standin, clock), clock, symbol="BTC/USDT", unknown_symbol="NO/SUCH")
        rig.open_market()
        await within(rig.broker.start(rig.heard))
        await within(standin.connected())
        yield rig
        await within(rig.broker.stop())


def cash_flow(fills: Sequence[Fill]) -> Decimal:
    return sum((fill.cash_flow for fill in fills), D(0))


async def position(rig: Rig) -> Decimal:
    return {item.symbol: item.quantity for item in await within(rig.broker.positions())}.get(rig.symbol, D(0))


# fees ------------------------------------------------------------------------------------------------------------
async def test_a_fee_in_the_bought_coin_leaves_position_and_cash_as_they_are_at_the_exchange(live: Rig) -> None:
    before = (await within(live.broker.account())).cash
    order = live.order()
    await within(live.broker.submit(order))
    await live.heard.ended(order.order_id, OrderStatus.FILLED)

    [fill] = live.heard.fills(order.order_id)
    assert fill.quantity == D("9.99")
    assert fill.fee == D("0.01") * fill.price
    assert await position(live) == fill.quantity
    assert (await within(live.broker.account())).cash - before == fill.cash_flow == -10 * D("100.02")


async def test_an_order_whose_fee_was_taken_in_the_coin_is_complete(live: Rig) -> None:
    order = live.order()
    await within(live.broker.submit(order))
    await live.heard.ended(order.order_id, OrderStatus.FILLED)

    report = [item for item in live.heard.reports if item.order_id == order.order_id][-1]
    assert (report.status, report.quantity, report.cumulative) == (OrderStatus.FILLED, D("9.99"), D("9.99"))
    found = await within(live.broker.order(order.order_id, live.symbol))
    assert found is not None
    assert (found.status, found.quantity, found.filled) == (OrderStatus.FILLED, D("9.99"), D("9.99"))


async def test_many_executions_with_fees_are_all_told_and_the_stream_goes_on(live: Rig) -> None:
    order = await live.resting()
    for _ in range(5):
        live.standin.fill(order.order_id, D(2))
    await live.heard.ended(order.order_id, OrderStatus.FILLED)

    fills = live.heard.fills(order.order_id)
    assert [fill.quantity for fill in fills] == [D("1.998")] * 5
    assert await position(live) == D("9.99")
    assert cash_flow(fills) == -950
    after = await live.resting()
    assert live.heard.statuses(after.order_id)


async def test_a_fee_of_a_sale_is_taken_from_the_money(live: Rig) -> None:
    live.standin.hold(live.symbol, 10, "90")
    order = live.order(Side.SELL)
    await within(live.broker.submit(order))
    await live.heard.ended(order.order_id, OrderStatus.FILLED)

    [fill] = live.heard.fills(order.order_id)
    assert (fill.quantity, fill.fee) == (D(10), D(1))
    assert fill.cash_flow == 999
    assert await position(live) == 0


async def test_a_fee_in_a_third_coin_touches_neither_position_nor_cash(live: Rig) -> None:
    assert isinstance(live.standin, BinanceStandin)
    live.standin.bnb = D(5)
    before = (await within(live.broker.account())).cash
    order = live.order()
    await within(live.broker.submit(order))
    await live.heard.ended(order.order_id, OrderStatus.FILLED)

    [fill] = live.heard.fills(order.order_id)
    assert (fill.quantity, fill.fee) == (D(10), D(0))
    assert await position(live) == 10
    assert (await within(live.broker.account())).cash - before == fill.cash_flow


async def test_fees_are_the_same_after_a_restart(live: Rig) -> None:
    order = live.order()
    await within(live.broker.submit(order))
    await live.heard.ended(order.order_id, OrderStatus.FILLED)
    assert isinstance(live.standin, BinanceStandin)
    again = adapter(live.standin, live.clock)

    found = await within(again.order(order.order_id, live.symbol))
    [recent] = await within(again.recent_orders(before_the_test(live)))
    [read] = await within(again.fills(before_the_test(live), [live.symbol]))
    [told] = live.heard.fills(order.order_id)
    assert recent == found
    assert read == told
    assert found is not None
    assert (found.quantity, found.filled, found.status) == (D("9.99"), D("9.99"), OrderStatus.FILLED)
    await within(again.stop())


async def test_what_a_fee_left_of_a_lot_is_written_off_when_the_rest_is_sold(live: Rig) -> None:
    live.standin.hold(live.symbol, D("1.2345678"), "90")
    order = live.order(Side.SELL, quantity=D("1.2345678"))
    answer = await within(live.broker.submit(order))
    await live.heard.ended(order.order_id, OrderStatus.FILLED)

    assert live.standin.ledger.executions[-1].quantity == D("1.23456")
    assert (answer.quantity, answer.filled) == (order.quantity, order.quantity)
    read = await within(live.broker.fills(before_the_test(live), [live.symbol]))
    assert sum(fill.quantity for fill in read) == order.quantity
    assert cash_flow(read) == D("1.23456") * 100 * D("0.999")
    assert await position(live) == 0
    await live.refused(live.broker.submit(live.order(Side.SELL, quantity=D("0.0000078"))), OrderRefused)


# sending ---------------------------------------------------------------------------------------------------------
async def test_an_order_that_left_is_looked_up_and_never_sent_again(live: Rig) -> None:
    order = live.order()
    live.standin.faults.add("submit", "lose-answer")
    await live.refused(live.broker.submit(order), OutcomeUnknown)

    found = await within(live.broker.submit(order))

    assert found.order_id == order.order_id
    assert live.posts(order) == ["taken"]


async def test_an_order_that_left_and_is_not_shown_stays_unknown(live: Rig) -> None:
    order = live.order()
    live.standin.faults.add("submit", "lose-request")
    await live.refused(live.broker.submit(order), OutcomeUnknown)

    await live.refused(live.broker.submit(order), OutcomeUnknown)

    assert live.posts(order) == ["lost"]


async def test_a_pair_that_the_exchange_does_not_have_is_refused_before_anything_is_sent(live: Rig) -> None:
    await live.refused(live.broker.submit(live.order(symbol="DOGE/EUR")), OrderRefused)

    assert not live.standin.asked("submit")


async def test_a_price_off_the_step_is_refused_with_the_words_of_the_exchange(live: Rig) -> None:
    error = await live.refused(live.broker.submit(live.order(quantity=D("0.00001"))), OrderRefused)

    assert "NOTIONAL" in str(error)


# accounts --------------------------------------------------------------------------------------------------------
async def test_worth_is_cash_and_the_coins_of_known_pairs_at_the_bid(live: Rig) -> None:
    await within(live.broker.instruments([live.symbol]))
    live.standin.hold(live.symbol, 3, "90")

    account = await within(live.broker.account())

    assert account.currency == "USDT"
    assert account.equity == account.cash + 3 * D(live.bid)


async def test_what_is_reserved_by_orders_is_no_buying_power(live: Rig) -> None:
    await live.resting()

    account = await within(live.broker.account())

    assert account.cash - account.buying_power == 950


async def test_coins_of_pairs_nobody_asked_for_are_no_positions(live: Rig) -> None:
    live.standin.hold("ETH/USDT", 2, "3000")
    live.standin.hold(live.symbol, 1, "90")
    await within(live.broker.instruments([live.symbol]))

    assert [item.symbol for item in await within(live.broker.positions())] == [live.symbol]


async def test_recent_orders_are_found_of_coins_that_are_held_though_nobody_asked_for_the_pair(live: Rig) -> None:
    assert isinstance(live.standin, BinanceStandin)
    live.standin.price("ETH/USDT", "3000", "3001")
    live.standin.place_elsewhere(symbol="ETH/USDT", side="buy", quantity=1, client_id="web-1")
    again = adapter(live.standin, live.clock)

    found = await within(again.recent_orders(before_the_test(live)))

    assert [order.order_id for order in found] == ["web-1"]
    await within(again.stop())


async def test_markets_are_kept_between_two_starts(tmp_path: Path) -> None:
    clock = FakeClock()
    async with BinanceStandin(clock=clock) as standin:
        for _ in range(2):
            broker = adapter(standin, clock, tmp_path)
            assert await within(broker.instruments(["BTC/USDT"]))
            await within(broker.stop())
        assert len(standin.asked_public) == 1


async def test_a_start_without_network_says_so_and_comes_up_by_itself(tmp_path: Path) -> None:
    clock = FakeClock()
    standin = BinanceStandin(clock=clock)
    await standin.start()
    port = standin.port
    warm = adapter(standin, clock, tmp_path)
    await within(warm.instruments([]))
    await within(warm.stop())
    await standin.stop()
    rig = Rig(standin, adapter(standin, clock, tmp_path), clock, symbol="BTC/USDT")

    with pytest.raises(BrokerFault):
        await within(rig.broker.start(rig.heard))
    assert LinkState.RECONNECTING in rig.heard.links_told()
    with pytest.raises(NotSent):
        await within(rig.broker.submit(rig.order()))
    again = BinanceStandin(clock=clock)
    await again.start(port)
    await rig.heard.connected(1)
    await within(rig.broker.stop())
    await again.stop()


async def test_signing_in_that_is_never_answered_is_tried_on_another_line() -> None:
    clock = FakeClock()
    async with BinanceStandin(clock=clock) as standin:
        rig = Rig(standin, adapter(standin, clock, timeout=0.2), clock, symbol="BTC/USDT")
        standin.silence()
        await within(rig.broker.start(rig.heard))
        assert rig.heard.links_told()[-1] is LinkState.RECONNECTING

        standin.speak()
        await rig.heard.connected(1)
        await within(rig.broker.stop())


# names on the wire -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("exchange", list(TRADING))
def test_our_ids_travel_in_what_each_exchange_takes_and_come_back(exchange: str) -> None:
    order_id = f"{'0123456789abcdef' * 2}"[:24] + "-107"

    wire = wire_id(exchange, order_id)

    assert own_id(exchange, wire) == order_id
    if exchange == "okx":
        assert wire.isalnum()
        assert len(wire) <= 32
    if exchange == "kraken":
        assert [len(part) for part in wire.split("-")] == [8, 4, 4, 4, 12]
    if exchange == "binance":
        assert len(wire) <= 36
    assert own_id(exchange, "web_7a8b") == "web_7a8b"


@pytest.mark.parametrize("exchange", list(TRADING))
def test_what_an_exchange_cannot_do_is_said_before_anything_is_sent(exchange: str) -> None:
    broker = CryptoBroker(AccountRef(exchange, "a"), exchange=exchange, key="k", secret="s", clock=FakeClock())

    assert not broker.abilities.replaces
    assert not broker.abilities.resting_pair
    assert broker.abilities.resting_stop is (OrderKind.STOP in TRADING[exchange].kinds)
    assert "s" not in repr(broker).replace("CryptoBroker", "").replace(exchange, "")


async def test_crumbs_are_remembered_over_a_restart(tmp_path: Path) -> None:
    clock = FakeClock()
    async with BinanceStandin(clock=clock) as standin:
        rig = Rig(standin, adapter(standin, clock, tmp_path), clock, symbol="BTC/USDT")
        rig.open_market()
        standin.hold(rig.symbol, D("2.0000012"), "90")
        order = rig.order(Side.SELL, quantity=D("2.0000012"))
        await within(rig.broker.submit(order))
        await within(rig.broker.stop())
        again = adapter(standin, clock, tmp_path)

        found = await within(again.order(order.order_id, rig.symbol))
        read = await within(again.fills(before_the_test(rig), [rig.symbol]))
        positions = await within(again.positions())
        await within(again.stop())

    assert found is not None
    assert (found.status, found.filled) == (OrderStatus.FILLED, order.quantity)
    assert [fill.quantity for fill in read if fill.execution_id.startswith("crumb-")] == [D("0.0000012")]
    assert positions == []


def test_a_damaged_file_of_crumbs_is_none(tmp_path: Path) -> None:
    (tmp_path / "crumbs.json").write_text('{"a": {"symbol"', encoding="utf-8")
    crumbs = Crumbs(tmp_path / "crumbs.json")

    crumbs.load()

    assert crumbs.total("BTC/USDT") == 0

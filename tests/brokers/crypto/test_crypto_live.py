"""A live session on an exchange, through the whole engine: orders, fees in coins, the comparison with the account."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any

import pytest

from desktop.brokers.crypto.broker import CryptoBroker
from desktop.domain.instruments import AssetClass, Instrument
from desktop.domain.orders import OrderStatus
from desktop.domain.strategies import Sizing, SizingKind
from tests.brokers.crypto.pausing import at_once
from tests.helpers.fake_clock import FakeClock
from tests.helpers.live_floor import LiveFloor
from tests.helpers.scripted_broker import REF
from tests.helpers.standins.crypto import BinanceStandin
from tests.helpers.trading_floor import strategy

D = Decimal
PAIR = Instrument("BTC/USDT", currency="USDT", lot=D("0.00001"), asset_class=AssetClass.CRYPTO)


class Scene:
    """A desk on a scripted feed whose account is at the stand-in."""

    def __init__(self, floor: LiveFloor, exchange: BinanceStandin) -> None:
        self.floor, self.exchange = floor, exchange

    async def until(self, condition: Callable[[], object]) -> None:
        """Let everything run until `condition` holds."""
        async with asyncio.timeout(15):
            while not condition():
                await self.floor.settle()

    async def bar(self, price: float) -> None:
        """Let a bar close at a price, at the exchange too."""
        self.exchange.price(PAIR.symbol, str(price), str(price))
        await self.floor.bar(price, symbol=PAIR.symbol)

    async def live(self) -> str:
        """Return a session that runs, its account compared."""
        rules = strategy(sizing=Sizing(SizingKind.FIXED_QUANTITY, D("0.12345")))
        changes: dict[str, Any] = {"strategy": rules, "symbols": (PAIR.symbol,), "currency": "USDT"}
        session_id = await self.floor.live(arm=False, start=False, **changes)
        await self.until(lambda: self.floor.link.is_up and self.floor.link.reconciler.reconciled_at)
        await self.floor.desk.arm(session_id, "LIVE")
        await self.floor.desk.start_session(session_id)
        await self.floor.settle()
        return session_id

    def differences(self) -> dict[str, Decimal]:
        holdings = self.floor.link.reconciler.holdings
        return {symbol: item.difference for symbol, item in holdings.items() if item.difference}

    async def compared(self) -> None:
        """Wait for the next comparison of journal and account."""
        link = self.floor.link
        before = link.reconciler.reconciled_at
        self.floor.clock.move(61)
        await self.until(lambda: link.reconciler.reconciled_at > before)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    clock = FakeClock()
    async with BinanceStandin(clock=clock) as exchange:
        exchange.fee_rate = D("0.001")
        exchange.price(PAIR.symbol, "105", "105")
        broker = CryptoBroker(
            REF,
            exchange="binance",
            key=exchange.key_id,
            secret=exchange.secret,
            clock=clock,
            url=exchange.url,
            pause=at_once,
        )
        floor = LiveFloor(broker=broker, clock=clock, instruments=(PAIR,))
        await floor.open()
        yield Scene(floor, exchange)
        await floor.close()
        await broker.stop()


async def test_what_a_fee_took_out_of_the_coin_is_no_difference_and_the_order_is_done(scene: Scene) -> None:
    session_id = await scene.live()
    await scene.bar(99)
    await scene.until(lambda: scene.floor.held(session_id, PAIR.symbol))

    await scene.until(lambda: scene.floor.order(session_id).status is OrderStatus.FILLED)
    held = scene.floor.held(session_id, PAIR.symbol)
    assert held == D("0.12345") - D("0.00012345")
    assert scene.floor.cash(session_id) == D(100_000) - D("0.12345") * 99
    await scene.compared()
    assert not scene.differences()
    scene.exchange.ledger.check_no_duplicates()


async def test_an_order_lost_on_the_way_back_is_found_and_not_sent_twice(scene: Scene) -> None:
    session_id = await scene.live()
    scene.exchange.faults.add("submit", "lose-answer")
    await scene.bar(99)

    await scene.until(lambda: scene.floor.held(session_id, PAIR.symbol))
    await scene.until(lambda: scene.floor.order(session_id).status is OrderStatus.FILLED)

    scene.exchange.ledger.check_no_duplicates()
    assert len(scene.exchange.ledger.posts) == 1


async def test_an_exit_sells_every_whole_lot_that_is_there(scene: Scene) -> None:
    session_id = await scene.live()
    await scene.bar(99)
    await scene.until(lambda: scene.floor.order(session_id).status is OrderStatus.FILLED)
    await scene.bar(111)

    await scene.until(lambda: len(scene.exchange.ledger.executions) == 2)
    assert scene.exchange.ledger.executions[-1].quantity == D("0.12332")
    await scene.until(lambda: not scene.floor.held(session_id, PAIR.symbol))
    await scene.until(lambda: scene.floor.order(session_id, 0).status is OrderStatus.FILLED)
    row = scene.floor.desk.session(session_id)
    assert row is not None
    assert row.trades == 1
    left = scene.exchange.ledger.cash - scene.exchange.fees("USDT")
    assert row.cash == left
    await scene.compared()
    assert not scene.differences()


async def test_a_session_that_left_a_crumb_trades_again_and_crumbs_are_never_a_difference(scene: Scene) -> None:
    session_id = await scene.live()
    for trades in (1, 2, 3):
        await scene.bar(99)
        await scene.until(lambda: scene.floor.held(session_id, PAIR.symbol))
        await scene.compared()
        await scene.bar(111)
        await scene.until(lambda: not scene.floor.held(session_id, PAIR.symbol))
        await scene.compared()
        row = scene.floor.desk.session(session_id)
        assert row is not None
        assert row.trades == trades
        assert not scene.differences()

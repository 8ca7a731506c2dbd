"""An account at the stand-in of Alpaca, our adapter on it, and an ear that remembers what was said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from desktop.brokers.alpaca.broker import AlpacaBroker
from desktop.domain.broker import AccountRef, BrokerOrder, LinkState
from desktop.domain.fills import Fill, OrderReport
from desktop.domain.orders import Order, OrderKind, OrderStatus, Purpose, Side, TimeInForce
from desktop.engine.clock import SystemClock
from tests.helpers.standins import openapi
from tests.helpers.standins.alpaca import AlpacaStandin

REF = AccountRef("alpaca-paper", "mine")
PATIENCE = 20.0  # seconds after which a test that waits for something has failed


@dataclass
class Ear:
    """Implements `ports.brokers.BrokerListener`."""

    reports: list[OrderReport] = field(default_factory=list)
    orders: list[BrokerOrder] = field(default_factory=list)
    links: list[tuple[LinkState, str]] = field(default_factory=list)
    breaks: bool = False  # the next report is not taken
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    def on_report(self, report: OrderReport) -> None:
        if self.breaks:
            self.breaks = False
            raise ZeroDivisionError
        self.reports.append(report)
        self._heard.set()

    def on_order(self, order: BrokerOrder) -> None:
        self.orders.append(order)
        self._heard.set()

    def on_link(self, state: LinkState, detail: str) -> None:
        self.links.append((state, detail))
        self._heard.set()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until `condition()` holds; looked at whenever something was said."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._heard.clear()
                await self._heard.wait()

    async def status(self, order_id: str, status: OrderStatus) -> OrderReport:
        """Wait until an order was reported with a status, and return that report."""
        await self.until(lambda: any((one.order_id, one.status) == (order_id, status) for one in self.reports))
        return next(one for one in self.reports if (one.order_id, one.status) == (order_id, status))

    async def link(self, state: LinkState, times: int = 1) -> str:
        """Wait until the connection was in a state so often; returns what was said last."""
        await self.until(lambda: sum(one[0] is state for one in self.links) >= times)
        return self.links[-1][1]

    def fills(self) -> list[Fill]:
        return [one.fill for one in self.reports if one.fill is not None]


class Waits:
    """A pause that takes no time and remembers what was asked."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


@asynccontextmanager
async def at_alpaca(
    *, started: bool = True, contract: bool = True, **options: Any
) -> AsyncIterator[tuple[AlpacaStandin, AlpacaBroker, Ear]]:
    """Yield a stand-in with a price of SPY, a broker on it, and the ear it tells."""
    async with AlpacaStandin(cash=100_000, contract=contract and not openapi.missing()) as standin:
        standin.price("SPY", "100.00", "100.02")
        broker, ear = broker_at(standin, **options), Ear()
        if started:
            await broker.start(ear)
        try:
            yield standin, broker, ear
        finally:
            await broker.stop()


def broker_at(standin: AlpacaStandin, **options: Any) -> AlpacaBroker:
    given = {"key_id": standin.key_id, "secret": standin.secret, "url": standin.url, "pause": Waits(), **options}
    return AlpacaBroker(REF, live=False, clock=SystemClock(), **given)


def order_of(
    order_id: str,
    side: Side = Side.BUY,
    quantity: Decimal | str | int = 10,
    *,
    limit: str | None = None,
    stop: str | None = None,
    symbol: str = "SPY",
    time_in_force: TimeInForce = TimeInForce.DAY,
    **more: Any,
) -> Order:
    kinds = {
        (False, False): OrderKind.MARKET,
        (True, False): OrderKind.LIMIT,
        (False, True): OrderKind.STOP,
        (True, True): OrderKind.STOP_LIMIT,
    }
    return Order(
        order_id=order_id,
        session_id="session",
        account=REF.key,
        symbol=symbol,
        side=side,
        kind=kinds[limit is not None, stop is not None],
        purpose=Purpose.ENTRY if side is Side.BUY else Purpose.CLOSE,
        quantity=Decimal(quantity),
        ordinal=1,
        created_at=0,
        limit_price=None if limit is None else Decimal(limit),
        stop_price=None if stop is None else Decimal(stop),
        time_in_force=time_in_force,
        **more,
    )

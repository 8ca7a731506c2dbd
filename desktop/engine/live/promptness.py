"""A broker that is watched while it is asked: that it is slow to answer is said long before it counts as lost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from decimal import Decimal

    from desktop.domain.broker import (
        AccountInfo,
        AccountRef,
        BrokerAbilities,
        BrokerClock,
        BrokerOrder,
        BrokerPosition,
        Pair,
    )
    from desktop.domain.fills import Fill
    from desktop.domain.instruments import Instrument
    from desktop.domain.orders import Order, OrderId
    from desktop.ports.brokers import Broker, BrokerListener

T = TypeVar("T")

SLOW = 5.0  # seconds a request may take before that is said


class WatchedBroker:
    """Implements `ports.brokers.Broker` by handing every call on, and tells when an answer is long in coming."""

    def __init__(
        self, broker: Broker, pause: Callable[[float], Awaitable[None]], on_change: Callable[[], None]
    ) -> None:
        """`on_change` hears that it became slow, or is no longer."""
        self._broker, self._pause, self._on_change = broker, pause, on_change
        self._slow: set[object] = set()  # requests that wait for longer than they should

    @property
    def is_slow(self) -> bool:
        """Whether a request has waited for more than `SLOW` seconds by now."""
        return bool(self._slow)

    @property
    def ref(self) -> AccountRef:
        return self._broker.ref

    @property
    def abilities(self) -> BrokerAbilities:
        return self._broker.abilities

    async def _watched(self, call: Awaitable[T]) -> T:
        request = object()
        watch = asyncio.get_running_loop().create_task(self._say_when_slow(request))
        try:
            return await call
        finally:
            watch.cancel()
            if request in self._slow:
                self._slow.discard(request)
                self._on_change()

    async def _say_when_slow(self, request: object) -> None:
        await self._pause(SLOW)
        self._slow.add(request)
        self._on_change()

    # connection: how it stands is told by the link ---------------------------------------------------------------
    async def start(self, listener: BrokerListener) -> AccountInfo:
        return await self._broker.start(listener)

    async def stop(self) -> None:
        await self._broker.stop()

    # questions and orders ----------------------------------------------------------------------------------------
    async def account(self) -> AccountInfo:
        return await self._watched(self._broker.account())

    async def positions(self) -> Sequence[BrokerPosition]:
        return await self._watched(self._broker.positions())

    async def open_orders(self) -> Sequence[BrokerOrder]:
        return await self._watched(self._broker.open_orders())

    async def recent_orders(self, since: int) -> Sequence[BrokerOrder]:
        return await self._watched(self._broker.recent_orders(since))

    async def order(self, order_id: OrderId, symbol: str) -> BrokerOrder | None:
        return await self._watched(self._broker.order(order_id, symbol))

    async def fills(self, since: int, symbols: Sequence[str]) -> Sequence[Fill]:
        return await self._watched(self._broker.fills(since, symbols))

    async def submit(self, order: Order, *, pair: Pair | None = None) -> BrokerOrder:
        return await self._watched(self._broker.submit(order, pair=pair))

    async def cancel(self, order: Order) -> None:
        await self._watched(self._broker.cancel(order))

    async def replace(
        self, order: Order, quantity: Decimal | None, limit_price: Decimal | None, stop_price: Decimal | None
    ) -> BrokerOrder:
        return await self._watched(self._broker.replace(order, quantity, limit_price, stop_price))

    async def instruments(self, symbols: Sequence[str]) -> Sequence[Instrument]:
        return await self._watched(self._broker.instruments(symbols))

    async def clock(self) -> BrokerClock | None:
        return await self._watched(self._broker.clock())

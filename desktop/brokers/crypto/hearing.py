"""What is heard of an account's orders, told on: whole words as they are, others by reading the order."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from typing import Any

from desktop.brokers.crypto.book import AccountBook
from desktop.brokers.crypto.crumbs import Crumbs
from desktop.brokers.crypto.facts import TradingFacts
from desktop.brokers.crypto.reading import AccountReader
from desktop.domain.broker import BrokerOrder
from desktop.domain.broker_errors import BrokerFault
from desktop.domain.fills import Fill
from desktop.ports.brokers import BrokerListener

KEPT = 1_000  # executions that wait for the name of their order


class Hearing:
    """Takes what the library read from the stream, and tells the listener.

    Attributes:
        listener: Who is told; None: nobody yet, or nobody any more.
    """

    def __init__(self, trading: TradingFacts, book: AccountBook, crumbs: Crumbs, reader: AccountReader) -> None:
        self._trading, self._book, self._crumbs, self._reader = trading, book, crumbs, reader
        self.listener: BrokerListener | None = None
        self._looking: dict[str, bool] = {}  # the exchange's ids of orders being read: whether more was heard since
        self._unnamed: list[Mapping[str, Any]] = []  # executions of orders that are not known yet
        self._chores: set[asyncio.Task[None]] = set()

    async def stop(self) -> None:
        """Tell nobody any more, and keep what is to be kept."""
        self.listener = None
        for task in tuple(self._chores):
            task.cancel()
        await self.settled()
        await self.keep_crumbs()

    async def settled(self) -> None:
        """Wait for what is being read."""
        await asyncio.gather(*self._chores, return_exceptions=True)

    async def keep_crumbs(self) -> None:
        """Store the crumbs where they changed."""
        if self._crumbs.unsaved:
            await asyncio.to_thread(self._crumbs.save)

    # whole words -----------------------------------------------------------------------------------------------
    def on_trade(self, held: Mapping[str, Any]) -> None:
        """Take an execution."""
        fill = self._book.fill(held)
        if fill is None:  # the order's own update follows, with its name
            self._unnamed = [*self._unnamed[-KEPT:], held]
            return
        order = self._book.last.get(str(held.get("order")))
        if order is not None:
            self._tell_fill(order, fill)

    def on_order(self, held: Mapping[str, Any]) -> None:
        """Take an order's state."""
        if not self._trading.whole_stream:
            self._look_soon(str(held.get("id") or ""), str(held.get("symbol") or ""))
            return
        order = self._book.order({**held, "trades": None})
        if order is None:
            return
        mine = [item for item in self._unnamed if str(item.get("order")) == order.broker_order_id]
        self._unnamed = [item for item in self._unnamed if item not in mine]
        for item in mine:
            fill = self._book.fill(item)
            if fill is not None:
                self._tell_fill(order, fill)
        self._tell(order)

    def _tell_fill(self, order: BrokerOrder, fill: Fill) -> None:
        if self.listener is not None:
            self.listener.on_report(self._book.report(self._book.refreshed(order, fill), fill))

    def _tell(self, order: BrokerOrder) -> None:
        if self.listener is not None:
            order = self._book.refreshed(order)
            self.listener.on_report(self._book.report(order))
            self.listener.on_order(order)
        if self._crumbs.unsaved:
            self._chore(self.keep_crumbs())

    # words in part ---------------------------------------------------------------------------------------------
    def _look_soon(self, broker_order_id: str, symbol: str) -> None:
        """Read an order that was heard of; while that is under way, one more reading follows at most."""
        known = self._book.last.get(broker_order_id)
        symbol = symbol or (known.symbol if known is not None else "")
        if not broker_order_id or not symbol:
            return
        if broker_order_id in self._looking:
            self._looking[broker_order_id] = True
            return
        self._looking[broker_order_id] = False
        self._chore(self._look(broker_order_id, symbol))

    async def _look(self, broker_order_id: str, symbol: str) -> None:
        """Tell of an order and its executions what the exchange answers when it is asked."""
        try:
            again = True
            while again:
                self._looking[broker_order_id] = False
                with suppress(BrokerFault):  # the next comparison finds it
                    order = await self._reader.by_id(broker_order_id, symbol)
                    if order is not None:
                        for fill in await self._reader.fills(order.created_at, [symbol]):
                            if fill.order_id == order.order_id:
                                self._tell_fill(order, fill)
                        self._tell(order)
                again = self._looking[broker_order_id]
        finally:
            del self._looking[broker_order_id]

    def _chore(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

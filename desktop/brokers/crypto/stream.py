"""The stream of one account: orders and executions as they are told, over as many connections as that takes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from desktop.brokers.crypto.calls import concerns_credentials
from desktop.exchanges.library import Exchange, drop_lines
from desktop.net.backoff import Backoff, Pause

PATIENCE = 10.0

Take = Callable[[Mapping[str, Any]], None]


class UserStream:
    """Listens until it is stopped or the credentials are refused; each loss is told and mended.

    Args:
        title: Of the exchange.
        on_order, on_trade: Take what the library made of each message, the moment it is read.
        on_up: The stream listens: what was said before may have been missed.
        on_down: It was lost, with a sentence; it is tried again.
        on_refused: The credentials are not accepted: it is not tried again.
        prepare: Makes the exchange ready (its markets), where that failed before.
        tells_fills: Executions are listened to besides orders.
        patience: Seconds it may take to sign in.
    """

    def __init__(
        self,
        title: str,
        *,
        on_order: Take,
        on_trade: Take,
        on_up: Callable[[], None],
        on_down: Callable[[str], None],
        on_refused: Callable[[], None],
        prepare: Callable[[], Awaitable[Exchange]],
        tells_fills: bool,
        backoff: Backoff,
        pause: Pause,
        patience: float = PATIENCE,
    ) -> None:
        self._title, self._tells_fills = title, tells_fills
        self._on_order, self._on_trade = on_order, on_trade
        self._on_up, self._on_down, self._on_refused = on_up, on_down, on_refused
        self._prepare, self._backoff, self._pause, self._patience = prepare, backoff, pause, patience
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to listen; returns once it was tried for the first time."""
        tried = asyncio.Event()
        self._task = asyncio.get_running_loop().create_task(self._run(tried), name=f"{self._title} orders")
        await tried.wait()

    async def stop(self) -> None:
        """Listen no longer."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self, tried: asyncio.Event) -> None:
        while True:
            sentence = f"The connection to {self._title} was lost."
            try:
                await self._listen(tried)
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if task is None or task.cancelling():
                    raise
                sentence = f"The connection to {self._title} was closed."  # the library cancels its own futures so
            except Exception as error:  # noqa: BLE001 - whatever it is, the stream comes back
                if concerns_credentials(error):
                    self._on_refused()
                    tried.set()
                    return
            wait = self._backoff.next()
            self._on_down(f"{sentence} What happens meanwhile is read when it is back.")
            tried.set()
            await self._pause(wait)

    async def _listen(self, tried: asyncio.Event) -> None:
        exchange = await self._prepare()
        exchange.ws_dial_backoff = {}  # waiting is done here
        try:
            async with asyncio.timeout(self._patience):
                await self._subscribe(exchange)
        except TimeoutError:  # the line is up and the answer does not come: another line
            await drop_lines(exchange)
            raise
        loop = asyncio.get_running_loop()
        watches = [loop.create_task(self._watch(exchange.watch_orders))]
        if self._tells_fills:
            watches.append(loop.create_task(self._watch(exchange.watch_my_trades)))
        try:
            await asyncio.sleep(0)  # both have asked before the word goes out
            self._backoff.reset()
            self._on_up()
            tried.set()
            done, _ = await asyncio.wait(watches, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in watches:
                task.cancel()
            await asyncio.gather(*watches, return_exceptions=True)

    async def _subscribe(self, exchange: Exchange) -> None:
        """Sign in where that is a step of its own, so that it is known to have worked."""
        sign_in = getattr(exchange, "authenticate", None)
        if sign_in is not None:
            await sign_in({"type": "spot"} if exchange.id == "binance" else {})

    async def _watch(self, call: Callable[[], Awaitable[object]]) -> None:
        while True:
            await call()

    def tap(self, exchange: Any) -> None:
        """Put tables into the library that tell of each order and execution written into them."""
        exchange.orders, exchange.myTrades = _Telling(self._on_order), _Telling(self._on_trade)


class _Telling(list[Any]):
    """Stands where the library keeps orders or executions: tells of each and keeps what updates are merged with.

    Binance's updates are whole, and what the library adds to kept ones (fees, as floats) would end the stream at the
    third execution of an order: nothing is found here by its name, so nothing is added.
    """

    def __init__(self, take: Take) -> None:
        super().__init__()
        self._take = take
        self.hashmap: dict[str, Any] = {}

    def append(self, item: Mapping[str, Any]) -> None:
        try:
            self._take(item)
        except Exception as error:  # noqa: BLE001 - thrown into the library it would end the stream without a word
            context = {"message": "taking an order's update failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)

    def getLimit(self, _symbol: object, _limit: object) -> int:  # noqa: N802 - the library's name
        return 0

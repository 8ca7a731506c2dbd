"""What a test hears of a crypto feed, and how it waits without a clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from desktop.domain.market import Bar, Quote, Trade


class Ear:
    """Implements `ports.FeedListener`."""

    def __init__(self) -> None:
        self.quotes: list[Quote] = []
        self.trades: list[Trade] = []
        self.states: list[tuple[str, str]] = []
        self._waiting: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    def on_quote(self, quote: Quote) -> None:
        self.quotes.append(quote)
        self._look()

    def on_trade(self, trade: Trade) -> None:
        self.trades.append(trade)
        self._look()

    def on_bars(self, bars: Sequence[Bar]) -> None:
        raise AssertionError(f"a feed of quotes sends no bars: {bars}")

    def on_halt(self, symbol: str, reason: str, at: int) -> None:
        raise AssertionError(f"{symbol} was halted at {at}: {reason}")

    def on_state(self, state: str, detail: str) -> None:
        self.states.append((state, detail))
        self._look()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something heard makes `condition` true."""
        if condition():
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((condition, future))
        async with asyncio.timeout(10):
            await future

    def _look(self) -> None:
        for condition, future in self._waiting:
            if not future.done() and condition():
                future.set_result(None)


class Pauses:
    """Waits that end when the test says so; `asked` holds the seconds of each."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._held: list[tuple[float, asyncio.Future[None]]] = []
        self._told = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.asked.append(seconds)
        self._held.append((seconds, future))
        self._told.set()
        await future

    def end(self, chosen: Callable[[float], bool] = lambda _: True) -> int:
        """End the waits whose length is `chosen`; returns how many that were."""
        ended = [item for item in self._held if chosen(item[0]) and not item[1].done()]
        self._held = [item for item in self._held if not chosen(item[0])]
        for _, future in ended:
            future.set_result(None)
        return len(ended)

    def waiting(self) -> list[float]:
        """Return the seconds of the waits that are under way."""
        return [seconds for seconds, future in self._held if not future.done()]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until the waits asked for make `condition` true."""
        async with asyncio.timeout(10):
            while not condition():
                self._told.clear()
                await self._told.wait()

"""A feed's past that a test gives its pages, its pauses and its faults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from decimal import Decimal

from desktop.domain.errors import NotFound
from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar, timeframe_us


def flat_bars(symbol: str, timeframe: str, starts: Sequence[int], price: float = 10.0) -> list[Bar]:
    """Return bars that do not move, at the given times (µs UTC)."""
    return [Bar(symbol, timeframe, at, price, price, price, price, 5.0) for at in starts]


class FakeSource:
    """Implements `ports.HistorySource`.

    Args:
        pages: What it yields, one after the other; an error is raised in its place.
        hangs_after: After so many pages it waits for ever; None: it does not.
        calendar: Of its one instrument.
        sessions: Hours one can choose between, by name.

    Attributes:
        asked: Every (symbol, timeframe, begin, end) it was asked for.
        closed: How often it was closed.
        page_closed: Its iterator was closed or ended.
        hanging: Set while it waits.
    """

    name = "fake"

    def __init__(
        self,
        pages: Sequence[Sequence[Bar] | BaseException] = (),
        *,
        hangs_after: int | None = None,
        calendar: str = "always",
        sessions: Mapping[str, str] | None = None,
    ) -> None:
        self.sessions: Mapping[str, str] = sessions or {}
        self.pages, self.hangs_after = list(pages), hangs_after
        self.known = Instrument("BTC/USD", tick=Decimal("0.01"), calendar=calendar)
        self.asked: list[tuple[str, str, int, int]] = []
        self.closed = 0
        self.page_closed = False
        self.hanging = asyncio.Event()

    async def instrument(self, symbol: str) -> Instrument:
        if symbol != self.known.symbol:
            raise NotFound("symbol", symbol, "The feed does not have it.")
        return self.known

    async def bars(self, symbol: str, timeframe: str, begin: int, end: int) -> AsyncIterator[Sequence[Bar]]:
        timeframe_us(timeframe)
        self.asked.append((symbol, timeframe, begin, end))
        try:
            for number, page in enumerate(self.pages):
                await self._hang(number)
                if isinstance(page, BaseException):
                    raise page
                yield page
            await self._hang(len(self.pages))
        finally:
            self.page_closed = True

    async def _hang(self, number: int) -> None:
        if number == self.hangs_after:
            self.hanging.set()
            await asyncio.Event().wait()

    async def close(self) -> None:
        self.closed += 1

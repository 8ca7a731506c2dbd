"""The built-in market: seeded, offline, open around the clock, the default. Shown as DEMO - simulated prices."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from desktop.domain.errors import NotFound
from desktop.domain.instruments import Instrument
from desktop.domain.market import SECOND, Bar, FeedOrigin, Quote, Trade, timeframe_us
from desktop.feeds.listings import BENCHMARK, LISTINGS
from desktop.feeds.simulated_price import SimulatedPrice, day_volume
from desktop.market.bars import BarBuilder
from desktop.ports import Clock, FeedListener
from desktop.rules.columns import FloatArray, IntArray

__all__ = ["BENCHMARK", "DEMO_SEED", "DEMO_SYMBOLS", "MarketSimulator"]

STEP = SECOND // 4  # µs of market time between two quotes of a symbol
GRID = 5 * SECOND  # ordinals lie on the clock so that bars of five seconds begin with every twentieth
BEAT = 0.1  # seconds between two looks at the clock
MOST_STEPS = 400  # in one look; a clock that leapt further is followed without the steps in between
BLOCK = 128  # steps computed at once
SAMPLES = 32  # points of the path that a bar of history is made of, at most; up to 8 s that is every one

#: With this seed the first of these symbols dips in the first half minute of a new market (a test holds it to that).
DEMO_SEED = 5604
DEMO_SYMBOLS = ("NOVA", "HELX", "ORBT")


class MarketSimulator:
    """Implements `ports.MarketFeed`; its heart `step` is synchronous and takes no time.

    Args:
        seed: Same seed, same market.
        clock: Tells when steps are due.
        position: What `position()` returned before: the market goes on with the next step, as if no time had passed.
    """

    name = "simulator"
    origin = FeedOrigin.DEMO

    def __init__(self, seed: int, clock: Clock, *, position: Mapping[str, Any] | None = None) -> None:
        self._clock = clock
        self.seed = int(position["seed"]) if position else seed
        self.ordinal = int(position["ordinal"]) if position else 0  # of the next step
        self._zero = self._anchor() if position else self._clock.now() // GRID * GRID
        self._prices = {item.instrument.symbol: SimulatedPrice(self.seed, item) for item in LISTINGS}
        self._blocks: dict[str, tuple[int, list[tuple[float, ...]]]] = {}
        self._task: asyncio.Task[None] | None = None

    def _anchor(self) -> int:
        """Return the time (µs UTC) of ordinal 0 for the next step to come with the next grid line."""
        at = self._clock.now() - self.ordinal * STEP
        return -(-at // GRID) * GRID

    def instruments(self) -> Sequence[Instrument]:
        return tuple(item.instrument for item in LISTINGS)

    def subscribe(self, symbol: str) -> None:
        """Every symbol is always made: nothing to do."""

    def unsubscribe(self, symbol: str) -> None:
        """Every symbol is always made: nothing to do."""

    def position(self) -> Mapping[str, Any]:
        return {"seed": self.seed, "ordinal": self.ordinal}

    # steps -----------------------------------------------------------------------------------------------------
    def step(self, count: int = 1) -> list[Quote | Trade]:
        """Return the ticks of the next `count` steps: each symbol's quote, and a print after it where one happens."""
        ticks: list[Quote | Trade] = []
        for _ in range(count):
            at = self.at(self.ordinal)
            for symbol in self._prices:
                bid, ask, bid_size, ask_size, printed = self._row(symbol)
                ticks.append(Quote(symbol, at, bid, ask, bid_size, ask_size))
                if printed:
                    ticks.append(Trade(symbol, at, ask if self.ordinal % 2 else bid, printed, f"{self.ordinal}"))
            self.ordinal += 1
        return ticks

    def at(self, ordinal: int) -> int:
        """Return the time (µs UTC) of a step."""
        return self._zero + ordinal * STEP

    def _row(self, symbol: str) -> tuple[float, ...]:
        first, rows = self._blocks.get(symbol, (0, []))
        place = self.ordinal - first
        if not 0 <= place < len(rows):
            # Each symbol begins its blocks elsewhere, so that they are not all computed in one step.
            shift = list(self._prices).index(symbol) * 13 % BLOCK
            first = (self.ordinal + shift) // BLOCK * BLOCK - shift
            path = self._prices[symbol].path(*self._ordinals(first, BLOCK))
            columns = (path.bid, path.ask, path.bid_size, path.ask_size, path.printed)
            rows = list(zip(*(column.tolist() for column in columns), strict=True))
            self._blocks[symbol] = (first, rows)
            place = self.ordinal - first
        return rows[place]

    def _ordinals(self, first: int, count: int) -> tuple[IntArray, FloatArray]:
        ordinals: IntArray = np.arange(first, first + count, dtype=np.int64)
        return ordinals, day_volume(self._zero + ordinals * STEP)

    # running ---------------------------------------------------------------------------------------------------
    async def start(self, listener: FeedListener) -> None:
        """Make ticks as time passes until `stop`."""
        listener.on_state("connected", "simulated prices")
        self._task = asyncio.get_running_loop().create_task(self._run(listener), name="simulator")

    async def stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self, listener: FeedListener) -> None:
        while True:
            self.play(listener)
            await asyncio.sleep(BEAT)

    def play(self, listener: FeedListener) -> int:
        """Hand over the ticks of every step that is due; returns how many steps that were."""
        due = max(0, (self._clock.now() - self.at(self.ordinal)) // STEP + 1)
        if due > MOST_STEPS:  # the computer slept: the market did, too
            self._zero = self._anchor()
            self._blocks.clear()
            due = 0
        for tick in self.step(due):
            if isinstance(tick, Quote):
                listener.on_quote(tick)
            else:
                listener.on_trade(tick)
        return due

    # history ---------------------------------------------------------------------------------------------------
    async def history(self, symbol: str, timeframe: str, bars: int) -> Sequence[Bar]:
        return await asyncio.to_thread(self.history_now, symbol, timeframe, bars)

    def history_now(self, symbol: str, timeframe: str, bars: int) -> list[Bar]:
        """Return the last `bars` bars that are closed now; the same path that the steps go on with.

        Raises:
            NotFound: the simulated market does not have the symbol.
            FieldError: the timeframe is none that exist.
        """
        if symbol not in self._prices:
            raise NotFound("symbol", symbol, "The simulated market does not have it.")
        length = timeframe_us(timeframe)
        steps = length // STEP
        samples = min(steps, SAMPLES)
        begun, _ = BarBuilder(symbol, timeframe).period(self._clock.now())
        starts = begun + length * np.arange(-bars, 0, dtype=np.int64)
        inside: IntArray = np.arange(samples, dtype=np.int64) * (steps - 1) // max(1, samples - 1)
        ordinals: IntArray = (((starts - self._zero) // STEP)[:, None] + inside).reshape(-1)
        path = self._prices[symbol].path(ordinals, day_volume(self._zero + ordinals * STEP))
        mid = path.mid.reshape(bars, samples)
        volume = path.printed.reshape(bars, samples).sum(axis=1) * (steps / samples)
        columns = (starts, mid[:, 0], mid.max(axis=1), mid.min(axis=1), mid[:, -1], np.rint(volume * 1e8) / 1e8)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return [Bar(symbol, timeframe, *row) for row in rows]

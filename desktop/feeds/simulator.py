"""The built-in market: seeded, offline, the default. Shown as DEMO - simulated prices.

The path of every price is a function of the seed and the number of steps taken, not of the time on the clock, so a market that
is stopped goes on exactly where it was.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from desktop.domain.instruments import AssetClass, Instrument
from desktop.domain.market import DAY, SECOND, Bar, FeedOrigin, Quote, timeframe_us
from desktop.feeds.simulated_price import Listing, SimulatedPrice, normal, uniform
from desktop.ports import Clock, FeedListener

STEP = SECOND // 4  # µs of market time between two quotes of a symbol
BEAT = 0.1  # seconds between two looks at the clock
MOST_STEPS = 400  # a clock that leapt ahead does not make a burst without end
DEMO_SEED = 7
DEMO_SYMBOL = "NOVA"
DEMO_SYMBOLS = ("NOVA", "HELX", "ORBT")
BENCHMARK = "SIMX"

#: The first minute of the demonstration on its first symbol: (from step, to step, move a step as a fraction).
#: A newcomer should see a dip, an entry and an exit before the coffee is cold; after it chance decides.
OPENING = ((28, 56, -0.00055), (64, 200, 0.00016))


def _share(symbol: str, name: str, start: float, move: float = 0.00016, size: float = 400) -> Listing:
    return Listing(Instrument(symbol, name=f"{name} (simulated)"), start, move, size)


def _korean(symbol: str, name: str, start: float, tick: int) -> Listing:
    instrument = Instrument(symbol, currency="KRW", tick=Decimal(tick), name=f"{name} (simulated)")
    return Listing(instrument, start, 0.00018, 900)


def _coin(symbol: str, name: str, start: float, tick: str) -> Listing:
    instrument = Instrument(
        symbol,
        tick=Decimal(tick),
        lot=Decimal("0.00000001"),
        asset_class=AssetClass.CRYPTO,
        name=f"{name} (simulated)",
    )
    return Listing(instrument, start, 0.00028, 1.5, 2)


LISTINGS: tuple[Listing, ...] = (
    _share("NOVA", "Nova Grid Energy", 84.20),
    _share("HELX", "Helix Bioworks", 41.75, 0.00021),
    _share("ORBT", "Orbital Freight", 127.40),
    _share("QUAY", "Quayside Retail", 23.15, 0.00014),
    _share("TERN", "Tern Software", 212.60, 0.00019),
    _share("SIMX", "Simulated 500 Index Fund", 410.00, 0.00008, 1500),
    _korean("HANBIT", "Hanbit Semiconductor", 71_000, 100),
    _korean("NARAE", "Narae Motors", 184_500, 500),
    _coin("COINA/USD", "Coin A", 61_250.0, "0.01"),
    _coin("COINB/USD", "Coin B", 3_140.0, "0.01"),
)


class MarketSimulator:
    """Implements `ports.MarketFeed`; its heart `step` is synchronous and knows no time."""

    name = "simulator"
    origin = FeedOrigin.DEMO

    def __init__(self, seed: int, clock: Clock, *, position: Mapping[str, Any] | None = None) -> None:
        """`position`: what `position()` returned before, so that every price goes on exactly there."""
        self._seed, self._clock = seed, clock
        self._listings = {item.instrument.symbol: item for item in LISTINGS}
        self._prices = {symbol: SimulatedPrice(seed, item) for symbol, item in self._listings.items()}
        self._ordinal = 0
        self._listener: FeedListener | None = None
        self._task: asyncio.Task[None] | None = None
        if position:
            self._ordinal = int(position["ordinal"])
            for symbol, state in position["prices"].items():
                if symbol in self._prices:
                    self._prices[symbol].restore(state)

    def instruments(self) -> Sequence[Instrument]:
        return tuple(item.instrument for item in self._listings.values())

    def subscribe(self, symbol: str) -> None:
        """Nothing to do: every symbol is always made."""

    def unsubscribe(self, symbol: str) -> None:
        """Nothing to do."""

    def position(self) -> Mapping[str, Any]:
        return {
            "seed": self._seed,
            "ordinal": self._ordinal,
            "prices": {symbol: price.snapshot() for symbol, price in self._prices.items()},
        }

    def step(self, at: int) -> list[Quote]:
        """Move every price by one ordinal and return its quotes, stamped with `at` (µs UTC)."""
        ordinal = self._ordinal
        self._ordinal += 1
        push = next((move for begin, end, move in OPENING if begin <= ordinal < end), 0.0)
        quotes = []
        for symbol, price in self._prices.items():
            bid, ask, bid_size, ask_size = price.step(push if symbol == DEMO_SYMBOL else 0.0)
            quotes.append(Quote(symbol, at, bid, ask, bid_size * day_volume(at), ask_size * day_volume(at)))
        return quotes

    # running ---------------------------------------------------------------------------------------------------
    async def start(self, listener: FeedListener) -> None:
        """Make quotes as time passes until `stop`."""
        self._listener = listener
        listener.on_state("connected", "simulated prices")
        self._task = asyncio.get_running_loop().create_task(self._run(), name="simulator")

    async def stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        last = self._clock.now()
        while True:
            await asyncio.sleep(BEAT)
            now = self._clock.now()
            steps = min((now - last) // STEP, MOST_STEPS)
            if not steps or self._listener is None:
                continue
            first = now - steps * STEP if steps == MOST_STEPS else last
            for number in range(1, steps + 1):
                for quote in self.step(first + number * STEP):
                    self._listener.on_quote(quote)
            last = first + steps * STEP

    # history ---------------------------------------------------------------------------------------------------
    async def history(self, symbol: str, timeframe: str, bars: int) -> Sequence[Bar]:
        return self.history_now(symbol, timeframe, bars)

    def history_now(self, symbol: str, timeframe: str, bars: int) -> list[Bar]:
        """Return closed bars made backwards from the price of now, so that they join the live path without a jump."""
        length = timeframe_us(timeframe)
        end = self._clock.now() // length * length
        listing, price = self._listings[symbol], self._prices[symbol].price
        instrument, found = listing.instrument, []
        move = listing.move * math.sqrt(length / STEP)
        for back in range(bars):
            key = (symbol, timeframe, "history", back)
            cluster = 0.7 + 0.6 * uniform(self._seed, symbol, timeframe, "cluster", back // 30)
            wave = 0.25 * move * math.sin(back / 9.0 + uniform(self._seed, symbol, "phase") * 6.28)
            opened = price * math.exp(-move * cluster * normal(self._seed, *key, "move") + wave)
            reach = move * cluster * 0.6
            high = max(price, opened) * (1 + reach * uniform(self._seed, *key, "high"))
            low = min(price, opened) * (1 - reach * uniform(self._seed, *key, "low"))
            ticks = max(1.0, round(length / STEP * (0.6 + 0.8 * uniform(self._seed, *key, "volume"))))
            prices = [float(instrument.price(value)) for value in (opened, high, low, price)]
            start = end - (back + 1) * length
            found.append(Bar(symbol, timeframe, start, *prices, ticks))
            price = opened
        found.reverse()
        return found


def day_volume(at: int) -> float:
    """Return how busy a moment of the day is: more at the beginning and the end than in the middle."""
    share = (at % DAY) / DAY
    return 0.7 + 0.6 * abs(2 * share - 1)

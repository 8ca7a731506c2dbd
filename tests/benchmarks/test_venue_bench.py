"""Figures of the simulated exchange and the ledger, printed; none can fail."""

from __future__ import annotations

import time
from collections.abc import Callable

from desktop.domain.fills import Fill
from desktop.domain.orders import Side
from desktop.domain.sessions import FillSettings
from desktop.trading.ledger import Ledger
from desktop.trading.venue import Venue
from tests.trading.venue_kit import IDEAL, REALISTIC, T0, D, bar, order, quote, venue

ORDERS = 5_000


def best(action: Callable[[], object], rounds: int = 5) -> float:
    """Return the shortest time of a few rounds, in seconds."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        action()
        times.append(time.perf_counter() - begin)
    return min(times)


def trips(settings: FillSettings) -> float:
    """Return seconds from submit to fill of one order."""
    orders = [order(Side.SELL if ordinal % 2 == 0 else Side.BUY, ordinal=ordinal) for ordinal in range(1, ORDERS + 1)]
    bars = [(bar(100.0 + index % 7, volume=1e6, index=index),) for index in range(ORDERS)]
    times = [item[0].end for item in bars]

    def run() -> None:
        place = venue(settings, cash=10**9)
        for item, passing, at in zip(orders, bars, times, strict=True):
            place.submit(item, at)
            place.open_bars(passing, at)
            place.range_bars(passing, at)

    return best(run) / ORDERS


def test_the_trip_of_an_order_through_the_venue() -> None:
    print(f"\norder through the venue, ideal: {trips(IDEAL) * 1e6:.2f} us; realistic: {trips(REALISTIC) * 1e6:.2f} us")


def test_a_quiet_venue() -> None:
    place: Venue = venue()
    passing, tick = (bar(100.0),), quote(100.0, 100.1)

    def bars() -> None:
        for _ in range(10_000):
            place.open_bars(passing, T0)
            place.range_bars(passing, T0)

    def quotes() -> None:
        for _ in range(10_000):
            place.on_quote(tick, T0)

    print(f"\nquiet bar: {best(bars) / 1e4 * 1e9:.0f} ns; quiet quote: {best(quotes) / 1e4 * 1e9:.0f} ns")


def test_booking_a_fill() -> None:
    made = [
        Fill(f"s-{n}.1", f"s-{n}", "SPY", Side.SELL if n % 2 else Side.BUY, D(10), D("100.25"), D("1.0025"), T0 + n)
        for n in range(ORDERS)
    ]

    def run() -> None:
        ledger = Ledger(D(10**6), "USD", session_id="s", account="paper")
        for fill in made:
            ledger.book(fill)

    ledger = Ledger(D(10**6), "USD", session_id="s", account="paper")
    for fill in made:
        ledger.book(fill)
    print(f"\nbooking: {best(run) / ORDERS * 1e6:.2f} us; snapshot: {best(ledger.snapshot) * 1e6:.1f} us")

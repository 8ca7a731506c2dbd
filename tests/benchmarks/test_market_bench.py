"""Figures of the hub, its cache and the file reader, printed beside the plainest loop of the run; none can fail."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from desktop.domain.instruments import Instrument
from desktop.domain.market import MINUTE, Bar, Quote
from desktop.domain.messages import BarsClosed
from desktop.feeds.simulator import DEMO_SEED, MarketSimulator
from desktop.market.history import read_history
from desktop.market.hub import Hub
from desktop.market.series import Series
from desktop.rules.compile import Rule, compile_rule
from desktop.rules.nodes import Role, Verdict
from tests.helpers.market import START, FakeClock

COUNT = 100_000
ROWS = 1_000_000


def best(action: Callable[[], object], rounds: int = 5) -> float:
    """Return the shortest time of a few rounds, in seconds."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        action()
        times.append(time.perf_counter() - begin)
    return min(times)


def quotes_of(*symbols: str) -> list[Quote]:
    """Return quotes 10 ms apart that wander a little, symbol after symbol."""
    found = []
    for number in range(COUNT):
        price = 100 + (number * 7919 % 1_000) / 1_000
        found.append(Quote(symbols[number % len(symbols)], START + number * 10_000, price, price + 0.01, 5.0, 5.0))
    return found


def fresh_hub(*symbols: str, timeframe: str = "1m") -> tuple[Hub, Rule]:
    hub = Hub("bench", [Instrument(symbol) for symbol in symbols])
    rule = compile_rule("rsi(14) < 30 and close > sma(20)", role=Role.ENTRY, timeframe=timeframe)
    for symbol in symbols:
        hub.follow(symbol, timeframe, (), [rule])
    return hub, rule


def plain_calls(quotes: list[Quote]) -> float:
    """Return seconds of the plainest loop: a method that keeps the last quote."""
    last: dict[str, Quote] = {}

    def take(quote: Quote) -> None:
        last[quote.symbol] = quote

    def run() -> None:
        for quote in quotes:
            take(quote)

    return best(run)


def test_quote_to_cache() -> None:
    for symbols in (("A",), tuple(f"S{number}" for number in range(1_000))):
        quotes = quotes_of(*symbols)
        plain = plain_calls(quotes)

        def run(symbols: tuple[str, ...] = symbols, quotes: list[Quote] = quotes) -> None:
            hub, _ = fresh_hub(*symbols)
            for quote in quotes:
                hub.on_quote(quote)

        setup = best(partial(fresh_hub, *symbols))
        seconds = best(run, 3) - setup
        print(
            f"\nquote to cache, {len(symbols)} symbols: {seconds / COUNT * 1e6:.2f} us, "
            f"{COUNT / seconds / 1e6:.2f} M/s ({seconds / plain:.1f} times a plain call)"
        )


def test_feed_through_the_hub_in_bursts() -> None:
    quotes = quotes_of("A")
    plain = plain_calls(quotes)
    for burst in (100, 10, 1):

        def run(burst: int = burst) -> None:
            hub, rule = fresh_hub("A")
            evaluator = hub.follow("A", "1m", (), [rule])
            verdicts = handed = 0
            for begin in range(0, COUNT, burst):
                for quote in quotes[begin : begin + burst]:
                    hub.on_quote(quote)
                while items := hub.drain():
                    for item in items:
                        if isinstance(item, tuple):
                            handed += len(item)
                        elif isinstance(item, BarsClosed):
                            verdicts += evaluator.verdict(rule) is Verdict.TRUE
            assert handed == COUNT

        seconds = best(run, 3)
        print(
            f"\nfeed through the hub to the verdict, bursts of {burst}: {COUNT / seconds / 1e6:.2f} M quotes/s "
            f"({seconds / plain:.1f} times a plain call)"
        )


def test_cache_reads() -> None:
    hub, _ = fresh_hub("A")
    for quote in quotes_of("A"):
        hub.on_quote(quote)
    series = Series("A", "1m", 500)
    series.extend(Bar("A", "1m", number * MINUTE, 1, 2, 0.5, 1.5, 9) for number in range(2_000))

    def last() -> None:
        for _ in range(COUNT):
            hub.last_price("A")

    def columns() -> None:
        for _ in range(COUNT // 10):
            series.columns(200)

    print(
        f"\nlast price: {best(last) / COUNT * 1e9:.0f} ns; 200 bars as columns: {best(columns) / COUNT * 1e10:.0f} ns"
    )
    bar = Bar("A", "1m", 0, 1, 2, 0.5, 1.5, 9)

    def append() -> None:
        for _ in range(COUNT):
            series.append(bar)

    seconds = best(append)
    print(f"append a bar: {seconds / COUNT * 1e9:.0f} ns")


def test_a_file_of_a_million_rows(tmp_path: Path) -> None:
    path = tmp_path / "million.csv"
    with path.open("w") as stream:
        stream.write("time,open,high,low,close,volume\n")
        stream.writelines(
            f"{1_600_000_000 + minute * 60},{100 + minute % 9}.25,{110 + minute % 9}.5,99.75,101.5,{minute}\n"
            for minute in range(ROWS)
        )

    def plain() -> None:
        with path.open("rb") as stream:
            for line in stream:
                line.split(b",")

    seconds, reference = best(lambda: read_history(path, symbol="X"), 2), best(plain, 2)
    print(f"\n1,000,000 bars from CSV: {seconds:.2f} s ({seconds / reference:.1f} times splitting the lines)")


def test_the_simulated_market() -> None:
    market = MarketSimulator(DEMO_SEED, FakeClock())
    steps = 2_000
    seconds = best(lambda: market.step(steps), 3)
    symbols = len(market.instruments())
    print(
        f"\nsimulated market: {seconds / steps / symbols * 1e6:.1f} us a symbol and step, "
        f"{steps / 4 / seconds:.0f} times real time; 300 bars of history: "
        f"{best(lambda: market.history_now('NOVA', '5s', 300)) * 1e3:.1f} ms"
    )

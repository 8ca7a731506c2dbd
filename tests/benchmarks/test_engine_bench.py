"""Figures of the engine: hub, rig, runners and storage together. They are printed; none can fail on the clock."""

from __future__ import annotations

import asyncio
import gc
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop.domain.commands import Approve, CancelOrder, PlaceOrder
from desktop.domain.events import FillBooked
from desktop.domain.instruments import Instrument
from desktop.domain.market import MINUTE, Quote
from desktop.domain.orders import OrderKind, Side
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings
from desktop.domain.strategies import Evaluate, Strategy
from desktop.engine.clock import SystemClock
from desktop.engine.core_reads import pending_signals
from desktop.engine.demo import DemoMarket
from desktop.engine.desk import EngineDesk
from desktop.market.hub import Hub
from desktop.store.storage import Storage
from tests.helpers.fake_clock import T0, FakeClock
from tests.helpers.scripted_feed import SPY, Feeds
from tests.helpers.trading_floor import Floor, draft, strategy

D = Decimal
RULE = Strategy("RSI dip", "1m", "rsi(14) < 30 and close > sma(200)", exit="rsi(14) > 70")
WIDE = 1_000  # symbols
MANY = 100  # sessions


def made(count: int, gap: int = 10_000) -> list[Quote]:
    """Return quotes of one symbol, `gap` µs apart, that go up and down."""
    prices = [100 + (number * 7919 % 1000) / 500 for number in range(count)]
    return [Quote("SPY", T0 + number * gap, price, price + 0.02, 5.0, 5.0) for number, price in enumerate(prices)]


def centile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def call_reference(quotes: list[Quote]) -> float:
    """Return seconds for a plain Python call with each quote."""
    seen: list[Quote] = []
    take: Callable[[Quote], None] = seen.append
    begin = time.perf_counter()
    for quote in quotes:
        take(quote)
    return time.perf_counter() - begin


def test_quote_to_cache() -> None:
    quotes = made(200_000)
    hub = Hub("bench", [SPY])
    hub.watch("SPY", "1m")
    on_quote = hub.on_quote
    begin = time.perf_counter()
    for number, quote in enumerate(quotes):
        on_quote(quote)
        if number % 100 == 99:
            while hub.drain():
                pass
    seconds = time.perf_counter() - begin
    ratio = seconds / call_reference(quotes)
    each = seconds / len(quotes) * 1e6
    print(f"\nquote to cache: {each:.2f} us, {len(quotes) / seconds:,.0f}/s (plain call x{ratio:.0f})")


async def _through(quotes: list[Quote], burst: int, rules: Strategy) -> float:
    """Return quotes a second from the feed to the verdict, woken once a burst."""
    floor = await Floor().open()
    await floor.session(strategy=rules)
    floor.rig._timer.cancel()  # type: ignore[union-attr] # the bench moves the clock
    on_quote, clock = floor.rig.hub.on_quote, floor.clock
    begin = time.perf_counter()
    for first in range(0, len(quotes), burst):
        part = quotes[first : first + burst]
        clock.at = part[-1].at
        for quote in part:
            on_quote(quote)
        await asyncio.sleep(0)
    seconds = time.perf_counter() - begin
    await floor.close()
    return len(quotes) / seconds


async def test_feed_to_verdict_in_bursts() -> None:
    quotes = made(100_000)
    reference = len(quotes) / call_reference(quotes)
    for name, rules in (("bar", RULE), ("quote", replace(RULE, evaluate=Evaluate.QUOTE))):
        for burst in (100, 10, 1):
            rate = await _through(quotes, burst, rules)
            print(f"\nfeed to verdict by {name}, bursts of {burst}: {rate:,.0f}/s (plain call {reference:,.0f}/s)")


async def test_signal_to_durable_booked_fill(tmp_path: Path) -> None:
    times: list[float] = []
    intents: list[float] = []
    booked = asyncio.Event()
    with Storage.open(tmp_path) as storage:
        floor = await Floor(storage).open()
        session_id = await floor.session(mode=ExecutionMode.MANUAL, strategy=strategy(exit=""))
        floor.desk.on_fact(lambda fact: booked.set() if isinstance(fact, FillBooked) else None)
        for _ in range(150):
            await floor.bar(99)
            booked.clear()
            (signal,) = pending_signals(floor.runner(session_id).unit.core)
            begin = time.perf_counter()
            await floor.runner(session_id).ask(Approve(signal.signal_id))
            intents.append(time.perf_counter() - begin)
            floor.clock.move(0.01)
            floor.feed.quote("SPY", 99.0)
            await booked.wait()
            times.append(time.perf_counter() - begin)
            await floor.desk.close_position(session_id, "SPY")
            await floor.quote(99)
        await floor.close()
    print(f"\nsignal to durable fill: p50 {centile(times, 0.5) * 1e3:.1f} ms, p99 {centile(times, 0.99) * 1e3:.1f} ms")
    print(
        f"signal to durable intent: p50 {centile(intents, 0.5) * 1e3:.1f} ms, p99 {centile(intents, 0.99) * 1e3:.1f} ms"
    )


def _wide_draft(number: int) -> Any:
    symbols = tuple(f"S{index:03d}" for index in range(number * 10 % WIDE, number * 10 % WIDE + 10))
    fills = FillSettings.of(FillModelKind.REALISTIC)
    return draft(name=f"Session {number}", symbols=symbols, strategy=RULE, fills=fills)


async def test_loop_lag_with_a_hundred_sessions_on_a_thousand_symbols(tmp_path: Path) -> None:
    clock = SystemClock()
    instruments = [Instrument(f"S{number:03d}") for number in range(WIDE)]
    feeds = Feeds(clock, instruments=instruments)
    with Storage.open(tmp_path) as storage:
        desk = EngineDesk(
            store=storage,
            clock=clock,
            open_feed=feeds,
            kill_path=None,
            demo=DemoMarket(("S000",), "S000"),
            on_error=lambda error, where: print(where, error),
        )
        await desk.open(demo=False)
        begin = time.perf_counter()
        for number in range(MANY):
            await desk.create_session(_wide_draft(number))
        print(f"\n{MANY} sessions created in {time.perf_counter() - begin:.1f} s")
        desk.follow(lambda _: None)
        lags: list[float] = []
        loop, feed, count = asyncio.get_running_loop(), feeds.opened["simulator"], 0
        end = loop.time() + 8
        while loop.time() < end:
            due = loop.time() + 0.025
            for _ in range(100):
                count += 1
                feed.quote(f"S{count % WIDE:03d}", 100 + count % 97 / 50)
            await asyncio.sleep(0.025)
            lags.append(max(0.0, loop.time() - due))
        await desk.close()
    print(
        f"loop lag, {MANY} sessions, {WIDE} symbols, {count / 8:,.0f} quotes/s: p50 {centile(lags, 0.5) * 1e3:.1f} ms"
    )
    print(f"p99 {centile(lags, 0.99) * 1e3:.1f} ms, max {max(lags) * 1e3:.1f} ms")


async def test_memory_for_each_session() -> None:
    floor = await Floor().open()
    await floor.session(strategy=RULE)
    gc.collect()
    tracemalloc.start()
    for _ in range(MANY):
        await floor.session(strategy=RULE)
    gc.collect()
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    kept = sum(len(batch.bars) for kept in floor.store.kept.values() for batch in kept.batches)
    print(f"\nmemory for each session: {used / MANY / 1e6:.2f} MB with {kept / MANY:.0f} bars in the store's double")
    await floor.close()


async def test_restart_with_ten_thousand_orders(tmp_path: Path) -> None:
    clock = FakeClock()
    with Storage.open(tmp_path) as storage:
        floor = await Floor(storage, clock=clock).open()
        session_id = await floor.session()
        await floor.quote(105)
        floor.desk._beat.cancel()  # type: ignore[union-attr] # it would take the filling for a stall and pause
        runner = floor.runner(session_id)
        for _ in range(50):
            answers = []
            for _ in range(100):
                answers += [
                    runner.order(PlaceOrder("SPY", Side.BUY, D(1), OrderKind.LIMIT, D(90))),
                    runner.order(PlaceOrder("SPY", Side.BUY, D(1), OrderKind.LIMIT, D(91))),
                ]
                answers += [runner.order(CancelOrder(order_id)) for order_id in list(runner.unit.core.orders)[:-1]]
            await asyncio.gather(*answers)
            await floor.tick(60)
        count = len(storage.reader().orders(session_id, limit=100_000))
        await floor.close()
    gc.collect()
    begin = time.perf_counter()
    with Storage.open(tmp_path) as storage:
        again = await Floor(storage, clock=clock).open()
        seconds = time.perf_counter() - begin
        state = again.state(session_id)
        await again.close()
    assert count >= 10_000
    assert clock.at > T0 + MINUTE
    print(f"\nrestart with {count:,} orders to {state}: {seconds:.2f} s")

"""The simulated market: the same for the same seed, one with its history, lively enough to show how Assay works."""

from __future__ import annotations

import asyncio
import itertools
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.errors import FieldError, NotFound
from desktop.domain.instruments import AssetClass
from desktop.domain.market import TIMEFRAMES, Bar, FeedOrigin, Quote, Trade
from desktop.domain.strategy_text import parse_strategy
from desktop.feeds.listings import LISTINGS
from desktop.feeds.simulated_price import CALM, STORM, SimulatedPrice, day_volume
from desktop.feeds.simulator import (
    BENCHMARK,
    DEMO_SEED,
    DEMO_SYMBOLS,
    GRID,
    MOST_STEPS,
    STEP,
    MarketSimulator,
)
from desktop.market.hub import Hub
from desktop.resources import resource_path
from desktop.rules.compile import compile_rule
from desktop.rules.nodes import Role, Verdict
from tests.helpers.market import START, FakeClock, Heard, closed_bars, drained

SYMBOLS = tuple(item.instrument.symbol for item in LISTINGS)


def simulator(seed: int = 1, now: int = START, position: object = None) -> MarketSimulator:
    return MarketSimulator(seed, FakeClock(now), position=position)  # type: ignore[arg-type]  # a mapping or None


# the same market ---------------------------------------------------------------------------------------------------
@settings(max_examples=8, deadline=None)
@given(parts=st.lists(st.integers(0, 90), min_size=1, max_size=6))
def test_the_same_seed_gives_the_same_ticks_however_they_are_asked_for(parts: list[int]) -> None:
    one, other = simulator(), simulator()
    pieces = [tick for part in parts for tick in one.step(part)]
    assert pieces == other.step(sum(parts))
    assert one.position() == other.position()


def test_another_seed_gives_another_market() -> None:
    assert simulator(1).step(5) != simulator(2).step(5)


@pytest.mark.parametrize("passed", [0, 3, 32, 1_001])
def test_a_restart_from_its_position_goes_on_exactly(passed: int) -> None:
    first = simulator()
    first.step(passed)
    again = simulator(seed=99, now=first.at(first.ordinal), position=first.position())
    assert again.at(again.ordinal) == first.at(first.ordinal)
    assert again.step(50) == first.step(50)


def test_after_a_night_the_prices_go_on_where_they_were() -> None:
    first = simulator()
    first.step(123)
    again = simulator(now=START + 8 * 3_600_000_000 + 1_234_567, position=first.position())
    asked, wanted = ([tick[2:4] for tick in market.step(40) if isinstance(tick, Quote)] for market in (again, first))
    assert asked == wanted
    assert again.at(again.ordinal) % STEP == 0


def test_bars_of_five_seconds_begin_with_every_twentieth_ordinal() -> None:
    for now in (START, START + 1, START + 4_999_999):
        market = simulator(now=now)
        assert market.at(0) == START
        market.step(7)
        restarted = simulator(now=now, position=market.position())
        assert restarted.at(0) % GRID == 0
        assert 0 <= restarted.at(7) - now < GRID


# its history -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("symbol", ["NOVA", "HANBIT", "COINA/USD"])
def test_history_is_the_path_that_the_steps_then_take(symbol: str) -> None:
    market = simulator()
    hub = Hub("test", market.instruments())
    before = market.history_now(symbol, "5s", 12)
    hub.watch(symbol, "5s", before)
    for tick in market.step(20 * 30):
        if isinstance(tick, Quote):
            hub.on_quote(tick)
        else:
            hub.on_trade(tick)
    clock = FakeClock(market.at(market.ordinal))
    hub.advance(clock.now())
    lived = [bar for bar in closed_bars(drained(hub)) if bar.symbol == symbol]
    market._clock = clock
    told = market.history_now(symbol, "5s", 30)
    assert [bar[:7] for bar in lived] == [bar[:7] for bar in told]
    assert [bar.volume for bar in lived] == pytest.approx([bar.volume for bar in told])
    assert market.history_now(symbol, "5s", 42)[:12] == before


@pytest.mark.parametrize("timeframe", list(TIMEFRAMES))
def test_history_of_every_timeframe_is_sound_and_ends_before_now(timeframe: str) -> None:
    market = simulator()
    bars = market.history_now("NOVA", timeframe, 50)
    assert len(bars) == 50
    assert START - TIMEFRAMES[timeframe] < bars[-1].end <= START
    for earlier, later in itertools.pairwise(bars):
        assert earlier.end == later.start
    for bar in bars:
        assert 0 < bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high
        assert bar.volume >= 0


def test_every_timeframe_shows_the_same_past() -> None:
    market = simulator()
    hours, minutes = market.history_now("TERN", "1h", 5), market.history_now("TERN", "1m", 300)
    opens = {bar.start: bar.open for bar in minutes}
    assert [opens[bar.start] for bar in hours] == [bar.open for bar in hours]


def test_what_the_market_does_not_have_is_refused() -> None:
    with pytest.raises(NotFound, match="XXX"):
        simulator().history_now("XXX", "1m", 5)
    with pytest.raises(FieldError, match="7m"):
        simulator().history_now("NOVA", "7m", 5)


# its prices --------------------------------------------------------------------------------------------------------
def test_the_instruments_are_shares_in_two_currencies_and_coins_and_say_that_they_are_simulated() -> None:
    items = {item.symbol: item for item in simulator().instruments()}
    assert all("simulated" in item.name.lower() for item in items.values())
    assert all(item.calendar == "always" for item in items.values())
    assert sum(item.currency == "USD" and item.asset_class is AssetClass.SHARE for item in items.values()) >= 5
    korean = [item for item in items.values() if item.currency == "KRW"]
    assert korean
    assert all(item.tick >= 1 for item in korean)
    coins = [item for item in items.values() if item.asset_class is AssetClass.CRYPTO]
    assert {item.lot for item in coins} == {Decimal("0.00000001")}
    assert {BENCHMARK, *DEMO_SYMBOLS} <= set(items)


@pytest.mark.parametrize("seed", [1, 2, DEMO_SEED])
def test_every_quote_is_sound_and_on_the_tick(seed: int) -> None:
    market = simulator(seed)
    hub = Hub("test", market.instruments())
    for symbol in SYMBOLS:
        hub.watch(symbol)
    items = {item.symbol: item for item in market.instruments()}
    for tick in market.step(400):
        item = items[tick.symbol]
        if isinstance(tick, Trade):
            hub.on_trade(tick)
            continue
        hub.on_quote(tick)
        assert tick.bid < tick.ask
        for price in (tick.bid, tick.ask):
            assert float(item.price(price)) == price
        for size in (tick.bid_size, tick.ask_size):
            assert size > 0
    assert all(hub.cache(symbol).dropped_total == 0 for symbol in SYMBOLS)
    assert all(hub.cache(symbol).accepted == 400 for symbol in SYMBOLS)
    assert all(hub.cache(symbol).volume > 0 for symbol in SYMBOLS)


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda item: item.instrument.symbol)
def test_prices_move_but_stay_in_bounds_over_days(listing: object) -> None:
    assert isinstance(listing, type(LISTINGS[0]))
    price = SimulatedPrice(3, listing)
    ordinals = np.arange(-40_000, 40_000, dtype=np.int64) * 20
    path = price.path(ordinals, np.ones(len(ordinals)))
    moves = np.diff(np.log(path.mid))
    assert 1e-4 < moves.std() < 5e-3
    assert listing.start / 3 < path.mid.min() < listing.start < path.mid.max() < listing.start * 3
    quick = np.abs(moves)
    assert np.corrcoef(quick[:-1], quick[1:])[0, 1] > 0.05  # a lively moment follows a lively moment


def test_spreads_widen_and_more_is_traded_when_the_market_is_lively() -> None:
    price = SimulatedPrice(5, LISTINGS[0])
    ordinals = np.arange(0, 200_000, dtype=np.int64)
    volatility = price.volatility(ordinals)
    path = price.path(ordinals, np.ones(len(ordinals)))
    assert volatility.min() >= CALM
    assert volatility.max() <= STORM
    lively, calm = volatility > 1.6, volatility < 0.8
    spread = path.ask - path.bid
    assert spread[lively].mean() > 1.3 * spread[calm].mean()
    assert (path.printed[lively] > 0).mean() > 1.3 * (path.printed[calm] > 0).mean()


def test_the_day_is_busiest_at_its_ends() -> None:
    hours = START // 86_400_000_000 * 86_400_000_000 + np.arange(24, dtype=np.int64) * 3_600_000_000
    busy = day_volume(hours)
    assert busy[0] > busy[6] > busy[12] < busy[18] < busy[23]


# as time passes ----------------------------------------------------------------------------------------------------
def test_ticks_come_as_the_clock_goes_on() -> None:
    clock, heard = FakeClock(START + 1_100_000), Heard()
    market = MarketSimulator(1, clock)
    assert market.play(heard) == 5  # 0 to 1 s
    assert {quote.at for quote in heard.quotes} == {START + number * STEP for number in range(5)}
    assert market.play(heard) == 0
    clock.pass_seconds(2)
    assert market.play(heard) == 8
    assert len(heard.quotes) == 13 * len(SYMBOLS)
    assert heard.trades


def test_fault_26_a_market_that_slept_goes_on_without_the_steps_in_between() -> None:
    clock, heard = FakeClock(), Heard()
    market = MarketSimulator(1, clock)
    market.play(heard)
    ordinal = market.ordinal
    clock.pass_seconds(3_600)
    assert market.play(heard) == 0
    clock.pass_seconds(5)
    assert 0 < market.play(heard) <= MOST_STEPS
    assert market.ordinal - ordinal <= 21
    assert heard.quotes[-1].at <= clock.now()
    assert heard.quotes[-1].at > clock.now() - GRID


async def test_it_runs_until_it_is_stopped() -> None:
    market, heard = simulator(), Heard()
    assert market.origin == FeedOrigin.DEMO
    market.subscribe("NOVA")
    market.unsubscribe("NOVA")
    await market.stop()
    await market.start(heard)
    await asyncio.sleep(0)
    await market.stop()
    assert heard.states == [("connected", "simulated prices")]
    assert len(heard.quotes) == len(SYMBOLS)
    assert await market.history("NOVA", "1m", 3) == market.history_now("NOVA", "1m", 3)


# the demonstration -------------------------------------------------------------------------------------------------
def _verdicts(symbol: str, seconds: int) -> tuple[list[Verdict], list[Verdict], list[Bar]]:
    """Return what the demo's rules say at each bar closing after the start, and the bars."""
    strategy = parse_strategy(resource_path("strategies/demo_dip.toml").read_text(encoding="utf-8"))
    assert strategy.timeframe == "5s"
    rules = [
        compile_rule(text, role=role, parameters=dict(strategy.parameters), timeframe="5s")
        for text, role in ((strategy.entry, Role.ENTRY), (strategy.exit, Role.EXIT))
    ]
    market = simulator(DEMO_SEED)
    hub = Hub("test", market.instruments())
    evaluator = hub.follow(symbol, "5s", market.history_now(symbol, "5s", 420), rules)
    entries, exits, bars = [], [], []
    for _ in range(seconds // 5):
        for tick in market.step(20):
            if isinstance(tick, Quote):
                hub.on_quote(tick)
        hub.advance(market.at(market.ordinal))
        bars += closed_bars(drained(hub))
        entries.append(evaluator.verdict(rules[0]))
        exits.append(evaluator.verdict(rules[1]))
    return entries, exits, bars


def test_a_newcomer_sees_an_entry_within_half_a_minute_and_an_exit_within_another() -> None:
    entries, exits, bars = _verdicts(DEMO_SYMBOLS[0], 90)
    entry = entries.index(Verdict.TRUE)  # judged 5 s * (entry + 1) after the grid line before the start
    assert 5 * (entry + 1) - 5 >= 10
    assert 5 * (entry + 1) <= 25
    leave = next(index for index in range(entry + 2, len(exits)) if exits[index] is Verdict.TRUE)
    assert 5 * (leave - entry) <= 60
    assert bars[leave].close > bars[entry + 2].close * 1.003  # the dip recovers, fees included


def test_the_first_signal_is_that_of_the_first_symbol() -> None:
    first = [_verdicts(symbol, 60)[0] for symbol in DEMO_SYMBOLS]
    when = [entries.index(Verdict.TRUE) if Verdict.TRUE in entries else 99 for entries in first]
    assert min(when) == when[0]

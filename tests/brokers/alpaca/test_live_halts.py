"""Trading halts on their way from Alpaca's price stream to a session on an account there (fault 24)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from desktop.domain.events import Blocked, Warned
from desktop.domain.risk import Check
from desktop.domain.strategies import Protection
from desktop.feeds.alpaca_feed import AlpacaFeed
from tests.brokers.alpaca.floor import Waits
from tests.brokers.alpaca.test_live_session import AlpacaFloor, floor_at_alpaca
from tests.helpers.standins.alpaca import AlpacaStandin
from tests.helpers.trading_floor import D, strategy


@asynccontextmanager
async def on_alpacas_prices() -> AsyncIterator[tuple[AlpacaFloor, AlpacaStandin]]:
    """Yield a live floor whose prices come from the stand-in, too."""
    async with floor_at_alpaca() as (floor, standin):
        feed = AlpacaFeed(standin.key_id, standin.secret, clock=floor.clock, url=standin.url, pause=Waits())
        await feed.open()
        floor.feeds.real["alpaca"] = feed
        yield floor, standin


async def halted(floor: AlpacaFloor, session_id: str) -> None:
    await floor.until(lambda: "SPY" in floor.runner(session_id).unit.core.halts)


def sentences(floor: AlpacaFloor) -> list[str]:
    return [fact.sentence for fact in floor.told(Warned) if fact.topic == "halt"]


async def close_bar(floor: AlpacaFloor, standin: AlpacaStandin, bid: str, ask: str) -> None:
    """Let a bar of a minute close at a price that comes by Alpaca's stream."""
    rig = floor.desk._shelf.found("alpaca")
    floor.clock.move(10)
    seen = rig.hub.cache("SPY").accepted
    standin.price("SPY", bid, ask)
    await floor.until(lambda: rig.hub.cache("SPY").accepted > seen)
    floor.clock.at += 60_000_000 - floor.clock.at % 60_000_000
    rig._tick()
    await floor.settle()


async def test_fault_24_a_halt_of_the_feed_blocks_entries_and_its_end_lets_the_next_one_go() -> None:
    async with on_alpacas_prices() as (floor, standin):
        session_id = await floor.running(feed="alpaca")
        await floor.until(lambda: any("SPY" in one.topics.get("statuses", ()) for one in standin.channels))
        standin.halt("SPY")
        await halted(floor, session_id)
        await close_bar(floor, standin, "98.99", "99.00")
        assert [fact.block.check for fact in floor.told(Blocked)] == [Check.HALT]
        assert not standin.ledger.posts
        standin.resume("SPY")
        await floor.until(lambda: len(sentences(floor)) == 2)
        await close_bar(floor, standin, "101.00", "101.02")
        await close_bar(floor, standin, "98.99", "99.00")
        await floor.until(lambda: floor.held(session_id) == 10)
        assert sentences(floor) == [
            "Trading in SPY is halted: Trading Halt (T12). Exits and stops are held and stay armed.",
            "Trading in SPY goes on.",
        ]


async def holding(floor: AlpacaFloor, standin: AlpacaStandin, **changes: Any) -> str:
    session_id = await floor.running(feed="alpaca", strategy=strategy(**changes))
    await floor.until(lambda: any("SPY" in one.topics.get("statuses", ()) for one in standin.channels))
    await close_bar(floor, standin, "98.99", "99.00")
    await floor.until(lambda: floor.held(session_id) == 10)
    standin.halt("SPY")
    await halted(floor, session_id)
    return session_id


async def test_fault_24_in_a_halt_of_the_feed_the_stop_stays_armed_and_fires_after_it() -> None:
    async with on_alpacas_prices() as (floor, standin):
        session_id = await holding(floor, standin, protection=Protection(trailing_stop=D(5)))
        await close_bar(floor, standin, "90.00", "90.02")
        (trigger,) = floor.runner(session_id).unit.core.triggers.values()
        assert trigger.held_by == "trading halt"
        assert len(standin.ledger.posts) == 1
        standin.resume("SPY")
        await floor.until(lambda: len(sentences(floor)) == 2)
        floor.clock.move(1)
        standin.price("SPY", "90.00", "90.02")
        await floor.until(lambda: floor.held(session_id) == 0)


async def test_fault_24_in_a_halt_of_the_feed_the_exit_of_a_rule_is_held_said_so_and_goes_after_it() -> None:
    async with on_alpacas_prices() as (floor, standin):
        session_id = await holding(floor, standin)
        await close_bar(floor, standin, "111.00", "111.02")
        (card,) = floor.desk.signals()
        assert card.signal.held_by == "trading halt"
        assert [(fact.what, fact.block.check) for fact in floor.told(Blocked)] == [("rule exit", Check.HALT)]
        assert len(standin.ledger.posts) == 1
        standin.resume("SPY")
        await floor.until(lambda: floor.held(session_id) == 0)

"""A market feed that was given up (its credentials were refused) is opened anew under the sessions that are on it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from desktop.domain.broker_errors import NotSent
from desktop.engine.feed_shelf import FeedShelf
from desktop.market.hub import Hub
from desktop.ports import MarketFeed
from tests.helpers.fake_clock import FakeClock
from tests.helpers.scripted_feed import ScriptedFeed


class Market:
    """Opens a feed each time it is asked, and notes what each was asked to tell."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.feeds: list[ScriptedFeed] = []
        self.subscribed: list[tuple[int, str]] = []
        self.refuses = False

    async def open(self, key: str, _: Mapping[str, object]) -> tuple[MarketFeed, Hub]:
        if self.refuses:
            raise NotSent("Alpaca does not accept the credentials.")
        number = len(self.feeds)
        feed = ScriptedFeed(self.clock)
        self.feeds.append(feed)
        hub = Hub(key, feed.instruments())
        hub.on_subscribe = lambda symbol: self.subscribed.append((number, symbol))
        return feed, hub


@pytest.fixture
def market() -> Market:
    return Market()


@pytest.fixture
def shelf(market: Market) -> FeedShelf:
    return FeedShelf(market.open, market.clock, on_moved=lambda *_: None, on_state=lambda *_: None)


async def test_a_feed_that_was_given_up_goes_on_with_other_credentials(market: Market, shelf: FeedShelf) -> None:
    rig = await shelf.rig("alpaca", {})
    rig.hub.watch("SPY")
    await rig.start()
    first = market.feeds[0]
    assert first.listener is rig.hub
    rig.hub.on_state("ended", "Alpaca does not accept the credentials.")
    await shelf.renew()
    assert (first.stops, market.feeds[1].starts) == (1, 1)
    assert market.feeds[1].listener is rig.hub, "sessions keep their places"
    assert market.subscribed == [(0, "SPY"), (1, "SPY")]
    assert rig.state == "connected"
    rig.hub.watch("QQQ")
    assert market.subscribed[-1] == (1, "QQQ")
    await shelf.stop()


async def test_a_feed_that_runs_and_a_recording_that_is_over_are_left_alone(market: Market, shelf: FeedShelf) -> None:
    for key in ("alpaca", "replay:/data/spy.csv"):
        await (await shelf.rig(key, {}, "s-1")).start()
    shelf.found("replay:/data/spy.csv", "s-1").hub.on_state("ended", "The recording is over.")
    await shelf.renew()
    assert len(market.feeds) == 2
    await shelf.stop()


async def test_what_cannot_be_opened_stays_as_it_was_and_is_told(market: Market, shelf: FeedShelf) -> None:
    rig = await shelf.rig("alpaca", {})
    await rig.start()
    rig.hub.on_state("ended", "refused")
    market.refuses = True
    with pytest.raises(NotSent):
        await shelf.renew()
    assert rig.feed is market.feeds[0]
    assert rig.state == "ended"
    market.refuses = False
    await shelf.renew()
    assert rig.state == "connected"
    await shelf.stop()

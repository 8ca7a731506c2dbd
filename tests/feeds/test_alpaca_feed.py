from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest

from desktop.domain.broker_errors import BrokerFault, CredentialsRefused
from desktop.domain.errors import FieldError
from desktop.domain.market import MINUTE, Bar, Quote, Trade
from desktop.feeds.alpaca_feed import AlpacaFeed, open_alpaca_feed
from desktop.market.hub import Hub
from desktop.ports import MarketFeed
from tests.helpers.fake_clock import T0, FakeClock
from tests.helpers.standins import openapi
from tests.helpers.standins.alpaca import AlpacaStandin

PATIENCE = 20.0


class Ear:
    """Implements `ports.FeedListener` and remembers."""

    def __init__(self) -> None:
        self.quotes: list[Quote] = []
        self.trades: list[Trade] = []
        self.states: list[tuple[str, str]] = []
        self.halts: list[tuple[str, str]] = []
        self._heard = asyncio.Event()

    def on_quote(self, quote: Quote) -> None:
        self.quotes.append(quote)
        self._heard.set()

    def on_trade(self, trade: Trade) -> None:
        self.trades.append(trade)
        self._heard.set()

    def on_bars(self, bars: Sequence[Bar]) -> None:
        raise AssertionError("the feed has quotes")

    def on_halt(self, symbol: str, reason: str, at: int) -> None:
        self.halts.append((symbol, reason))
        self._heard.set()

    def on_state(self, state: str, detail: str) -> None:
        self.states.append((state, detail))
        self._heard.set()

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._heard.clear()
                await self._heard.wait()

    def said(self, state: str) -> list[str]:
        return [detail for one, detail in self.states if one == state]


async def no_pause(seconds: float) -> None:
    await asyncio.sleep(0)


async def eventually(condition: Callable[[], object]) -> None:
    """Let the loop turn until `condition()` holds: neither the hub nor a socket tells when that is."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - there is nothing to wait for, see above
            await asyncio.sleep(0)


@asynccontextmanager
async def prices(
    *symbols: str, contract: bool = True, **options: Any
) -> AsyncIterator[tuple[AlpacaStandin, AlpacaFeed, Ear, FakeClock]]:
    clock = FakeClock()
    async with AlpacaStandin(clock=clock, contract=contract and not openapi.missing()) as standin:
        given: dict[str, Any] = {"key_id": standin.key_id, "secret": standin.secret, "pause": no_pause, **options}
        feed, ear = AlpacaFeed(clock=clock, url=standin.url, **given), Ear()
        for symbol in symbols:
            feed.subscribe(symbol)
        try:
            yield standin, feed, ear, clock
        finally:
            await feed.stop()


def hears(standin: AlpacaStandin, *symbols: str) -> Callable[[], bool]:
    """Whether the stand-in was asked for quotes of exactly these symbols."""
    return lambda: [one.topics.get("quotes") for one in standin.channels if one.name == "data"] == [set(symbols)]


async def heard_by(standin: AlpacaStandin, *symbols: str) -> None:
    await eventually(hears(standin, *symbols))


async def test_quotes_and_trades_of_what_is_wanted_arrive_with_the_exchanges_time() -> None:
    async with prices("SPY") as (standin, feed, ear, clock):
        held: MarketFeed = feed
        await held.start(ear)
        await heard_by(standin, "SPY")
        standin.price("SPY", "100.00", "100.02")
        standin.price("QQQ", "50.00", "50.02")
        standin.trade("SPY", "100.01", 25)
        await ear.until(lambda: ear.trades)
        assert ear.quotes == [Quote("SPY", clock.now(), 100.0, 100.02, 100.0, 100.0)]
        assert ear.trades == [Trade("SPY", clock.now(), 100.01, 25.0, "V1")]
        assert ear.states == [("connected", "Alpaca: IEX prices in real time")]


async def test_symbols_come_and_go_on_the_running_stream() -> None:
    async with prices("SPY") as (standin, feed, ear, _):
        await feed.start(ear)
        feed.subscribe("QQQ")
        feed.subscribe("AAPL")
        await heard_by(standin, "SPY", "QQQ", "AAPL")
        feed.unsubscribe("SPY")
        await heard_by(standin, "QQQ", "AAPL")
        standin.price("SPY", "100.00", "100.02")
        standin.price("QQQ", "50.00", "50.02")
        await ear.until(lambda: ear.quotes)
        assert [quote.symbol for quote in ear.quotes] == ["QQQ"]


async def test_fault_20_a_cut_stream_is_told_and_asks_for_the_same_symbols_again() -> None:
    async with prices("SPY") as (standin, feed, ear, _):
        await feed.start(ear)
        await heard_by(standin, "SPY")
        standin.drop_sockets()
        await ear.until(lambda: len(ear.said("connected")) == 2)
        assert "cut" in ear.said("reconnecting")[0]
        await heard_by(standin, "SPY")
        standin.price("SPY", "100.00", "100.02")
        await ear.until(lambda: ear.quotes)


async def test_fault_20_a_stream_that_is_open_and_silent_is_opened_anew() -> None:
    async with prices("SPY", heartbeat=0.02, patience=0.5) as (standin, feed, ear, _):
        await feed.start(ear)
        await heard_by(standin, "SPY")
        standin.silence()
        await ear.until(lambda: ear.said("reconnecting"))
        standin.speak()
        await ear.until(lambda: len(ear.said("connected")) >= 2)
        assert "silent" in ear.said("reconnecting")[0]


async def test_prices_that_were_missed_go_into_the_bars_that_are_still_forming() -> None:
    async with prices("SPY") as (standin, feed, _, clock):
        await feed.open()
        hub = Hub("alpaca", feed.instruments())
        hub.on_subscribe, hub.on_unsubscribe = feed.subscribe, feed.unsubscribe
        states: list[str] = []
        hub.on_feed_state = lambda state, _: states.append(state)
        hub.watch("SPY", "5m")
        await feed.start(hub)
        await heard_by(standin, "SPY")
        start = clock.at = T0 // (5 * MINUTE) * 5 * MINUTE
        standin.price("SPY", "100.00", "100.00")
        await standin.settled()
        await eventually(lambda: hub.forming("SPY", "5m"))
        standin.drop_sockets()
        await eventually(lambda: "reconnecting" in states)
        standin.bar("SPY", at=start + MINUTE, o="100", h="107", l="93", c="101")
        clock.move(200)
        await heard_by(standin, "SPY")
        standin.price("SPY", "102.00", "102.00")
        await eventually(lambda: _range(hub) == (107.0, 93.0, 102.0))


def _range(hub: Hub) -> tuple[float, float, float]:
    bar = hub.forming("SPY", "5m")
    return (0.0, 0.0, 0.0) if bar is None else (bar.high, bar.low, bar.close)


async def test_one_sided_quotes_and_what_cannot_be_read_are_left_out() -> None:
    async with prices("SPY") as (standin, feed, ear, _):
        await feed.start(ear)
        await heard_by(standin, "SPY")
        one_sided = {
            "T": "q",
            "S": "SPY",
            "bp": 0,
            "bs": 0,
            "ap": 100.5,
            "as": 1,
            "t": "2026-11-20T15:00:00.123456789Z",
        }
        for broken in ([one_sided], [{"T": "q", "S": "SPY"}], ["what"], {"no": "list"}):
            standin.emit("data", broken, ("quotes", "SPY"))
        standin.price("SPY", "100.00", "100.02")
        await ear.until(lambda: ear.quotes)
        assert [quote.bid for quote in ear.quotes] == [100.0]
        assert len(ear.said("connected")) == 1


async def test_too_many_symbols_are_told_and_the_stream_goes_on() -> None:
    async with prices("SPY") as (standin, feed, ear, _):
        await feed.start(ear)
        await heard_by(standin, "SPY")
        for number in range(20):
            feed.subscribe(f"S{number}")
        await ear.until(lambda: len(ear.said("connected")) == 2)
        assert "allows no more symbols" in ear.said("connected")[1]
        standin.price("SPY", "100.00", "100.02")
        await ear.until(lambda: ear.quotes)


async def test_a_second_connection_is_refused_with_its_reason_and_tried_again() -> None:
    async with prices("SPY") as (standin, feed, ear, clock):
        await feed.start(ear)
        second, other = AlpacaFeed(standin.key_id, standin.secret, clock=clock, url=standin.url, pause=no_pause), Ear()
        await second.start(other)
        assert "one connection" in other.said("reconnecting")[0]
        await feed.stop()
        await other.until(lambda: other.said("connected"))
        await second.stop()


async def test_a_plan_that_is_not_paid_for_ends_the_stream_with_a_sentence() -> None:
    async with prices("SPY", plan="sip") as (_, feed, ear, _clock):
        await feed.start(ear)
        assert "does not include these prices" in ear.said("ended")[0]
        assert not ear.said("connected")


async def test_fault_19_refused_credentials_end_the_stream_and_are_told() -> None:
    async with prices("SPY", secret="wrong", contract=False) as (_, feed, ear, _clock):
        await feed.start(ear)
        await ear.until(lambda: ear.said("ended"))
        assert "does not accept the credentials" in ear.said("ended")[0]
        with pytest.raises(CredentialsRefused):
            await feed.open()


async def test_without_a_connection_the_feed_starts_and_says_so() -> None:
    async with prices("SPY", contract=False) as (standin, _, ear, clock):
        gone = AlpacaFeed(standin.key_id, standin.secret, clock=clock, url="http://127.0.0.1:9", pause=no_pause)
        await gone.start(ear)
        assert "cannot be reached" in ear.said("reconnecting")[0]
        await gone.stop()
        with pytest.raises(BrokerFault):
            await open_alpaca_feed(
                standin.key_id, standin.secret, clock=clock, url="http://127.0.0.1:9", pause=no_pause
            )


async def test_the_feed_knows_the_shares_that_can_be_traded() -> None:
    async with prices() as (standin, feed, _, _clock):
        standin.list_asset("GONE", tradable=False)
        standin.list_asset("WHOLE", fractionable=False)
        await feed.open()
        found = {item.symbol: item for item in feed.instruments()}
        assert "GONE" not in found
        assert (found["WHOLE"].lot, found["SPY"].lot) == (Decimal(1), Decimal("1E-9"))
        assert found["SPY"].calendar == "XNYS"
        assert feed.position() == {}


async def test_fault_24_a_halt_and_its_resumption_are_told_with_the_reason() -> None:
    async with prices("SPY") as (standin, feed, ear, _):
        await feed.start(ear)
        await eventually(lambda: any("SPY" in one.topics.get("statuses", ()) for one in standin.channels))
        standin.halt("SPY")
        standin.data.say_status("SPY", "Q", "Quotation Resumption")  # quotes only: not yet
        standin.data.say_status("SPY", "E", "Short Sale Restriction")
        standin.emit("data", [{"T": "s", "S": "SPY"}], ("statuses", "SPY"))
        await ear.until(lambda: ear.halts)
        standin.resume("SPY")
        await ear.until(lambda: len(ear.halts) == 2)
        assert ear.halts == [("SPY", "Trading Halt (T12)"), ("SPY", "")]


async def test_fault_24_a_resumption_while_nobody_listened_is_seen_by_the_first_trade() -> None:
    async with prices("SPY") as (standin, feed, ear, clock):
        await feed.start(ear)
        await heard_by(standin, "SPY")
        await eventually(lambda: any("SPY" in one.topics.get("statuses", ()) for one in standin.channels))
        standin.halt("SPY")
        await ear.until(lambda: ear.halts)
        standin.trade("SPY", "100.01")  # reported late: it was made before the halt
        await ear.until(lambda: ear.trades)
        assert len(ear.halts) == 1
        standin.drop_sockets()
        await ear.until(lambda: len(ear.said("connected")) == 2)
        await heard_by(standin, "SPY")
        clock.move(60)
        standin.trade("SPY", "100.01")
        await ear.until(lambda: len(ear.halts) == 2)
        assert ear.halts[1] == ("SPY", "")


def test_there_is_no_third_plan() -> None:
    with pytest.raises(FieldError):
        AlpacaFeed("key", "secret", "gold", clock=FakeClock())


async def test_the_secret_is_not_shown() -> None:
    async with prices("SPY", secret="canary-9f3", contract=False) as (_, feed, ear, _clock):
        await feed.start(ear)
        assert "canary-9f3" not in repr(feed) + repr(vars(feed)["_past"]) + repr(ear.states)

"""The lamps of the status bar: each connection on its own, the worst of them on top; and what is at stake."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from desktop.domain.broker import AccountRef, LinkState
from desktop.domain.market import SECOND
from desktop.domain.sessions import SessionState
from desktop.engine.status import _account_lamp, _all_feeds, _badge, _broker_lamp, _feed_lamps, priceless
from desktop.engine.views import Health
from tests.helpers import live_rows

NOW = 1_000 * SECOND


def rig(state: str = "live", age: int = 0, detail: str = "") -> Any:
    return SimpleNamespace(state=state, state_detail=detail, last_burst_at=NOW - age, now=lambda: NOW)


def shelf(**rigs: Any) -> Any:
    return SimpleNamespace(rigs=lambda: {name.replace("__", ":"): made for name, made in rigs.items()})


def test_a_feed_that_stands_still_is_not_hidden_by_the_demo_that_runs() -> None:
    lamps = _feed_lamps(shelf(simulator=rig(), alpaca=rig(age=40 * SECOND), ccxt__binance=rig()))
    assert [(lamp.name, lamp.health) for lamp in lamps] == [
        ("Feed simulator", Health.OK),
        ("Feed alpaca", Health.WAITING),
        ("Feed binance", Health.OK),
    ]
    whole = _all_feeds(lamps)
    assert (whole.name, whole.health, whole.text) == ("Feed", Health.WAITING, "40 s old")
    assert whole.detail == "alpaca: no price for 40 seconds."


def test_a_silent_feed_is_worse_than_an_old_price_and_an_ended_recording_is_no_trouble() -> None:
    lamps = _feed_lamps(shelf(simulator=rig(age=9 * SECOND), alpaca=rig("silent", detail="nothing for 20 s.")))
    assert (_all_feeds(lamps).health, _all_feeds(lamps).detail) == (Health.BAD, "alpaca: nothing for 20 s.")
    lamps = _feed_lamps(shelf(alpaca=rig("ended", detail="Alpaca does not accept the credentials.")))
    assert (lamps[0].health, lamps[0].text) == (Health.BAD, "no prices")
    assert lamps[0].detail == "alpaca: Alpaca does not accept the credentials."
    lamps = _feed_lamps(shelf(simulator=rig(), replay__=rig("ended")))
    assert _all_feeds(lamps).health is Health.OK
    assert _all_feeds(lamps[1:]).text == "ended"
    assert _all_feeds(()).text == "none"


def runner(name: str, feed: str, status: SessionState = SessionState.RUNNING) -> Any:
    settings = SimpleNamespace(name=name, feed=feed)
    return SimpleNamespace(settings=settings, unit=SimpleNamespace(core=SimpleNamespace(status=status)))


def test_sessions_whose_market_gives_no_prices_are_named_with_what_that_means() -> None:
    lost = shelf(simulator=rig(), ccxt__binance=rig("reconnecting", age=9 * SECOND, detail="the network is away."))
    sessions = [runner("Dips", "ccxt:binance"), runner("Demo", "simulator"), runner("Trend", "ccxt:binance")]
    assert priceless(sessions, lost).startswith(
        "NO PRICES from binance (the network is away): Dips and 1 more cannot trade, and stops that Assay watches"
    )
    assert priceless([runner("Dips", "ccxt:binance", SessionState.STOPPED)], lost) == ""
    assert priceless(sessions, shelf(ccxt__binance=rig("reconnecting", age=2 * SECOND))) == ""  # a short break
    assert priceless(sessions, shelf(ccxt__binance=rig(age=40 * SECOND))) == ""  # a quiet market is no trouble


def test_a_long_recording_is_named_by_its_file() -> None:
    found = _feed_lamps(
        cast("Any", SimpleNamespace(rigs=lambda: {"replay:/data/a_very_long_name_of_a_file.csv": rig()}))
    )
    assert found[0].name == "Feed a_very_long_name_…"


def test_each_account_says_how_its_own_connection_is() -> None:
    second = AccountRef("alpaca-paper", "practice")
    views = (
        live_rows.account(),
        live_rows.lost(ref=second),
        live_rows.account(ready=False),
        live_rows.account(state=LinkState.REFUSED, ready=False),
    )
    lamps = [_account_lamp(view) for view in views]
    assert [(lamp.name, lamp.text) for lamp in lamps] == [
        ("alpaca/main", "connected"),
        ("alpaca-paper/practice", "lost"),
        ("alpaca/main", "reconciling"),
        ("alpaca/main", "refused"),
    ]
    assert _broker_lamp(views[:2]).text == "lost (1 of 2)"
    assert _broker_lamp(()).text == "simulated"
    assert _broker_lamp(views, "Dip live does not trade.").text == "not served"


def test_the_badge_is_that_of_the_most_serious_session() -> None:
    def runner(**changes: Any) -> Any:
        core = SimpleNamespace(status=SessionState.RUNNING)
        return SimpleNamespace(unit=SimpleNamespace(core=core), settings=replace(live_rows.LIVE, **changes))

    paper, practice = runner(broker="simulated"), runner(broker="alpaca-paper")
    assert _badge([paper]) == "PAPER"
    assert _badge([paper, practice]) == "BROKER PAPER"
    assert _badge([paper, practice, runner()]) == "LIVE"
    assert _badge([]) == "DEMO"

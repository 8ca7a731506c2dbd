"""Paper trading on public crypto prices, without any account: the whole program against a stand-in of the exchange."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from desktop.app import Program, program
from desktop.domain.errors import EnvironmentFault, FieldError
from desktop.domain.market import FeedOrigin
from desktop.domain.sessions import StopChoice
from desktop.domain.strategies import Evaluate, Sizing, SizingKind
from desktop.engine.api import SessionDraft
from desktop.engine.clock import SystemClock
from tests.helpers.standins.crypto import BinanceStandin
from tests.helpers.standins.process import ROOT, StandinProcess
from tests.helpers.trading_floor import draft, strategy

D = Decimal
FEED = "ccxt:binance"


def dips(**changes: object) -> SessionDraft:
    """Buys 0.5 under 57,000 and sells over 63,000, judged at every quote; the past lies in between."""
    rules = strategy(
        entry="close < 57000",
        exit="close > 63000",
        evaluate=Evaluate.QUOTE,
        sizing=Sizing(SizingKind.FIXED_QUANTITY, D("0.5")),
    )
    values: dict[str, Any] = {"symbols": ("BTC/USDT",), "feed": FEED, "currency": "USDT", "tick_interval": 100_000}
    return draft(strategy=rules, **{**values, **changes})


@pytest.fixture
async def exchange() -> AsyncIterator[BinanceStandin]:
    async with BinanceStandin() as standin:
        standin.price("BTC/USDT", "60000.00", "60000.10")
        yield standin


async def until(running: Program, condition: Callable[[], object]) -> None:
    """Wait until a change that the desk tells of makes `condition` true."""
    changed = asyncio.Event()
    leave = running.desk.follow(lambda _: changed.set())
    try:
        async with asyncio.timeout(15):
            while not condition():
                changed.clear()
                await changed.wait()
    finally:
        leave()


async def passes(running: Program, exchange: BinanceStandin, level: int, condition: Callable[[], object]) -> None:
    """Let quotes pass one after the other until `condition` holds; rules look ten times a second."""
    async with asyncio.timeout(15):
        for bid in itertools.count(level):
            exchange.price("BTC/USDT", bid, bid + 1)
            await until(running, partial(heard, running, bid))
            if condition():
                return


def heard(running: Program, bid: int) -> bool:
    return bid in [row.bid for row in running.desk.watch()]


async def test_a_session_trades_on_the_prices_of_an_exchange_with_no_account(
    exchange: BinanceStandin, tmp_path: Path
) -> None:
    async with program(tmp_path, clock=SystemClock(), feed_url=exchange.url) as running:
        desk = running.desk
        await desk.open(demo=False)
        session_id = await desk.create_session(dips())
        row = desk.session(session_id)
        assert row is not None
        assert row.settings.origin == FeedOrigin.REAL_TIME
        assert row.settings.instruments[0].lot == D("0.00001")
        await exchange.connected(name="data")

        await passes(running, exchange, 56_000, desk.positions)
        await passes(running, exchange, 64_000, lambda: not desk.positions())
        row = desk.session(session_id)
        assert row is not None
        assert row.trades == 1
        assert row.cash > 103_900
        await desk.stop_session(session_id, StopChoice.KEEP)

    assert not exchange.requests  # nothing was signed, nothing private was asked
    assert (tmp_path / "cache" / "markets-binance.json").exists()


async def test_without_network_the_sentence_says_so_and_nothing_is_created(
    unused_tcp_port: int, tmp_path: Path
) -> None:
    async with program(tmp_path, clock=SystemClock(), feed_url=f"http://127.0.0.1:{unused_tcp_port}") as running:
        await running.desk.open(demo=False)

        with pytest.raises(EnvironmentFault, match=r"Binance cannot be reached\. Look at your network"):
            await running.desk.create_session(dips())

        assert not running.desk.sessions()


async def test_a_stored_session_comes_back_while_the_network_is_away_and_the_status_says_why(
    exchange: BinanceStandin, tmp_path: Path
) -> None:
    async with program(tmp_path, clock=SystemClock(), feed_url=exchange.url) as running:
        await running.desk.open(demo=False)
        session_id = await running.desk.create_session(dips())
        await exchange.connected(name="data")
    port = exchange.port
    await exchange.stop()

    async with program(tmp_path, clock=SystemClock(), feed_url=f"http://127.0.0.1:{port}") as running:
        await running.desk.open(demo=False)
        await until(running, lambda: "Binance cannot be reached" in running.desk.status().feed.detail)
        row = running.desk.session(session_id)
        assert row is not None
        assert row.state == "RUNNING"

        await exchange.start(port)
        await until(running, lambda: "cannot be reached" not in running.desk.status().feed.detail)


async def test_the_desk_offers_the_exchanges_and_checks_a_pair_before_it_is_opened(
    exchange: BinanceStandin, tmp_path: Path
) -> None:
    async with program(tmp_path, clock=SystemClock(), feed_url=exchange.url) as running:
        desk = running.desk
        await desk.open(demo=False)

        offered = {item.key: item for item in desk.feeds()}
        assert {"ccxt:binance", "ccxt:kraken", "ccxt:coinbase", "ccxt:okx"} <= offered.keys()
        assert offered[FEED].instruments[0].symbol == "BTC/USDT"
        assert desk.check_draft(dips()) == ()
        assert [error.field for error in desk.check_draft(dips(symbols=("BTC",)))] == ["symbols"]
        with pytest.raises(FieldError, match=r"The feed has no DOGE/USDT\. It has BTC/USDT"):
            await desk.create_session(dips(symbols=("DOGE/USDT",)))

        await desk.create_session(dips())
        assert len(next(item for item in desk.feeds() if item.key == FEED).instruments) == 3


def test_the_command_line_trades_on_an_exchange(tmp_path: Path) -> None:
    path = tmp_path / "dip.toml"
    path.write_text(
        'name = "Dip"\ntimeframe = "1m"\nentry = "close > 0"\nexit = "close < 0"\nevaluate = "quote"\n'
        '[sizing]\nkind = "fixed_quantity"\nvalue = 0.25\n'
    )
    module = "tests.helpers.standins.crypto"
    with StandinProcess(tmp_path / "ledger", module=module, price={"BTC/USDT": "60000,60001"}) as standin:
        command = [sys.executable, "-m", "desktop", "paper", str(path), "--feed", FEED, "--symbol", "BTC/USDT"]
        command += ["--feed-url", standin.url, "--data-dir", str(tmp_path / "data"), "--json"]
        child = subprocess.Popen(
            [*command, "--fills", "ideal", "--seconds", "4"],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        )
        standin.tell("connected", 1, "data")
        for step in range(10):
            standin.tell("price", "BTC/USDT", str(60_000 + step), str(60_001 + step))
        out, _ = child.communicate(timeout=60)

    found = json.loads(out)
    assert child.returncode == 0
    assert found["open_positions"] == 1
    assert D(found["cash"]) < 100_000 - 14_000

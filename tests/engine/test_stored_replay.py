"""A stored series as the feed of a session: created, run to its end, restored after a restart."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from desktop.app import feed_opener, program
from desktop.domain.errors import NotFound
from desktop.domain.market import SECOND
from desktop.domain.sessions import ExecutionMode, SessionState
from desktop.domain.strategies import Strategy
from desktop.engine.api import SessionDraft
from desktop.engine.charts import equity_view
from desktop.engine.clock import SystemClock
from desktop.market.history_report import ImportRequest
from desktop.ports import EquityPoint
from desktop.store.history_import import import_file
from tests.helpers.fake_clock import FakeClock
from tests.helpers.replay_files import write_bars

SWING = Strategy("Swing", "1h", "rsi(5) < 40", "rsi(5) > 60")


def stored(directory: Path, folder: Path) -> int:
    series = import_file(ImportRequest(directory, write_bars(folder), "S&P")).series
    assert series is not None
    return series.series_id


async def test_a_stored_series_is_opened_by_its_number_and_a_missing_one_is_said(tmp_path: Path) -> None:
    number = stored(tmp_path / "data", tmp_path)
    opened = feed_opener(FakeClock(), history=tmp_path / "data")
    feed, hub = await opened(f"replay:series:{number}", {})
    assert [item.symbol for item in feed.instruments()] == ["S&P"]
    assert hub.name == f"replay:series:{number}"
    with pytest.raises(NotFound, match="stored series '9'"):
        await opened("replay:series:9", {})


async def test_a_session_on_a_stored_series_trades_its_symbol_and_comes_back_after_a_restart(tmp_path: Path) -> None:
    directory = tmp_path / "data"
    number = stored(directory, tmp_path)
    feed = f"replay:series:{number}"
    draft = SessionDraft("Swing", SWING, ("S&P",), feed=feed, replay_speed=0.0, mode=ExecutionMode.AUTO)
    async with program(directory, clock=SystemClock(), resume=False) as running:
        await running.desk.open()
        changed = asyncio.Event()
        running.desk.follow(lambda _: changed.set())
        session_id = await running.desk.create_session(draft)
        async with asyncio.timeout(20):
            while not running.desk.orders():
                changed.clear()
                await changed.wait()
        orders = len(running.desk.orders())
    async with program(directory, clock=SystemClock(), resume=False) as running:
        await running.desk.open()
        row = running.desk.session(session_id)
        assert row is not None
        assert row.settings.instruments[0].symbol == "S&P"
        assert row.state is not SessionState.FAILED
        assert len(running.desk.orders()) >= orders


async def test_the_benchmark_of_a_replay_as_fast_as_possible_is_the_price_of_each_point_not_of_the_end(
    tmp_path: Path,
) -> None:
    directory = tmp_path / "data"
    feed = f"replay:series:{stored(directory, tmp_path)}"
    rows = [line.split(",") for line in (tmp_path / "bars.csv").read_text().splitlines()[1:]]
    hour = timedelta(hours=1)
    closes = {int((datetime.fromisoformat(row[0]) + hour).timestamp()) * SECOND: float(row[4]) for row in rows}
    draft = SessionDraft("Swing", SWING, ("S&P",), feed=feed, replay_speed=0.0, mode=ExecutionMode.AUTO)
    async with program(directory, clock=SystemClock(), resume=False) as running:
        await running.desk.open()
        changed = asyncio.Event()
        running.desk.follow(lambda _: changed.set())
        session_id = await running.desk.create_session(draft)
        async with asyncio.timeout(20):
            while (view := running.desk.equity(session_id)) is None or not len(view.at) or view.at[-1] < max(closes):
                changed.clear()
                await changed.wait()
    exact = [(price, closes[at]) for at, price in zip(view.at.tolist(), view.benchmark, strict=True) if at in closes]
    assert len(exact) > len(closes) / 2
    ratios = np.array([price / close for price, close in exact[1:]])  # the session began before the first row
    assert ratios == pytest.approx(ratios[0], rel=1e-6)


def test_a_benchmark_of_which_no_price_is_known_has_no_name_to_draw() -> None:
    points = [EquityPoint("s", at, Decimal(1_000), Decimal(1_000), 0.0) for at in range(3)]
    settings = SimpleNamespace(cash=Decimal(1_000), session_id="s", benchmark="SPY", currency="USD")
    runner: Any = SimpleNamespace(book=SimpleNamespace(equity=points), settings=settings)
    view = equity_view(runner)
    assert np.isnan(view.benchmark).all()
    assert not view.benchmark_name

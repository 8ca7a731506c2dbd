"""A replay run on bars made in memory, with a store that shows each commit."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from decimal import Decimal

from desktop.domain.instruments import Instrument
from desktop.domain.market import HOUR, Bar, Quote
from desktop.domain.messages import BarsClosed, BarsPassed, Message, Quotes
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings, SessionSettings
from desktop.domain.strategies import Evaluate, Protection, Sizing, SizingKind, Strategy
from desktop.domain.strategy_text import strategy_version
from desktop.engine.replay_key import run_key, session_of
from desktop.engine.replay_pace import Pace
from desktop.engine.replay_run import CommitStore, ReplayRun
from desktop.engine.replay_tally import ReplayTally
from desktop.market.calendars import trading_hours
from desktop.market.forming import FormingBars
from desktop.ports import Batch
from desktop.rules.stream import StreamEvaluator
from desktop.trading.unit import build_unit

BEGIN = 1_700_000_000_000_000 // HOUR * HOUR
TICK = Decimal("0.01")


class MemoryStore:
    """Keeps the batches of commits; `failing` makes the next ones fail."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.failing: Exception | None = None

    def commit(self, batch: Batch) -> Future[None]:
        future: Future[None] = Future()
        if self.failing is not None:
            future.set_exception(self.failing)
            return future
        self.batches.append(batch)
        future.set_result(None)
        if batch.on_commit is not None:
            batch.on_commit()
        return future


def settings_of(
    *,
    symbols: Sequence[str] = ("ABC",),
    timeframe: str = "1h",
    entry: str = "rsi(5) < 30",
    leave: str = "rsi(5) > 70",
    evaluate: Evaluate = Evaluate.BAR,
    mode: ExecutionMode = ExecutionMode.AUTO,
    fills: FillModelKind = FillModelKind.REALISTIC,
    limits: RiskLimits | None = None,
    seed: int = 1,
) -> SessionSettings:
    """Return settings with the id that follows from them."""
    strategy = Strategy(
        "Swing",
        timeframe,
        entry,
        leave,
        evaluate=evaluate,
        sizing=Sizing(SizingKind.FIXED_QUANTITY, Decimal(10)),
        protection=Protection(stop_loss=Decimal(2), take_profit=Decimal(4), trailing_stop=Decimal(3)),
    )

    def settings(session_id: str) -> SessionSettings:
        return SessionSettings(
            session_id,
            "Swing",
            strategy,
            strategy_version(strategy),
            tuple(Instrument(symbol, tick=TICK) for symbol in symbols),
            cash=Decimal(100_000),
            mode=mode,
            feed="replay:memory",
            origin="replay",
            limits=limits or RiskLimits(),
            fills=FillSettings.of(fills),
            seed=seed,
        )

    return settings(session_of(run_key(settings(""), ["memory"])))


def bars_of(symbol: str, count: int, seed: int) -> list[Bar]:
    """Return hourly bars that swing."""
    draw = random.Random(seed)
    found, last = [], 100.0
    for step in range(count):
        opened = round(last + draw.uniform(-0.3, 0.3), 2)
        close = round(100 + 10 * math.sin(step / 6 + seed) + draw.uniform(-1, 1), 2)
        high = round(max(opened, close) + draw.uniform(0, 1), 2)
        low = round(min(opened, close) - draw.uniform(0, 1), 2)
        found.append(Bar(symbol, "1h", BEGIN + step * HOUR, opened, high, low, close, float(draw.randrange(50, 5000))))
        last = close
    return found


def bar_messages(settings: SessionSettings, count: int = 300, seed: int = 1) -> list[tuple[int, Message]]:
    """Return the messages of a replay of bars."""
    columns = [bars_of(item.symbol, count, seed + place) for place, item in enumerate(settings.instruments)]
    found: list[tuple[int, Message]] = []
    for rows, bars in enumerate(zip(*columns, strict=True)):
        found.append((rows * len(bars), BarsPassed(bars[0].end, bars)))
        found.append(((rows + 1) * len(bars), BarsClosed(bars[0].end, bars)))
    return found


def quote_messages(count: int = 40, seed: int = 1) -> list[tuple[int, Message]]:
    """Return bursts of quotes with the hourly bars they make."""
    draw = random.Random(seed)
    found: list[tuple[int, Message]] = []
    rows = 0
    for step in range(count):
        start = BEGIN + step * HOUR
        quotes = []
        for at in sorted(draw.sample(range(HOUR), 12)):
            bid = round(100 + 10 * math.sin((step + at / HOUR) / 5) + draw.uniform(-1, 1), 2)
            quotes.append(Quote("ABC", start + at, bid, bid + 0.02, 500.0, 500.0))
        mids = [quote.mid for quote in quotes]
        for begin in range(0, 12, 5):
            burst = tuple(quotes[begin : begin + 5])
            rows += len(burst)
            found.append((rows, Quotes(burst[-1].at, burst)))
        bar = Bar("ABC", "1h", start, mids[0], max(mids), min(mids), mids[-1], 12.0)
        found.append((rows, BarsClosed(bar.end, (bar,))))
    return found


def build(
    settings: SessionSettings,
    messages: Sequence[tuple[int, Message]] | Iterator[tuple[int, Message]],
    store: CommitStore,
    *,
    pace: Pace | None = None,
    commit_every: int = 25,
) -> ReplayRun:
    """Return a fresh run."""
    timeframe = settings.strategy.timeframe
    hours = {item.symbol: trading_hours(settings.hours) for item in settings.instruments}
    evaluators = {symbol: StreamEvaluator(timeframe=timeframe) for symbol in hours}
    forming = None
    if settings.strategy.evaluate is Evaluate.QUOTE:
        forming = FormingBars(timeframe, dict.fromkeys(hours, "UTC"), sized=False)
    return ReplayRun(
        settings,
        run_key(settings, ["memory"]),
        unit=build_unit(settings, evaluators, hours, forming=forming),
        evaluators=evaluators,
        tally=ReplayTally(settings, hours[settings.instruments[0].symbol], stride=10),
        messages=iter(messages),
        store=store,
        pace=pace or Pace(),
        forming=forming,
        started_at=BEGIN,
        commit_every=commit_every,
    )

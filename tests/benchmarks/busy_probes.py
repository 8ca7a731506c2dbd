"""What is measured inside the running program: wrapped round its own calls, while it goes on with its work."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QEvent

from desktop.domain.events import Fact, FillBooked, OrderChanged
from desktop.domain.orders import Purpose, Side
from desktop.domain.strategies import Evaluate
from desktop.engine.desk import EngineDesk
from desktop.engine.runner import SessionRunner
from desktop.store.storage import Storage
from desktop.trading.order_request import OrderRequest
from desktop.ui.main_window import MainWindow
from tests.benchmarks.busy_market import HIGH, LOW, BusyMarket

clock = time.perf_counter
BEAT = 0.01  # seconds between two looks at the loop
D = Decimal


class Frames:
    """What a frame costs the window: a painting, and before it the turns of a telling that led to it."""

    def __init__(self) -> None:
        self.on = False
        self.told: list[float] = []
        self.painted: list[float] = []
        self.whole: list[float] = []
        self.worked: list[float] = []  # processor time of the loop's thread in the whole
        self._open = self._working = 0.0

    def watch_painting(self) -> None:
        """Time the updates of every main window that is made from now on."""
        frames = self

        def event(window: MainWindow, what: QEvent) -> bool:
            if what.type() != QEvent.Type.UpdateRequest:
                return super(MainWindow, window).event(what)
            begin, worked = clock(), time.thread_time()
            done = super(MainWindow, window).event(what)
            frames._add_painting(clock() - begin, time.thread_time() - worked)
            return done

        MainWindow.event = event  # type: ignore[method-assign,assignment]  # this process only

    def watch_telling(self, desk: EngineDesk) -> None:
        """Time each turn of the loop in which the desk tells what changed."""
        changes = desk._changes
        go_on = changes.go_on

        def timed(seconds: float) -> bool:
            begin, worked = clock(), time.thread_time()
            more = go_on(seconds)
            if self.on:
                self.told.append(clock() - begin)
                self._open += self.told[-1]
                self._working += time.thread_time() - worked
            return more

        changes.go_on = timed  # type: ignore[method-assign]  # this object only

    def _add_painting(self, seconds: float, worked: float) -> None:
        if self.on:
            self.painted.append(seconds)
            self.whole.append(self._open + seconds)
            self.worked.append(self._working + worked)
            self._open = self._working = 0.0


class Probes:
    """Every measurement of one run, in seconds, by name."""

    def __init__(self, desk: EngineDesk, store: Storage, market: BusyMarket) -> None:
        self._desk, self._store, self._market = desk, store, market
        self.found: dict[str, list[float]] = defaultdict(list)
        self.on = False
        self._moved: dict[str, float] = {}  # by session: when its signal's quote came
        self._waits: dict[str, set[str]] = defaultdict(set)  # by session: what of it was not seen yet
        self.twin_seconds = 0.0
        self.twin_commits = self.commits = 0
        desk.on_fact(self._on_fact)

    def add(self, name: str, seconds: float) -> None:
        """Keep one figure."""
        if self.on:
            self.found[name].append(seconds)

    # the loop --------------------------------------------------------------------------------------------------
    async def watch_loop(self) -> None:
        """Look a hundred times a second how late the loop is; until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + BEAT
            await asyncio.sleep(BEAT)
            self.add("loop lag", max(0.0, loop.time() - due))

    # sessions --------------------------------------------------------------------------------------------------
    def watch_verdicts(self, runners: Sequence[SessionRunner]) -> None:
        """Time from the first quote of a burst until a session that judges quotes has judged all of its own."""
        for runner in runners:
            if runner.settings.strategy.evaluate is Evaluate.QUOTE:
                self._watch_verdict(runner)

    def _watch_verdict(self, runner: SessionRunner) -> None:
        take, market = runner.take, self._market

        def taken(messages: Sequence[Any]) -> None:
            begun = market.begun
            take(messages)
            self.add("quote to verdict", clock() - begun)

        runner.take = taken  # type: ignore[method-assign]  # this object only

    def watch_execution(self, runner: SessionRunner) -> None:
        """Time the steps of the core that make an order and fill it."""
        step, begun = runner._step, 0.0

        def timed(message: Any) -> Any:
            nonlocal begun
            before, begin = len(runner._waiting.facts), clock()
            answer = step(message)
            took = clock() - begin
            kinds = {type(fact) for fact in runner._waiting.facts[before:]}
            if FillBooked in kinds:
                self.add("simulated execution", begun + took)
                begun = 0.0
            elif OrderChanged in kinds:
                begun += took
            return answer

        runner._step = timed  # type: ignore[method-assign]  # this object only

    def watch_twin(self, runner: SessionRunner) -> None:
        """Count the processor time that a paper twin takes on the loop, and its commits."""
        for name in ("take", "tick"):
            call = getattr(runner, name)

            def timed(what: Any, call: Callable[[Any], None] = call) -> None:
                begin = time.thread_time()
                call(what)
                if self.on:
                    self.twin_seconds += time.thread_time() - begin

            setattr(runner, name, timed)
        commit = runner.commit

        def counted(**options: bool) -> Any:
            if self.on:
                self.twin_commits += 1
            return commit(**options)

        runner.commit = counted  # type: ignore[method-assign]  # this object only

    def check_risk(self, runner: SessionRunner, symbol: str) -> None:
        """Ask the gate of a session about an entry."""
        request = OrderRequest(symbol, Side.BUY, Purpose.ENTRY, D(1))
        begin = clock()
        runner.unit.core.gate.check(request)
        self.add("risk check", clock() - begin)

    # signals and what comes of them ----------------------------------------------------------------------------
    def signal(self, symbol: str, paper: Sequence[str], live: Sequence[str]) -> None:
        """Move a price across the rules of some sessions and wait for nothing."""
        level = LOW if self._market.levels[symbol] == HIGH else HIGH
        began = self._market.move(symbol, level)
        for session_id in (*paper, *live):
            self._moved[session_id] = began
        for session_id in paper:
            self._waits[session_id] = {"signal to durable intent", "signal to booked simulated fill"}
        for session_id in live:
            self._waits[session_id] = {"live signal to durable intent", "order to the broker", "live fill"}

    def _seen(self, session_id: str, name: str) -> None:
        if name in self._waits[session_id]:
            self._waits[session_id].discard(name)
            self.add(name, clock() - self._moved[session_id])

    def _on_fact(self, fact: Fact) -> None:
        if isinstance(fact, OrderChanged):
            self._seen(fact.session_id, "signal to durable intent")
            self._seen(fact.session_id, "live signal to durable intent")
        elif isinstance(fact, FillBooked):
            self._seen(fact.session_id, "signal to booked simulated fill")
            self._seen(fact.session_id, "live fill")

    @property
    def unanswered(self) -> int:
        """How many signals of the last round nothing came of: a probe that measures nothing must not go unseen."""
        return sum(1 for waits in self._waits.values() if waits)

    def watch_broker(self, broker: Any) -> None:
        """Time from a signal until its order is handed to the adapter, and the adapter's request and answer."""
        submit = broker.submit

        async def timed(order: Any, **options: Any) -> Any:
            self._seen(order.session_id, "order to the broker")
            begin = clock()
            answer = await submit(order, **options)
            self.add("broker's answer", clock() - begin)
            return answer

        broker.submit = timed

    # storage ---------------------------------------------------------------------------------------------------
    def watch_storage(self) -> None:
        """Time how long a step is enqueued, and until it is durable."""
        commit = self._store.commit

        def timed(batch: Any) -> Any:
            begin = clock()
            future = commit(batch)
            self.add("audit enqueue", clock() - begin)
            self.commits += self.on
            name = "audit durable, FULL" if batch.sync_full else "audit durable"
            future.add_done_callback(lambda _: self.add(name, clock() - begin))
            return future

        self._store.commit = timed  # type: ignore[method-assign]  # this object only


def storage_seconds() -> float:
    """Return the processor time of the storage thread so far; nan where the system does not say."""
    clock_of = getattr(time, "pthread_getcpuclockid", None)
    for thread in threading.enumerate():
        if thread.name == "assay-storage" and thread.ident is not None and clock_of is not None:
            return time.clock_gettime(clock_of(thread.ident))
    return float("nan")

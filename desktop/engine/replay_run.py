"""A replay through the whole engine: pulled message by message, committed on the way, resumed where it was left.

The next message waits until all effects of the last are done; timers due before it run first. What happened, the unit's
state and the place in the data are one transaction, so a run that is killed goes on from the last one as if nothing had
been.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, Protocol

from desktop.domain.commands import Start, Stop
from desktop.domain.events import Fact, OrderChanged, SessionChanged
from desktop.domain.market import Bar
from desktop.domain.messages import Asked, BarsClosed, ClockTick, Message, Quotes
from desktop.domain.orders import OrderStatus
from desktop.domain.sessions import SessionSettings, SessionState
from desktop.engine.replay_pace import Pace
from desktop.engine.replay_tally import ReplayTally
from desktop.market.forming import FormingBars
from desktop.ports import Batch, StoredSession
from desktop.rules.columns import Columns
from desktop.rules.stream import StreamEvaluator
from desktop.trading.unit import SessionUnit

COMMIT_EVERY = 1_000  # messages
COMMIT_SECONDS = 0.25
BACKLOG = 8  # commits under way before the replay waits for the oldest

Messages = Iterator[tuple[int, Message]]


class CommitStore(Protocol):
    """What a replay needs of the storage while it runs."""

    def commit(self, batch: Batch) -> Future[None]: ...


class ReplayRun:
    """One session on a replay.

    Args:
        settings: The session; its id is the same for the same run.
        key: Hash of strategy, files and options, stored with every commit.
        unit: Fresh, built with the evaluators.
        evaluators: By symbol; fresh, with the session's rules.
        tally: Fresh.
        messages: From the first row on, with the number of rows consumed when each is done.
        store: Where it is committed.
        pace: How fast it goes.
        forming: For strategies judged on quotes.
        started_at: µs UTC, time of the first row.
        commit_every: Messages between two commits.
        reach: Told at each place where a test may let the process die (the crash points of the store).
    """

    def __init__(
        self,
        settings: SessionSettings,
        key: str,
        *,
        unit: SessionUnit,
        evaluators: Mapping[str, StreamEvaluator],
        tally: ReplayTally,
        messages: Messages,
        store: CommitStore,
        pace: Pace,
        forming: FormingBars | None = None,
        started_at: int = 0,
        commit_every: int = COMMIT_EVERY,
        reach: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.settings, self.key, self.unit, self.tally = settings, key, unit, tally
        self._evaluators, self._messages, self._store, self._pace = evaluators, messages, store, pace
        self._forming, self._started_at = forming, started_at
        self._commit_every, self._reach = commit_every, reach
        self._facts: list[Fact] = []
        self._commits: deque[Future[None]] = deque()
        self._since = 0  # messages since the last commit
        self._committed_at = pace.now()
        self.rows = 0
        self.done = 0  # messages
        self.bars = 0  # closed bars
        self.ended = False  # the data was over when it was last committed
        self.resumed = False

    # begin -----------------------------------------------------------------------------------------------------
    def begin(self) -> None:
        """Start a new session and make it durable before the first price."""
        self._step(Asked(self._started_at, Start(), by="replay"))
        self._commit(settings=self.settings)

    def resume(self, stored: StoredSession) -> None:
        """Take up a stored run: rows so far only rebuild the indicators, the unit comes from the store."""
        self.resumed = True
        place, state = stored.feed_position, stored.state
        self.unit.restore(state["unit"], stored.orders, stored.execution_ids, stored.signals)
        self.tally.restore(state)
        self.ended = bool(place["ended"])
        lives = not self.ended
        if lives:
            self._move(self.unit.core.status, SessionState.RECOVERING, f"going on after row {place['rows']}")
            self._commit(place=place)
        self._reach("during-recovery")
        self._skip(int(place["messages"]))
        if lives:
            self._move(SessionState.RECOVERING, self.unit.core.status, "recovered")

    def _move(self, before: SessionState, after: SessionState, reason: str) -> None:
        """Put a step of the session's life on record; the core itself was never away: a replay waits for it."""
        self._facts.append(SessionChanged(self.settings.session_id, self.unit.core.now, before, after, reason))

    def _skip(self, count: int) -> None:
        """Pass over the messages that were committed and open the indicators on their bars."""
        bars: dict[str, list[Bar]] = {symbol: [] for symbol in self._evaluators}
        forming = self._forming
        for _ in range(count):
            self.rows, message = next(self._messages)
            if isinstance(message, BarsClosed):
                for bar in message.bars:
                    bars[bar.symbol].append(bar)
                if forming is not None:
                    forming.closed(message.bars)
            elif forming is not None and isinstance(message, Quotes):
                for quote in message.quotes:
                    forming.add(quote)
        self.done = count
        self.bars = sum(map(len, bars.values()))
        for symbol, evaluator in self._evaluators.items():
            if bars[symbol]:
                evaluator.seed(Columns.of(bars[symbol]))

    # the way through the data ----------------------------------------------------------------------------------
    def run(self) -> bool:
        """Go through the data; returns False when asked to stop before its end. All of it is durable on return.

        Raises:
            StorageFault: a commit failed; what was committed before is kept.
        """
        pace = self._pace
        paced = bool(pace.speed)
        for rows, message in self._messages:
            if paced:
                self._hold_back(message.at)
            if pace.stopped:
                self.settle()
                return False
            self.take(rows, message)
        self.end()
        return True

    def take(self, rows: int, message: Message) -> None:
        """Let one message have all its effects; commit when it is time to."""
        due = self.unit.core.signal_book.next_due
        if due <= message.at:
            self._step(ClockTick(due))
        if isinstance(message, BarsClosed):
            self._closed(message)
        elif self._forming is not None and isinstance(message, Quotes):
            for single in self._forming.one_by_one(message):
                self._step(single)
        else:
            self._step(message)
        self.rows = rows
        self.done += 1
        self._since += 1
        if self._since >= self._commit_every or self._pace.now() - self._committed_at >= COMMIT_SECONDS:
            self._commit()

    def _closed(self, message: BarsClosed) -> None:
        """Bars closed: indicators first, once per bar; then the rules; then the equity."""
        evaluators, bars = self._evaluators, message.bars
        for bar in bars:
            evaluators[bar.symbol].update(bar)
        self.bars += len(bars)
        if self._forming is not None:
            self._forming.closed(bars)
        self._step(message)
        self.tally.closed(message, self.unit.core)

    def _step(self, message: Message) -> None:
        facts = self.unit.step(message).facts
        if facts:
            self._note(facts)

    def _note(self, facts: list[Fact]) -> None:
        if intended(facts):
            self._reach("while-sending")
        self._facts.extend(facts)
        self.tally.facts(facts)

    def _hold_back(self, at: int) -> None:
        """Wait for the message's time, committing meanwhile what is due."""
        pace = self._pace
        while (ahead := pace.ahead(at)) > 0 and not pace.stopped:
            if self._since:
                ahead = min(ahead, max(0.0, self._committed_at + COMMIT_SECONDS - pace.now()))
            if ahead > 0:
                pace.wait(ahead)
            else:
                self._commit()

    # the end ---------------------------------------------------------------------------------------------------
    def end(self) -> None:
        """The data is over: nothing is closed, orders stay working; wait until all is durable."""
        if not self.ended:
            self.ended = True
            self._step(Asked(self.unit.core.now, Stop(), by="replay"))
            self._commit()
        self._wait(0)

    def settle(self) -> None:
        """Commit what is not committed yet and wait until it is durable."""
        if self._since or self._facts:
            self._commit()
        self._wait(0)

    # storage ---------------------------------------------------------------------------------------------------
    def _commit(self, *, settings: SessionSettings | None = None, place: Mapping[str, Any] | None = None) -> None:
        """Hand facts, state and place to the storage thread as one transaction; `place`: an earlier one stays."""
        facts, self._facts = self._facts, []
        intends = intended(facts)
        if intends:
            self._reach("after-send")  # at the simulated venue, but not stored
            self._reach("before-intent")
        here = {"rows": self.rows, "messages": self.done, "key": self.key, "ended": self.ended}
        batch = Batch(
            self.settings.session_id,
            self.unit.core.now,
            facts=facts,
            state={"unit": self.unit.snapshot(), **self.tally.snapshot()},
            feed_position=place or here,
            equity=self.tally.take_points(),
            settings=settings,
            on_commit=partial(self._reach, "after-intent") if intends else None,
        )
        self._commits.append(self._store.commit(batch))
        self._since = 0
        self._committed_at = self._pace.now()
        self._wait(BACKLOG)

    def _wait(self, backlog: int) -> None:
        commits = self._commits
        while commits and (len(commits) > backlog or commits[0].done()):
            commits.popleft().result()


def intended(facts: Sequence[Fact]) -> bool:
    """Return whether an order was made among these facts."""
    return any(isinstance(fact, OrderChanged) and fact.order.status is OrderStatus.INTENT for fact in facts)

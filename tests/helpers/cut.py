"""The program cut off at a named point, as by kill -9: nothing of it stores, sends or hears anything any more."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any

from desktop.domain.broker import BrokerOrder, LinkState
from desktop.domain.fills import OrderReport
from desktop.ports import Batch


class Dropped(BaseException):
    """The program ended here."""


class Cut:
    """Where a program ends; `at` empty: it does not.

    Attributes:
        dead: It has ended.
        passed: How often each point was reached.
    """

    def __init__(self, at: str = "", count: int = 1) -> None:
        self.at, self.left, self.dead = at, count, False
        self.passed: dict[str, int] = {}

    def reach(self, name: str) -> None:
        """Take that a crash point is passed."""
        if self.dead:
            raise Dropped(name)
        self.passed[name] = self.passed.get(name, 0) + 1
        if name == self.at:
            self.left -= 1
            if self.left <= 0:
                self.dead = True
                raise Dropped(name)

    def now(self) -> None:
        """End here."""
        self.dead = True


class CutStore:
    """A store that takes nothing from a program that has ended.

    Args:
        inner: The store that stays.
        cut: When the program ends.
        late: Commits handed in that are still on their way when it does; they are lost with it.
    """

    def __init__(self, inner: Any, cut: Cut, *, late: int = 0) -> None:
        self.inner, self._cut, self._late = inner, cut, late
        self._on_the_way: deque[tuple[Batch, Future[None]]] = deque()

    def commit(self, batch: Batch) -> Future[None]:
        future: Future[None] = Future()
        if self._cut.dead:
            return future
        self._on_the_way.append((batch, future))
        if len(self._on_the_way) > self._late:
            self.deliver(len(self._on_the_way) - self._late)
        return future

    def deliver(self, most: int = 1 << 30) -> None:
        """Let what is on its way reach the disk."""
        while self._on_the_way and most > 0 and not self._cut.dead:
            batch, future = self._on_the_way.popleft()
            most -= 1
            self.inner.commit(batch).add_done_callback(lambda done, future=future: self._done(done, future))

    def _done(self, done: Future[None], future: Future[None]) -> None:
        if self._cut.dead:
            return
        error = done.exception()
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(None)

    def flush(self) -> None:
        self.deliver()
        if hasattr(self.inner, "flush"):
            self.inner.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class CutListener:
    """What a broker tells a program that may have ended."""

    def __init__(self, inner: Any, cut: Cut) -> None:
        self._inner, self._cut = inner, cut

    def on_report(self, report: OrderReport) -> None:
        if not self._cut.dead:
            self._inner.on_report(report)

    def on_order(self, order: BrokerOrder) -> None:
        if not self._cut.dead:
            self._inner.on_order(order)

    def on_link(self, state: LinkState, detail: str) -> None:
        if not self._cut.dead:
            self._inner.on_link(state, detail)


class CutBroker:
    """A broker's adapter inside a program that may end between two of its calls."""

    def __init__(self, inner: Any, cut: Cut) -> None:
        self.inner, self._cut = inner, cut
        self.busy = 0  # calls that have no answer yet

    async def start(self, listener: Any) -> Any:
        self.busy += 1
        try:
            return await self.inner.start(CutListener(listener, self._cut))
        finally:
            self.busy -= 1

    async def stop(self) -> None:
        await self.inner.stop()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        return self._guarded(found) if inspect.iscoroutinefunction(found) else found

    def _guarded(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def guarded(*arguments: Any, **named: Any) -> Any:
            if self._cut.dead:
                raise Dropped("before a call")
            self.busy += 1
            try:
                return await call(*arguments, **named)
            finally:
                self.busy -= 1
                if self._cut.dead:
                    raise Dropped("before an answer")

        return guarded

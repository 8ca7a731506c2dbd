"""Bars of a market that closed while a running session heard nothing: asked for, so that the rules see no hole.

No rule is judged on them and no order follows from them: they are past. A bar that was cut short by the loss stays as
it was judged.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from desktop.domain.errors import EnvironmentFault, NotFound
from desktop.domain.market import FeedOrigin, timeframe_us

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from desktop.domain.market import Bar
    from desktop.engine.feed_rig import FeedRig
    from desktop.engine.runner import SessionRunner
    from desktop.engine.tasks import TaskSet

log = logging.getLogger(__name__)

MOST = 5_000  # bars asked for at once
WAITS = (0.0, 5.0, 30.0, 120.0)  # seconds before each attempt


class Backfill:
    """Hears how the connections of feeds stand, and fills in what their sessions have missed."""

    def __init__(
        self,
        runners: Callable[[], Iterable[SessionRunner]],
        tasks: TaskSet,
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._runners, self._tasks, self._pause = runners, tasks, pause
        self._lost: dict[str, Mapping[str, int]] = {}  # by feed: µs UTC of each symbol's last price before the loss
        self._owed: dict[str, dict[str, int]] = {}  # likewise, of losses whose bars could not be had

    def state_changed(self, name: str, rig: FeedRig, state: str) -> None:
        """Take a change of a feed's connection; `name`: of its rig."""
        if rig.feed.origin != FeedOrigin.REAL_TIME:
            return
        if state == "connected":
            lost, owed = dict(self._lost.pop(name, {})), self._owed.pop(name, {})
            lost.update({symbol: min(at, lost.get(symbol, at)) for symbol, at in owed.items()})
            if lost:
                self._tasks.run(self._fill(name, rig, lost), f"back-fill {name}")
        elif name not in self._lost:
            symbols = {symbol for runner in self._on(rig) for symbol in runner.symbols}
            found = {symbol: rig.hub.cache(symbol).at for symbol in symbols if rig.hub.is_watched(symbol)}
            self._lost[name] = {symbol: at for symbol, at in found.items() if at > 0}

    def _on(self, rig: FeedRig) -> list[SessionRunner]:
        return [runner for runner in self._runners() if runner.market.rig is rig and not runner.failed]

    async def _fill(self, name: str, rig: FeedRig, lost: Mapping[str, int]) -> None:
        wanted = {(symbol, runner.timeframe) for runner in self._on(rig) for symbol in runner.symbols}
        for symbol, timeframe in sorted(wanted):
            if symbol not in lost or rig.now() - lost[symbol] < timeframe_us(timeframe):
                continue
            if not await self._fill_one(rig, symbol, timeframe, lost[symbol]):  # with the next loss then
                owed = self._owed.setdefault(name, {})
                owed[symbol] = min(lost[symbol], owed.get(symbol, lost[symbol]))

    async def _fill_one(self, rig: FeedRig, symbol: str, timeframe: str, since: int) -> bool:
        """Return whether the bars could be had."""
        for wait in WAITS:
            if wait:
                await self._pause(wait)
            count = min(MOST, (rig.now() - since) // timeframe_us(timeframe) + 1)
            try:
                bars = await rig.feed.history(symbol, timeframe, count)
            except (EnvironmentFault, NotFound) as error:
                log.warning("bars of %s that were missed cannot be had: %s", symbol, error)
                continue
            self._insert(rig, symbol, timeframe, [bar for bar in bars if bar.start > since])
            return True
        return False

    def _insert(self, rig: FeedRig, symbol: str, timeframe: str, bars: list[Bar]) -> None:
        inserted = rig.hub.insert(symbol, timeframe, bars)
        for runner in self._on(rig):
            if symbol in runner.symbols and runner.timeframe == timeframe:
                runner.remember_missed(runner.market.of_these(symbol, inserted))

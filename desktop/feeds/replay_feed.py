"""A recording as a running feed: the rows of `assay paper --replay`, paced by the clock, for sessions in the window."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from desktop.domain.errors import FieldError, NotFound
from desktop.domain.instruments import Instrument
from desktop.domain.market import SECOND, Bar, FeedOrigin, Quote, Trade, timeframe_us
from desktop.feeds.replay import bar_instants, check_timeframes, merged_ticks, replay_hub
from desktop.market.bars import derive
from desktop.market.history import History, read_history
from desktop.ports import Clock, FeedListener

BEAT = 0.1  # seconds between two looks at the clock
MOST_ROWS = 2_000  # handed over in one look, so that nothing else waits long
TICK_SPEED = 20.0  # times real time, unless said
BARS_A_SECOND = 10  # unless said
MAX_SPEED = float("inf")
_SERIES = re.compile(r"series:(\d{1,9})")
_SPEED = re.compile(r"(\d{1,5}(?:\.\d{1,3})?):(.+)")


def open_replay(
    spec: str,
    clock: Clock,
    position: Mapping[str, Any] | None = None,
    stored: Callable[[int], History] | None = None,
) -> ReplayFeed:
    """Return the feed of "SPEED:FILE" or "FILE"; speed 0 is as fast as possible. Blocks while it reads.

    Several files are separated by commas. A file's symbol is its name up to the first underscore, in capitals:
    spy_1h.csv holds SPY. In the place of a file "series:3" names a stored series, which knows its symbol.

    Args:
        spec: What to replay.
        clock: Paces it.
        position: What `position()` returned before, for the same rows.
        stored: Returns a stored series by its number; None: there are none.

    Raises:
        NotFound: there is no such series.
        DataFileError: a file cannot be read.
        FieldError: two files have the same symbol, or they hold bars and ticks.
    """
    found = _SPEED.fullmatch(spec)
    speed, names = (float(found.group(1)), found.group(2)) if found is not None else (None, spec)
    whole = Path(names)
    paths = [whole] if whole.is_file() else [Path(name.strip()) for name in names.split(",") if name.strip()]
    histories = [_recorded(path, stored) for path in paths]
    symbols = [item.symbol for item in histories]
    if not paths or len(set(symbols)) != len(symbols):
        raise FieldError("feed", "name one file for each symbol; a file's name begins with its symbol.")
    if len({item.kind == "bars" for item in histories}) != 1:
        raise FieldError("feed", "bars cannot be replayed together with quotes or trades.")
    return ReplayFeed(histories, clock, speed=MAX_SPEED if speed == 0 else speed, position=position)


def _recorded(path: Path, stored: Callable[[int], History] | None) -> History:
    """Return a file, or a stored series."""
    number = _SERIES.fullmatch(str(path))
    if number is None:
        return read_history(path, symbol=path.stem.split("_")[0].upper() or "FILE")
    if stored is None:
        raise NotFound("stored series", number.group(1), "No history is kept here.")
    return stored(int(number.group(1)))


class ReplayFeed:
    """Implements `ports.MarketFeed`. Its time is that of its rows: `now`, which the engine takes as message time.

    Args:
        histories: One for each symbol, all bars or all ticks.
        clock: Paces it; only durations are asked of it.
        speed: Times real time; infinite: as fast as the engine takes it; None: what suits the rows.
        position: What `position()` returned before, for the same files.
    """

    name = "replay"
    origin = FeedOrigin.REPLAY

    def __init__(
        self,
        histories: Sequence[History],
        clock: Clock,
        *,
        speed: float | None = None,
        position: Mapping[str, Any] | None = None,
    ) -> None:
        self._histories, self._clock = {item.symbol: item for item in histories}, clock
        self._bars = histories[0].kind == "bars"
        usual = timeframe_us(histories[0].timeframe) / SECOND * BARS_A_SECOND if self._bars else TICK_SPEED
        self.speed = usual if speed is None else speed
        self._fingerprints = [item.fingerprint for item in histories]
        known = bool(position) and position is not None and position.get("files") == self._fingerprints
        self.handed = int(position["handed"]) if known and position is not None else 0  # instants of bars, or ticks
        self._rows = islice(self._due_rows(), self.handed, None)
        self._waiting = next(self._rows, None)
        self._now = self._waiting[0] if self._waiting is not None else max(item.end for item in histories)
        self._looked = clock.monotonic()
        self._task: asyncio.Task[None] | None = None

    def _due_rows(self) -> Iterator[tuple[int, Quote | Trade | tuple[Bar, ...]]]:
        """Yield (time at which it is known, row)."""
        histories = list(self._histories.values())
        if self._bars:
            yield from bar_instants(histories)
        else:
            for tick in merged_ticks(histories):
                yield tick.at, tick

    def now(self) -> int:
        """Return the recording's time, µs UTC."""
        return self._now

    @property
    def ended(self) -> bool:
        """Whether every row was handed over."""
        return self._waiting is None

    def instruments(self) -> Sequence[Instrument]:
        return tuple(item.instrument for item in self._histories.values())

    def subscribe(self, symbol: str) -> None:
        """Every row is handed over: nothing to do."""

    def unsubscribe(self, symbol: str) -> None:
        """Every row is handed over: nothing to do."""

    def position(self) -> Mapping[str, Any]:
        return {"files": self._fingerprints, "handed": self.handed}

    # running ---------------------------------------------------------------------------------------------------
    async def start(self, listener: FeedListener) -> None:
        """Hand over rows as time passes, until the last one or `stop`."""
        self._looked = self._clock.monotonic()
        names = ", ".join(item.path.name for item in self._histories.values())
        listener.on_state("connected", f"replay of {names}")
        self._task = asyncio.get_running_loop().create_task(self._run(listener), name="replay")

    async def stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self, listener: FeedListener) -> None:
        while not self.ended:
            self.play(listener)
            await asyncio.sleep(BEAT)
        listener.on_state("ended", "The recording is over. Positions and orders stay as they are.")

    def play(self, listener: FeedListener) -> int:
        """Hand over what is due now; returns how many rows (or instants of bars) that were."""
        looked = self._clock.monotonic()
        passed, self._looked = looked - self._looked, looked
        unbounded = self.speed == MAX_SPEED
        until = 0 if unbounded else self._now + int(passed * self.speed * SECOND)
        count = 0
        while self._waiting is not None and (unbounded or self._waiting[0] <= until):
            if count == MOST_ROWS:  # behind: the recording's time waits for the rows
                return count
            at, row = self._waiting
            self._now = max(self._now, at)
            self._waiting = next(self._rows, None)
            self.handed += 1
            count += 1
            if isinstance(row, Quote):
                listener.on_quote(row)
            elif isinstance(row, Trade):
                listener.on_trade(row)
            else:
                listener.on_bars(row)
        if not unbounded and self._waiting is not None:
            self._now = max(self._now, until)
        return count

    # history ---------------------------------------------------------------------------------------------------
    async def history(self, symbol: str, timeframe: str, bars: int) -> Sequence[Bar]:
        return await asyncio.to_thread(self.history_now, symbol, timeframe, bars)

    def history_now(self, symbol: str, timeframe: str, bars: int) -> list[Bar]:
        """Return the last `bars` bars closed before the recording's time; none at its beginning.

        Raises:
            NotFound: the recording does not hold the symbol.
            DataFileError: its bars cannot make bars of the timeframe.
        """
        if symbol not in self._histories:
            raise NotFound("symbol", symbol, "The recording does not hold it.")
        history = self._histories[symbol]
        if self._bars:
            check_timeframes([history], timeframe, {})
            passed = (
                bar for end, found in bar_instants([history]) for bar in found if end <= self._now and self.handed
            )
            made = list(passed) if history.timeframe == timeframe else derive(passed, timeframe)
        else:
            made = self._built(history, timeframe)
        return made[-bars:] if bars > 0 else []

    def _built(self, history: History, timeframe: str) -> list[Bar]:
        """Return the bars of the ticks so far, through the hub's checks."""
        hub = replay_hub([history])
        cache = hub.watch(history.symbol, timeframe, capacity=len(history))
        for tick in merged_ticks([history]):
            if tick.at > self._now or not self.handed:
                break
            if isinstance(tick, Quote):
                hub.on_quote(tick)
            else:
                hub.on_trade(tick)
            hub.drain()
        return cache.series[timeframe].bars()

"""Recorded prices as messages, pulled one by one: what `assay paper --replay` runs on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat

import numpy as np

from desktop.domain.errors import DataFileError
from desktop.domain.market import Bar, Quote, Trade, timeframe_us
from desktop.domain.messages import BarsClosed, BarsPassed, Message, Quotes
from desktop.market.bars import BarBuilder, divides
from desktop.market.history import History
from desktop.market.hub import Hub
from desktop.market.series import bars_of
from desktop.rules.columns import IntArray

BURST = 100  # rows of ticks checked at a time; bursts end at whole multiples, so a resumed run has the same ones
_BLOCK = 10_000  # rows turned from arrays into values at a time
Messages = Iterator[tuple[int, Message]]


def replay_hub(histories: Sequence[History], zones: Mapping[str, str] | None = None) -> Hub:
    """Return a hub for the instruments of files; after a replay of ticks it holds what was dropped and why.

    Args:
        histories: One for each symbol.
        zones: Zone of each symbol's exchange, where days are not UTC days.
    """
    return Hub("replay", [item.instrument for item in histories], zones=zones)


def replay_messages(
    histories: Sequence[History],
    timeframe: str,
    *,
    hub: Hub | None = None,
    zones: Mapping[str, str] | None = None,
) -> Messages:
    """Yield what the files hold as messages in the order of time; always the same messages for the same files.

    Bars come as `BarsPassed`, then `BarsClosed`, all symbols of an instant together. Quotes and trades go through the
    hub's checks and come as `Quotes` in bursts of at most 100 rows, with `BarsClosed` before the first quote at or
    after their end. The bar that is forming when the ticks end is not closed.

    Args:
        histories: One for each symbol, all bars or all ticks.
        timeframe: Timeframe of the session; that of the files or one it can be derived to.
        hub: Checks ticks, counts what is dropped (`replay_hub`); one is made when not given.
        zones: Zone of each symbol's exchange, for daily bars made of shorter ones.

    Yields:
        (rows, message): rows of the files that are consumed once the message is. Messages that belong together leave
        the number as it was and only the last of them raises it: a run that resumes from a number of rows resumes
        directly after the message that raised it.

    Raises:
        DataFileError: bars and ticks are mixed, or the files' bars cannot make the session's.
    """
    kinds = {item.kind == "bars" for item in histories}
    if len(kinds) != 1:
        names = ", ".join(f"{item.path.name} ({item.kind})" for item in histories)
        raise DataFileError(names, "bars cannot be replayed together with quotes or trades.")
    zone_of = dict(zones or {})
    if kinds == {True}:
        check_timeframes(histories, timeframe, zone_of)
        plain = all(item.timeframe == timeframe for item in histories)
        return _passing(histories) if plain else _deriving(histories, timeframe, zone_of)
    return _ticking(histories, timeframe, hub or replay_hub(histories, zone_of))


def check_timeframes(histories: Sequence[History], timeframe: str, zones: Mapping[str, str]) -> None:
    """Refuse files of bars that cannot make bars of a timeframe.

    Raises:
        DataFileError: names the file, both timeframes and what to choose.
    """
    for item in histories:
        if item.timeframe != timeframe and not divides(item.timeframe, timeframe, zones.get(item.symbol, "UTC")):
            raise DataFileError(
                str(item.path),
                f"has bars of {item.timeframe}; bars of {timeframe} cannot be made of them. "
                f"Choose a strategy of {item.timeframe} or longer.",
            )


def _order(times: Sequence[IntArray]) -> tuple[IntArray, IntArray]:
    """Return file and time of every row of several files, in the order of time; ties in the order of the files."""
    owners = np.concatenate([np.full(len(part), number, dtype=np.int64) for number, part in enumerate(times)])
    joined = np.concatenate(list(times))
    order = np.argsort(joined, kind="stable")
    return owners[order], joined[order]


# bars --------------------------------------------------------------------------------------------------------------
def _bars(history: History) -> Iterator[Bar]:
    """Yield a file's bars, never more than a block of them in memory."""
    for begin in range(0, len(history), _BLOCK):
        yield from bars_of(history.symbol, history.timeframe, history.columns.part(begin, begin + _BLOCK))


def bar_instants(histories: Sequence[History]) -> Iterator[tuple[int, tuple[Bar, ...]]]:
    """Yield (end, bars that end there), each symbol in the order of the files."""
    if len(histories) == 1:
        length = timeframe_us(histories[0].timeframe)
        for bar in _bars(histories[0]):
            yield bar.start + length, (bar,)
        return
    owners, ends = _order([item.columns.start + timeframe_us(item.timeframe) for item in histories])
    sources = [_bars(item) for item in histories]
    together: list[Bar] = []
    instant = int(ends[0])
    for owner, end in zip(owners.tolist(), ends.tolist(), strict=True):
        if end != instant:
            yield instant, tuple(together)
            together, instant = [], end
        together.append(next(sources[owner]))
    yield instant, tuple(together)


def _passing(histories: Sequence[History]) -> Messages:
    rows = 0
    for end, bars in bar_instants(histories):
        yield rows, BarsPassed(end, bars)
        rows += len(bars)
        yield rows, BarsClosed(end, bars)


def _deriving(histories: Sequence[History], timeframe: str, zones: Mapping[str, str]) -> Messages:
    """Let the files' bars pass and close the session's longer bars by the clock."""
    builders = {item.symbol: BarBuilder(item.symbol, timeframe, zones.get(item.symbol, "UTC")) for item in histories}
    rows = 0
    for end, bars in bar_instants(histories):
        begin = min(bar.start for bar in bars)
        for due, closed in _due(builders, begin):
            yield rows, BarsClosed(due, closed)
        rows_after = rows + len(bars)
        for bar in bars:
            builders[bar.symbol].add_bar(bar)
        closings = list(_due(builders, end))
        yield rows if closings else rows_after, BarsPassed(end, bars)
        for number, (due, closed) in enumerate(closings, start=1):
            yield rows_after if number == len(closings) else rows, BarsClosed(due, closed)
        rows = rows_after


def _due(builders: Mapping[str, BarBuilder], at: int) -> Iterator[tuple[int, tuple[Bar, ...]]]:
    """Close what is over at `at`, earliest end first; yields (end, bars)."""
    while (due := min(builder.end for builder in builders.values())) <= at:
        yield due, tuple(bar for builder in builders.values() if builder.end == due for bar in builder.close_until(due))


# ticks -------------------------------------------------------------------------------------------------------------
def _ticks(history: History) -> Iterator[Quote | Trade]:
    """Yield a file's quotes or trades, never more than a block of them in memory."""
    for begin in range(0, len(history), _BLOCK):
        cut = slice(begin, begin + _BLOCK)
        at, first, second = history.at[cut].tolist(), history.first[cut].tolist(), history.second[cut].tolist()
        symbol = repeat(history.symbol)
        if history.kind == "trades":
            ids = history.ids[cut] if history.ids else repeat("")
            yield from map(Trade, symbol, at, first, second, ids)
        else:
            bid_sizes, ask_sizes = (sizes[cut].tolist() for sizes in history.sizes)
            yield from map(Quote, symbol, at, first, second, bid_sizes, ask_sizes)


def merged_ticks(histories: Sequence[History]) -> Iterator[Quote | Trade]:
    """Yield the ticks of several files in the order of time; at one instant in the order of the files."""
    if len(histories) == 1:
        yield from _ticks(histories[0])
        return
    owners, _ = _order([item.at for item in histories])
    sources = [_ticks(item) for item in histories]
    for owner in owners.tolist():
        yield next(sources[owner])


def _ticking(histories: Sequence[History], timeframe: str, hub: Hub) -> Messages:
    for item in histories:
        hub.watch(item.symbol, timeframe)
    rows = before = 0
    on_quote, on_trade = hub.on_quote, hub.on_trade
    for tick in merged_ticks(histories):
        if isinstance(tick, Quote):
            on_quote(tick)
        else:
            on_trade(tick)
        rows += 1
        if rows % BURST == 0:
            yield from _burst(hub, before, rows)
            before = rows
    yield from _burst(hub, before, rows)


def _burst(hub: Hub, before: int, rows: int) -> Messages:
    """Yield what the hub made of the rows from `before` to `rows`; only the last message raises the number."""
    messages: list[Message] = []
    while items := hub.drain():
        messages.extend(Quotes(item[-1].at, item) if isinstance(item, tuple) else item for item in items)
    for message in messages[:-1]:
        yield before, message
    if messages:
        yield rows, messages[-1]

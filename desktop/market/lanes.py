"""One symbol on its way through the hub: its cache, and its bars of every timeframe that is watched."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar, timeframe_us
from desktop.market.bars import NEVER, BarBuilder, divides
from desktop.market.cache import SymbolCache
from desktop.market.series import Series


class Track:
    """The bars of one symbol and timeframe; made of ticks, or of the bars of the track above it.

    Attributes:
        builder: The forming bar.
        series: The closed ones.
        children: Tracks of higher timeframes that are made of these bars.
        parent: Where its bars come from; None: from ticks.
        users: How many watch it.
    """

    __slots__ = ("builder", "children", "parent", "series", "users")

    def __init__(self, builder: BarBuilder, series: Series) -> None:
        self.builder, self.series = builder, series
        self.children: list[Track] = []
        self.parent: Track | None = None
        self.users = 0

    def forming(self) -> Bar | None:
        """Return the bar that is not closed yet, with what is still forming below it."""
        own = self.builder.forming()
        if self.parent is None:
            return own
        below = self.parent.forming()
        if below is None or (own is not None and below.start >= own.end):
            return own
        if own is None:
            start, _ = self.builder.period(below.start)
            return below._replace(timeframe=self.builder.timeframe, start=start)
        return own._replace(
            high=max(own.high, below.high),
            low=min(own.low, below.low),
            close=below.close,
            volume=own.volume + below.volume,
        )


class Lane:
    """Everything the hub keeps of one symbol.

    Attributes:
        cache: What is known of it at this moment.
        roots: Builders that take the ticks.
        only: The one of them, where there is exactly one (the usual case, and the quickest).
        tracks: By timeframe, shortest first.
        quoted: Quotes came: prints no longer set the price.
        users: How many listen to the symbol.
    """

    __slots__ = ("cache", "only", "quoted", "roots", "tracks", "users", "zone")

    def __init__(self, instrument: Instrument, zone: str) -> None:
        self.zone = zone
        self.cache = SymbolCache(instrument, zone)
        self.roots: list[BarBuilder] = []
        self.only: BarBuilder | None = None
        self.tracks: dict[str, Track] = {}
        self.quoted = False
        self.users = 0

    def open(self, timeframe: str, capacity: int, history: Sequence[Bar] = ()) -> Track:
        """Return the track of a timeframe; a new one is made of the longest bars watched that fit into it."""
        track = self.tracks.get(timeframe)
        if track is not None:
            track.series.grow(max(capacity, len(history)))
            return track
        symbol = self.cache.instrument.symbol
        series = Series(symbol, timeframe, max(capacity, len(history)))
        series.extend(history)
        track = Track(BarBuilder(symbol, timeframe, self.zone), series)
        if history:
            track.builder.settle(track.builder.period(history[-1].start)[1])
        fitting = [item for name, item in self.tracks.items() if divides(name, timeframe, self.zone)]
        if fitting:
            self._adopt(fitting[-1], track)
        self.tracks[timeframe] = track
        self.tracks = dict(sorted(self.tracks.items(), key=lambda pair: timeframe_us(pair[0])))
        self.cache.series[timeframe] = series
        self._find_roots()
        return track

    def close(self, timeframe: str) -> None:
        """Forget a track that nobody watches and no other one is made of."""
        track = self.tracks.get(timeframe)
        if track is None or track.users > 0 or track.children:
            return
        del self.tracks[timeframe], self.cache.series[timeframe]
        if track.parent is not None:
            track.parent.children.remove(track)
            self.close(track.parent.builder.timeframe)
        self._find_roots()

    def take_bars(self, timeframe: str) -> Track:
        """Return the track of a feed that has bars only; all longer ones that fit are made of it."""
        track = self.tracks.get(timeframe) or self.open(timeframe, 1)
        for name, other in self.tracks.items():
            if other.parent is None and other is not track and divides(timeframe, name, self.zone):
                self._adopt(track, other)
        self._find_roots()
        return track

    def due(self) -> int:
        """Return µs UTC of the earliest end of a forming bar."""
        return min((track.builder.end for track in self.tracks.values()), default=NEVER)

    @staticmethod
    def _adopt(parent: Track, child: Track) -> None:
        child.parent = parent
        parent.children.append(child)

    def _find_roots(self) -> None:
        self.roots = [track.builder for track in self.tracks.values() if track.parent is None]
        self.only = self.roots[0] if len(self.roots) == 1 else None

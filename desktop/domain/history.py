"""Recorded market data as the history store knows it: series, their holes, and the splits in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from desktop.domain.instruments import Instrument


@dataclass(frozen=True, slots=True)
class Gap:
    """Bars that are missing between two that are there."""

    begin: int  # µs UTC, start of the first bar that is missing
    end: int  # µs UTC, start of the next bar that is there
    missing: int  # bars


@dataclass(frozen=True, slots=True)
class Split:
    """A stock split as prices show it: `new` shares for `old` ones.

    Attributes:
        at: µs UTC, start of the first bar with prices after the split.
        new: Shares after it (7 in 7:1; 1 in a reverse split of 1:10).
        old: Shares before it.
        before: Last close before it.
        after: First price after it.
        turnover: Money traded in the day after it, as a share of a usual day before; None: the volumes do not say.
    """

    at: int
    new: int
    old: int
    before: float
    after: float
    turnover: float | None

    @property
    def ratio(self) -> Fraction:
        """What prices before the split are divided by, and volumes multiplied with."""
        return Fraction(self.new, self.old)

    @property
    def evidence(self) -> str:
        """What speaks for a split, as a sentence."""
        level = (
            f"The price went from {self.before:g} to {self.after:g}, as in a split of {self.new}:{self.old}, and stayed"
        )
        if self.turnover is None:
            return f"{level} there; the file has no volumes that could tell more."
        return (
            f"{level} there; {self.turnover:.1f} times the money of a usual day was traded. A crash "
            "trades many times as much; a split does not."
        )


@dataclass(frozen=True, slots=True)
class SplitWarning:
    """Splits that nobody has decided on: prices before them are on another scale than prices after them."""

    symbol: str
    splits: tuple[Split, ...]

    @property
    def sentence(self) -> str:
        """What was found, what it does to results, what to do."""
        first = self.splits[0]
        found = "a probable split" if len(self.splits) == 1 else f"{len(self.splits)} probable splits"
        return (
            f"{self.symbol}: the prices show {found}, the first of {first.new}:{first.old}, and were not adjusted. "
            "Gains, losses and indicators across it are not real. Adjust the series, or accept it as it is."
        )


@dataclass(frozen=True, slots=True)
class SeriesInfo:
    """One stored series: where it comes from and what it covers.

    Attributes:
        series_id: Its number in the store; 0 before it is stored.
        symbol: What was traded.
        kind: "bars", "quotes" or "trades".
        timeframe: Of bars; empty for ticks.
        feed: Where the prices come from: "file" or the name of a feed.
        source: Name of the file, or what the feed was asked for.
        zone: IANA zone in which times without one were read.
        instrument: Steps and currency.
        fingerprint: SHA-256 of the source.
        imported_at: µs UTC.
        first: µs UTC of the first row.
        last: µs UTC of the last row.
        rows: Rows stored.
        gaps: Bars missing in all holes, as `judged` says; -1 in `gap_count`: by an older rule.
        longest_gap: µs.
        duplicates: Rows of its files dropped because they repeat the one before.
        errors: Rows left out, duplicates included.
        splits: Those the prices were adjusted for; empty: as they were traded.
        accepted: Times (`Split.at`) of probable splits the user wants left as they are.
        hours: Trading hours its gaps are judged by, as they were said at the import; empty: nobody has said any.
        gap_count: Holes these bars are missing in; -1: it was stored before they were counted.
        judged: What `gaps` and `gap_count` were judged by, as `Gaps.hours` says it.
    """

    series_id: int
    symbol: str
    kind: str
    timeframe: str
    feed: str
    source: str
    zone: str
    instrument: Instrument
    fingerprint: str
    imported_at: int
    first: int
    last: int
    rows: int
    gaps: int
    longest_gap: int
    duplicates: int
    errors: int
    splits: tuple[Split, ...] = ()
    accepted: tuple[int, ...] = ()
    hours: str = ""
    gap_count: int = -1
    judged: str = ""

    @property
    def adjusted(self) -> bool:
        """Whether prices and volumes were adjusted for splits."""
        return bool(self.splits)

    @property
    def tick(self) -> Decimal:
        """Smallest price step."""
        return self.instrument.tick


def adjusted_first(infos: Iterable[SeriesInfo]) -> list[SeriesInfo]:
    """Return series in their order, but those adjusted for splits before the same prices as they were traded.

    A split in prices looks like a crash to a rule, so the adjusted ones are what is offered first; not those that were
    adjusted from prices of which there are others by now.
    """
    given = list(infos)
    groups: dict[tuple[str, str], int] = {}
    for info in given:
        groups.setdefault((info.symbol, info.timeframe), len(groups))

    def outdated(info: SeriesInfo) -> bool:
        traded = [one for one in given if not one.adjusted and _of(one) == _of(info)]
        return bool(traded) and all(one.fingerprint != info.fingerprint for one in traded)

    def place(info: SeriesInfo) -> tuple[int, bool]:
        return groups[info.symbol, info.timeframe], not info.adjusted or outdated(info)

    return sorted(given, key=place)


def _of(info: SeriesInfo) -> tuple[str, str, str]:
    return info.symbol, info.timeframe, info.feed

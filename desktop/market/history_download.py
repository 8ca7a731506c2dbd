"""What is downloaded from a feed's past, how far it has come, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain.errors import FieldError
from desktop.domain.instruments import Instrument
from desktop.domain.market import DAY, timeframe_us
from desktop.market.bars import BarBuilder
from desktop.market.history_merge import Existing
from desktop.market.history_report import ImportReport

REGULAR, EXTENDED = "regular", "extended"  # trading hours, where a feed has bars of both
MOST_BARS = 5_000_000  # of one download
_OPEN_INTRADAY, _OPEN_DAILY = 6.0, 1.6  # times as long, where a market closes: nights, weekends, holidays
_SLACK = 5 * DAY


@dataclass(frozen=True, slots=True)
class DownloadFeed:
    """A feed whose past can be downloaded.

    Attributes:
        key: simulator | ccxt:EXCHANGE | alpaca.
        title: For people.
        detail: What is to be known of it, in a sentence.
        symbols: Those it is known to have; empty: any can be tried.
        timeframes: Those it has.
        hours: Trading hours one can choose between, the usual ones first; empty: its bars are what there is.
    """

    key: str
    title: str
    detail: str
    symbols: tuple[str, ...]
    timeframes: tuple[str, ...]
    hours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DownloadRequest:
    """What to download.

    Attributes:
        feed: Key of the feed.
        symbol: Of the feed.
        timeframe: Of the bars.
        begin: µs UTC, from which on bars start; None: `bars` says how many.
        end: µs UTC, before which they start; None: up to now.
        bars: The last so many before the end; None: `begin` says from when.
        existing: What is done where such a series is stored already.
        hours: REGULAR or EXTENDED; empty: the usual ones of the feed. Daily and longer bars are the same in both.
    """

    feed: str
    symbol: str
    timeframe: str
    begin: int | None = None
    end: int | None = None
    bars: int | None = None
    existing: Existing = Existing.ASK
    hours: str = ""

    def span(self, instrument: Instrument, now: int) -> tuple[int, int]:
        """Return the times from which and before which bars start; none of them is still running at `now` (µs UTC).

        Where only a number of bars is asked for and the market closes, the time is long enough for more: the last ones
        are kept.

        Raises:
            FieldError: it is empty, begins in the future, or holds more bars than one download takes.
        """
        length = timeframe_us(self.timeframe)
        running, _ = BarBuilder(self.symbol, self.timeframe).period(now)  # the first bar that is not over
        end = running if self.end is None else min(self.end, running)
        if self.bars is not None:
            if not 0 < self.bars <= MOST_BARS:
                raise FieldError("bars", f"must be from 1 to {MOST_BARS:,}.")
            closed = instrument.calendar != "always"
            back = self.bars * length * ((_OPEN_INTRADAY if length < DAY else _OPEN_DAILY) if closed else 1)
            return end - int(back) - (_SLACK if closed else 0), end
        if self.begin is None:
            raise FieldError("from", "say from when, or how many bars.")
        if self.begin >= end:
            raise FieldError("from", f"there is no whole bar of {self.timeframe} between its start and its end yet.")
        if (end - self.begin) // length > MOST_BARS:
            raise FieldError("from", f"holds more than {MOST_BARS:,} bars of {self.timeframe}. Take less at a time.")
        return self.begin, end


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """How far a download has come.

    Attributes:
        share: Of the time that is asked for, 0 to 1.
        bars: That have come.
        until: µs UTC, start of the last of them; 0: none yet.
    """

    share: float
    bars: int
    until: int


@dataclass(frozen=True, slots=True)
class DownloadReport:
    """What came of a download.

    Attributes:
        request: What was asked for.
        report: What came, and what became of it, as of an import.
        complete: All that was asked for has come; else nothing is stored until the user wants it kept.
        sentence: Why it is not complete, and what has come; where it is: that the feed has less than was asked for.
    """

    request: DownloadRequest
    report: ImportReport
    complete: bool
    sentence: str = ""

"""Alpaca's bars as ours: what it calls the timeframes, and those it has not made of shorter ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desktop.domain.broker_errors import BrokerFault
from desktop.domain.errors import FieldError
from desktop.domain.market import Bar, timeframe_us
from desktop.market.bars import BarBuilder
from desktop.net.moments import moment

ZONE = "America/New_York"  # days and weeks begin there

#: Timeframe to ask for, and Alpaca's name for it. Longer hours and weeks are made here, from where ours begin.
_ASKED = {
    "1m": ("1m", "1Min"),
    "3m": ("3m", "3Min"),
    "5m": ("5m", "5Min"),
    "10m": ("10m", "10Min"),
    "15m": ("15m", "15Min"),
    "30m": ("30m", "30Min"),
    "1h": ("1h", "1Hour"),
    "2h": ("1h", "1Hour"),
    "4h": ("1h", "1Hour"),
    "1d": ("1d", "1Day"),
    "1w": ("1d", "1Day"),
}
TIMEFRAMES = tuple(_ASKED)


def asked(timeframe: str) -> tuple[str, str]:
    """Return the timeframe to ask for, in our words and in Alpaca's.

    Raises:
        FieldError: Alpaca has nothing so short, or nobody has such a timeframe.
    """
    timeframe_us(timeframe)
    try:
        return _ASKED[timeframe]
    except KeyError:
        raise FieldError(
            "timeframe", f"Alpaca has no bars of {timeframe}. Its shortest are of one minute; choose 1m or longer."
        ) from None


@dataclass(frozen=True, slots=True)
class Page:
    """One answer."""

    bars: Sequence[Bar]
    next: str  # token of the page that follows; empty: there is none


def read_page(body: bytes, symbol: str, timeframe: str) -> Page:
    """Return the bars of one symbol in an answer; takes milliseconds for thousands, so it is called in a thread.

    Raises:
        BrokerFault: the answer cannot be read.
    """
    try:
        data = json.loads(body)
        rows = (data.get("bars") or {}).get(symbol) or ()
        bars = [_bar(row, symbol, timeframe) for row in rows]
        return Page(bars, str(data.get("next_page_token") or ""))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BrokerFault("Alpaca's bars cannot be read. None of this answer was kept.") from None


def _bar(row: Mapping[str, Any], symbol: str, timeframe: str) -> Bar:
    prices = (float(row["o"]), float(row["h"]), float(row["l"]), float(row["c"]))
    return Bar(symbol, timeframe, moment(row["t"]), *prices, float(row["v"]))


class Maker:
    """Makes bars of a longer timeframe as shorter ones come, page by page; hands equal ones through."""

    def __init__(self, symbol: str, timeframe: str) -> None:
        source, _ = asked(timeframe)
        self._builder = None if source == timeframe else BarBuilder(symbol, timeframe, ZONE)

    def take(self, bars: Iterable[Bar]) -> list[Bar]:
        """Return the bars that are complete with these, which are newer than those before."""
        if self._builder is None:
            return list(bars)
        found: list[Bar] = []
        for bar in bars:
            found += self._builder.close_until(bar.start)
            self._builder.add_bar(bar)
            found += self._builder.close_until(bar.end)
        return found

    def rest(self) -> list[Bar]:
        """Return the bar that nothing more will come for."""
        forming = self._builder.forming() if self._builder is not None else None
        return [] if forming is None else [forming]

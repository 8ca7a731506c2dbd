"""On which bars rules are judged where the prices are of another kind: a trader is told before a run and after it."""

from __future__ import annotations

from desktop.domain.market import TIMEFRAMES
from desktop.domain.strategies import Evaluate, Strategy
from desktop.feeds.recording import Recording

_BARS = "bars"


def can_make(timeframe: str, kind: str, of: str) -> bool:
    """Whether bars of a timeframe can be made of prices.

    Args:
        timeframe: Of the bars that are wanted.
        kind: Of the prices: "bars", "quotes" or "trades".
        of: Their timeframe; empty for ticks, and where they come in any.
    """
    if kind != _BARS or of not in TIMEFRAMES or timeframe not in TIMEFRAMES:
        return True
    return TIMEFRAMES[timeframe] % TIMEFRAMES[of] == 0


def made_of(strategy: Strategy, recording: Recording) -> str:
    """Return what the bars were made of on which rules were judged; empty where the files hold these bars."""
    sources = dict.fromkeys(
        f"{item.timeframe} bars" if item.kind == _BARS else item.kind
        for item in recording.histories
        if item.kind != _BARS or item.timeframe != strategy.timeframe
    )
    if not sources:
        return ""
    made = f"{strategy.timeframe} bars made of the {' and '.join(sources)} of the prices"
    if strategy.evaluate is Evaluate.QUOTE:
        return f"Rules were judged at every price, on the {strategy.timeframe} bar that was forming: {made}."
    return f"Rules were judged on {made}."

"""What is to be said about the bars of a backtest before it runs: made of others, another strategy's, or impossible."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.domain.strategies import Strategy
from desktop.research.api import DataChoice
from desktop.research.bars_used import can_make


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


def _filled(text: str, *values: str) -> str:
    for place, value in enumerate(values, 1):
        text = text.replace(f"%{place}", value)
    return text


def bars_mistake(timeframe: str, prices: DataChoice | None) -> str:
    """Return why bars of a timeframe cannot be had of prices; empty where they can."""
    if prices is None or can_make(timeframe, prices.kind, prices.timeframe):
        return ""
    text = _tr("%1 bars cannot be made of %2 bars. Take %2 or a multiple of it, or finer prices.")
    return _filled(text, timeframe, prices.timeframe)


def bars_words(strategy: Strategy, timeframe: str, prices: DataChoice | None) -> str:
    """Return what is to be known about the bars of a test; empty where they are the strategy's, as they were recorded.

    Args:
        strategy: As it was saved, with its own timeframe.
        timeframe: That is chosen.
        prices: Of the first symbol.
    """
    said = []
    if prices is not None and not bars_mistake(timeframe, prices):
        if prices.kind != "bars":
            said.append(_filled(_tr("Rules are judged on %1 bars made of the %2."), timeframe, prices.kind))
        elif prices.timeframe and prices.timeframe != timeframe:
            said.append(_filled(_tr("Rules are judged on %1 bars made of the %2 bars."), timeframe, prices.timeframe))
    if timeframe != strategy.timeframe:
        possible = prices is None or can_make(strategy.timeframe, prices.kind, prices.timeframe)
        text = (
            _tr("The strategy itself says %1: on %2 bars it is another one, and the result is no evidence of it.")
            if possible
            else _tr("The strategy says %1, but these prices are %2 bars: the result is no evidence of the saved one.")
        )
        said.append(_filled(text, strategy.timeframe, timeframe))
    return " ".join(said)

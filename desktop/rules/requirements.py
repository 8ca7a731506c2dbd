"""What a formula needs: bars to look back, length of its smoothing, columns, timeframes."""

from __future__ import annotations

from desktop.domain.market import timeframe_us
from desktop.rules.catalogue import COLUMN_WORDS, FUNCTIONS
from desktop.rules.nodes import Change, Column, Cross, Higher, Indicator, Node, Previous, children, walk


def own_look_back(node: Node) -> int:
    """Return how many bars a node itself looks back beyond what it is computed from."""
    match node:
        case Indicator(function=function, arguments=arguments):
            return FUNCTIONS[function].look_back(arguments)
        case Previous(bars=bars) | Change(bars=bars):
            return bars
        case Cross():
            return 1
        case _:
            return 0


def window_of(node: Node) -> int:
    """Return a node's look-back in bars of its own timeframe; what lies inside `tf` counts in its own."""
    if isinstance(node, Higher):
        return 0
    return own_look_back(node) + max((window_of(child) for child in children(node)), default=0)


def look_back(node: Node, timeframe: str) -> int:
    """Return the most bars of `timeframe` that pass before a node's first known value.

    A higher timeframe counts whole: its bar is known when its last part has closed.
    """
    if isinstance(node, Higher):
        ratio = timeframe_us(node.timeframe) // timeframe_us(timeframe)
        return (look_back(node.operand, node.timeframe) + 1) * ratio - 1
    return own_look_back(node) + max((look_back(child, timeframe) for child in children(node)), default=0)


def smoothing(node: Node, timeframe: str) -> int:
    """Return the longest recursive smoothing of a node in bars of `timeframe`; 0 when none is recursive."""
    if isinstance(node, Higher):
        return smoothing(node.operand, node.timeframe) * (timeframe_us(node.timeframe) // timeframe_us(timeframe))
    own = FUNCTIONS[node.function].smoothing(node.arguments) if isinstance(node, Indicator) else 0
    return max(own, max((smoothing(child, timeframe) for child in children(node)), default=0))


def columns_of(node: Node) -> frozenset[str]:
    """Return the columns of the bar that a node reads; `hl2` and its like count as what they are made of."""
    made_of = {"hl2": "high low", "hlc3": "high low close", "ohlc4": "open high low close"}
    names = {part.name for part in walk(node) if isinstance(part, Column) and part.name in COLUMN_WORDS}
    return frozenset(column for name in names for column in made_of.get(name, name).split())


def timeframes_of(node: Node) -> tuple[str, ...]:
    """Return the higher timeframes a node uses, shortest first."""
    found = {part.timeframe for part in walk(node) if isinstance(part, Higher)}
    return tuple(sorted(found, key=timeframe_us))

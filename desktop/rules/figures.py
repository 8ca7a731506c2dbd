"""How the values of a clause are written: few digits, but never so few that the sentence would be false."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import floor, isnan, log10

from desktop.rules.drawing import on_price
from desktop.rules.nodes import Column, Elementwise, Node, Number, Term

_MOST = 17  # significant digits that name every float
_EXACT = 8  # significant digits of a quoted price or volume
_PRICE_TERMS = frozenset({"entry_price", "high_since_entry", "low_since_entry"})


def figures(sides: Sequence[tuple[Node, float]]) -> list[str]:
    """Return the text of each side's value.

    Args:
        sides: Nodes with their values in the order they are written; NaN is unknown.

    Returns:
        Quoted prices as they are, other prices to about five significant digits, everything else to two decimals (four
        digits below 1); as many more as it takes for neighbours to stand to each other as the values do.
    """
    more = 0
    texts = [_figure(node, value, more) for node, value in sides]
    while more < _MOST and not all(_alike(*pair) for pair in pairwise(zip(sides, texts, strict=True))):
        more += 1
        texts = [_figure(node, value, more) for node, value in sides]
    return texts


def _alike(one: tuple[tuple[Node, float], str], other: tuple[tuple[Node, float], str]) -> bool:
    """Tell whether two shown values stand to each other as the values themselves do."""
    (first, second), (left, right) = (_shown(one), one[0][1]), (_shown(other), other[0][1])
    if isnan(second) or isnan(right):
        return True
    return (first > left) == (second > right) and (first < left) == (second < right)


def _shown(side: tuple[tuple[Node, float], str]) -> float:
    (node, value), text = side
    return value if isinstance(node, Number) or isnan(value) else float(text)


def _figure(node: Node, value: float, more: int) -> str:
    if isnan(value):
        return "unknown"
    if value == 0:
        return "0"
    whole = floor(log10(abs(value))) + 1 if abs(value) >= 1 else 0  # digits before the point
    if isinstance(node, Column):
        digits = max(_EXACT, whole)
    elif _price_like(node):
        digits = whole + max(2, 5 - whole)
    else:
        digits = whole + 2 if whole else 4
    return _written(value, min(digits + more, _MOST))


def _written(value: float, digits: int) -> str:
    text = f"{value:.{digits}g}"
    if "e+" in text:  # never an exponent for what has room in full
        text = f"{value:.0f}" if abs(value) < 1e15 else text
    return text


def _price_like(node: Node) -> bool:
    match node:
        case Term(name=name):
            return name in _PRICE_TERMS
        case Elementwise(operator=sign, operands=operands) if sign != "/":
            return any(isinstance(part, Column | Term) or _price_like(part) for part in operands)
        case _:
            return on_price(node)

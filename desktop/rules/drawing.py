"""What a chart can draw of a rule: its indicators, on the price or in a pane of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from desktop.rules.catalogue import FUNCTIONS, WORDS_BY_NAME
from desktop.rules.nodes import (
    Column,
    Compare,
    Elementwise,
    Higher,
    Indicator,
    Node,
    Number,
    Output,
    Previous,
    children,
    walk,
)
from desktop.rules.text import format_node


@dataclass(frozen=True, slots=True)
class DrawnIndicator:
    """An indicator of a rule as a chart shows it.

    Attributes:
        name: Its text, without the output: `macd(12, 26, 9)`.
        lines: (label, node) of each output, in the table's order; `BatchEvaluator.values(node)` gives its column.
        overlay: On the price; otherwise in a pane of its own.
        levels: Fixed numbers the rule compares it with (30 and 70).
        markers: Marks on single bars (candlestick patterns) rather than lines.
    """

    name: str
    lines: tuple[tuple[str, Node], ...]
    overlay: bool
    levels: tuple[float, ...] = ()
    markers: bool = False


def drawn_indicators(root: Node) -> tuple[DrawnIndicator, ...]:
    """Return every indicator of a formula once, in the order they are written."""
    return tuple({drawn.lines: drawn for drawn in _found(root, root)}.values())


def _found(node: Node, root: Node) -> Iterator[DrawnIndicator]:
    if isinstance(node, Higher):
        for inner in _found(node.operand, node.operand):
            lines: tuple[tuple[str, Node], ...] = tuple(
                (label, Higher(node.timeframe, line)) for label, line in inner.lines
            )
            levels = inner.levels + tuple(level for level in _levels(lines, root) if level not in inner.levels)
            yield replace(inner, name=f'tf("{node.timeframe}", {inner.name})', lines=lines, levels=levels)
        return
    if isinstance(node, Indicator):
        function = FUNCTIONS[node.function]
        labels = function.outputs or (node.function,)
        outputs: tuple[tuple[str, Node], ...] = tuple(
            (label, Output(node, place)) for place, label in enumerate(labels)
        )
        yield DrawnIndicator(
            format_node(node),
            outputs,
            overlay=on_price(node),
            levels=_levels(outputs, root),
            markers=function.category == "Candlestick patterns",
        )
    for child in children(node):
        yield from _found(child, root)


def _levels(lines: tuple[tuple[str, Node], ...], root: Node) -> tuple[float, ...]:
    outputs = {line for _, line in lines}
    levels: dict[float, None] = {}
    for compared in walk(root):
        if isinstance(compared, Compare):
            for side, other in ((compared.left, compared.right), (compared.right, compared.left)):
                if side in outputs and isinstance(other, Number):
                    levels[other.value] = None
    return tuple(levels)


def on_price(node: Node) -> bool:
    """Tell whether a node has the scale of the price."""
    match node:
        case Column(name=name):
            return WORDS_BY_NAME[name].overlay
        case Indicator(function=name, inputs=inputs):
            function = FUNCTIONS[name]
            given = sum(item.given and item.default is not None for item in function.inputs)
            return function.overlay and all(on_price(part) for part in inputs[:given])
        case Output(indicator=operand) | Previous(operand=operand) | Higher(operand=operand):
            return on_price(operand)
        case Elementwise(operator=sign, operands=operands):
            return sign in {"min", "max"} and any(on_price(part) for part in operands)
        case _:
            return False

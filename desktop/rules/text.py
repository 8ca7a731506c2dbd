"""Nodes back to text: how a formula is shown in explanations and on charts. The text compiles to the same node."""

from __future__ import annotations

from desktop.rules.catalogue import FUNCTIONS, written
from desktop.rules.nodes import (
    AllOf,
    AnyOf,
    Between,
    Change,
    Column,
    Compare,
    Cross,
    Elementwise,
    Higher,
    Indicator,
    Node,
    Not,
    Number,
    Output,
    Previous,
    Term,
)

_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _MINUS, _POWER, _ATOM = range(9)
_BINDING = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "//": _PRODUCT, "%": _PRODUCT, "**": _POWER}


def format_node(node: Node) -> str:
    """Return the text of a node as it could be written in a rule."""
    return _text(node)[0]


def _text(node: Node) -> tuple[str, int]:
    """Return the text and how tightly its outermost operator binds."""
    match node:
        case Number(value=value, text=text):
            return text, _MINUS if value < 0 or text.startswith("-") else _ATOM
        case Column(name=name) | Term(name=name):
            return name, _ATOM
        case Indicator():
            return _call(node), _ATOM
        case Output(indicator=indicator, index=index):
            outputs = FUNCTIONS[indicator.function].outputs
            return _call(indicator) + (f".{outputs[index]}" if outputs else ""), _ATOM
        case Elementwise():
            return _elementwise(node)
        case _:
            return _condition(node)


def _condition(node: Node) -> tuple[str, int]:
    match node:
        case Compare(operator=sign, left=left, right=right):
            return f"{_inside(left, _SUM)} {sign} {_inside(right, _SUM)}", _COMPARE
        case Not(operand=operand):
            return f"not {_inside(operand, _NOT)}", _NOT
        case AllOf(parts=parts):
            return " and ".join(_inside(part, _NOT) for part in parts), _AND
        case AnyOf(parts=parts):
            return " or ".join(_inside(part, _AND) for part in parts), _OR
        case _:
            return _named(node), _ATOM


def _named(node: Node) -> str:
    match node:
        case Previous(operand=operand, bars=bars):
            return f"prev({format_node(operand)}, {bars})"
        case Change(operand=operand, bars=bars):
            return f"change({format_node(operand)}, {bars})"
        case Higher(timeframe=timeframe, operand=operand):
            return f'tf("{timeframe}", {format_node(operand)})'
        case Between(operand=operand, low=low, high=high):
            return f"between({format_node(operand)}, {format_node(low)}, {format_node(high)})"
        case Cross(above=above, left=left, right=right):
            return f"crosses_{'above' if above else 'below'}({format_node(left)}, {format_node(right)})"
        case _:
            raise TypeError(f"no text for {type(node).__name__}")


def _inside(node: Node, at_least: int) -> str:
    text, binding = _text(node)
    return text if binding >= at_least else f"({text})"


def _elementwise(node: Elementwise) -> tuple[str, int]:
    sign, operands = node.operator, node.operands
    if sign == "neg":
        return f"-{_inside(operands[0], _POWER)}", _MINUS
    if sign in _BINDING:
        binding = _BINDING[sign]
        to_the_right = sign == "**"  # a ** b ** c is a ** (b ** c)
        left = _inside(operands[0], binding + 1 if to_the_right else binding)
        right = _inside(operands[1], _MINUS if to_the_right else binding + 1)
        return f"{left} {sign} {right}", binding
    return f"{sign}({', '.join(format_node(operand) for operand in operands)})", _ATOM


def _call(node: Indicator) -> str:
    function = FUNCTIONS[node.function]
    parts: list[str] = []
    given = [item for item in function.inputs if item.given]
    series = node.inputs[: len(given)]
    if series != tuple(Column(item.default or "") for item in given):
        parts = [format_node(operand) for operand in series]
    values = list(zip(function.arguments, node.arguments, strict=True))
    while values and _goes_without_saying(node, len(values) - 1):
        values.pop()
    parts += [written(argument, value) for argument, value in values]
    return f"{node.function}({', '.join(parts)})"


def _goes_without_saying(node: Indicator, position: int) -> bool:
    function = FUNCTIONS[node.function]
    argument, value = function.arguments[position], node.arguments[position]
    if argument.follows:
        names = [other.name for other in function.arguments]
        return value == node.arguments[names.index(argument.follows)]
    return argument.average and value == argument.default

"""Between which values a function moves, where that is fixed: what a parameter compared with it can sensibly be."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from desktop.rules.nodes import Between, Column, Compare, Cross, Higher, Node, Number, Output, Previous, walk

Scale = tuple[float, float]

_PERCENT: Scale = (0.0, 100.0)
_AROUND: Scale = (-100.0, 100.0)

#: By function, or by function and output where only some of its outputs are bounded.
SCALES: Mapping[str, Scale] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                *("rsi", "rsx", "lrsi", "stochrsi", "stoch", "stochf", "mfi", "ultosc", "imi", "rvi", "psl"),
                *("adx", "adxr", "dx", "plus_di", "minus_di", "aroon", "kdj.k", "kdj.d", "stc.stc"),
            ),
            _PERCENT,
        ),
        **dict.fromkeys(("cmo", "cmou", "tsi", "aroonosc"), _AROUND),
        "willr": (-100.0, 0.0),
        "bop": (-1.0, 1.0),
        "er": (0.0, 1.0),
        "hour": (0.0, 23.0),
        "minute": (0.0, 59.0),
        "weekday": (0.0, 6.0),
    }
)


def parameter_scales(root: Node, parameters: Mapping[str, Decimal]) -> dict[str, Scale]:
    """Return the scale of every parameter of a rule that is compared with a function or time whose values are bounded.

    A parameter that is compared with several has the narrowest stretch they share; without one it is left out.

    Args:
        root: The compiled rule.
        parameters: The values it was compiled with; what a rule computes from a parameter has no scale of its own.
    """
    found: dict[str, Scale] = {}
    for node in walk(root):
        for one, other in _compared(node):
            scale = scale_of(other)
            if scale is None or not isinstance(one, Number) or not one.parameter:
                continue
            if one.value == float(parameters[one.parameter]):
                low, high = found.get(one.parameter, scale)
                found[one.parameter] = max(low, scale[0]), min(high, scale[1])
    return {name: (low, high) for name, (low, high) in found.items() if low < high}


def scale_of(node: Node) -> Scale | None:
    """Return between which values a node moves; None: that is not fixed."""
    if isinstance(node, (Previous, Higher)):
        return scale_of(node.operand)
    if isinstance(node, Column):
        return SCALES.get(node.name)
    if not isinstance(node, Output):
        return None
    from desktop.rules.catalogue import FUNCTIONS  # noqa: PLC0415 - the whole table is not needed to import this one

    function = FUNCTIONS[node.indicator.function]
    part = function.outputs[node.index] if function.outputs else ""
    return SCALES.get(f"{function.name}.{part}", SCALES.get(function.name))


def _compared(node: Node) -> list[tuple[Node, Node]]:
    """Return the pairs of numbers that a condition holds against each other, both ways round."""
    match node:
        case Compare(left=left, right=right) | Cross(left=left, right=right):
            pairs = [(left, right)]
        case Between(operand=operand, low=low, high=high):
            pairs = [(low, operand), (high, operand)]
        case _:
            pairs = []
    return [*pairs, *((other, one) for one, other in pairs)]

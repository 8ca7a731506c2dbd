"""Which values of a parameter a sweep might try: around what it is, and inside what its rules can make use of."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal

from desktop.domain.errors import RuleError
from desktop.domain.parameters import in_rule_order
from desktop.domain.strategies import Strategy
from desktop.research.grid import with_parameters
from desktop.rules.scales import Scale, parameter_scales
from desktop.trading.proposals import StrategyRules

Suggestion = tuple[Decimal, Decimal, Decimal]  # lowest and highest value, and the step between two

_STEPS = 10  # about so many from the lowest to the highest value
_ONE, _TWO = Decimal(1), Decimal(2)


def suggestions(strategy: Strategy) -> dict[str, Suggestion]:
    """Return what to try of each parameter, in the order the rules name them.

    A level that is compared with a bounded function (rsi: 0 to 100) stays well inside its bounds; a value with which
    the rules cannot be compiled (a length of one bar) is not suggested.
    """
    scales = _scales(strategy)

    def works_with(name: str) -> Callable[[Decimal], bool]:
        def works(value: Decimal) -> bool:
            try:
                StrategyRules.of(with_parameters(strategy, {name: value}))
            except RuleError:
                return False
            return True

        return works

    return {
        name: suggested(value, scales.get(name), works_with(name)) for name, value in in_rule_order(strategy).items()
    }


def suggested(
    value: Decimal, scale: Scale | None = None, works: Callable[[Decimal], bool] = lambda _: True
) -> Suggestion:
    """Return what to try around a value: from half to one and a half times, the same way up as down where it can be.

    Args:
        value: What the parameter is now.
        scale: Between which values it makes sense; None: any.
        works: Whether the rules can be compiled with a value.
    """
    near = Decimal(0) if scale is None else min(value - Decimal(scale[0]), Decimal(scale[1]) - value)
    size = near if near > 0 else abs(value) or Decimal(10)  # a value beyond its scale has nothing to be inside of
    step = _step(size, whole=value == value.to_integral_value(), works=lambda apart: works(value + apart))
    reach = _STEPS // 2
    if near > 0:
        reach = min(reach, int((near / step).to_integral_value(ROUND_CEILING)) - 1)  # strictly inside of the scale
    below = reach
    if scale is None and value > 0:
        least = _TWO if value >= _TWO and step >= _ONE else step  # a length below two bars says little
        below = min(reach, int((value - least) / step))
    while below > 0 and not works(value - step * below):
        below -= 1
    above = reach
    while above > 0 and not works(value + step * above):
        above -= 1
    return value - step * max(0, below), value + step * above, step


def _step(size: Decimal, *, whole: bool, works: Callable[[Decimal], bool]) -> Decimal:
    tenth = size / _STEPS
    fine = tenth.quantize(Decimal(1).scaleb(tenth.adjusted()), ROUND_HALF_EVEN).normalize()
    if whole and (size >= _TWO or not works(fine)):
        return max(_ONE, tenth.to_integral_value(ROUND_HALF_EVEN))
    return fine


def _scales(strategy: Strategy) -> dict[str, Scale]:
    """Return the bounds of each parameter by both rules; nothing where they cannot be compiled."""
    try:
        rules = StrategyRules.of(strategy)
    except RuleError:
        return {}
    found: dict[str, Scale] = {}
    for rule in filter(None, (rules.entry, rules.exit)):
        for name, (low, high) in parameter_scales(rule.root, strategy.parameters).items():
            before = found.get(name, (low, high))
            both = max(low, before[0]), min(high, before[1])
            found[name] = both if both[0] < both[1] else before
    return found

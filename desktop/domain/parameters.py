"""The named numbers of a strategy, in the order a reader meets them."""

from __future__ import annotations

import re
from decimal import Decimal

from desktop.domain.strategies import Strategy

_WORD = re.compile(r"[A-Za-z_]\w*")


def in_rule_order(strategy: Strategy) -> dict[str, Decimal]:
    """Return the parameters as the entry and then the exit rule name them; those no rule names come last.

    A stored strategy keeps no order of its own: its text is canonical, so that equal ones have equal hashes.
    """
    words = dict.fromkeys(_WORD.findall(f"{strategy.entry}\n{strategy.exit}"))
    named = [name for name in words if name in strategy.parameters]
    return {name: strategy.parameters[name] for name in dict.fromkeys((*named, *strategy.parameters))}

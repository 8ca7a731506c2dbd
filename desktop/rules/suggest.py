"""What was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

#: Names of other programs and libraries, and what they are called here.
ELSEWHERE = {
    "average": "sma",
    "avg": "sma",
    "mean": "sma",
    "bb": "bbands",
    "bollinger": "bbands",
    "stochastic": "stoch",
    "crossover": "crosses_above",
    "crossunder": "crosses_below",
    "crossabove": "crosses_above",
    "crossbelow": "crosses_below",
    "cross": "crosses_above",
    "ref": "prev",
    "shift": "prev",
    "lag": "prev",
    "delay": "prev",
    "diff": "change",
    "delta": "change",
    "hhv": "highest",
    "rolling_max": "highest",
    "llv": "lowest",
    "rolling_min": "lowest",
    "price": "close",
    "last": "close",
    "vol": "volume",
    "o": "open",
    "h": "high",
    "l": "low",
    "c": "close",
    "v": "volume",
    "log": "ln",
    "pow": "**",
    "keltner": "kc",
    "tr": "trange",
    "williams_r": "willr",
    "smma": "rma",
    "profit": "pnl_pct",
    "profit_pct": "pnl_pct",
    "security": "tf",
    "dayofweek": "weekday",
}

_LOOKED_AT = 5  # names that are equally near


def nearest(name: str, names: Iterable[str]) -> str:
    """Return "Did you mean sma?" for a name that comes near one of `names`, else an empty text."""
    wanted = name.lower()
    known = set(names)
    if wanted in known:
        return f"Did you mean {wanted}?"
    if wanted in ELSEWHERE:
        return f"Did you mean {ELSEWHERE[wanted]}?"
    if len(wanted) == 1:
        return ""
    found = difflib.get_close_matches(wanted[:40], sorted(known), n=_LOOKED_AT, cutoff=0.6)
    if not found:
        return ""
    alike = difflib.SequenceMatcher(b=wanted[:40])

    def likeness(candidate: str) -> float:
        alike.set_seq1(candidate)
        return alike.ratio()

    best = likeness(found[0])
    return f"Did you mean {min(item for item in found if likeness(item) == best)}?"  # rsi rather than rsx

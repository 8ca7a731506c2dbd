"""Names that traders know from other programs and a rule cannot have: why, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no such function, as a sentence, and what to do instead."""

    reason: str
    instead: str


def _same(name: str, write: str) -> Refusal:
    return Refusal(f"It is called {name} here.", f"Write {write}.")


REFUSED: Mapping[str, Refusal] = MappingProxyType(
    {
        "tos_stdevall": Refusal(
            "It looks into the future: its line is fitted through all bars, later ones too.",
            "Write bbands(20) or linearreg(100) and stddev(100).",
        ),
        "vp": Refusal(
            "It gives a table of prices for the whole history, not a value for each bar.", "Write vwap() or vwma(20)."
        ),
        "cpr": Refusal(
            "It takes the bar before, which inside tf would be the day before the last closed one.",
            'Write its levels with tf: the pivot is tf("1d", hlc3), the other bound tf("1d", hl2).',
        ),
        "cdl_pattern": Refusal(
            "It gives all candlestick patterns at once.", "Write one by its name, for example cdlengulfing() != 0."
        ),
        "tsignals": Refusal(
            "It turns a trend into entries and exits, which a strategy's own rules do.",
            "Write the condition as entry rule and its opposite as exit rule.",
        ),
        "xsignals": Refusal(
            "It turns crossings into entries and exits, which a strategy's own rules do.",
            "Write crosses_above(rsi(14), 30) as entry rule and crosses_below(rsi(14), 70) as exit rule.",
        ),
        "true_range": _same("trange", "trange()"),
        "psar": _same("sar", "sar(0.02, 0.2)"),
        "uo": _same("ultosc", "ultosc(7, 14, 28)"),
        "wcp": _same("wclprice", "wclprice()"),
        "stdev": _same("stddev", "stddev(30)"),
        "variance": _same("var", "var(30)"),
        "zlma": _same("zlema", "zlema(10)"),
        "mad": _same("avgdev", "avgdev(30)"),
        "md": _same("avgdev", "avgdev(30)"),
        "dm": _same("plus_dm and minus_dm", "plus_dm(14) or minus_dm(14)"),
        "percent_return": _same("rocp", "rocp(1)"),
        "linreg": _same("linearreg", "linearreg(14)"),
        "linregangle": _same("linearreg_angle", "linearreg_angle(14)"),
        "linregintercept": _same("linearreg_intercept", "linearreg_intercept(14)"),
        "linregslope": _same("linearreg_slope", "linearreg_slope(14)"),
    }
)

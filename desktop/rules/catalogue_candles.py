"""The table of functions: candlestick patterns: 100 bullish, -100 bearish, 0 none; some also 80 and 200."""

from __future__ import annotations

from desktop.rules.catalogue_types import OHLC, Argument, Function, fixed, real

# name after "cdl", bars before the first value, title, default penetration (share of a body) where it has one
_PATTERNS: tuple[tuple[str, int, str, float | None], ...] = (
    ("2crows", 12, "Two crows", None),
    ("3blackcrows", 13, "Three black crows", None),
    ("3inside", 12, "Three inside up or down", None),
    ("3linestrike", 8, "Three-line strike", None),
    ("3outside", 3, "Three outside up or down", None),
    ("3starsinsouth", 12, "Three stars in the south", None),
    ("3whitesoldiers", 12, "Three advancing white soldiers", None),
    ("abandonedbaby", 12, "Abandoned baby", 0.3),
    ("advanceblock", 12, "Advance block", None),
    ("belthold", 10, "Belt hold", None),
    ("breakaway", 14, "Breakaway", None),
    ("closingmarubozu", 10, "Closing marubozu", None),
    ("concealbabyswall", 13, "Concealing baby swallow", None),
    ("counterattack", 11, "Counterattack", None),
    ("darkcloudcover", 11, "Dark cloud cover", 0.5),
    ("doji", 10, "Doji", None),
    ("dojistar", 11, "Doji star", None),
    ("dragonflydoji", 10, "Dragonfly doji", None),
    ("engulfing", 2, "Engulfing bar", None),
    ("eveningdojistar", 12, "Evening doji star", 0.3),
    ("eveningstar", 12, "Evening star", 0.3),
    ("gapsidesidewhite", 7, "Gap with side-by-side white lines", None),
    ("gravestonedoji", 10, "Gravestone doji", None),
    ("hammer", 11, "Hammer", None),
    ("hangingman", 11, "Hanging man", None),
    ("harami", 11, "Harami", None),
    ("haramicross", 11, "Harami cross", None),
    ("highwave", 10, "High-wave candle", None),
    ("hikkake", 5, "Hikkake", None),
    ("hikkakemod", 10, "Modified hikkake", None),
    ("homingpigeon", 11, "Homing pigeon", None),
    ("identical3crows", 12, "Identical three crows", None),
    ("inneck", 11, "In-neck", None),
    ("invertedhammer", 11, "Inverted hammer", None),
    ("kicking", 11, "Kicking", None),
    ("kickingbylength", 11, "Kicking, side taken from the longer marubozu", None),
    ("ladderbottom", 14, "Ladder bottom", None),
    ("longleggeddoji", 10, "Long-legged doji", None),
    ("longline", 10, "Long line candle", None),
    ("marubozu", 10, "Marubozu", None),
    ("matchinglow", 6, "Matching low", None),
    ("mathold", 14, "Mat hold", 0.5),
    ("morningdojistar", 12, "Morning doji star", 0.3),
    ("morningstar", 12, "Morning star", 0.3),
    ("onneck", 11, "On-neck", None),
    ("piercing", 11, "Piercing line", None),
    ("rickshawman", 10, "Rickshaw man", None),
    ("risefall3methods", 14, "Rising or falling three methods", None),
    ("separatinglines", 11, "Separating lines", None),
    ("shootingstar", 11, "Shooting star", None),
    ("shortline", 10, "Short line candle", None),
    ("spinningtop", 10, "Spinning top", None),
    ("stalledpattern", 12, "Stalled pattern", None),
    ("sticksandwich", 7, "Stick sandwich", None),
    ("takuri", 10, "Takuri: dragonfly doji with a very long lower shadow", None),
    ("tasukigap", 7, "Tasuki gap", None),
    ("thrusting", 11, "Thrusting", None),
    ("tristar", 12, "Tristar", None),
    ("unique3river", 12, "Unique three river", None),
    ("upsidegap2crows", 12, "Upside gap two crows", None),
    ("xsidegap3methods", 2, "Upside or downside gap three methods", None),
)


def _pattern(name: str, bars: int, title: str, penetration: float | None) -> Function:
    arguments: tuple[Argument, ...] = ()
    if penetration is not None:
        arguments = (real("penetration", "penetration", penetration, 0.0, 10.0),)
    return Function(
        f"cdl{name}",
        f"CDL{name.upper()}",
        "Candlestick patterns",
        f"{title}: 100 bullish, -100 bearish, 0 none.",
        inputs=OHLC,
        arguments=arguments,
        look_back=fixed(bars),
        example=f"cdl{name}() != 0",
    )


CANDLES: tuple[Function, ...] = tuple(_pattern(*row) for row in _PATTERNS)

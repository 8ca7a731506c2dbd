"""The table of functions: those of the rule language itself, and the names without brackets."""

from __future__ import annotations

from desktop.rules.catalogue_types import Function, Input, Word, length, window

_RULE = "Rule functions"
_CONDITIONS = "Conditions"

OWN: tuple[Function, ...] = (
    Function(
        "highest",
        "MAX",
        _RULE,
        "Highest value of the last n bars, the current one included; of the high when no series is given.",
        inputs=(Input("x", "high", given=True),),
        arguments=(length(None, 1),),
        look_back=window,
        overlay=True,
        signature="highest(x=high, n)",
        example="close >= highest(close, 20)",
    ),
    Function(
        "lowest",
        "MIN",
        _RULE,
        "Lowest value of the last n bars, the current one included; of the low when no series is given.",
        inputs=(Input("x", "low", given=True),),
        arguments=(length(None, 1),),
        look_back=window,
        overlay=True,
        signature="lowest(x=low, n)",
        example="close <= lowest(20)",
    ),
    Function(
        "prev",
        "",
        _RULE,
        "Value of x some bars ago: prev(close) is the close of the bar before; x may be a condition.",
        signature="prev(x, n=1)",
        example="close > prev(close, 1)",
    ),
    Function(
        "change",
        "",
        _RULE,
        "x now less x some bars ago.",
        signature="change(x, n=1)",
        example="change(close, 5) > 0",
    ),
    Function(
        "abs", "", _RULE, "Size of a number without its sign.", signature="abs(x)", example="abs(change(close)) > 1"
    ),
    Function(
        "min",
        "",
        _RULE,
        "Smallest of the numbers on this bar; the lowest of several bars is lowest(x, n).",
        signature="min(a, b, ...)",
        example="close > min(sma(20), sma(50))",
    ),
    Function(
        "max",
        "",
        _RULE,
        "Largest of the numbers on this bar; the highest of several bars is highest(x, n).",
        signature="max(a, b, ...)",
        example="close > max(sma(20), sma(50))",
    ),
    Function(
        "tf",
        "",
        _RULE,
        "x on the last closed bar of a higher timeframe, built from this one's bars.",
        signature='tf("1h", x)',
        example='tf("1h", rsi(14)) > 50',
    ),
    Function(
        "crosses_above",
        "",
        _CONDITIONS,
        "a was at or below b on the bar before and is above it now.",
        signature="crosses_above(a, b)",
        example="crosses_above(close, sma(20))",
    ),
    Function(
        "crosses_below",
        "",
        _CONDITIONS,
        "a was at or above b on the bar before and is below it now.",
        signature="crosses_below(a, b)",
        example="crosses_below(close, sma(20))",
    ),
    Function(
        "between",
        "",
        _CONDITIONS,
        "low <= x <= high.",
        signature="between(x, low, high)",
        example="between(rsi(14), 40, 60)",
    ),
    Function(
        "time_between",
        "",
        _CONDITIONS,
        "The bar starts at or after the first time of day and before the second, in the exchange's zone.",
        signature='time_between("09:30", "15:00")',
        example='time_between("09:30", "15:00")',
    ),
)

_BAR = "Columns of the bar"
_TIME = "Time, in the exchange's zone"
_POSITION = "Position terms, exit rules only"

WORDS: tuple[Word, ...] = (
    Word("open", _BAR, "Price of the first trade.", overlay=True),
    Word("high", _BAR, "Highest price.", overlay=True),
    Word("low", _BAR, "Lowest price.", overlay=True),
    Word("close", _BAR, "Price of the last trade.", overlay=True),
    Word("volume", _BAR, "Units traded."),
    Word("hl2", _BAR, "Mean of high and low.", overlay=True),
    Word("hlc3", _BAR, "Mean of high, low and close.", overlay=True),
    Word("ohlc4", _BAR, "Mean of open, high, low and close.", overlay=True),
    Word("hour", _TIME, "Hour in which the bar starts, 0 to 23."),
    Word("minute", _TIME, "Minute at which the bar starts, 0 to 59."),
    Word("weekday", _TIME, "Day of the week on which the bar starts: 0 Monday to 6 Sunday."),
    Word("time", _TIME, 'Time of day at which the bar starts; compare it with a text: time >= "09:30".'),
    Word("pnl_pct", _POSITION, "Gain of the position in percent of the average entry price, before fees: 5 is 5 %."),
    Word("bars_held", _POSITION, "Bars closed since the entry fill; 0 on the entry bar."),
    Word("entry_price", _POSITION, "Average entry price."),
    Word("high_since_entry", _POSITION, "Highest price since the entry.", overlay=True),
    Word("low_since_entry", _POSITION, "Lowest price since the entry.", overlay=True),
)

TIME_WORDS = frozenset(word.name for word in WORDS if word.category == _TIME)
POSITION_WORDS = frozenset(word.name for word in WORDS if word.category == _POSITION)
COLUMN_WORDS = frozenset(word.name for word in WORDS if word.category == _BAR)

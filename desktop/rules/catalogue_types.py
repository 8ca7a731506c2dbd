"""What the table of functions is made of, and short ways to write its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Count: TypeAlias = Callable[[Sequence[float]], int]

#: Kinds of moving average by the number TA-Lib gives them.
AVERAGES: dict[str, int] = {
    "sma": 0,
    "ema": 1,
    "wma": 2,
    "dema": 3,
    "tema": 4,
    "trima": 5,
    "kama": 6,
    "mama": 7,
    "t3": 8,
    "hma": 9,
    "zlema": 12,
    "rma": 13,
}
_WINDOWED = {AVERAGES["sma"], AVERAGES["wma"], AVERAGES["trima"], AVERAGES["hma"]}
LONGEST = 20_000  # bars a function may look back


@dataclass(frozen=True, slots=True)
class Argument:
    """One setting of a function.

    Attributes:
        name: As it is written in rules.
        original: As TA-Lib calls it; accepted in rules as well.
        default: None means it has to be given.
        low: Smallest value.
        high: Largest value.
        whole: A whole number.
        average: A kind of moving average, given by name or number.
        follows: Name of the argument whose value is taken when this one is left out.
    """

    name: str
    original: str
    default: float | None
    low: float
    high: float
    whole: bool = True
    average: bool = False
    follows: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """One series a function works on: a fixed column of the bar, or one the rule may give."""

    name: str
    default: str | None
    given: bool  # may be given in the rule


@dataclass(frozen=True, slots=True)
class Function:
    """A row of the table.

    Attributes:
        name: As it is written in rules.
        talib: TA-Lib's name; empty for functions of our own and of the long tail.
        category: Heading in the documentation.
        help: One sentence.
        inputs: Series it works on.
        arguments: Its settings, in TA-Lib's order.
        outputs: Names of several outputs; empty when there is one.
        originals: TA-Lib's names of the outputs.
        look_back: Bars before the first value, from the values of the arguments.
        smoothing: Longest recursive smoothing in bars, from the values of the arguments; 0: forgets after its window.
        overlay: Drawn on the price rather than in its own pane.
        from_origin: A running sum: depends on the first bar for ever.
        signature: How a function of our own is written.
        example: A use of it that compiles.
        tail: pandas-ta-classic's name, for a function that TA-Lib lacks; such a one is judged at bar close only.
        refused: (name, reason) of outputs that other programs have and a rule cannot.
    """

    name: str
    talib: str
    category: str
    help: str
    inputs: tuple[Input, ...] = ()
    arguments: tuple[Argument, ...] = ()
    outputs: tuple[str, ...] = ()
    originals: tuple[str, ...] = ()
    look_back: Count = lambda _: 0
    smoothing: Count = lambda _: 0
    overlay: bool = False
    from_origin: bool = False
    signature: str = ""
    example: str = ""
    tail: str = ""
    refused: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A name without brackets: a column, a time or a position term."""

    name: str
    category: str
    help: str
    overlay: bool = False


# --- Look-back and smoothing -------------------------------------------------------------------------------------


def nothing(_: Sequence[float]) -> int:
    """No bar before the first value."""
    return 0


def window(values: Sequence[float]) -> int:
    """A window of the first argument's length, the current bar included."""
    return int(values[0]) - 1


def span(values: Sequence[float]) -> int:
    """The first argument's length of bars before the current one."""
    return int(values[0])


def fixed(count: int) -> Count:
    """Always the same number of bars."""
    return lambda _: count


def longest(values: Sequence[float]) -> int:
    """The longest of the lengths."""
    return int(max(values))


def average_look_back(kind: float, length: float) -> int:
    """Bars before a moving average's first value.

    Args:
        kind: A value of `AVERAGES`.
        length: Its length in bars.
    """
    bars = int(length)
    if bars <= 1:
        return 0
    special = {
        3: 2 * (bars - 1),
        4: 3 * (bars - 1),
        6: bars,
        7: 32,
        8: 6 * (bars - 1),
        9: bars - 2 + int(bars**0.5),
        12: bars - 1 + (bars - 1) // 2,
    }
    return special.get(int(kind), bars - 1)


def averages(*pairs: tuple[int, int]) -> Count:
    """Smoothing of moving averages at (position of the kind, position of the length): recursive kinds only."""

    def smoothing(values: Sequence[float]) -> int:
        return max((int(values[length]) for kind, length in pairs if int(values[kind]) not in _WINDOWED), default=0)

    return smoothing


# --- Arguments and inputs ----------------------------------------------------------------------------------------


def whole(name: str, original: str, default: int | None, low: int = 2, follows: str = "") -> Argument:
    """A number of bars."""
    return Argument(name, original, default, low, LONGEST, follows=follows)


def length(default: int | None, low: int = 2) -> Argument:
    """The usual first argument of an indicator."""
    return whole("length", "timeperiod", default, low)


def real(
    name: str, original: str, default: float, low: float = 0.0, high: float = 1000.0, follows: str = ""
) -> Argument:
    """A number that need not be whole."""
    return Argument(name, original, default, low, high, whole=False, follows=follows)


def average(name: str, original: str, default: str) -> Argument:
    """A kind of moving average."""
    return Argument(name, original, AVERAGES[default], 0, 13, average=True)


def columns(*names: str) -> tuple[Input, ...]:
    """Fixed columns of the bar."""
    return tuple(Input(name, name, given=False) for name in names)


SERIES = (Input("x", "close", given=True),)
PAIR = (Input("a", "high", given=True), Input("b", "low", given=True))
OHLC = columns("open", "high", "low", "close")
HLC = columns("high", "low", "close")
HLCV = columns("high", "low", "close", "volume")
HIGH_LOW = columns("high", "low")

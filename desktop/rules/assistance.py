"""What an editor offers while a rule is typed, and the written reference: all from the one table."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from desktop.domain.market import TIMEFRAMES
from desktop.rules.catalogue import FUNCTIONS, POSITION_WORDS, REFUSED, WORDS_BY_NAME, number_text, signature, written
from desktop.rules.catalogue_types import AVERAGES, Argument, Function, Word
from desktop.rules.nodes import Role

_WORD = re.compile(r"[A-Za-z_]\w*$")
_OUTPUT = re.compile(r"\)\.([A-Za-z_]\w*)?$")
_PLAIN = re.compile(r"[+-]?[0-9.][0-9.eE_]*")  # a number, which is no series
_NAMED = re.compile(r"([A-Za-z_]\w*)\s*=(?!=)")
_LOGIC = ("and", "or", "not")


@dataclass(frozen=True, slots=True)
class Completion:
    """One offer: `insert` replaces the word before the cursor."""

    name: str
    insert: str
    signature: str
    category: str
    help: str


@dataclass(frozen=True, slots=True)
class ArgumentHelp:
    """One place in a call: its name, what it takes and its default."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class SignatureHelp:
    """How a function is called."""

    label: str
    help: str
    arguments: tuple[ArgumentHelp, ...]
    outputs: tuple[str, ...]


def word_before(text: str, cursor: int | None = None) -> str:
    """Return the part of a name just before the cursor (a 0-based place in the text; its end by default)."""
    found = _WORD.search(text[:cursor])
    return found.group() if found else ""


def completions(
    prefix: str, *, role: Role = Role.EXIT, parameters: Iterable[str] = (), limit: int = 50
) -> tuple[Completion, ...]:
    """Return what may follow, best first.

    Args:
        prefix: The text up to the cursor; only its last word counts, or the function before a dot.
        role: Position terms are offered for exit rules only.
        parameters: Named parameters of the strategy, offered first.
        limit: The most offers.
    """
    outputs = _outputs_after(prefix)
    if outputs is not None:
        return outputs
    typed = word_before(prefix).lower()
    offers = [
        *(Completion(name, name, name, "Parameters", "A named parameter of this strategy.") for name in parameters),
        *(_of_word(word) for word in WORDS_BY_NAME.values() if role is Role.EXIT or word.name not in POSITION_WORDS),
        *(_of_function(row) for row in FUNCTIONS.values()),
        *(Completion(word, word, word, "Logic", "Joins or turns round conditions.") for word in _LOGIC),
    ]
    begins = [offer for offer in offers if offer.name.lower().startswith(typed)]
    holds = [offer for offer in offers if typed in offer.name.lower() and offer not in begins]
    about = [offer for offer in offers if len(typed) > 2 and typed in offer.help.lower()]
    return tuple({offer.name: offer for offer in (*begins, *holds, *about)}.values())[:limit]


def _outputs_after(prefix: str) -> tuple[Completion, ...] | None:
    found = _OUTPUT.search(prefix)
    call = open_call(prefix, found.start()) if found is not None else None
    if found is None or call is None:
        return None
    row = FUNCTIONS[call[0]]
    typed = found[1] or ""
    return tuple(
        Completion(name, name, f"{signature(row)}.{name}", row.category, row.help)
        for name in row.outputs
        if name.startswith(typed)
    )


def _of_word(word: Word) -> Completion:
    return Completion(word.name, word.name, word.name, word.category, word.help)


def _of_function(row: Function) -> Completion:
    return Completion(row.name, f"{row.name}(", signature(row), row.category, row.help)


def signature_help(name: str) -> SignatureHelp | None:
    """Return how a function is called; None when there is no such function."""
    row = FUNCTIONS.get(name)
    if row is None:
        return None
    arguments = [
        ArgumentHelp(item.name, f"a series; {item.default} when left out" if item.default else "a series")
        for item in row.inputs
        if item.given
    ]
    arguments += [ArgumentHelp(argument.name, _range(argument)) for argument in row.arguments]
    return SignatureHelp(signature(row), row.help, tuple(arguments), row.outputs)


def open_call(text: str, cursor: int | None = None, parameters: Iterable[str] = ()) -> tuple[str, int] | None:
    """Return the function whose brackets the cursor is in and the argument in hand; None outside.

    The argument is a 0-based place in `SignatureHelp.arguments`: a series that is left out is passed over, a setting
    given by name is found by it.

    Args:
        text: The rule.
        cursor: A 0-based place in it; its end by default.
        parameters: Named parameters of the strategy: they are numbers, no series.
    """
    depth = 0
    before = text[:cursor]
    commas: list[int] = []
    for position in range(len(before) - 1, -1, -1):
        character = before[position]
        if character == ")":
            depth += 1
        elif character == "(" and depth:
            depth -= 1
        elif character == "(":
            name = word_before(before, position)
            if name not in FUNCTIONS:
                return None
            edges = [position, *reversed(commas), len(before)]
            given = [before[begin + 1 : end].strip() for begin, end in pairwise(edges)]
            return name, _in_hand(FUNCTIONS[name], given, frozenset(parameters))
        elif character == "," and not depth:
            commas.append(position)
    return None


def _in_hand(row: Function, given: list[str], parameters: frozenset[str]) -> int:
    """Return the place of the last of the arguments given so far."""
    series = [item for item in row.inputs if item.given]
    named = _NAMED.match(given[-1])
    if named is not None:
        names = [item.name for item in series] + [argument.name for argument in row.arguments]
        return names.index(named[1]) if named[1] in names else len(names)
    left_out = bool(series and series[0].default) and (bool(_PLAIN.fullmatch(given[0])) or given[0] in parameters)
    return len(given) - 1 + (len(series) if left_out else 0)


def _range(argument: Argument) -> str:
    if argument.average:
        kinds = f"one of {', '.join(AVERAGES)}"
        return f"{kinds}; {written(argument, argument.default or 0)} when left out"
    kind = "a whole number" if argument.whole else "a number"
    limits = f"{kind} from {number_text(argument.low)} to {number_text(argument.high)}"
    if argument.follows:
        return f"{limits}; the same as {argument.follows} when left out"
    return limits if argument.default is None else f"{limits}; {written(argument, argument.default)} when left out"


# --- Written reference -------------------------------------------------------------------------------------------

_INTRODUCTION = f"""# The rule language

A rule is a condition, such as `rsi(14) < 30 and close > sma(200)`. It is judged when a bar closes. What cannot be known
yet (an indicator in its warm-up, a division by zero) makes a condition *unknown*; an unknown rule never trades.

- Compare with `<`, `<=`, `>`, `>=`, `==`, `!=`; chains work: `30 < rsi(14) < 70`.
- Join with `and`, `or`, `not`. False and unknown is false; true or unknown is true; otherwise unknown stays unknown.
- Calculate with `+`, `-`, `*`, `/`, `//` (rounded down), `%` (remainder) and `**` (power, from -100 to 100).
- Functions of a series take it first and can do without it: `sma(200)` is `sma(close, 200)`; `sma(volume, 20)` and
  `sma(rsi(14), 5)` work on others. Settings go by place or by name: `rsi(length=14)`.
- A function with several outputs needs one named after a dot: `macd(12, 26, 9).signal`.
- `min`, `max` and `abs` work on the numbers of one bar; over several bars it is `highest(x, n)` and `lowest(x, n)`.
- `prev(close, 1)` is the close of the bar before; there are no square brackets.
- `tf("1h", rsi(14))` is the value on the last closed bar of a higher timeframe. Timeframes: {", ".join(TIMEFRAMES)}.
- Named parameters of the strategy stand for numbers: `rsi(period) < oversold`.
- Text after `#` is a comment.

A rule has at most 2,000 characters, 500 parts and 32 levels of nesting, and a function looks back over at most 20,000
bars of its own timeframe.

Indicators come from TA-Lib. Recursive ones (ema, rsi, atr, ...) depend on where their series starts, more weakly with
every bar; running sums (obv, ad, vwap, cumsum, ...) depend on the first bar for ever. When the price does not move,
`rsi` is 0. After a value that is unknown a function starts anew.

What stands under *More ...* comes from pandas-ta-classic. These functions are judged at bar close only: a strategy that
is judged on every quote (`evaluate = "quote"`) cannot use them, except inside `tf`. None of them sees later bars, and
none has a value before its look-back is full.
"""


def markdown_reference() -> str:
    """Return the reference of the rule language, resources/help/rules.md."""
    parts = [_INTRODUCTION]
    for category in dict.fromkeys(word.category for word in WORDS_BY_NAME.values()):
        words = [word for word in WORDS_BY_NAME.values() if word.category == category]
        parts.append(f"\n## {category}\n\n| Name | Meaning |\n|---|---|\n")
        parts += [f"| `{word.name}` | {word.help} |\n" for word in words]
    for category in dict.fromkeys(row.category for row in FUNCTIONS.values()):
        rows = [row for row in FUNCTIONS.values() if row.category == category]
        parts.append(f"\n## {category}\n\n| Function | Meaning | Works on | Outputs |\n|---|---|---|---|\n")
        parts += [_reference_line(row) for row in rows]
    parts.append("\n## Known elsewhere, not in rules\n\n| Name | Why | Instead |\n|---|---|---|\n")
    parts += [f"| `{name}` | {refusal.reason} | {refusal.instead} |\n" for name, refusal in REFUSED.items()]
    for row in FUNCTIONS.values():
        parts += [f"| `{row.name}().{name}` | No such output: {reason}. | |\n" for name, reason in row.refused]
    return "".join(parts)


def _reference_line(row: Function) -> str:
    works_on = ", ".join(item.default or item.name for item in row.inputs)
    outputs = ", ".join(f".{name}" for name in row.outputs)
    return f"| `{signature(row)}` | {row.help} | {works_on} | {outputs} |\n"


if __name__ == "__main__":  # pragma: no cover  writes the reference
    sys.stdout.write(markdown_reference())

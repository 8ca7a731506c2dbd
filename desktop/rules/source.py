"""The text of a formula, made safe to parse: sizes, characters and brackets are checked before `ast` sees it."""

from __future__ import annotations

import ast
import re

from desktop.domain.errors import RuleError

LONGEST_TEXT = 2_000  # characters
DEEPEST = 32

_CLOSES = {")": "(", "]": "[", "}": "{"}
_LOOKALIKES = {
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "×": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "“": '"',
    "”": '"',
    "‘": '"',
    "’": '"',
    "（": "(",
    "）": ")",
    "，": ",",
}
_STRANGE = {
    "\\": ("A backslash has no place in a rule.", ""),
    ";": ("A rule is one condition; a semicolon has no place in it.", "Join conditions with and."),
    "`": ("A backtick has no place in a rule.", ""),
    "$": ("A $ has no place in a rule.", "Write the name alone."),
    "?": ("A question mark has no place in a rule.", "Join conditions with and/or."),
    "{": ("Curly brackets have no place in a rule.", "Use round brackets."),
    "}": ("Curly brackets have no place in a rule.", "Use round brackets."),
    "@": ("An @ has no place in a rule.", ""),
}
_NUMBER_THEN_LETTERS = re.compile(r"(?<![\w.])(?>(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)[A-Za-z_]\w*")
_UNFINISHED = re.compile(r"(?:[<>=+\-*/%,(]|\b(?:and|or|not))$")
_PREFIX = re.compile(r"""(?<![\w])[A-Za-z]{1,2}(?=["'])""")

# What people write who know another language: pattern, what is wrong, what to write.
_HABITS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"&&"), "&& is not part of the rule language.", "Write and."),
    (re.compile(r"\|\|"), "|| is not part of the rule language.", "Write or."),
    (re.compile(r"<>"), "<> is not part of the rule language.", "Write !=."),
    (re.compile(r"=<"), "=< is the wrong way round.", "Write <=."),
    (re.compile(r"=>"), "=> is the wrong way round.", "Write >=."),
    (re.compile(r"={3,}"), "Too many = signs.", "Write == to compare."),
    (re.compile(r"!(?!=)"), "! is not part of the rule language.", "Write not."),
    (re.compile(r"\bAND\b|\bAnd\b"), "Words of the rule language are in lower case.", "Write and."),
    (re.compile(r"\bOR\b|\bOr\b"), "Words of the rule language are in lower case.", "Write or."),
    (re.compile(r"\bNOT\b|\bNot\b"), "Words of the rule language are in lower case.", "Write not."),
    (re.compile(r"(?<![<>=!:])=(?!=)"), "A single = does not compare.", "Write == to compare."),
    (re.compile(r"\bif\b|\bthen\b|\belse\b"), "A rule has no if: it is itself the condition.", "Join with and/or."),
    (re.compile(r"\b(?:is|equals)\b"), "Words do not compare.", "Write == to compare."),
)


class Source:
    """A checked formula: `tree` is its expression, `column` finds a node's place in the text as typed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._line = _checked(text)
        self._lead = len(self._line) - len(self._line.lstrip(" "))
        self._bytes = self._line[self._lead :].encode()
        self.tree: ast.expr = self._parsed()

    def column(self, node: ast.AST) -> int:
        """Return the 1-based character column of a node in the text as typed."""
        return self._characters(getattr(node, "col_offset", 0)) + 1

    def written(self, node: ast.expr) -> str:
        """Return a node's text as it was typed, on one line."""
        end = node.end_col_offset
        first = self._characters(node.col_offset)
        return self._line[first : self._characters(end) if end is not None else None]

    def _characters(self, offset: int) -> int:
        # ast counts UTF-8 bytes; users count characters.
        return self._lead + len(self._bytes[:offset].decode(errors="replace"))

    def _parsed(self) -> ast.expr:
        try:
            return ast.parse(self._line[self._lead :], mode="eval").body
        except SyntaxError as error:
            raise self._diagnosed(error) from None
        except (ValueError, OverflowError, MemoryError, RecursionError):
            raise RuleError(
                f"The rule is nested deeper than {DEEPEST} levels or too large to read. Split it or make it shorter."
            ) from None

    def _diagnosed(self, error: SyntaxError) -> RuleError:
        bare = re.sub(r"""(["']).*?\1""", lambda match: "_" * len(match.group()), self._line)
        for pattern, message, suggestion in _HABITS:
            found = pattern.search(bare)
            if found is not None:
                return RuleError(message, column=found.start() + 1, suggestion=suggestion)
        at = min(self._lead + max(error.offset or 1, 1), len(self._line) + 1)
        end = self._line.rstrip(" ")
        if at > len(end) or _UNFINISHED.search(end):
            return RuleError("The rule ends before it is complete.", column=len(end) + 1)
        return RuleError("The rule cannot be read from here on. Is an operator or a comma missing?", column=at)


def _checked(text: str) -> str:
    """Return the text on one line, comments blanked, of the same length; refuse what cannot be a rule."""
    if len(text) > LONGEST_TEXT:
        raise RuleError(f"The rule has {len(text):,} characters; the most is {LONGEST_TEXT:,}.")
    line = _one_line(text)
    if not line.strip():
        raise RuleError("The rule is empty. Write a condition, for example rsi(14) < 30.")
    prefixed = _PREFIX.search(line)
    if prefixed is not None and prefixed.group().lower() in {
        "f",
        "r",
        "b",
        "u",
        "rb",
        "br",
        "fr",
        "rf",
        "t",
        "rt",
        "tr",
    }:
        raise RuleError(
            f"The {prefixed.group()} before the quotes has no place in a rule.", column=prefixed.start() + 1
        )
    outside = re.sub(r"""(["']).*?\1""", lambda match: " " * len(match.group()), line)
    odd = _NUMBER_THEN_LETTERS.search(outside)
    if odd is not None:
        raise RuleError(
            f"{odd.group()} is not a number.",
            column=odd.start() + 1,
            suggestion='A timeframe is written in quotes: "1h".',
        )
    return line


def _one_line(text: str) -> str:
    line: list[str] = []
    opened: list[tuple[str, int]] = []
    quote, quoted_at, comment = "", 0, False
    for position, character in enumerate(text, start=1):
        if comment:
            comment = character not in "\n\r"
            line.append(" ")
        elif quote:
            quote = _in_quotes(character, quote, position)
            line.append(character)
        elif character == "#":
            comment = True
            line.append(" ")
        elif character.isspace():
            line.append(" ")
        else:
            if character in "\"'":
                quote, quoted_at = character, position
            _admit(character, position)
            _match(character, position, opened)
            line.append(character)
    if quote:
        raise RuleError("This text is never closed.", column=quoted_at, suggestion=f"Write {quote} at its end.")
    if opened:
        raise RuleError("This bracket is never closed.", column=opened[-1][1], suggestion="Add a ).")
    return "".join(line)


def _in_quotes(character: str, quote: str, position: int) -> str:
    if character in "\n\r\\" or not character.isprintable():
        raise RuleError("This character has no place in a text.", column=position)
    return "" if character == quote else quote


def _admit(character: str, position: int) -> None:
    if character in _LOOKALIKES:
        raise RuleError(
            f"{character} is not part of the rule language.",
            column=position,
            suggestion=f"Write {_LOOKALIKES[character]}",
        )
    if character in _STRANGE:
        message, suggestion = _STRANGE[character]
        raise RuleError(message, column=position, suggestion=suggestion)
    if not character.isascii() or not character.isprintable():
        raise RuleError(f"The character {character!a} has no place in a rule.", column=position)


def _match(character: str, position: int, opened: list[tuple[str, int]]) -> None:
    if character in "([":
        opened.append((character, position))
        if len(opened) > DEEPEST:
            raise RuleError(f"Brackets are nested deeper than {DEEPEST} levels.", column=position)
    elif character in _CLOSES:
        if not opened or opened[-1][0] != _CLOSES[character]:
            raise RuleError(f"This {character} closes nothing.", column=position)
        opened.pop()

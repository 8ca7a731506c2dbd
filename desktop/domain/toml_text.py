"""Reading small TOML texts that come from outside: caps first, then each value at its field (fault 34)."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from desktop.domain.errors import FieldError

MAX_BYTES = 64 * 1024
MAX_DIGITS = 28  # significant digits of a number: what Decimal arithmetic keeps
LARGEST = Decimal("1E15")

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def read_toml(text: str, what: str) -> dict[str, Any]:
    """Return the tables of a TOML text; numbers with a point are exact Decimals.

    Args:
        text: The whole text, at most 64 KB.
        what: What it is, for the sentences ("strategy file").

    Raises:
        FieldError: too large, not text, or not TOML; the sentence carries line and column.
    """
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise FieldError(what, "holds characters that are no text. Save it as UTF-8. Nothing was read.") from None
    if size > MAX_BYTES:
        raise FieldError(what, f"is {size:,} bytes long, the most is {MAX_BYTES:,}. Nothing was read.")
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, ValueError, ArithmeticError) as error:
        raise FieldError(what, f"cannot be read: {str(error)[:200]}.") from None
    except RecursionError:
        raise FieldError(what, "is nested too deeply. Nothing was read.") from None


class Section:
    """One table of a TOML text, read key by key; every mistake names its field."""

    def __init__(self, table: Mapping[str, Any], known: Collection[str], prefix: str = "") -> None:
        """Take a table and refuse keys it does not know.

        Raises:
            FieldError: a key is unknown; names it and the nearest known one.
        """
        self._table, self._prefix = table, prefix
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(known))}."
                raise FieldError(self.field(key[:60]), f"is not known here. {hint}")

    def field(self, key: str) -> str:
        """Return the full name of a key, such as `sizing.value`."""
        return f"{self._prefix}{key}"

    def has(self, key: str) -> bool:
        """Return whether the key is there."""
        return key in self._table

    def text(self, key: str, default: str, most: int) -> str:
        """Return a text of at most `most` characters (FieldError otherwise)."""
        value = self._table.get(key, default)
        if not isinstance(value, str):
            raise FieldError(self.field(key), "must be a text in quotes.")
        if len(value) > most:
            raise FieldError(self.field(key), f"is {len(value):,} characters long, the most is {most:,}.")
        return value

    def choice(self, key: str, default: str, options: Collection[str]) -> str:
        """Return one of the options (FieldError otherwise)."""
        value = self.text(key, default, 100)
        if value not in options:
            raise FieldError(self.field(key), f"{value!r} is not one of {', '.join(options)}.")
        return value

    def number(self, key: str) -> Decimal | None:
        """Return an exact number, None where the key is not there (FieldError: not a number or beyond the caps)."""
        return exact_number(self.field(key), self._table[key]) if key in self._table else None

    def whole(self, key: str) -> int | None:
        """Return a whole number, None where the key is not there (FieldError otherwise)."""
        value = self.number(key)
        if value is None:
            return None
        if value != value.to_integral_value():
            raise FieldError(self.field(key), "must be a whole number.")
        return int(value)

    def table(self, key: str) -> Mapping[str, Any]:
        """Return a table, empty where the key is not there (FieldError: not a table)."""
        value = self._table.get(key, {})
        if not isinstance(value, dict):
            raise FieldError(self.field(key), f"must be a table: a line [{self.field(key)}] with its settings below.")
        return value


def exact_number(field: str, value: object) -> Decimal:
    """Return a TOML number as Decimal.

    Raises:
        FieldError: not a number, not finite, above 1E15 or with more than 28 digits or decimals.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise FieldError(field, "must be a number.")
    number = Decimal(value)
    if not number.is_finite():
        raise FieldError(field, "must be a finite number.")
    exponent = number.as_tuple().exponent
    if abs(number) > LARGEST or (isinstance(exponent, int) and exponent < -MAX_DIGITS):
        raise FieldError(field, f"is out of range: at most {LARGEST:f}, with at most {MAX_DIGITS} decimals.")
    if len(number.as_tuple().digits) > MAX_DIGITS:
        raise FieldError(field, f"has more than {MAX_DIGITS} digits.")
    return number


def plain(value: Decimal) -> str:
    """Return a number without exponent and trailing zeros: equal numbers have one text."""
    if not value:
        return "0"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quoted(text: str) -> str:
    """Return a TOML basic string that reads back as exactly this text."""
    return '"' + "".join(_ESCAPES.get(char) or _character(char) for char in text) + '"'


def _character(char: str) -> str:
    return f"\\u{ord(char):04X}" if char < " " or char == "\x7f" else char

"""What a column of a table shows, sorts by and exports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from desktop.ui.widgets.coverage import Span

R = TypeVar("R")

TIME_WIDTH = 142  # pixels: a date with the year in full and the time to the second, in every locale


class Kind(Enum):
    """How a cell is drawn."""

    TEXT = auto()
    NUMBER = auto()
    SIGNED = auto()  # a number in the colour of its sign
    TONED = auto()  # a text in a colour of its own
    BADGE = auto()  # a text on a coloured plate
    SPARK = auto()  # a small line
    BUTTON = auto()  # a text that acts when clicked
    SPAN = auto()  # a bar over time with its holes


@dataclass(frozen=True)  # no slots: a frozen generic with them cannot be made as Column[Row](...)
class Column(Generic[R]):
    """One column.

    Attributes:
        key: Stable name under which its place is saved; never translated, never changed.
        title: Shown in the header, translated.
        value: What it sorts, filters and exports by; None sorts last.
        text: What is shown; by default the value itself.
        kind: How it is drawn.
        width: In pixels, until the user changes it.
        tone: Token of the colour (TONED: of the text; BADGE: of the plate).
        tip: Tool tip of a cell.
        hidden: Whether it is hidden until the user shows it.
        newest_first: Whether the table is sorted by it, largest on top, until the user sorts it otherwise.
        span: What a SPAN draws.
        about: Tool tip of the header: what the column says.
    """

    key: str
    title: str
    value: Callable[[R], Any]
    text: Callable[[R], str] | None = None
    kind: Kind = Kind.TEXT
    width: int = 90
    tone: Callable[[R], str] | None = None
    tip: Callable[[R], str] | None = None
    hidden: bool = False
    newest_first: bool = False
    span: Callable[[R], Span] | None = None
    about: str = ""

    @property
    def numeric(self) -> bool:
        """Whether it is set to the right."""
        return self.kind in (Kind.NUMBER, Kind.SIGNED)

    def shown(self, row: R) -> str:
        """Return the text of a cell."""
        if self.text is not None:
            return self.text(row)
        value = self.value(row)
        return "" if value is None else str(value)


def sort_key(value: Any) -> tuple[int, Any]:
    """Return a key under which numbers sort by value, texts without regard to case, and the unknown last."""
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 - only NaN differs from itself
        return (2, 0)
    if isinstance(value, int | float | Decimal):
        return (0, value)
    return (1, str(value).casefold())


def matches(wanted: str, value: Any, shown: str) -> bool:
    """Return whether a cell fits what was typed in the filter row: part of its text, or > < >= <= = and a number."""
    wanted = wanted.strip()
    if not wanted:
        return True
    for sign, holds in _COMPARISONS:
        if wanted.startswith(sign):
            limit = _number(wanted[len(sign) :])
            if limit is None or isinstance(value, bool) or not isinstance(value, int | float | Decimal):
                break
            return holds(_exact(value), limit)
    return wanted.casefold() in shown.casefold()


_COMPARISONS: tuple[tuple[str, Callable[[Decimal, Decimal], bool]], ...] = (
    (">=", lambda one, other: one >= other),
    ("<=", lambda one, other: one <= other),
    (">", lambda one, other: one > other),
    ("<", lambda one, other: one < other),
    ("=", lambda one, other: one == other),
)


def _exact(value: int | float | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip().replace(",", "").replace("\N{MINUS SIGN}", "-"))
    except ArithmeticError:
        return None
    return found if found.is_finite() else None

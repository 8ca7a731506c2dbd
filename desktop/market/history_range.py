"""A part of a history between two times: said in words, cut out, and known by a fingerprint of its own."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from desktop.domain.errors import FieldError
from desktop.domain.market import DAY, SECOND
from desktop.market.gaps import holes
from desktop.market.history import History

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE = len("2024-01-31")


def moment(text: str, field: str, *, through: bool = False) -> int | None:
    """Return a time as µs UTC; None where nothing is said.

    Args:
        text: 2024-01-31, 2024-01-31 14:30, or either with a zone; UTC where none is named.
        field: What it is typed into, for the sentence.
        through: A day alone means its end: "to 2024-01-31" has the bars of that day in it.

    Raises:
        FieldError: it is no such time.
    """
    text = text.strip()
    if not text:
        return None
    try:
        if len(text) == _DATE:
            day = date.fromisoformat(text) + timedelta(days=through)
            at = datetime.combine(day, time(), tzinfo=UTC)
        else:
            at = datetime.fromisoformat(text)
            at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        return (at - _EPOCH) // timedelta(microseconds=1)
    except (ValueError, OverflowError):
        raise FieldError(field, f"{text[:40]!r} is no time. Write 2024-01-31 or 2024-01-31 14:30 (UTC).") from None


def period(begin: str, end: str, *, fields: tuple[str, str] = ("from", "to")) -> tuple[int | None, int | None]:
    """Return the times from and before which rows are taken, µs UTC; None: from the first, to the last.

    Raises:
        FieldError: one is no time, or the first is not before the second.
    """
    first, last = moment(begin, fields[0]), moment(end, fields[1], through=True)
    if first is not None and last is not None and first >= last:
        raise FieldError(fields[1], f"{end.strip()} is not after {begin.strip()}.")
    return first, last


def written(at: int | None, *, through: bool = False) -> str:
    """Return a time as `moment` reads it; empty for None."""
    if at is None:
        return ""
    whole = at % DAY == 0
    then = _EPOCH + timedelta(microseconds=at - (DAY if whole and through else 0))
    if whole:
        return then.date().isoformat()
    return then.replace(tzinfo=None).isoformat(" ", "minutes" if at % (60 * SECOND) == 0 else "auto")


def words(begin: int | None, end: int | None) -> str:
    """Return a period for people; empty where it is everything."""
    if begin is None and end is None:
        return ""
    if begin is None:
        return f"to {written(end, through=True)}"
    return f"from {written(begin)}" + ("" if end is None else f" to {written(end, through=True)}")


def cut(history: History, begin: int | None, end: int | None) -> History:
    """Return the rows in [begin, end), µs UTC; None: from the first, to the last.

    The part has a fingerprint of its own, which follows from the rows it has, not from how the period was said; what is
    all of the history is the history itself.

    Raises:
        FieldError: there are no rows in that time.
    """
    times = history.columns.start if history.kind == "bars" else history.at
    first = 0 if begin is None else int(np.searchsorted(times, begin))
    last = len(times) if end is None else int(np.searchsorted(times, end))
    if (first, last) == (0, len(times)):
        return history
    if first >= last:
        there = f"{written(int(times[0]))} to {written(int(times[-1]))}" if len(times) else "nothing"
        raise FieldError(
            "period", f"{history.symbol} has no prices {words(begin, end)}; {history.path.name} holds {there}."
        )
    told = f"{history.fingerprint} from {times[first]} to {times[last - 1]}"
    part = replace(history, rows=last - first, fingerprint=hashlib.sha256(told.encode()).hexdigest())
    if history.kind == "bars":
        columns = history.columns.part(first, last)
        gaps, longest = holes(columns.start, history.timeframe)
        return replace(part, columns=columns, gaps=gaps, longest_gap=longest)
    inside = slice(first, last)
    return replace(
        part, at=history.at[inside], first=history.first[inside], second=history.second[inside],
        sizes=(history.sizes[0][inside], history.sizes[1][inside]), ids=history.ids[inside],
    )  # fmt: skip

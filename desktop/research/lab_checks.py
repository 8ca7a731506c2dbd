"""Mistakes of a draft that can be seen before anything is read, each at its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop.domain.errors import AssayError, FieldError
from desktop.domain.money import ZERO
from desktop.domain.strategies import Strategy
from desktop.market.calendars import check_hours
from desktop.research.api import BacktestDraft
from desktop.research.grid import Grid, parse_range
from desktop.trading.proposals import StrategyRules


def mistakes(draft: BacktestDraft) -> tuple[FieldError, ...]:
    """Return every mistake of a draft."""
    found: list[FieldError] = []
    _attempt(found, "strategy", lambda: StrategyRules.of(draft.strategy))
    _attempt(found, "hours", lambda: check_hours(draft.hours))
    symbols = [ref.symbol for ref in draft.data]
    if not symbols:
        found.append(FieldError("data", "is missing: choose what to test on."))
    twice = sorted({symbol for symbol in symbols if symbols.count(symbol) > 1})
    found.extend(FieldError("data", f"names {symbol} twice.") for symbol in twice)
    if not all(symbol.strip() for symbol in symbols):
        found.append(FieldError("data", "needs a symbol."))
    if not draft.cash.is_finite() or draft.cash <= ZERO:
        found.append(FieldError("cash", "must be an amount above zero."))
    if draft.begin is not None and draft.end is not None and draft.begin >= draft.end:
        found.append(FieldError("period", "ends before it begins."))
    if draft.seed < 0:
        found.append(FieldError("seed", "must be a whole number, zero or more."))
    return tuple(found)


def _attempt(found: list[FieldError], field: str, call: Callable[[], object]) -> None:
    try:
        call()
    except FieldError as error:
        found.append(FieldError(field, error.message))
    except AssayError as error:
        found.append(FieldError(field, str(error)))


def grid_of(strategy: Strategy, ranges: Mapping[str, str]) -> Grid:
    """Return the grid that the form's ranges make.

    Raises:
        FieldError: a range cannot be; its field is the parameter's name, or "ranges" for all of them.
    """
    found = []
    for name, text in ranges.items():
        try:
            found.append(parse_range(f"{name}={text}"))
        except FieldError as error:
            raise FieldError(name, error.message) from error
    try:
        grid = Grid(tuple(found))
        grid.check(strategy)
    except FieldError as error:
        raise FieldError("ranges", error.message) from error
    return grid

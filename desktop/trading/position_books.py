"""The books of one symbol: executions in the order of their time, folded into quantity, cost and realised P&L.

The state is a function of the set of executions: one that comes late is put where its time belongs and everything after
it is folded again. A window of the newest executions is kept for that; what is older is settled.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from desktop.domain.codec import from_json, to_json
from desktop.domain.money import ZERO, bounded
from desktop.trading.exact import EXACT

KEPT = 16  # executions a late one can be put between, at least
_FULL = 2 * KEPT

_plus, _minus, _times = EXACT.add, EXACT.subtract, EXACT.multiply
_tuple = tuple.__new__  # makes a named tuple of its values at half the price of calling its class


class Entry(NamedTuple):
    """One execution, reduced to what the books need. Ordered by time, then id."""

    at: int
    execution_id: str
    buys: bool
    quantity: Decimal
    price: Decimal
    fee: Decimal
    bar_start: int


class Trip(NamedTuple):
    """A way from flat to flat, in exact sums."""

    number: int  # 1, 2, 3 ... of the symbol
    quantity: Decimal
    entry_time: int
    entry_value: Decimal
    exit_time: int
    exit_value: Decimal
    realised: Decimal  # gross of fees
    fees: Decimal


class Holding(NamedTuple):
    """What is held after an execution, and the sums since the position was opened. A short one has negative cost."""

    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    total: Decimal = ZERO  # realised of the symbol since the session began
    realised: Decimal = ZERO  # since the position was opened, like everything below
    fees: Decimal = ZERO
    entered: Decimal = ZERO  # units
    entry_value: Decimal = ZERO
    exit_value: Decimal = ZERO
    opened_at: int = 0
    opened_bar: int = 0
    trips: int = 0


def fold(held: Holding, entry: Entry, value: Decimal) -> tuple[Holding, Trip | None]:
    """Return the holding after an execution worth `value` and the trip it completed."""
    _, _, buys, quantity, _, fee, bar_start = entry
    before, cost, total, realised, fees, entered, entry_value, exit_value, opened_at, opened_bar, trips = held
    if not before or (before > ZERO) is buys:
        return _enlarge(held, entry, quantity, value, fee), None
    size = before.copy_abs()  # unary minus and abs() would round to the thread's context
    taken = quantity if quantity < size else size
    closes = taken == size
    part = value if taken == quantity else _share(value, taken, quantity)
    share = cost if closes else _share(cost, taken, size)
    gain = _minus(part.copy_negate() if buys else part, share)
    realised, fees, exit_value = _plus(realised, gain), _plus(fees, fee), _plus(exit_value, part)
    if closes:
        trips += 1
    left = _plus(before, taken if buys else taken.copy_negate())
    after = _tuple(
        Holding,
        (
            left,
            _minus(cost, share),
            _plus(total, gain),
            realised,
            fees,
            entered,
            entry_value,
            exit_value,
            opened_at,
            opened_bar,
            trips,
        ),
    )
    if not closes:
        return after, None
    trip = _tuple(Trip, (trips, entered, opened_bar, entry_value, bar_start, exit_value, realised, fees))
    if taken < quantity:  # more than was held: the rest stands on the other side
        after = _enlarge(after, entry, _minus(quantity, taken), _minus(value, part), ZERO)
    return after, trip


def _share(whole: Decimal, part: Decimal, of: Decimal) -> Decimal:
    return bounded(EXACT.divide(_times(whole, part), of))


def _enlarge(held: Holding, entry: Entry, quantity: Decimal, value: Decimal, fee: Decimal) -> Holding:
    signed, cost = (quantity, value) if entry.buys else (quantity.copy_negate(), value.copy_negate())
    if not held.quantity:
        return _tuple(
            Holding,
            (signed, cost, held.total, ZERO, fee, quantity, value, ZERO, entry.at, entry.bar_start, held.trips),
        )
    return held._replace(
        quantity=_plus(held.quantity, signed),
        cost=_plus(held.cost, cost),
        fees=_plus(held.fees, fee),
        entered=_plus(held.entered, quantity),
        entry_value=_plus(held.entry_value, value),
    )


_Folded: TypeAlias = tuple[Entry, Holding, Trip | None]  # an execution, what is held after it, what it completed


def _entry_of(folded: _Folded) -> Entry:
    return folded[0]


class SymbolBooks:
    """The newest executions of one symbol with the holding after each."""

    __slots__ = ("_base", "_window", "holding")

    def __init__(self) -> None:
        self._base = self.holding = Holding()  # before the first entry of the window; after the last
        self._window: list[_Folded] = []

    def add(self, entry: Entry, value: Decimal) -> tuple[Decimal, tuple[Trip, ...]]:
        """Put an execution worth `value` where its time belongs.

        Returns:
            What it realised, and the trips that are complete by it and were not before.
        """
        window, before = self._window, self.holding
        last = window[-1][0] if window else None
        if last is None or entry[0] > last[0] or entry[:2] > last[:2]:
            held, trip = fold(before, entry, value)
            self.holding = held
            window.append((entry, held, trip))
            if len(window) > _FULL:
                self._settle()
            trips: tuple[Trip, ...] = () if trip is None else (trip,)
        else:
            known = self._fold_late(entry)
            place = len(window) - len(known) - 1
            trips = tuple([trip for _, _, trip in window[place:] if trip is not None and trip not in known])
        total = self.holding[2]
        return ZERO if total is before[2] else _minus(total, before[2]), trips

    def _fold_late(self, entry: Entry) -> list[Trip | None]:
        """Put an execution before newer ones and fold those again; returns the trips they had completed so far."""
        place = bisect_left(self._window, entry, key=_entry_of)
        later = self._window[place:]
        self._fold_from(place, [entry, *map(_entry_of, later)])
        return [trip for _, _, trip in later]

    def _fold_from(self, place: int, entries: Iterable[Entry]) -> None:
        window = self._window
        del window[place:]
        self.holding = window[-1][1] if window else self._base
        for entry in entries:
            held, trip = fold(self.holding, entry, _times(entry.price, entry.quantity))
            self.holding = held
            window.append((entry, held, trip))

    def _settle(self) -> None:
        cut = len(self._window) - KEPT
        self._base = self._window[cut - 1][1]
        del self._window[:cut]

    @property
    def latest(self) -> int:
        """µs UTC of the newest execution; 0: none."""
        return self._window[-1][0].at if self._window else 0

    @property
    def execution_ids(self) -> list[str]:
        return [entry.execution_id for entry, _, _ in self._window]

    def snapshot(self) -> list[Any]:
        entries = [
            [item.at, item.execution_id, item.buys, str(item.quantity), str(item.price), str(item.fee), item.bar_start]
            for item, _, _ in self._window
        ]
        return [to_json(self._base), entries]

    @classmethod
    def restored(cls, data: list[Any]) -> SymbolBooks:
        """Return the books of a snapshot."""
        books = cls()
        books._base = from_json(Holding, data[0])
        books._fold_from(0, [from_json(Entry, item) for item in data[1]])
        return books

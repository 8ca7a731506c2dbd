"""What is true at the venue, in memory and durably: orders, posts, executions, positions, cash."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

ZERO = Decimal(0)
MATCHED = frozenset({"new", "partially_filled", "pending_cancel", "pending_replace"})
WORKING = MATCHED | {"held", "pending_new", "accepted", "stopped", "calculated", "suspended", "done_for_day"}


@dataclass(slots=True, eq=False)
class StandinOrder:
    """One order at the venue; changes in place."""

    order_id: str  # the venue's own
    client_id: str
    symbol: str
    side: str
    kind: str
    quantity: Decimal
    limit_price: Decimal | None
    stop_price: Decimal | None
    time_in_force: str
    created_at: int
    updated_at: int
    sequence: int  # 1, 2, 3 ...: the order of arrival
    status: str = "new"
    filled: Decimal = ZERO
    value: Decimal = ZERO  # sum of price times quantity of its executions
    fees: Decimal = ZERO
    elsewhere: bool = False  # not placed through the tested client
    order_class: str = "simple"
    parent: str = ""  # broker id of the order this is a leg of
    legs: list[str] = field(default_factory=list)  # broker ids
    replaces: str = ""
    replaced_by: str = ""
    elected: bool = False  # a stop that was touched
    reason: str = ""
    ended_at: int = 0
    extra: dict[str, Any] = field(default_factory=dict)  # what a wire needs to say back (JSON values)

    @property
    def working(self) -> bool:
        return self.status in WORKING

    @property
    def remaining(self) -> Decimal:
        return self.quantity - self.filled

    @property
    def average_price(self) -> Decimal | None:
        return self.value / self.filled if self.filled else None


@dataclass(frozen=True, slots=True)
class Execution:
    """One trade of an order."""

    execution_id: str
    order_id: str
    client_id: str
    symbol: str
    side: str
    quantity: Decimal
    price: Decimal
    fee: Decimal
    at: int
    cumulative: Decimal  # filled quantity of the order after it
    position: Decimal  # of the account after it
    busted: bool = False  # taken back by the venue


@dataclass(frozen=True, slots=True)
class Post:
    """A request to place an order, as it arrived."""

    client_id: str
    outcome: str  # taken | lost | refused | duplicate | limited | failed
    at: int


@dataclass(slots=True)
class Position:
    """A holding; short below zero."""

    symbol: str
    quantity: Decimal = ZERO
    average_price: Decimal = ZERO

    def book(self, signed: Decimal, price: Decimal) -> None:
        """Add a signed quantity: growing averages the price, turning around starts it anew."""
        before, after = self.quantity, self.quantity + signed
        if before * signed >= 0 and after:
            self.average_price = (self.average_price * abs(before) + price * abs(signed)) / abs(after)
        elif before * after < 0:
            self.average_price = price
        elif not after:
            self.average_price = ZERO
        self.quantity = after


class Ledger:
    """The venue's books. With a path, each change is a line of JSON that outlives the process."""

    def __init__(self, cash: Decimal = ZERO, path: Path | None = None) -> None:
        self.orders: dict[str, StandinOrder] = {}
        self.posts: list[Post] = []
        self.executions: list[Execution] = []
        self.positions: dict[str, Position] = {}
        self.cash = cash
        self.adjustments: dict[str, Decimal] = {}  # quantity that came by no execution: splits, holdings brought along
        self.starts = 0  # how often a venue was opened on this file before: keeps ids apart
        self._path = path
        self._file: IO[str] | None = None
        if path is not None and path.exists() and path.stat().st_size > 0:
            self._load(path)
        self.open()

    @classmethod
    def read(cls, path: Path) -> Ledger:
        """Return the books that a stand-in of another process has written so far."""
        ledger = cls()
        ledger._load(path)
        return ledger

    def open(self) -> None:
        """Go on writing, where there is a file."""
        if self._path is None or self._file is not None:
            return
        self._file = self._path.open("a", encoding="utf-8")
        if not self.starts:
            self._write("cash", {"cash": self.cash})
        self._write("start", {})
        self.starts += 1

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    # --- Questions ----------------------------------------------------------------------------------------------------

    def order(self, client_id: str) -> StandinOrder | None:
        """Return the latest order under a client id: after a replace, the one that replaced."""
        found = self.by_client(client_id)
        order = found[-1] if found else None
        while order is not None and order.replaced_by:
            order = self.orders[order.replaced_by]
        return order

    def by_client(self, client_id: str) -> list[StandinOrder]:
        return [order for order in self.orders.values() if order.client_id == client_id]

    def working(self) -> Iterator[StandinOrder]:
        return (order for order in list(self.orders.values()) if order.working)

    def position(self, symbol: str) -> Decimal:
        held = self.positions.get(symbol)
        return held.quantity if held else ZERO

    def of_order(self, order_id: str) -> list[Execution]:
        return [one for one in self.executions if one.order_id == order_id]

    def check_no_duplicates(self) -> None:
        """Fail unless every intent is one order at most and the books add up."""
        roots = Counter(one.client_id for one in self.orders.values() if not one.replaces and not one.parent)
        twice = [client_id for client_id, count in roots.items() if count > 1]
        assert not twice, f"more than one order under {twice}"
        taken: set[str] = set()
        for post in self.posts:
            assert post.client_id not in taken, f"{post.client_id} was posted again ({post.outcome}) after it was taken"
            if post.outcome in {"taken", "duplicate"}:
                taken.add(post.client_id)
        ids = Counter(one.execution_id for one in self.executions)
        assert not [one for one, count in ids.items() if count > 1], "an execution id was given twice"
        self._check_sums()

    def _check_sums(self) -> None:
        held: dict[str, Decimal] = dict(self.adjustments)
        filled: dict[str, Decimal] = {}
        for one in self.executions:
            if not one.busted:
                held[one.symbol] = held.get(one.symbol, ZERO) + (one.quantity if one.side == "buy" else -one.quantity)
                filled[one.order_id] = filled.get(one.order_id, ZERO) + one.quantity
        for order in self.orders.values():
            booked = filled.get(order.order_id, ZERO)
            assert order.filled == booked, f"{order.client_id}: filled {order.filled}, its executions sum to {booked}"
        for symbol in held.keys() | self.positions.keys():
            assert self.position(symbol) == held.get(symbol, ZERO), f"{symbol}: the position is not its executions' sum"

    # --- Changes ------------------------------------------------------------------------------------------------------

    def put(self, order: StandinOrder) -> None:
        """Keep an order, new or changed."""
        self.orders[order.order_id] = order
        self._write("order", asdict(order))

    def post(self, client_id: str, outcome: str, at: int) -> None:
        self.posts.append(Post(client_id, outcome, at))
        self._write("post", asdict(self.posts[-1]))

    def book(self, execution: Execution) -> None:
        """Book an execution to position and cash."""
        self._apply(execution)
        self._write("execution", asdict(execution))

    def bust(self, execution_id: str) -> Execution:
        """Take an execution back: position, cash and the order's filled quantity as if it had not been."""
        index = next(i for i, one in enumerate(self.executions) if one.execution_id == execution_id)
        self._unbook(index)
        self._write("bust", {"execution_id": execution_id})
        one = self.executions[index]
        order = self.orders[one.order_id]
        order.filled -= one.quantity
        order.value -= one.quantity * one.price
        self.put(order)
        return one

    def adjust(self, symbol: str, quantity: Decimal, average_price: Decimal, cash: Decimal = ZERO) -> None:
        """Set a holding that no execution explains (a split, shares brought along) and add `cash`."""
        held = self.positions.setdefault(symbol, Position(symbol))
        self.adjustments[symbol] = self.adjustments.get(symbol, ZERO) + quantity - held.quantity
        held.quantity, held.average_price = quantity, average_price
        self.cash += cash
        self._write("adjust", {"symbol": symbol, "quantity": quantity, "average_price": average_price, "cash": cash})

    def _apply(self, one: Execution) -> None:
        self.executions.append(one)
        signed = one.quantity if one.side == "buy" else -one.quantity
        self.positions.setdefault(one.symbol, Position(one.symbol)).book(signed, one.price)
        self.cash -= signed * one.price + one.fee

    def _unbook(self, index: int) -> None:
        one = self.executions[index]
        signed = one.quantity if one.side == "buy" else -one.quantity
        self.executions[index] = replace(one, busted=True)
        self.positions[one.symbol].book(-signed, one.price)
        self.cash += signed * one.price + one.fee

    # --- The file -----------------------------------------------------------------------------------------------------

    def _write(self, what: str, data: dict[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps({"what": what, **data}, default=str) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def _load(self, path: Path) -> None:
        for line in path.read_text(encoding="utf-8").splitlines():
            data = json.loads(line)
            self._take(data.pop("what"), data)

    def _take(self, what: str, data: dict[str, Any]) -> None:
        if what == "order":
            order = _build(StandinOrder, data)
            self.orders[order.order_id] = order
        elif what == "post":
            self.posts.append(Post(**data))
        elif what == "execution":
            self._apply(_build(Execution, data))
        elif what == "bust":
            self._unbook(next(i for i, one in enumerate(self.executions) if one.execution_id == data["execution_id"]))
        elif what == "start":
            self.starts += 1
        elif what == "cash":
            self.cash = Decimal(data["cash"])
        elif what == "adjust":
            numbers = (Decimal(data[name]) for name in ("quantity", "average_price", "cash"))
            self.adjust(data["symbol"], *numbers)


def _build(kind: type[Any], data: dict[str, Any]) -> Any:
    """Return a dataclass from its line: Decimals were written as text."""
    for one in fields(kind):
        if "Decimal" in str(one.type) and data[one.name] is not None:
            data[one.name] = Decimal(data[one.name])
    return kind(**data)

"""Holds what Assay stored to the venue's ledger: no order twice, none lost, the same executions, positions and cash."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from desktop.domain.orders import OrderStatus
from tests.live.world import Program, World

WORKING = frozenset({OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED, OrderStatus.PENDING_CANCEL})
ZERO = Decimal(0)


def differences(world: World, program: Program) -> Iterator[str]:
    """Yield a sentence for everything that is not as it has to be."""
    try:
        world.standin.ledger.check_no_duplicates()
    except AssertionError as error:
        yield f"sent twice: {error}"
    yield from _orders(world)
    yield from _money(world, program)
    for view in program.desk.accounts():
        if not view.ready:
            yield f"the account is not connected at the end: {view.detail}"
        for item in view.holdings:
            if item.difference:
                yield f"{item.symbol}: {item.difference} unexplained"


def _orders(world: World) -> Iterator[str]:
    journal, ledger = world.orders(), world.standin.ledger
    for order in ledger.orders.values():
        known = journal.get(order.client_id)
        if known is None:
            yield f"{order.client_id} is at the broker and not in the journal"
        elif known.filled != min(order.filled, known.quantity):  # of an overfill the ledger alone has the truth
            yield f"{order.client_id}: {known.filled} filled here, {order.filled} there"
        elif (known.status in WORKING) != order.working:
            yield f"{order.client_id} is {known.status} here, {order.status} there"
    for order_id, known in journal.items():
        if known.filled and ledger.order(order_id) is None:
            yield f"{order_id} was filled here and never was there"


def _money(world: World, program: Program) -> Iterator[str]:
    ledger, symbol = world.standin.ledger, world.symbol
    stored = world.storage.reader().fills(limit=100_000)
    there = {f"{world.kind.executions}{item.execution_id}" for item in ledger.executions}
    ids = [item.fill.execution_id for item in stored]
    if set(ids) != there or len(ids) != len(there):
        yield f"executions differ: {set(ids) ^ there}"
    position = ledger.positions.get(symbol)
    held, own = ZERO if position is None else position.quantity, ZERO
    for row in program.desk.sessions():
        core = program.runner(row.session_id).unit.core
        own += core.holdings.quantity(symbol)
        if core.holdings.ledger.balance() != row.settings.cash:
            yield "the books do not balance"
        spent = sum((item.fill.cash_flow for item in stored if item.session_id == row.session_id), ZERO)
        if core.cash - row.settings.cash != spent:
            yield f"cash moved by {core.cash - row.settings.cash}, the executions say {spent}"
    if own != held:
        yield f"{own} {symbol} are held here, {held} there"

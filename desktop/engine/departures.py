"""What has to be true before a session is deleted, and which rows of the window vanish with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from desktop.domain.errors import UserMistake
from desktop.domain.sessions import SessionState
from desktop.engine.views import Table

if TYPE_CHECKING:
    from desktop.engine.runner import SessionRunner

RUNS = frozenset({SessionState.RUNNING, SessionState.PAUSED, SessionState.RECOVERING})


def refuse_to_delete(runner: SessionRunner) -> None:
    """Raise UserMistake while a session still runs or holds something; a failed one may go as it is."""
    if runner.failed:
        return
    core, name = runner.unit.core, runner.settings.name
    if core.status in RUNS:
        raise UserMistake(f"{name} is still {core.status.value}. Stop it first. Nothing was deleted.")
    if core.positions:
        held = ", ".join(core.positions)
        raise UserMistake(f"{name} still holds {held}. Close the positions first. Nothing was deleted.")
    if core.orders:
        raise UserMistake(f"{name} still has orders at work. Cancel them first. Nothing was deleted.")


def rows_of(runner: SessionRunner) -> Iterator[tuple[Table, str]]:
    """Yield table and key of everything the window shows of a session."""
    session_id, book = runner.session_id, runner.book
    yield Table.SESSIONS, session_id
    for table, keys in (
        (Table.POSITIONS, [f"{session_id}/{symbol}" for symbol in runner.symbols]),
        (Table.ORDERS, list(book.orders)),
        (Table.TRIGGERS, list(book.triggers)),
        (Table.SIGNALS, list(book.signals)),
        (Table.HISTORY, list(book.signals)),
        (Table.TRADES, [trade.trade_id for trade in book.trades]),
    ):
        for key in keys:
            yield table, key

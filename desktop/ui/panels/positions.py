"""Open positions, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QWidget

from desktop.domain.money import ZERO
from desktop.engine.api import Desk
from desktop.engine.views import Changes, PositionRow, Table
from desktop.ui import formats
from desktop.ui.exits_waiting import ExitsWaiting
from desktop.ui.guarding import OFF_MARK, Guards, Watcher
from desktop.ui.intents import CloseTicket, EditTriggers, Intents, ShowChart, ShowWhy
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.columns import TIME_WIDTH, Column, Kind
from desktop.ui.widgets.mode_column import mode_column
from desktop.ui.widgets.row_table import RowTable
from desktop.ui.widgets.table_panel import TablePanel


class Positions(TablePanel):
    """Double-click opens a prefilled close ticket; the menu offers the rest."""

    def __init__(self, desk: Desk, theme: ThemeStore, intents: Intents, parent: QWidget | None = None) -> None:
        self._intents = intents
        self._guards, self._exits = Guards(desk), ExitsWaiting(desk)
        table: RowTable[PositionRow] = RowTable(
            _columns(self._guards, self._exits.sentence),
            key=lambda row: row.key,
            name="positions",
            theme=theme,
            title=_tr("Positions"),
            empty=(
                _tr("No open position"),
                _tr("Approve a signal or press F9 for an order ticket. What is bought appears here, marked to market."),
            ),
            menu=self._fill_menu,
            activate=self._close,
            click=lambda _, row: self._close(row),
        )
        super().__init__(desk, Table.POSITIONS, table, desk.positions, parent=parent)

    def _on_changes(self, changes: Changes) -> None:
        exits = self._exits.changed(changes)
        other = self._guards.changed(changes) or exits
        super()._on_changes(changes)
        if other:
            self.table.rows.retext()

    def _close(self, row: PositionRow) -> None:
        self._intents.ask(CloseTicket(row.position.session_id, row.position.symbol))

    def _close_half(self, row: PositionRow) -> None:
        half = row.instrument.quantity(row.position.quantity / 2)
        if half > ZERO:
            self._intents.ask(CloseTicket(row.position.session_id, row.position.symbol, half))

    def _fill_menu(self, menu: QMenu, rows: list[PositionRow]) -> None:
        row = rows[0]
        place = (row.position.session_id, row.position.symbol)
        menu.addAction(_tr("Close…"), lambda: self._close(row))
        half = menu.addAction(_tr("Close half…"), lambda: self._close_half(row))
        half.setEnabled(row.instrument.quantity(row.position.quantity / 2) > ZERO)
        menu.addAction(_tr("Edit stop and target…"), lambda: self._intents.ask(EditTriggers(*place)))
        menu.addSeparator()
        menu.addAction(_tr("Show chart"), lambda: self._intents.ask(ShowChart(*place)))
        menu.addAction(_tr("Why?"), lambda: self._intents.ask(ShowWhy(*place)))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Positions", text)


def _level(row: PositionRow, level: Decimal | None, watcher: Watcher | None) -> str:
    text = formats.price(level, row.instrument)
    return f"{OFF_MARK} {text}" if watcher is not None and not watcher.acts else text


def _level_tone(watcher: Watcher | None) -> str:
    return "text" if watcher is None or watcher.acts else watcher.tone


def _level_words(watcher: Watcher | None) -> str:
    return watcher.sentence if watcher is not None else ""


def _columns(watcher: Callable[[str], Watcher | None], waiting: Callable[[str], str]) -> list[Column[PositionRow]]:
    def currency(row: PositionRow) -> str:
        return row.session.currency

    return [
        Column(
            "ticker",
            _tr("Ticker"),
            lambda row: row.position.symbol,
            kind=Kind.TONED,
            width=88,
            tone=lambda _: "text",
            tip=lambda row: row.instrument.name or row.position.symbol,
        ),
        Column(
            "quantity",
            _tr("Qty"),
            lambda row: row.position.quantity,
            lambda row: formats.quantity(row.position.quantity, row.instrument),
            Kind.NUMBER,
            62,
        ),
        Column(
            "entry",
            _tr("Entry"),
            lambda row: row.position.average,
            lambda row: formats.price(row.position.average, row.instrument),
            Kind.NUMBER,
            84,
        ),
        Column(
            "current",
            _tr("Current"),
            lambda row: row.price,
            lambda row: formats.price(row.price, row.instrument) + (" " + _tr("(old)") if row.stale else ""),
            Kind.NUMBER,
            88,
            tip=lambda row: _tr("The price has not moved for a while: no trigger fires on it.") if row.stale else "",
        ),
        Column(
            "pnl",
            _tr("P&L"),
            lambda row: row.pnl,
            lambda row: formats.money(row.pnl, currency(row), signed=True),
            Kind.SIGNED,
            96,
            tip=lambda _: _tr("Unrealised, fees aside"),
        ),
        Column(
            "percent",
            _tr("P&L %"),
            lambda row: row.pnl_percent,
            lambda row: formats.percent(row.pnl_percent),
            Kind.SIGNED,
            78,
        ),
        Column(
            "stop",
            _tr("Stop"),
            lambda row: row.stop,
            lambda row: _level(row, row.stop, watcher(row.stop_trigger)),
            Kind.NUMBER,
            84,
            tone=lambda row: _level_tone(watcher(row.stop_trigger)),
            tip=lambda row: _level_words(watcher(row.stop_trigger)),
        ),
        Column(
            "target",
            _tr("Target"),
            lambda row: row.target,
            lambda row: _level(row, row.target, watcher(row.target_trigger)),
            Kind.NUMBER,
            84,
            tone=lambda row: _level_tone(watcher(row.target_trigger)),
            tip=lambda row: _level_words(watcher(row.target_trigger)),
        ),
        Column(
            "value",
            _tr("Value"),
            lambda row: row.value,
            lambda row: formats.money(row.value, currency(row)),
            Kind.NUMBER,
            96,
        ),
        mode_column(_tr("Mode"), lambda row: row.session),
        Column("session", _tr("Session"), lambda row: row.session.name, width=112),
        Column("currency", _tr("Currency"), currency, width=74, hidden=True),
        Column(
            "opened",
            _tr("Opened"),
            lambda row: row.position.opened_at,
            lambda row: formats.date_time(row.position.opened_at),
            width=TIME_WIDTH,
            hidden=True,
        ),
        Column("bars", _tr("Bars"), lambda row: row.position.bars_held, None, Kind.NUMBER, 54, hidden=True),
        Column(
            "close",
            _tr("Close"),
            lambda _: "",
            lambda row: _tr("Selling…") if waiting(row.key) else _tr("Close"),
            Kind.BUTTON,
            66,
            tip=lambda row: waiting(row.key),
        ),
    ]

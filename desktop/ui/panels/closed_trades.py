"""Closed trades: from flat to flat, net of fees."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QWidget

from desktop.engine.api import Desk
from desktop.engine.views import Table, TradeRow
from desktop.ui import formats, words
from desktop.ui.intents import Intents, ShowAudit, ShowChart
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.columns import TIME_WIDTH, Column, Kind
from desktop.ui.widgets.row_table import RowTable
from desktop.ui.widgets.table_panel import TablePanel


class ClosedTrades(TablePanel):
    """What became of positions."""

    def __init__(self, desk: Desk, theme: ThemeStore, intents: Intents, parent: QWidget | None = None) -> None:
        self._intents = intents
        table: RowTable[TradeRow] = RowTable(
            _columns(),
            key=lambda row: row.trade.trade_id,
            name="closed-trades",
            theme=theme,
            title=_tr("Closed trades"),
            empty=(_tr("No closed trade yet"), _tr("A position that goes back to flat appears here with its result.")),
            menu=self._fill_menu,
            activate=self._chart,
        )
        super().__init__(desk, Table.TRADES, table, desk.trades, parent=parent)

    def _chart(self, row: TradeRow) -> None:
        self._intents.ask(ShowChart(row.trade.session_id, row.trade.symbol))

    def _fill_menu(self, menu: QMenu, rows: list[TradeRow]) -> None:
        row = rows[0]
        menu.addAction(_tr("Show chart"), lambda: self._chart(row))
        menu.addAction(_tr("Audit trail"), lambda: self._intents.ask(ShowAudit(row.trade.session_id, row.trade.symbol)))


def _tr(text: str) -> str:
    return QCoreApplication.translate("ClosedTrades", text)


def _columns() -> list[Column[TradeRow]]:
    return [
        Column(
            "closed",
            _tr("Closed"),
            lambda row: row.trade.exit_time,
            lambda row: formats.date_time(row.trade.exit_time),
            width=TIME_WIDTH,
            tip=lambda row: formats.at_exchange(row.trade.exit_time, row.instrument.calendar),
            newest_first=True,
        ),
        Column(
            "ticker",
            _tr("Ticker"),
            lambda row: row.trade.symbol,
            kind=Kind.TONED,
            width=92,
            tone=lambda _: "text",
            tip=lambda row: row.instrument.name,
        ),
        Column(
            "quantity",
            _tr("Qty"),
            lambda row: row.trade.quantity,
            lambda row: formats.quantity(row.trade.quantity, row.instrument),
            Kind.NUMBER,
            66,
        ),
        Column(
            "entry",
            _tr("Entry"),
            lambda row: row.trade.entry_price,
            lambda row: formats.price(row.trade.entry_price, row.instrument),
            Kind.NUMBER,
            84,
        ),
        Column(
            "exit",
            _tr("Exit"),
            lambda row: row.trade.exit_price,
            lambda row: formats.price(row.trade.exit_price, row.instrument),
            Kind.NUMBER,
            84,
        ),
        Column(
            "pnl",
            _tr("P&L"),
            lambda row: row.trade.pnl,
            lambda row: formats.money(row.trade.pnl, row.session.currency, signed=True),
            Kind.SIGNED,
            92,
            tip=lambda _: _tr("Net of fees"),
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
            "fees",
            _tr("Fees"),
            lambda row: row.trade.fees,
            lambda row: formats.money(row.trade.fees, row.session.currency),
            Kind.NUMBER,
            74,
        ),
        Column("bars", _tr("Bars"), lambda row: row.trade.bars_held, None, Kind.NUMBER, 52),
        Column("reason", _tr("Closed by"), lambda row: words.source(row.trade.reason), width=100),
        Column("session", _tr("Session"), lambda row: row.session.name, width=116),
        Column(
            "opened",
            _tr("Opened"),
            lambda row: row.trade.entry_time,
            lambda row: formats.date_time(row.trade.entry_time),
            width=TIME_WIDTH,
            hidden=True,
        ),
        Column("currency", _tr("Currency"), lambda row: row.session.currency, width=64, hidden=True),
    ]

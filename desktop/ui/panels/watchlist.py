"""Watched symbols with their prices."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QWidget

from desktop.engine.api import Desk
from desktop.engine.views import Table, WatchRow
from desktop.ui import formats
from desktop.ui.intents import Intents, OpenTicket, ShowChart, ShowWhy
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.columns import Column, Kind
from desktop.ui.widgets.row_table import RowTable
from desktop.ui.widgets.table_panel import TablePanel


class Watchlist(TablePanel):
    """Symbols of all feeds; a double-click shows the chart."""

    def __init__(self, desk: Desk, theme: ThemeStore, intents: Intents, parent: QWidget | None = None) -> None:
        self._intents = intents
        table: RowTable[WatchRow] = RowTable(
            _columns(),
            key=lambda row: row.key,
            name="watchlist",
            theme=theme,
            title=_tr("Watchlist"),
            empty=(_tr("Nothing is watched"), _tr("The symbols of your sessions appear here with their prices.")),
            menu=self._fill_menu,
            activate=self._chart,
        )
        super().__init__(desk, Table.WATCH, table, desk.watch, parent=parent)
        self.blotter.search.setPlaceholderText(_tr("Find symbol"))

    def _session(self, row: WatchRow) -> str:
        """Return the session for whom a symbol is shown: the followed one if it trades it, else the first that does."""
        symbol = row.instrument.symbol
        trading = [
            item.session_id
            for item in self._desk.sessions()
            if symbol in {instrument.symbol for instrument in item.settings.instruments}
        ]
        if self._intents.session_id in trading:
            return self._intents.session_id
        return trading[0] if trading else ""

    def _chart(self, row: WatchRow) -> None:
        if session := self._session(row):
            self._intents.ask(ShowChart(session, row.instrument.symbol))

    def _fill_menu(self, menu: QMenu, rows: list[WatchRow]) -> None:
        row = rows[0]
        session, symbol = self._session(row), row.instrument.symbol
        actions = [
            menu.addAction(_tr("Show chart"), lambda: self._chart(row)),
            menu.addAction(_tr("Order ticket…"), lambda: self._intents.ask(OpenTicket(session, symbol))),
            menu.addAction(_tr("Why, or why not?"), lambda: self._intents.ask(ShowWhy(session, symbol))),
        ]
        for action in actions:
            action.setEnabled(bool(session))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Watchlist", text)


def _columns() -> list[Column[WatchRow]]:
    return [
        Column(
            "symbol",
            _tr("Symbol"),
            lambda row: row.instrument.symbol,
            kind=Kind.TONED,
            width=86,
            tone=lambda row: "text_muted" if row.stale else "text",
            tip=lambda row: row.instrument.name or row.instrument.symbol,
        ),
        Column(
            "last",
            _tr("Last"),
            lambda row: row.last,
            lambda row: formats.price(row.last, row.instrument),
            Kind.NUMBER,
            80,
            tip=lambda row: formats.date_time(row.at) + (" " + _tr("(old)") if row.stale else ""),
        ),
        Column(
            "percent",
            _tr("Change %"),
            lambda row: row.change_percent,
            lambda row: formats.percent(row.change_percent),
            Kind.SIGNED,
            76,
        ),
        Column("curve", _tr("Curve"), lambda row: row.sparkline, lambda _: "", Kind.SPARK, 62),
        Column("change", _tr("Change"), lambda row: row.change, _signed, Kind.SIGNED, 76, hidden=True),
        Column(
            "bid",
            _tr("Bid"),
            lambda row: row.bid,
            lambda row: formats.price(row.bid, row.instrument),
            Kind.NUMBER,
            80,
            hidden=True,
        ),
        Column(
            "ask",
            _tr("Ask"),
            lambda row: row.ask,
            lambda row: formats.price(row.ask, row.instrument),
            Kind.NUMBER,
            80,
            hidden=True,
        ),
        Column(
            "high",
            _tr("High"),
            lambda row: row.high,
            lambda row: formats.price(row.high, row.instrument),
            Kind.NUMBER,
            80,
            hidden=True,
        ),
        Column(
            "low",
            _tr("Low"),
            lambda row: row.low,
            lambda row: formats.price(row.low, row.instrument),
            Kind.NUMBER,
            80,
            hidden=True,
        ),
        Column(
            "volume",
            _tr("Volume"),
            lambda row: row.volume,
            lambda row: formats.number(row.volume, 0),
            Kind.NUMBER,
            84,
            hidden=True,
        ),
        Column("feed", _tr("Feed"), lambda row: row.feed, width=80, hidden=True),
        Column("time", _tr("Time"), lambda row: row.at, lambda row: formats.clock(row.at), width=72, hidden=True),
    ]


def _signed(row: WatchRow) -> str:
    return (
        formats.NOTHING
        if row.change is None
        else formats.number(row.change, row.instrument.price_decimals, signed=True)
    )

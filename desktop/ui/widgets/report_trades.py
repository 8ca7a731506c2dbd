"""The trades of a backtest, and each of them on the bars it was made on."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from desktop.domain.errors import AssayError
from desktop.domain.instruments import Instrument
from desktop.domain.market import timeframe_us
from desktop.domain.orders import Side
from desktop.domain.positions import ClosedTrade
from desktop.engine.views import ChartView, FillMark
from desktop.research.api import Lab
from desktop.research.lab_views import ChartData, ReportView
from desktop.ui import formats, words, work
from desktop.ui.charts.price_canvas import PriceCanvas
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.columns import Column, Kind
from desktop.ui.widgets.looks import button, label
from desktop.ui.widgets.row_table import RowTable

_AROUND = 40  # bars before and after a trade
_CLOSED = 6  # times as long: markets are closed at night and on weekends


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


class ReportTrades(QWidget):
    """A table of closed trades beside the chart of the one that was asked for."""

    def __init__(self, lab: Lab, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lab = lab
        self._view: ReportView | None = None
        self._by_symbol: dict[str, Instrument] = {}
        self._shown: ClosedTrade | None = None
        self.table: RowTable[ClosedTrade] = RowTable(
            self._columns(),
            key=lambda row: row.trade_id,
            name="backtest-trades",
            theme=theme,
            title=_tr("Trades of the backtest"),
            empty=(
                _tr("No closed trade"),
                _tr("The rules opened no position that was closed again: see under Clauses how often they were true."),
            ),
            menu=self._fill_menu,
            activate=self.show_trade,
        )
        self.search = QLineEdit()
        self.search.setProperty("role", "filter")
        self.search.setPlaceholderText(_tr("Filter"))
        self.search.setAccessibleName(_tr("Filter the trades"))
        self.search.setMaximumWidth(150)
        self.search.textChanged.connect(guarded(self.table.search))
        self.count = label("", "caption")
        self.export = button(_tr("Export table…"), "small", name=_tr("Export the trades that are shown as CSV"))
        self.export.clicked.connect(guarded(self.table.ask_export))
        self._lay_out(theme)

    def _lay_out(self, theme: ThemeStore) -> None:
        self.hint = label("", "muted", wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setContentsMargins(20, 0, 20, 0)
        self.canvas = PriceCanvas(theme)
        self.about = label("", "caption")
        chart = QWidget()
        shown = QWidget()
        self._stack = QStackedLayout(shown)  # of a widget from the start: what it shows would else be a window at once
        self._stack.addWidget(self.hint)
        self._stack.addWidget(self.canvas)
        column = QVBoxLayout(chart)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.about.setContentsMargins(10, 6, 10, 4)
        column.addWidget(self.about)
        column.addWidget(shown, 1)
        left = QWidget()
        rows = QVBoxLayout(left)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(8, 5, 8, 5)
        head.setSpacing(8)
        head.addWidget(self.search)
        head.addWidget(self.export)
        head.addWidget(self.count)
        head.addStretch(1)
        rows.addLayout(head)
        rows.addWidget(self.table, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(chart)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setSizes([640, 380])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)
        self.setFocusProxy(self.table)
        self._ask()

    def _ask(self, text: str = "") -> None:
        self._shown = None
        self.about.clear()
        self.hint.setText(text or _tr("Double-click a trade, or press Enter on it: its bars and fills appear here."))
        self._stack.setCurrentWidget(self.hint)

    def show_report(self, view: ReportView) -> None:
        """Show the trades of a report."""
        self._view = view
        self._by_symbol = {item.symbol: item for item in view.evidence.settings.instruments}
        self.table.put_all(view.trades)
        self.table.header.suit()
        total = view.evidence.trades
        text = formats.number(total, 0)
        if total > len(view.trades):
            text = (
                _tr("the newest %1 of %2; the export of the report has all")
                .replace("%1", formats.number(len(view.trades), 0))
                .replace("%2", text)
            )
        self.count.setText(text)
        self._ask()

    # the chart -------------------------------------------------------------------------------------------------
    def show_trade(self, trade: ClosedTrade) -> None:
        """Show a trade on its bars."""
        view = self._view
        if view is None:
            return
        room = timeframe_us(view.evidence.settings.strategy.timeframe) * _AROUND * _CLOSED
        self._shown = trade
        work.run(
            self._lab.chart(view, trade.symbol, begin=trade.entry_time - room, end=trade.exit_time + room),
            where="trade on the chart",
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, lambda data: self._on_chart(trade, data)),
        )

    def _on_refused(self, error: AssayError) -> None:
        self._ask(str(error))

    def _on_chart(self, trade: ClosedTrade, data: ChartData) -> None:
        if trade is not self._shown or self._view is None:
            return
        first, last = np.searchsorted(data.bars.start, (trade.entry_time, trade.exit_time)).tolist()
        bars = data.bars.part(max(0, first - _AROUND), min(len(data.bars), last + _AROUND))
        settings = self._view.evidence.settings
        currency = settings.currency
        width = timeframe_us(settings.strategy.timeframe)
        seen = range(int(bars.start[0]), int(bars.start[-1]) + width) if len(bars) else range(0)
        marks = tuple(
            FillMark(
                fill.bar_start or fill.at,
                float(fill.price),
                fill.side,
                fill.quantity,
                f"{words.side(fill.side)} {formats.quantity(fill.quantity, data.instrument)} @ "
                f"{formats.price(fill.price, data.instrument)}   {self._when(fill.bar_start or fill.at)}   "
                f"{_tr('fee')} {formats.money(fill.fee, currency)}",
            )
            for fill in data.fills
            if (fill.bar_start or fill.at) in seen  # others would pile up at the edge
        )
        self.canvas.show_view(
            ChartView(trade.trade_id, data.instrument, data.timeframe, bars, None, (), marks, (), None, ())
        )
        self.canvas.times.left, self.canvas.times.right = 0.0, float(len(bars))
        self.canvas.back_to_now()
        gain = formats.marked(formats.money(trade.pnl, currency, signed=True))
        text = f"{trade.symbol}   {words.side(Side.BUY)} {formats.price(trade.entry_price, data.instrument)} → "
        text += f"{words.side(Side.SELL)} {formats.price(trade.exit_price, data.instrument)}   {gain} {currency}"
        self.about.setText(f"{text}   {words.source(trade.reason)}")
        self._stack.setCurrentWidget(self.canvas)

    def _fill_menu(self, menu: QMenu, rows: list[ClosedTrade]) -> None:
        menu.addAction(_tr("Show on the chart"), lambda: self.show_trade(rows[0]))

    # the table -------------------------------------------------------------------------------------------------
    def _currency(self) -> str:
        return self._view.evidence.settings.currency if self._view is not None else "USD"

    def _price(self, symbol: str, value: Decimal) -> str:
        return formats.price(value, self._by_symbol[symbol])

    def _when(self, at: int) -> str:
        return formats.bar_time(at, self._view.evidence.settings.strategy.timeframe if self._view is not None else "")

    def _columns(self) -> list[Column[ClosedTrade]]:
        def percent(row: ClosedTrade) -> float | None:
            paid = row.entry_price * row.quantity
            return float(row.pnl / paid) if paid else None

        return [
            Column(
                "closed", _tr("Closed"), lambda row: row.exit_time, lambda row: self._when(row.exit_time),
                width=102, newest_first=True,
            ),
            Column("symbol", _tr("Symbol"), lambda row: row.symbol, width=56),
            Column(
                "pnl", _tr("P&L"), lambda row: row.pnl,
                lambda row: formats.money(row.pnl, self._currency(), signed=True), Kind.SIGNED, 80,
                tip=lambda _: _tr("Net of fees"),
            ),
            Column("percent", _tr("P&L %"), percent, lambda row: formats.percent(percent(row)), Kind.SIGNED, 68),
            Column(
                "quantity", _tr("Qty"), lambda row: row.quantity,
                lambda row: formats.quantity(row.quantity, self._by_symbol[row.symbol]), Kind.NUMBER, 50,
            ),
            Column(
                "entry", _tr("Entry"), lambda row: row.entry_price,
                lambda row: self._price(row.symbol, row.entry_price), Kind.NUMBER, 68,
            ),
            Column(
                "exit", _tr("Exit"), lambda row: row.exit_price, lambda row: self._price(row.symbol, row.exit_price),
                Kind.NUMBER, 68,
            ),
            Column("bars", _tr("Bars"), lambda row: row.bars_held, None, Kind.NUMBER, 46),
            Column("reason", _tr("Closed by"), lambda row: words.source(row.reason), width=78),
            Column(
                "opened", _tr("Opened"), lambda row: row.entry_time, lambda row: self._when(row.entry_time),
                width=102,
            ),
            Column(
                "fees", _tr("Fees"), lambda row: row.fees, lambda row: formats.money(row.fees, self._currency()),
                Kind.NUMBER, 64,
            ),
        ]  # fmt: skip

"""The figures of a run as tiles: name above, figure below, coloured and signed where it means gain or loss."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop.research.report_numbers import few_days
from desktop.ui import formats
from desktop.ui.widgets.looks import label, look

_SIGNED = frozenset({"total_return", "cagr", "max_drawdown", "var_95", "expectancy"})
_PER_CENT = frozenset({"total_return", "cagr", "max_drawdown", "volatility", "var_95", "exposure", "win_rate"})
YEARLY = ("cagr", "sharpe", "sortino", "volatility")  # what a few days say little about
ACROSS = 7


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


def metric_names() -> dict[str, str]:
    """Return the metrics that are shown, with their names, in order."""
    return {
        "total_return": _tr("Total return"),
        "cagr": _tr("CAGR"),
        "sharpe": _tr("Sharpe"),
        "sortino": _tr("Sortino"),
        "max_drawdown": _tr("Max drawdown"),
        "volatility": _tr("Volatility"),
        "var_95": _tr("VaR 95 %, day"),
        "trade_count": _tr("Trades"),
        "win_rate": _tr("Win rate"),
        "profit_factor": _tr("Profit factor"),
        "expectancy": _tr("Per trade"),
        "exposure": _tr("Exposure"),
        "turnover": _tr("Turnover"),
        "fees": _tr("Fees"),
    }


def metric_meanings() -> dict[str, str]:
    """Return what each metric means, in a line; the words of the report."""
    return {
        "total_return": _tr("Equity at the end over the starting cash."),
        "cagr": _tr("Growth a year, compounded."),
        "sharpe": _tr("Mean over deviation of the daily returns, over a year; no interest is taken off."),
        "sortino": _tr("Mean over downside deviation of the daily returns, over a year."),
        "max_drawdown": _tr("Deepest fall below the highest equity before."),
        "volatility": _tr("Deviation of the daily returns, over a year."),
        "var_95": _tr("Value at risk: one day in twenty was worse. Days without a position count."),
        "trade_count": _tr("Positions from flat to flat."),
        "win_rate": _tr("Share of the trades with a gain after costs."),
        "profit_factor": _tr("Net gains over net losses; under 1 it lost money."),
        "expectancy": _tr("Gain or loss of an average trade after costs, in the currency of the backtest."),
        "exposure": _tr("Share of the bars that closed with a position."),
        "turnover": _tr("Bought and sold, as a multiple of the mean equity."),
        "fees": _tr("Fees of all fills, in the currency of the backtest."),
    }


def metric_text(name: str, metrics: Mapping[str, Any], currency: str) -> str:
    """Return a metric as it is shown; unknown is a dash, a profit factor without a loss is infinite."""
    value = metrics.get(name)
    if value is None:
        endless = name == "profit_factor" and metrics.get("win_rate") == 1.0
        return "∞" if endless else formats.NOTHING
    if name in _PER_CENT:
        return formats.percent(float(value), signed=name in _SIGNED, decimals=2 if name in _SIGNED else 1)
    if name == "trade_count":
        return formats.number(Decimal(value), 0)
    if name in ("expectancy", "fees"):
        return formats.money(Decimal(str(value)), currency, signed=name == "expectancy")
    return formats.ratio(float(value))


def metric_tone(name: str, text: str) -> str:
    """Return the tone of a metric as it is shown; only gains and losses have one."""
    return formats.tone(text) if name in _SIGNED else ""


class MetricTiles(QWidget):
    """The metrics of one run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        self._meanings = metric_meanings()
        self._tiles: dict[str, QFrame] = {}
        for number, (name, title) in enumerate(metric_names().items()):
            tile = QFrame()
            tile.setProperty("role", "card")
            tile.setToolTip(self._meanings[name])
            self._tiles[name] = tile
            box = QVBoxLayout(tile)
            box.setContentsMargins(9, 4, 9, 5)
            box.setSpacing(0)
            figure = label(formats.NOTHING, "heading", selectable=True)
            figure.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            figure.setAccessibleName(title)
            box.addWidget(label(title, "caption"))
            box.addWidget(figure)
            self._figures[name] = figure
            grid.addWidget(tile, number // ACROSS, number % ACROSS)
        for column in range(ACROSS):
            grid.setColumnStretch(column, 1)
        self.note = label("", "caption", wrap=True)
        look(self.note, tone="warning")
        self.note.hide()
        grid.addWidget(self.note, len(self._figures) // ACROSS + 1, 0, 1, ACROSS)

    def show_metrics(self, metrics: Mapping[str, Any], currency: str) -> None:
        """Show the metrics of a run as JSON has them."""
        for name, figure in self._figures.items():
            text = metric_text(name, metrics, currency)
            tone = metric_tone(name, text)
            figure.setText(formats.marked(text) if tone else text)
            figure.setAccessibleDescription(text)
            look(figure, tone=tone)
        self._say_few(few_days(metrics.get("return_count"), metrics.get("periods_per_year")))

    def _say_few(self, note: str) -> None:
        """Say that yearly figures rest on few days, and take their colour back."""
        self.note.setText(note)
        self.note.setVisible(bool(note))
        for name in YEARLY:
            figure = self._figures[name]
            self._tiles[name].setToolTip(f"{self._meanings[name]}\n{note}" if note else self._meanings[name])
            if note:
                look(figure, tone="flat")

    def text(self, name: str) -> str:
        """Return what a tile shows."""
        return self._figures[name].text()

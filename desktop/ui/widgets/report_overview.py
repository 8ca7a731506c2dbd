"""The overview of a backtest: what to be warned of, figures, equity with benchmark and drawdown, returns by month."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.research.lab_views import ReportView
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.curve_pane import CurvePane
from desktop.ui.widgets.looks import label, look
from desktop.ui.widgets.metric_tiles import MetricTiles
from desktop.ui.widgets.monthly_table import MonthlyTable

_PLOT = 210  # pixels at least
_PLACE = 4  # of the plot: below warning, silence, bars and tiles


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


class ReportOverview(QScrollArea):
    """What one looks at first."""

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.warning = label("", "caption", wrap=True, selectable=True)
        look(self.warning, tone="warning")
        self.silence = QFrame()
        self.silence.setProperty("role", "card")
        why = QVBoxLayout(self.silence)
        self.why = label("", wrap=True, selectable=True)
        for widget in (label(_tr("No trade was closed"), "heading"), self.why):
            why.addWidget(widget)
        self.silence.hide()
        self.made_of = label("", "muted", wrap=True, selectable=True)
        self.tiles = MetricTiles()
        self._theme = theme
        self._view: ReportView | None = None
        self.curve: CurvePane | None = None  # made with the first report, as that takes a while
        self.monthly = MonthlyTable(theme)
        self.months_title = label(_tr("Returns by month, %"), "heading")
        self.no_months = label(
            _tr("Returns by month are worked out in a run: press Reproduce under Evidence to see them."),
            "muted",
            wrap=True,
        )
        body = QWidget()
        self._layout = layout = QVBoxLayout(body)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(8)
        layout.addWidget(self.warning)
        layout.addWidget(self.silence)
        layout.addWidget(self.made_of)
        layout.addWidget(self.tiles)
        layout.addWidget(self.months_title)
        layout.addWidget(self.no_months)
        layout.addWidget(self.monthly)
        self.setWidget(body)

    def show_report(self, view: ReportView) -> None:
        """Show a report."""
        self._view = view
        evidence = view.evidence
        dropped = sum((view.dropped or {}).values())
        sentences = list(view.warnings)
        if dropped:
            said = ", ".join(f"{count:,} {reason}" for reason, count in (view.dropped or {}).items())
            sentences.append(_tr("Rows that were not traded on: %1.").replace("%1", said))
        self.warning.setText("\n".join(sentences))
        self.warning.setVisible(bool(sentences))
        self._say_silence(view)
        self.made_of.setText(view.made_of)
        self.made_of.setVisible(bool(view.made_of))
        self.tiles.show_metrics(evidence.metrics, evidence.settings.currency)
        known = view.monthly is not None
        self.monthly.setVisible(known)
        self.no_months.setVisible(not known)
        self.monthly.show_returns(view.monthly or ())
        QTimer.singleShot(0, self, guarded(lambda: self._show_curve(view)))  # the figures first: a plot takes its time

    def _say_silence(self, view: ReportView) -> None:
        """Say why there is no trade: a row of dashes explains nothing."""
        self.silence.setVisible(not view.evidence.trades)
        unknown = _tr("Why is worked out in a run: press Reproduce under Evidence to see it.")
        self.why.setText("\n".join(view.no_trades) or unknown)

    def _show_curve(self, view: ReportView) -> None:
        if view is not self._view:
            return
        if self.curve is None:
            self.curve = CurvePane(self._theme)
            self.curve.plot.setMinimumHeight(_PLOT)
            self._layout.insertWidget(_PLACE, self.curve, 1)
        settings = view.evidence.settings
        self.curve.show_curve(view.curve, settings.currency, float(settings.cash), settings.strategy.timeframe)

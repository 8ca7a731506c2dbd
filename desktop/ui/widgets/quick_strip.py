"""One line about a quick test: return, drawdown, trades, share won, the equity as a small line, and on what data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.domain.sessions import FillModelKind
from desktop.ui import formats
from desktop.ui.guard import guarded_override
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.cell_delegate import draw_sparkline
from desktop.ui.widgets.elided import ElidedLabel
from desktop.ui.widgets.looks import button, label, look

if TYPE_CHECKING:
    from desktop.research.quick_test import QuickResult


def _tr(text: str) -> str:
    return QCoreApplication.translate("StrategyEditor", text)


class MiniCurve(QWidget):
    """Values as a small line."""

    def __init__(self, theme: ThemeStore) -> None:
        super().__init__()
        self._theme = theme
        self.points: Sequence[float] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_tr("Equity of the quick test"))
        theme.changed.connect(self.update)

    @guarded_override(QSize())
    def sizeHint(self) -> QSize:
        return QSize(92, 24)

    def show_points(self, points: Sequence[float]) -> None:
        """Show other values."""
        self.points = points
        self.update()

    @guarded_override()
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_sparkline(painter, QRectF(self.rect()).adjusted(1, 3, -1, -3), self.points, self._theme)


class QuickStrip(QWidget):
    """Figures of the last quick test; what it ran on stands below."""

    def __init__(self, theme: ThemeStore) -> None:
        super().__init__()
        self._compact = self._bad = False
        self.curve = MiniCurve(theme)
        self.figures: dict[str, QLabel] = {}
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(5)
        names = (("return", _tr("Return")), ("drawdown", _tr("Max DD")), ("trades", _tr("Trades")), ("won", _tr("Won")))
        for name, title in names:
            figure = self.figures[name] = label(formats.NOTHING)
            line.addWidget(label(title, "muted"))
            line.addWidget(figure)
            line.addSpacing(7)
        line.addWidget(self.curve)
        self.now = ElidedLabel("caption")
        line.addWidget(self.now, 1)
        self.fit = button("", "small")
        self.fit.hide()
        line.addWidget(self.fit)
        self.about = ElidedLabel("caption")
        self.before = button("<", "small", name=_tr("Signal before"), tip=_tr("Signal before (Ctrl+Left on the chart)"))
        self.after = button(">", "small", name=_tr("Next signal"), tip=_tr("Next signal (Ctrl+Right on the chart)"))
        below = QHBoxLayout()
        below.setSpacing(4)
        below.addWidget(self.about, 1)
        for step in (self.before, self.after):
            step.setFixedWidth(26)
            step.setEnabled(False)
            below.addWidget(step)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 2)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addLayout(below)

    def say(self, text: str, *, bad: bool = False) -> None:
        """Say what is going on, or what is in the way."""
        self._bad = bad
        self.now.setText("")
        self.about.setText(text)
        self.about.setToolTip(text)
        self.setToolTip(text)
        look(self.about, tone="bad" if bad else "")
        self.about.setVisible(bad or not self._compact)

    def be_compact(self, compact: bool) -> None:  # noqa: FBT001 - what it is set to
        """Show the line below the figures only where something is in the way; it stays in the tool tip."""
        self._compact = compact
        for step in (self.before, self.after):
            step.setVisible(not compact)
        self.about.setVisible(self._bad or not compact)

    def offer_steps(self, *, there: bool) -> None:
        """Offer to go from signal to signal where there are any."""
        self.before.setEnabled(there)
        self.after.setEnabled(there)

    def offer(self, timeframe: str) -> None:
        """Offer to judge on another timeframe; empty: nothing is offered."""
        self.fit.setText(_tr("Judge on %1").replace("%1", timeframe))
        self.fit.setVisible(bool(timeframe))

    def forget(self) -> None:
        """Show no figures."""
        for figure in self.figures.values():
            figure.setText(formats.NOTHING)
            look(figure, tone="")
        self.curve.show_points(())

    def age(self, why: str) -> None:
        """Show that the figures are those before the last change, and why."""
        self.now.setText(why)
        for figure in self.figures.values():
            look(figure, tone="flat")

    def show_result(self, found: QuickResult, on: str) -> None:
        """Show a test on the data named `on`."""
        self.offer("")
        gain, fall = formats.percent(found.total_return), formats.percent(found.max_drawdown)
        texts = {
            "return": (formats.marked(gain), formats.tone(gain)),
            "drawdown": (fall, formats.tone(fall)),
            "trades": (formats.number(found.trade_count, 0), ""),
            "won": (formats.percent(found.win_rate, signed=False, decimals=0), ""),
        }
        for name, (text, tone) in texts.items():
            self.figures[name].setText(text)
            look(self.figures[name], tone=tone)
        self.curve.show_points(found.equity.tolist())
        self.say(about(found, on))


def about(found: QuickResult, on: str) -> str:
    """Return on what a quick test ran, and what it is not."""
    fills = {
        FillModelKind.IDEAL: _tr("fills without costs"),
        FillModelKind.FIXED: _tr("fixed costs"),
        FillModelKind.REALISTIC: _tr("realistic costs"),
    }
    cash = formats.money(found.cash, found.currency, code=True)
    parts = [_tr("Quick test on %1").replace("%1", on), f"{cash}, {fills[found.fill_model]}"]
    if found.held:
        parts.append(_tr("a position still open"))
    if not found.trade_count and not found.held:
        parts.append(_tr("the rules never led to a trade"))
    parts += [_tr("%1 stopped %2 orders").replace("%1", name).replace("%2", str(n)) for name, n in found.blocks]
    parts.append(_tr("nothing is traded"))
    return " · ".join(parts)

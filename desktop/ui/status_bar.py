"""The status bar: lamps of feed, broker, loop and storage, the market's hours, the clock."""

from __future__ import annotations

import time

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStatusBar, QWidget

from desktop.engine.views import Health, Lamp, StatusView
from desktop.ui import formats
from desktop.ui.guard import guarded_override
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.looks import label

_TONES = {Health.OK: "good", Health.WAITING: "warning", Health.BAD: "bad"}


class LampMark(QWidget):
    """A lamp: its form says what its colour says."""

    def __init__(self, theme: ThemeStore) -> None:
        super().__init__()
        self._theme = theme
        self.health = Health.WAITING
        theme.changed.connect(self.update)

    @guarded_override(QSize())
    def sizeHint(self) -> QSize:
        """Return the size of the mark."""
        return QSize(10, 16)

    @guarded_override()
    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw a disc, a half disc or a cross."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(getattr(self._theme.tokens, _TONES[self.health]))
        box = QRectF(1, self.height() / 2 - 4, 8, 8)
        if self.health is Health.BAD:
            pen = painter.pen()
            pen.setColor(colour)
            pen.setWidthF(2)
            painter.setPen(pen)
            painter.drawLine(box.topLeft(), box.bottomRight())
            painter.drawLine(box.topRight(), box.bottomLeft())
            return
        painter.setPen(colour)
        painter.setBrush(colour if self.health is Health.OK else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box)
        if self.health is Health.WAITING:
            painter.setBrush(colour)
            painter.drawPie(box, 90 * 16, 180 * 16)


class LampView(QWidget):
    """A lamp with its name and figure; the tool tip says it in a sentence."""

    def __init__(self, name: str, theme: ThemeStore) -> None:
        super().__init__()
        self._mark = LampMark(theme)
        self._text = label(name, "caption")
        self._shown: Lamp | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 0, 8, 0)
        layout.setSpacing(5)
        layout.addWidget(self._mark)
        layout.addWidget(self._text)
        self.setAccessibleName(name)

    def show_lamp(self, lamp: Lamp) -> None:
        """Show a lamp as it is now."""
        if lamp == self._shown:
            return
        self._shown = lamp
        self._mark.health = lamp.health
        self._mark.update()
        self._text.setText(f"{lamp.name}  {lamp.text}" if lamp.text else lamp.name)
        self.setToolTip(lamp.detail)
        self.setAccessibleDescription(lamp.detail)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()


class StatusBar(QStatusBar):
    """One line at the bottom of the window."""

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        names = (self.tr("Feed"), self.tr("Broker"), self.tr("Loop lag"), self.tr("Storage"))
        self.lamps = [LampView(name, theme) for name in names]
        for lamp in self.lamps:
            self.addWidget(lamp)
        self._market = label("", "caption")
        self._market.setContentsMargins(8, 0, 8, 0)
        self.addPermanentWidget(self._market)
        self._clock = label("", "caption")
        self._clock.setContentsMargins(4, 0, 10, 0)
        self.addPermanentWidget(self._clock)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._tick()

    def show_status(self, status: StatusView) -> None:
        """Show the lamps as they are now."""
        for view, lamp in zip(self.lamps, (status.feed, status.broker, status.loop, status.storage), strict=True):
            view.show_lamp(lamp)
        if self._market.text() != status.market.text:
            self._market.setText(status.market.text)
        self._market.setToolTip(status.market.detail)

    def _tick(self) -> None:
        now = int(time.time() * 1_000_000)
        self._clock.setText(f"{formats.clock(now)} {formats.zone_name()}")
        self._clock.setToolTip(formats.at_exchange(now, ""))

"""The status bar: lamps of feed, broker, loop and storage, the market's hours, the clock."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStatusBar, QWidget

from desktop.engine.views import Health, Lamp, StatusView
from desktop.ui import formats
from desktop.ui.guard import guarded_override
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.looks import label
from desktop.ui.widgets.steady_label import SteadyLabel

MOST = 5  # connections that are seen one by one
_GRAVITY = {Health.BAD: 0, Health.WAITING: 1, Health.OK: 2}
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
        self.mark = LampMark(theme)
        self._text = SteadyLabel("caption")
        self._text.setText(name)
        self._shown: Lamp | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 0, 8, 0)
        layout.setSpacing(5)
        layout.addWidget(self.mark)
        layout.addWidget(self._text)
        self.setAccessibleName(name)

    def show_lamp(self, lamp: Lamp) -> None:
        """Show a lamp as it is now."""
        if lamp == self._shown:
            return
        self._shown = lamp
        self.mark.health = lamp.health
        self.mark.update()
        self._text.setText(f"{lamp.name}  {lamp.text}" if lamp.text else lamp.name)
        self.setAccessibleName(lamp.name)
        self.setToolTip(lamp.detail)
        self.setAccessibleDescription(lamp.detail)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()


def connections(status: StatusView) -> list[Lamp]:
    """Return every feed and account on its own; of very many the worst, and the others together."""
    feeds, links = status.feeds, status.links
    if len(feeds) <= 1:
        feeds = (status.feed,)
    if not links or status.broker.text == "not served":
        links = (status.broker,)
    shown = [*feeds, *links]
    if len(shown) <= MOST:
        return shown
    by_gravity = sorted(shown, key=lambda lamp: _GRAVITY[lamp.health])
    first, rest = by_gravity[: MOST - 1], by_gravity[MOST - 1 :]
    text = QCoreApplication.translate("StatusBar", "%1 more").replace("%1", str(len(rest)))
    more = Lamp(text, rest[0].health, "", "\n".join(f"{lamp.name}: {lamp.text}" for lamp in rest))
    return [*(lamp for lamp in shown if lamp in first), more]


class StatusBar(QStatusBar):
    """One line at the bottom of the window."""

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._theme = theme
        self.connections: list[LampView] = []  # each feed and each account, in their order
        self._fixed = [LampView(name, theme) for name in (self.tr("Loop lag"), self.tr("Storage"))]
        for lamp in self._fixed:
            self.addWidget(lamp)
        self._show_connections([Lamp(name, Health.WAITING, "", "") for name in (self.tr("Feed"), self.tr("Broker"))])
        self.market = label("", "caption")
        self.market.setContentsMargins(8, 0, 8, 0)
        self.addPermanentWidget(self.market)
        self._clock = SteadyLabel("caption")
        self._clock.setContentsMargins(4, 0, 10, 0)
        self.addPermanentWidget(self._clock)
        edge = QWidget()
        edge.setFixedWidth(8)  # of its own: the stylesheet takes a label's margins away
        self.addPermanentWidget(edge)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._tick()

    def show_status(self, status: StatusView) -> None:
        """Show the lamps as they are now."""
        self._show_connections(connections(status))
        for view, lamp in zip(self._fixed, (status.loop, status.storage), strict=True):
            view.show_lamp(lamp)
        if self.market.text() != status.market.text:
            self.market.setText(status.market.text)
        self.market.setToolTip(status.market.detail)

    def add_chip(self, chip: QWidget) -> None:
        """Let a widget stand left of the market's hours."""
        self.insertPermanentWidget(len(self.connections) + len(self._fixed), chip)
        chip.hide()  # until it has something to say: the bar shows what it is given

    @property
    def lamps(self) -> list[LampView]:
        """All that are seen, from left to right."""
        return [*(lamp for lamp in self.connections if not lamp.isHidden()), *self._fixed]

    def _show_connections(self, lamps: Sequence[Lamp]) -> None:
        while len(self.connections) < len(lamps):
            made = LampView("", self._theme)
            self.insertWidget(len(self.connections), made)
            self.connections.append(made)
        for place, view in enumerate(self.connections):
            view.setVisible(place < len(lamps))
            if place < len(lamps):
                view.show_lamp(lamps[place])

    def _tick(self) -> None:
        now = int(time.time() * 1_000_000)
        self._clock.setText(f"{formats.clock(now)} {formats.zone_name()}")
        self._clock.setToolTip(formats.at_exchange(now, ""))

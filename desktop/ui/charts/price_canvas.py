"""The price chart itself: candles, volume, indicators, fills and levels, painted and handled by mouse and keys."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.engine.views import ChartView
from desktop.ui.charts import price_paint, read_out
from desktop.ui.charts.candles import fill_places
from desktop.ui.charts.drag import LevelDrag
from desktop.ui.charts.levels import Guarding, Level, levels_of
from desktop.ui.charts.price_layout import PriceLayout, lay_out
from desktop.ui.charts.scale import TimeScale
from desktop.ui.guard import guarded_override
from desktop.ui.theme import ThemeStore

_GRAB = 5.0  # pixels from a line within which the mouse takes it
_HOVER = 10.0  # pixels from a fill within which its text is shown


class PriceCanvas(QWidget):
    """Shows a `ChartView`. Closed bars are painted once into a picture; what moves is painted over it.

    Signals:
        level_moved: (Level, price) when a line was dropped somewhere else.
        price_menu: (price, place on the screen) on a right click.
        follow_changed: whether the newest bar is kept in sight.
    """

    level_moved = Signal(object, object)
    price_menu = Signal(object, QPoint)
    follow_changed = Signal(bool)

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.view: ChartView | None = None
        self.times = TimeScale()
        self.layout_: PriceLayout | None = None
        self.levels: list[Level] = []
        self.guard: Guarding | None = None  # who guards a trigger now
        self.drag = LevelDrag()
        self.following = True
        self._base: QPixmap | None = None
        self._stamp: tuple[object, ...] = ()
        self._mouse: QPointF | None = None
        self._pan_from: float | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 140)
        self.setAccessibleName(self.tr("Price chart"))
        self.setAccessibleDescription(
            self.tr("Arrow keys move, plus and minus zoom, End goes back to now. Drag a line to move a stop or target.")
        )
        theme.changed.connect(self._repaint_all)

    # what is shown ---------------------------------------------------------------------------------------------
    def show_view(self, view: ChartView | None) -> None:
        """Show a chart; one of the same symbol keeps zoom and place."""
        before = self.view
        same = (
            before is not None
            and view is not None
            and (before.session_id, before.instrument.symbol) == (view.session_id, view.instrument.symbol)
        )
        self.view = view
        self.levels = levels_of(view, self.guard) if view is not None else []
        if view is not None:
            if not same:
                self.drag.forget()
                self.times.left, self.times.right = 0.0, 140.0
                self._follow(True)
            if self.following:
                self.times.show_end(self._count)
        self._refresh()

    @property
    def _count(self) -> int:
        if self.view is None:
            return 0
        return len(self.view.bars) + (self.view.forming is not None)

    @property
    def last_price(self) -> Decimal | None:
        """The newest price known here, on the tick."""
        if self.view is None or not self._count:
            return None
        forming = self.view.forming
        return self.view.instrument.price(forming.close if forming is not None else float(self.view.bars.close[-1]))

    def back_to_now(self) -> None:
        """Show the newest bars again and follow them."""
        self.times.show_end(self._count)
        self._follow(True)
        self._refresh()

    def settle(self, key: str) -> None:
        """Let a line stand where the engine has it (its move was taken or refused)."""
        self.drag.settle(key)
        self._refresh()

    def _follow(self, wanted: bool) -> None:  # noqa: FBT001 - what it is set to
        if wanted != self.following:
            self.following = wanted
            self.follow_changed.emit(wanted)

    # painting --------------------------------------------------------------------------------------------------
    def _repaint_all(self) -> None:
        self._stamp = ()
        self.update()

    def _refresh(self) -> None:
        """Lay out again; the picture of the closed bars is made anew only if something in it changed."""
        view = self.view
        if view is None or not self._count:
            self.layout_ = None
            self.update()
            return
        self.layout_ = lay_out(view, self.times, self.levels, self.drag.places, QRectF(self.rect()), self.last_price)
        self.update()

    @guarded_override()
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        view, layout = self.view, self.layout_
        if view is None or layout is None:
            painter.fillRect(self.rect(), self.theme.colour("surface"))
            return
        ratio = self.devicePixelRatioF()
        stamp = (
            layout.stamp(),
            len(view.bars),
            int(view.bars.start[0]) if len(view.bars) else 0,
            view.fills,
            ratio,
            self.size().toTuple(),
        )
        if stamp != self._stamp or self._base is None:
            self._base = QPixmap(self.size() * ratio)
            self._base.setDevicePixelRatio(ratio)
            self._base.fill(self.theme.colour("surface"))
            beneath = QPainter(self._base)
            beneath.setRenderHint(QPainter.RenderHint.Antialiasing)
            price_paint.paint_base(beneath, view, layout, self.times, self.theme)
            beneath.end()
            self._stamp = stamp
        painter.drawPixmap(0, 0, self._base)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        price_paint.paint_cross(painter, layout, self.times, self.theme, self._mouse)
        price_paint.paint_moving(painter, view, layout, self.times, self.theme, self.levels, self.drag, self.last_price)
        read_out.paint(painter, view, layout, self.times, self.theme, self._mouse)

    @guarded_override()
    def resizeEvent(self, _event: QResizeEvent) -> None:
        if self.view is not None and self.following:
            self.times.show_end(self._count)
        self._refresh()

    # the mouse -------------------------------------------------------------------------------------------------
    def level_at(self, place: QPointF) -> Level | None:
        """Return the line that can be dragged at a place; the nearest where several are."""
        layout = self.layout_
        if layout is None or not layout.main.contains(QPointF(min(place.x(), layout.main.right() - 1), place.y())):
            return None
        near = [
            (abs(layout.prices.y(float(self.drag.price_of(level))) - place.y()), number)
            for number, level in enumerate(self.levels)
            if level.movable
        ]
        if not near:
            return None
        distance, number = min(near)
        return self.levels[number] if distance <= _GRAB else None

    @guarded_override()
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self.layout_ is None:
            return
        level = self.level_at(event.position())
        if level is not None:
            self.drag.begin(level)
        else:
            self._pan_from = event.position().x()
        self.setCursor(Qt.CursorShape.SizeVerCursor if level is not None else Qt.CursorShape.ClosedHandCursor)

    @guarded_override()
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse = event.position()
        layout, view = self.layout_, self.view
        if layout is None or view is None:
            return
        if self.drag.level is not None:
            y = min(max(event.position().y(), layout.main.top()), layout.main.bottom())
            price = view.instrument.price(layout.prices.value(y))
            if price > 0:
                self.drag.move(price)
        elif self._pan_from is not None:
            self.times.pan((self._pan_from - event.position().x()) / self.times.bar_width)
            self._pan_from = event.position().x()
            self._after_move()
        else:
            over = self.level_at(event.position())
            self.setCursor(Qt.CursorShape.SizeVerCursor if over is not None else Qt.CursorShape.CrossCursor)
            self._hover(event)
        self.update()

    @guarded_override()
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._pan_from = None
        self.setCursor(Qt.CursorShape.CrossCursor)
        dropped = self.drag.drop()
        if dropped is not None:
            self.level_moved.emit(*dropped)
        self.update()

    @guarded_override()
    def leaveEvent(self, _event: object) -> None:
        self._mouse = None
        self.update()

    @guarded_override()
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        layout, view = self.layout_, self.view
        if layout is None or view is None or not layout.main.contains(QPointF(event.pos())):
            return
        price = view.instrument.price(layout.prices.value(event.pos().y()))
        if price > 0:
            self.price_menu.emit(price, event.globalPos())

    @guarded_override()
    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.layout_ is None:
            return
        delta = event.angleDelta()
        if abs(delta.x()) > abs(delta.y()):
            self.times.pan(-delta.x() / 120 * 6)
        else:
            # While the newest bar is followed it is the one that stays, else the one under the mouse.
            anchor = (
                self.times.x(self._count - 1) if self.following else event.position().x() - self.layout_.main.left()
            )
            self.times.zoom(0.85 ** (delta.y() / 120), anchor)
        self._after_move()
        event.accept()

    def _after_move(self) -> None:
        self.times.hold(self._count)
        self._follow(self.times.left <= self._count - 1 <= self.times.right)
        self._refresh()

    def _hover(self, event: QMouseEvent) -> None:
        view, layout = self.view, self.layout_
        if view is None or layout is None:
            return
        for place, mark in fill_places(layout.main, self.times, layout.prices, view.bars, view.fills):
            if (place - event.position()).manhattanLength() <= _HOVER:
                QToolTip.showText(event.globalPosition().toPoint(), mark.text, self)
                return
        QToolTip.hideText()

    # the keys --------------------------------------------------------------------------------------------------
    @guarded_override()
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        step = (self.times.right - self.times.left) / 10
        middle = self.times.width / 2
        if key == Qt.Key.Key_Escape and self.drag.level is not None:
            self.drag.cancel()
            self.setCursor(Qt.CursorShape.CrossCursor)
            self.update()
            return
        if key == Qt.Key.Key_End:
            self.back_to_now()
            return
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.times.pan(step if key == Qt.Key.Key_Right else -step)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.times.zoom(
                1.25 if key == Qt.Key.Key_Minus else 0.8, self.times.x(self._count - 1) if self.following else middle
            )
        elif key == Qt.Key.Key_Home:
            self.times.pan(-self.times.left - 1)
        else:
            super().keyPressEvent(event)
            return
        self._after_move()

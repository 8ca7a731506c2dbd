"""The list of completions under a rule: how a name is written, and beside it what it means, as there is room."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.rules.assistance import Completion
from desktop.ui.guard import guarded_override
from desktop.ui.theme import ThemeStore, dress, text_font

WIDTH = 620  # pixels; less where the screen has less
_HEIGHT = 24
_EDGE, _GAP = 8, 14
_BETWEEN = "   "


def offer_line(offer: Completion) -> str:
    """Return an offer as one line of text, which names it in the list and to a screen reader."""
    return f"{offer.signature}{_BETWEEN}{offer.help}" if offer.help else offer.signature


class _Offer(QStyledItemDelegate):
    def __init__(self, theme: ThemeStore, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    @guarded_override(QSize(200, _HEIGHT))
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, _HEIGHT)

    @guarded_override()
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        written, _, about = str(index.data() or "").partition(_BETWEEN)
        rect = QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._theme.colour("selected"))
        room = rect.width() - 2 * _EDGE
        strong, plain = text_font(), text_font(scale=0.92)
        most = room if not about else max(room // 2, 120)
        written = QFontMetrics(strong).elidedText(written, Qt.TextElideMode.ElideRight, most)
        taken = QFontMetrics(strong).horizontalAdvance(written) + _GAP
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(strong)
        painter.setPen(self._theme.colour("text"))
        painter.drawText(rect.adjusted(_EDGE, 0, 0, 0), middle, written)
        painter.setFont(plain)
        painter.setPen(self._theme.colour("text_muted"))
        said = QFontMetrics(plain).elidedText(about, Qt.TextElideMode.ElideRight, room - taken)
        painter.drawText(rect.adjusted(_EDGE + taken, 0, -_EDGE, 0), middle, said)
        painter.restore()


class RuleOffers(QListView):
    """The popup of a rule's completer."""

    def __init__(self, theme: ThemeStore) -> None:
        super().__init__()
        dress(self)
        theme.changed.connect(lambda: dress(self))
        self.setItemDelegate(_Offer(theme, self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setProperty("role", "offers")

"""The library: one's own strategies and the samples, each sample with its honest line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.domain.strategies import Strategy
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.theme import ThemeStore, text_font
from desktop.ui.widgets.eliding_box import ElidingBox
from desktop.ui.widgets.strategy_drafts import Drafts

_ABOUT = int(Qt.ItemDataRole.UserRole) + 1
_WIDTH = 560  # of the open list, at most


def _tr(text: str) -> str:
    return QCoreApplication.translate("StrategyEditor", text)


class _TwoLines(QStyledItemDelegate):
    """A name, and below it what the strategy does."""

    def __init__(self, theme: ThemeStore, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    @guarded_override(QSize(100, 24))
    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the room of one or of several lines."""
        name, about = str(index.data() or ""), str(index.data(_ABOUT) or "")
        if not about:
            return QSize(QFontMetrics(text_font()).horizontalAdvance(name) + 24, 24)
        return QSize(_WIDTH, 22 + self._wrapped(about, _WIDTH - 32).height() + 5)

    def _wrapped(self, text: str, width: int) -> QRect:
        metrics = QFontMetrics(text_font(scale=0.88))
        return metrics.boundingRect(QRect(0, 0, width, 400), int(Qt.TextFlag.TextWordWrap), text)

    @guarded_override()
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint both lines."""
        about = str(index.data(_ABOUT) or "")
        heading = not index.flags() & Qt.ItemFlag.ItemIsEnabled
        rect = option.rect
        painter.save()
        picked = bool(option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver))
        if picked and not heading:
            painter.fillRect(rect, self._theme.colour("selected"))
        painter.setFont(text_font(scale=0.88, bold=True) if heading else text_font())
        painter.setPen(self._theme.colour("text_muted" if heading else "text"))
        name = rect.adjusted(8 if heading else 16, 0, -8, 0)
        name.setHeight(24)
        painter.drawText(name, int(Qt.AlignmentFlag.AlignVCenter), str(index.data() or ""))
        if about:
            painter.setFont(text_font(scale=0.88))
            painter.setPen(self._theme.colour("text_muted"))
            painter.drawText(rect.adjusted(16, 22, -16, 0), int(Qt.TextFlag.TextWordWrap), about)
        painter.restore()


class StrategyChoice(ElidingBox):
    """Chooses a strategy to edit.

    Signals:
        chosen: a `Strategy`.
    """

    chosen = Signal(object)

    def __init__(
        self,
        theme: ThemeStore,
        samples: Callable[[], Sequence[Strategy]],
        drafts: Drafts,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._samples = samples
        self._drafts = drafts
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        self.setItemDelegate(_TwoLines(theme, self))
        self.setAccessibleName(_tr("Strategy to edit"))
        self.setMinimumWidth(120)
        self.setMinimumContentsLength(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.activated.connect(guarded(self._on_activated))

    def fill(self, strategies: Sequence[Strategy], now: str) -> None:
        """List strategies; those that are samples as they came stand below the others.

        Args:
            strategies: All there are.
            now: Name of the one that is edited.
        """
        samples = list(self._samples())
        self._items.clear()
        groups = (
            (_tr("Not saved"), list(self._drafts.aside.values())),
            (_tr("Saved"), [item for item in strategies if item not in samples]),
            (_tr("Samples"), [item for item in strategies if item in samples]),
        )
        for title, group in groups:
            if not group:
                continue
            self._add(title, None, "").setEnabled(False)
            for item in group:
                self._add(item.name, item, item.description)
        self.show_name(now)

    @guarded_override()
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel alone: it would change what is edited under the mouse."""
        event.ignore()

    def _add(self, text: str, strategy: Strategy | None, about: str) -> QStandardItem:
        item = QStandardItem(text)
        item.setData(strategy, int(Qt.ItemDataRole.UserRole))
        item.setData(about, _ABOUT)
        item.setToolTip(about)
        item.setAccessibleDescription(about)
        self._items.appendRow(item)
        return item

    def show_name(self, name: str) -> None:
        """Show a strategy as the chosen one; nothing is emitted."""
        place = next((row for row in range(self.count()) if self.itemText(row) == name and self.itemData(row)), -1)
        self.setCurrentIndex(place)
        self.setPlaceholderText(name)

    @guarded_override()
    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        self.view().setMinimumWidth(_WIDTH + 18)
        super().showPopup()

    def _on_activated(self) -> None:
        strategy = self.currentData()
        if isinstance(strategy, Strategy):
            self.chosen.emit(strategy)

"""What the dialogs share: rows of fields with their mistakes beneath, a foot with buttons; none of them is modal."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.sessions import SessionSettings
from desktop.ui import words
from desktop.ui.guard import guarded_override
from desktop.ui.widgets.looks import button, label, look

_ANY = QRect(0, 0, 10_000, 10_000)


class Rows(QFormLayout):
    """Fields under names; each can show a mistake beneath it."""

    def __init__(self) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(14)
        self.setVerticalSpacing(7)
        self.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.fields: dict[str, QWidget] = {}
        self.mistakes: dict[str, QLabel] = {}
        self._titles: dict[str, QLabel] = {}
        self._boxes: dict[str, QWidget] = {}
        self._hints: dict[str, str] = {}  # of the rows that keep room, in which a mistake takes the place of the hint

    def put(
        self,
        name: str,
        title: str,
        field: QWidget,
        *beside: QWidget,
        hint: str = "",
        under: QWidget | None = None,
        room: bool = False,
    ) -> None:
        """Add a row; `beside` stands right of the field, `hint` or a widget of its own `under` it.

        `room`: keep a line for a mistake, so that no field moves while one types.
        """
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(field, 1)
        for widget in beside:
            line.addWidget(widget)
        column.addLayout(line)
        if under is not None:
            column.addWidget(under)
        if hint and not room:
            column.addWidget(label(hint, "caption", wrap=True))
        mistake = label("", "error", wrap=True)
        mistake.hide()
        column.addWidget(mistake)
        if room:
            self._hints[name] = hint
            self._keep_room(mistake, hint)
        column.addStretch(1)  # the field stays beside its name when the dialog is higher than it needs
        heading = label(title, "muted")
        heading.setBuddy(field)
        heading.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        heading.setContentsMargins(0, 5, 0, 0)
        heading.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setWidget(self.rowCount(), QFormLayout.ItemRole.LabelRole, heading)
        self.setWidget(self.rowCount() - 1, QFormLayout.ItemRole.FieldRole, box)
        if not field.accessibleName():
            field.setAccessibleName(title)
        self.fields[name], self.mistakes[name] = field, mistake
        self._titles[name], self._boxes[name] = heading, box

    def measure_room(self) -> None:
        """Keep the height of one line in the fonts that are worn now: of a mistake or a hint, whichever is higher."""
        for name, hint in self._hints.items():
            mistake, role = self.mistakes[name], self.mistakes[name].property("role")
            heights = []
            for worn in ("error", "caption") if hint else ("error",):
                look(mistake, role=worn)
                mistake.ensurePolished()
                heights.append(mistake.fontMetrics().boundingRect(_ANY, Qt.TextFlag.TextWordWrap, "Xg").height())
            look(mistake, role=role)
            mistake.setMinimumHeight(max(heights))

    @staticmethod
    def _keep_room(mistake: QLabel, hint: str) -> None:
        keeps = mistake.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        mistake.setSizePolicy(keeps)
        mistake.setText(hint)
        look(mistake, role="caption" if hint else "error")
        mistake.setVisible(bool(hint))

    def show_row(self, name: str, *, shown: bool) -> None:
        """Show or hide a row."""
        self._titles[name].setVisible(shown)
        self._boxes[name].setVisible(shown)

    def show_mistakes(self, found: dict[str, str]) -> set[str]:
        """Show each mistake at its field; returns the names that are fields here."""
        for name, mistake in self.mistakes.items():
            sentence = found.get(name, "")
            hint = self._hints.get(name, "")
            mistake.setText(sentence[:1].upper() + sentence[1:] if sentence else hint)
            if name in self._hints:
                look(mistake, role="caption" if hint and not sentence else "error")
            mistake.setVisible(bool(sentence or hint))
            look(self.fields[name], invalid="true" if sentence else "")
        return set(self.mistakes) & set(found)


class FormDialog(QDialog):
    """A dialog with a title, a body and a foot; Esc closes it, and nothing waits for it."""

    def __init__(self, title: str, parent: QWidget, *, width: int = 420) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(width)
        self.outer = QVBoxLayout(self)
        self.outer.setContentsMargins(18, 16, 18, 14)
        self.outer.setSpacing(10)
        self.heading = label(title, "title")
        self.badge = label("", "badge")
        self.badge.hide()
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignVCenter)
        self.outer.addLayout(top)
        self.answer = label("", "error", wrap=True)
        self.answer.hide()

    @guarded_override(answer=False)
    def event(self, event: QEvent) -> bool:
        """Handle an event; grow when what is shown needs more height, so that no field is squeezed."""
        if event.type() == QEvent.Type.Show:  # the window's fonts are worn from now on
            self.measure_room()
        done = bool(super().event(event))
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            wanted = self.outer.totalHeightForWidth(self.width())
            screen = self.screen().availableGeometry().height()
            if self.height() < min(wanted, screen):
                self.resize(self.width(), min(wanted, screen))
        return done

    def measure_room(self) -> None:
        """Keep the room of what is not said yet, in the fonts that are worn now."""
        for rows in self.findChildren(Rows):
            rows.measure_room()

    @guarded_override()
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move up where it has grown by itself beyond the foot of the screen."""
        super().resizeEvent(event)
        screen = self.screen().availableGeometry()
        beyond = self.frameGeometry().bottom() - screen.bottom()
        grown = self.isVisible() and event.size().height() > event.oldSize().height() and not event.spontaneous()
        if grown and beyond > 0:
            self.move(self.x(), max(screen.top(), self.y() - beyond))

    def show_badge(self, settings: SessionSettings | None) -> None:
        """Show what is at stake: DEMO, PAPER, BROKER PAPER or LIVE."""
        name = words.badge(settings) if settings is not None else ""
        self.badge.setText(words.badge_full(name))
        self.badge.setVisible(bool(name))
        look(self.badge, mode=name)

    def finish(self, *buttons: QPushButton, cancel: str = "") -> None:
        """Add the line for refusals and the foot; the first of `buttons` is the one that Enter presses."""
        self.outer.addWidget(self.answer)
        foot = QHBoxLayout()
        foot.addStretch(1)
        self.cancel = button(cancel or self.tr("Cancel"))
        self.cancel.clicked.connect(self.close)
        foot.addWidget(self.cancel)
        for made in buttons:
            foot.addWidget(made)
        self.outer.addLayout(foot)

    def refuse(self, sentence: str) -> None:
        """Show why something was not done."""
        self.answer.setText(sentence)
        self.answer.setVisible(bool(sentence))

"""Strips: under the toolbar what holds now (kill switch, trouble); over the foot the answer to the last command."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QPushButton, QVBoxLayout, QWidget

from desktop.ui.guard import guarded
from desktop.ui.widgets.looks import button, label, look, restyle
from desktop.ui.widgets.message_place import MessagePlace
from desktop.ui.widgets.mouse_rest import MouseRest

MESSAGE_MS = 9000
FREE_MS = 100  # between two looks whether the mouse is at work


class Strip(QFrame):
    """One line of text with an optional button."""

    pressed = Signal()

    def __init__(self, tone: str, action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.setProperty("tone", tone)
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 8, 5)
        layout.setSpacing(12)
        self.text = label("", wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(self.text, 1)
        self.button = button(action)
        self.button.clicked.connect(self.pressed)
        layout.addWidget(self.button)
        self.button.setVisible(bool(action))
        self.hide()

    def add(self, more: QPushButton) -> None:
        """Put another button before the one at the end."""
        self._row.insertWidget(1, more)

    def natural_width(self) -> int:
        """Return how wide it is with its text in one line, in pixels."""
        room = self._row.contentsMargins()
        edges = room.left() + room.right() + self._row.spacing() + 2
        lines = self.text.text().split("\n")
        longest = max(self.text.fontMetrics().horizontalAdvance(one) for one in lines)
        buttons = self.findChildren(QPushButton)
        return edges + longest + sum(one.sizeHint().width() + self._row.spacing() for one in buttons)

    def moves(self, text: str) -> bool:
        """Return whether what stands below the strip would move if it showed a text."""
        if bool(text) is self.isHidden():
            return True
        return bool(text) and self._lines(text) != self._lines(self.text.text())

    def _lines(self, text: str) -> int:
        """Return how high a text is in the present width, in pixels."""
        room = QRect(0, 0, max(self.text.width(), 1), 10_000)
        return self.text.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, text).height()

    def tell(self, text: str) -> None:
        """Show a text; an empty one hides the strip."""
        if text != self.text.text():
            self.text.setText(text)
        self.setVisible(bool(text))


class Banners(QWidget):
    """The strips, the most serious on top."""

    release_asked = Signal()
    flatten_asked = Signal()
    trouble_asked = Signal()
    arm_asked = Signal()
    news_read = Signal()
    log_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kill = Strip("bad", self.tr("Release…"))
        self.kill.pressed.connect(self.release_asked)
        self.flatten = button(self.tr("Sell everything…"))
        self.flatten.clicked.connect(self.flatten_asked)
        self.kill.add(self.flatten)
        self.trouble = Strip("bad", self.tr("Accounts"))
        self.trouble.pressed.connect(self.trouble_asked)
        self.attention = Strip("")
        self.disarmed = Strip("", self.tr("Arm…"))
        self.disarmed.pressed.connect(self.arm_asked)
        self._put_aside = ""  # which sessions are not armed, as the user has read it
        self.message = Strip("", self.tr("Dismiss"))
        self.message.pressed.connect(self.dismiss)
        self.news = Strip("", self.tr("Dismiss"))
        self.news.pressed.connect(self.news_read)
        self.log = button(self.tr("Log && audit"))
        self.log.clicked.connect(self.log_asked)
        self.news.add(self.log)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for strip in (self.kill, self.trouble, self.attention, self.disarmed):
            layout.addWidget(strip)
        self._over = QTimer(self)
        self._over.setSingleShot(True)
        self._over.timeout.connect(self.dismiss)
        self.mouse = MouseRest(self._moved)
        self._coming: dict[Strip, str] = {}  # lines that wait until the mouse is at rest
        self._free = QTimer(self)
        self._free.setInterval(FREE_MS)
        self._free.timeout.connect(self._look_again)
        self._places: tuple[MessagePlace, MessagePlace] | None = None

    def float_over(self, window: QMainWindow) -> None:
        """Let news and the answer to a command stand over the foot of the window: they come and go and move nothing."""
        news = MessagePlace(self.news, window, self.news.natural_width)
        self._places = news, MessagePlace(self.message, window, self.message.natural_width, over=self.news)

    @guarded
    def _put(self) -> None:
        for place in self._places or ():
            place.put()

    def tell_news(self, text: str) -> None:
        """Show what happened to live sessions until it is put aside; empty: nothing."""
        self.news.tell(text)
        self._put()

    def say(self, text: str, *, bad: bool = False, keep: bool = False) -> None:
        """Show the answer to a command for a while, or until it is dismissed."""
        look(self.message, tone="bad" if bad else "")
        restyle(self.message.text)
        self.message.tell(text)
        self._put()
        QTimer.singleShot(0, self, self._put)  # what the command changed in the window is laid out by then
        self._over.stop()
        if not keep:
            self._over.start(MESSAGE_MS)

    def dismiss(self) -> None:
        """Take the last answer away."""
        self._over.stop()
        self.message.tell("")

    def put_aside(self) -> None:
        """Take the last answer away; when there is none, the news, then the line of what is not armed (Esc)."""
        if self.message.isHidden() and not self.news.isHidden():
            self.news_read.emit()
        elif self.message.isHidden() and not self.disarmed.isHidden():
            self._put_aside = self.disarmed.text.text()
            self.disarmed.tell("")
        self.dismiss()

    def set_kill(self, *, latched: bool, accounts: str = "") -> None:
        """Show or hide the red line of the kill switch; `accounts`: at which brokers it cancels."""
        text = self.tr(
            "KILL SWITCH ENGAGED - no order leaves, working orders were cancelled. It holds until you release it."
        )
        if accounts:
            text = self.tr(
                "KILL SWITCH ENGAGED - no order leaves, and what Assay's sessions have at %1 is being cancelled, their "
                "resting stops too. Positions and orders placed elsewhere stay. It holds until you release it."
            ).replace("%1", accounts)
        self.kill.tell(text if latched else "")

    def set_live(self, trouble: str, disarmed: str, *, grave: bool) -> None:
        """Show what stands between live sessions and their brokers (`grave`: all of it), and which are not armed."""
        look(self.trouble, tone="bad" if grave else "")
        restyle(self.trouble.text)  # its colour hangs on the strip's tone
        self._stand(self.trouble, trouble)
        self._stand(self.disarmed, "" if disarmed == self._put_aside else disarmed)

    def set_attention(self, text: str) -> None:
        """Show what needs the user's attention; empty: nothing does."""
        self._stand(self.attention, text)

    def _moved(self) -> QRect:
        """Return what moves when a line comes or goes, in global pixels: all from the lines down; none: empty."""
        window = self.window()
        if not self.isVisible():
            return QRect()
        top = self.mapToGlobal(QPoint(0, 0)).y()
        whole = QRect(window.mapToGlobal(QPoint(0, 0)), window.size())
        return QRect(QPoint(whole.left(), top), whole.bottomRight())

    def _stand(self, strip: Strip, text: str) -> None:
        """Show or hide a line, which moves what is below it; not while the mouse is at work there."""
        self._coming.pop(strip, None)
        if strip.moves(text) and self.mouse.in_use():
            self._coming[strip] = text
            self._free.start()
        else:
            strip.tell(text)

    @guarded
    def _look_again(self) -> None:
        if self.mouse.in_use():
            return
        self._free.stop()
        coming, self._coming = self._coming, {}
        for strip, text in coming.items():
            strip.tell(text)

"""Pop-ups of new signals: small windows of their own that never take the focus."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop.engine.api import Desk
from desktop.engine.views import SignalCard as CardView
from desktop.ui.guard import guarded
from desktop.ui.preferences import Notice
from desktop.ui.theme import ThemeStore, dress
from desktop.ui.widgets.looks import button, label
from desktop.ui.widgets.signal_card import SignalCard
from desktop.ui.widgets.toast_place import area_of, open_dialogs, stack

WIDTH = 348
SHOWN = 2  # cards at a time; the others are counted
FLOOD = 5  # from so many on, one summary stands for all


class Toast(QWidget):
    """A frameless window that is shown without being activated and cannot be given the focus."""

    def __init__(self, content: QWidget) -> None:
        super().__init__(
            None,
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowDoesNotAcceptFocus,
        )
        dress(self)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(content.accessibleName())
        self.content = content
        content.setProperty("corners", "square")  # without a compositor round ones would show black
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(content)
        self.setFixedWidth(WIDTH)


class Summary(QFrame):
    """Counts what is not shown, and leads to the panel.

    Signals:
        opened: the user wants to see the panel.
        closed: the user put it aside.
    """

    opened = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "overlay")
        self.text = label("", "heading", wrap=True)
        self.show_all = button(self.tr("Show"), "quiet", name=self.tr("Show the waiting signals"))
        self.close_it = button(self.tr("Later"), "quiet")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.show_all)
        layout.addWidget(self.close_it)
        self.show_all.clicked.connect(self.opened)
        self.close_it.clicked.connect(self.closed)


class Toasts(QObject):
    """The pop-ups of all pending signals that were not put aside.

    Signals:
        details: (signal_id) the user wants the card in the panel.
        kept_back: (count) so many wait without a pop-up because they are to cover nothing; 0: they may.
    """

    details = Signal(str)
    kept_back = Signal(int)

    def __init__(self, desk: Desk, theme: ThemeStore, panel: QWidget, *, in_sight: Callable[[], bool]) -> None:
        """`in_sight`: whether the panel shows its newest card to the user now; then nothing pops up over it."""
        super().__init__(panel)
        self._desk, self._theme, self._panel = desk, theme, panel
        self._in_sight = in_sight
        self.quiet: Callable[[], bool] = lambda: False  # whether nothing may be covered now, unless it is asked for
        self._asked = False
        self.waiting: list[CardView] = []  # to be shown, newest first
        self.shown: dict[str, Toast] = {}
        self.summary: Toast | None = None
        # The pop-ups are windows of their own: nobody else ends them with the panel.
        panel.destroyed.connect(_closer(self.shown))
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._on_focus)

    # what is shown ---------------------------------------------------------------------------------------------
    def sync(self, pending: Sequence[CardView], fresh: Sequence[CardView]) -> None:
        """Show `fresh` signals, forget those that are no longer pending."""
        by_id = {view.signal.signal_id: view for view in pending}
        kept = [by_id[view.signal.signal_id] for view in self.waiting if view.signal.signal_id in by_id]
        new = list(fresh) if self._wanted() and not self._in_sight() else []
        known = {view.signal.signal_id for view in kept}
        self.waiting = [*(view for view in new if view.signal.signal_id not in known), *kept]
        if fresh and self._wanted() and self._theme.preferences.notice("signal") is Notice.ON:
            QApplication.alert(self._panel.window())
        self._arrange()

    def _wanted(self) -> bool:
        preferences = self._theme.preferences
        if preferences.flag("notices/do-not-disturb", default=False):
            return False
        return preferences.notice("signal") is not Notice.OFF

    def put_off(self, signal_id: str) -> None:
        """Take a pop-up away; the signal goes on waiting in the panel."""
        self.waiting = [view for view in self.waiting if view.signal.signal_id != signal_id]
        self._arrange()

    def put_all_off(self) -> None:
        """Take every pop-up away."""
        self.waiting = []
        self._arrange()

    def show_now(self) -> None:
        """Pop up what is kept back: the user asked for it."""
        self._asked = True
        self._arrange()

    def refresh(self) -> None:
        """Look again whether pop-ups may cover anything."""
        self._asked = False
        if self._in_sight():
            self.waiting = []
        self._arrange()

    def tick(self) -> None:
        """Move the countdowns on; the pop-ups leave once the user looks at the panel itself."""
        if self.waiting and self._in_sight():
            self.put_all_off()
        for signal_id, toast in self.shown.items():
            view = self._desk.signal(signal_id)
            if view is not None and isinstance(toast.content, SignalCard):
                toast.content.show_card(view)
        if self.waiting:
            self._place()  # a dialog was moved, or grew

    @guarded
    def _on_focus(self) -> None:
        """A dialog came or went."""
        if self.waiting:
            self._place()

    def _arrange(self) -> None:
        flood = len(self.waiting) >= FLOOD
        self._asked = self._asked and bool(self.waiting)
        quiet = not self._asked and self.quiet()
        wanted = [] if flood or quiet else self.waiting[:SHOWN]
        names = {view.signal.signal_id for view in wanted}
        for signal_id in [key for key in self.shown if key not in names]:
            self._drop(self.shown.pop(signal_id))
        for view in wanted:
            toast = self.shown.get(view.signal.signal_id)
            if toast is None:
                self.shown[view.signal.signal_id] = self._make(view)
            elif isinstance(toast.content, SignalCard):
                toast.content.show_card(view)
        self._count(0 if quiet else len(self.waiting) - len(wanted), flood=flood)
        self.kept_back.emit(len(self.waiting) if quiet else 0)
        self._place()

    def _make(self, view: CardView) -> Toast:
        card = SignalCard(self._desk, self._theme, view, brief=True)
        card.later.connect(guarded(self.put_off))
        card.details.connect(guarded(self._on_details))
        return Toast(card)

    def _on_details(self, signal_id: str) -> None:
        self.put_off(signal_id)
        self.details.emit(signal_id)

    def _count(self, more: int, *, flood: bool) -> None:
        if more <= 0:
            if self.summary is not None:
                self._drop(self.summary)
                self.summary = None
            return
        if self.summary is None:
            made = Summary()
            made.opened.connect(guarded(self._on_open))
            made.closed.connect(guarded(self.put_all_off))
            self.summary = Toast(made)
        content = self.summary.content
        if isinstance(content, Summary):
            text = self.tr("%1 signals wait for you") if flood else self.tr("%1 more")
            content.text.setText(text.replace("%1", str(more)))
            content.close_it.setVisible(flood)

    def _on_open(self) -> None:
        first = self.waiting[0].signal.signal_id if self.waiting else ""
        self.put_all_off()
        if first:
            self.details.emit(first)

    def _place(self) -> None:
        """Stack them in a corner that no dialog needs, the newest on top; where there is none, they wait for it.

        While a list or a menu is open none appears: a new window would close it under the mouse.
        """
        open_list = QApplication.activePopupWidget() is not None
        newest = [self.shown[view.signal.signal_id] for view in self.waiting if view.signal.signal_id in self.shown]
        everything = ([self.summary] if self.summary is not None else []) + newest[::-1]
        area, taken = area_of(self._panel, WIDTH), open_dialogs()
        screen = self._panel.window().screen().availableGeometry()
        placed: dict[Toast, QRect] = {}
        for wanted in (everything, newest[:1]):
            sizes = [(WIDTH, _height(toast)) for toast in wanted]
            placed = dict(zip(wanted, stack(sizes, area, screen, taken), strict=False))
            if placed:
                break
        for toast in everything:
            if toast in placed:
                toast.setGeometry(placed[toast])
            toast.setVisible(toast in placed and (toast.isVisible() or not open_list))

    @staticmethod
    def _drop(toast: Toast) -> None:
        toast.hide()
        toast.deleteLater()


def _height(toast: Toast) -> int:
    toast.adjustSize()
    return toast.sizeHint().height()


def _closer(shown: dict[str, Toast]) -> Callable[[], None]:
    def close() -> None:
        for toast in shown.values():
            if isValid(toast):  # the window may have taken them with it
                toast.deleteLater()

    return close

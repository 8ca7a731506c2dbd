"""What importing and downloading share: a form, progress that can be ended, a question, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QProgressBar, QPushButton, QStackedWidget, QWidget

from desktop.engine.api import Desk
from desktop.market.history_merge import Existing, Overlap
from desktop.market.history_report import ImportReport
from desktop.ui.dialogs.form import FormDialog
from desktop.ui.dialogs.import_result import ImportResult
from desktop.ui.dialogs.overlap_choice import OverlapChoice
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.looks import button, label

if TYPE_CHECKING:
    from collections.abc import Callable


def _tr(text: str) -> str:
    return QCoreApplication.translate("HistoryWork", text)


_FOR_TABLES = (900, 600)  # pixels, width and height


class HistoryWork(FormDialog):
    """A dialog that brings prices into the history, one lot after another; Esc ends what is under way and closes.

    A subclass puts its form first, says in `begin` what Start does, and in `stop_work` how it is ended.
    """

    size_of_form = (980, 660)

    def __init__(
        self, title: str, desk: Desk, theme: ThemeStore, parent: QWidget, *, start: str, again: str, stop: str
    ) -> None:
        super().__init__(title, parent, width=min(880, self.size_of_form[0]))
        self.archive, self.theme = desk.archive, theme
        self.outcome: ImportResult | None = None  # of the last one, while its page is shown
        self.question: OverlapChoice | None = None  # while it is asked
        self.busy = False
        self._start_words, self._stop_words = start, stop
        self.pages = QStackedWidget()
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_tr("Progress"))
        self.stage = label("", "muted")
        self.start = button(start, "primary")
        self.again = button(again)
        self.stage.hide()
        self.bar.hide()
        self.again.hide()

    def put_form(self, form: QWidget, *more: QPushButton) -> None:
        """Show the form as the first page, with the foot below, `more` buttons in it; once."""
        self.pages.addWidget(form)
        self.outer.addWidget(self.pages, 1)
        self.outer.addWidget(self.stage)
        self.outer.addWidget(self.bar)
        self.finish(*more, self.again, self.start)
        self.start.setDefault(True)
        self.start.clicked.connect(guarded(self._on_start))
        self.again.clicked.connect(guarded(self.back))
        self.cancel.clicked.disconnect()
        self.cancel.clicked.connect(guarded(self._on_cancel))
        self.resize(*self.size_of_form)

    # what a subclass says --------------------------------------------------------------------------------------
    def begin(self, existing: Existing | None) -> None:
        """Start: what the form says, or, after the question, what was chosen."""
        raise NotImplementedError

    def stop_work(self) -> None:
        """End what is under way."""
        raise NotImplementedError

    def on_again(self) -> None:
        """Make the form ready for the next one."""
        raise NotImplementedError

    def can_start(self) -> bool:
        """Whether the form is right."""
        raise NotImplementedError

    # running ---------------------------------------------------------------------------------------------------
    def _on_start(self) -> None:
        if self.question is not None:
            if self.question.existing is not None:
                self.begin(self.question.existing)
        elif self.can_start():
            self.begin(None)

    def show_running(self, *, running: bool, stage: str = "") -> None:
        """Show the progress and how to end it, or the form again."""
        self.busy = running
        self.refuse("")
        self.bar.setValue(0)
        self.stage.setText(stage)
        self.bar.setVisible(running)
        self.stage.setVisible(running)
        self.pages.setEnabled(not running)
        self.start.setEnabled(not running and (self.question is not None or self.can_start()))
        self.cancel.setText(self._stop_words if running else _tr("Close"))
        if running:
            self.cancel.setFocus()

    def _on_cancel(self) -> None:
        if not self.busy:
            self.close()
            return
        self.stop_work()
        self.stage.setText(_tr("Ending it…"))

    # what came of it -------------------------------------------------------------------------------------------
    def ask(self, overlap: Overlap) -> None:
        """Ask what becomes of the series that is there."""
        self._drop_pages()
        self._grow()
        self.question = OverlapChoice(self.theme, overlap)
        self._turn_to(self.question)
        self.start.setText(_tr("Go on"))
        self.again.setText(_tr("Back"))
        self.again.show()
        for way in self.question.ways.values():
            way.toggled.connect(guarded(self._on_way))
        self._on_way()
        next(iter(self.question.ways.values())).setFocus()

    def _on_way(self) -> None:
        self.start.setEnabled(self.question is not None and self.question.existing is not None and not self.busy)

    def show_result(self, report: ImportReport, source: str, again: str, *, warning: str = "") -> None:
        """Show what came of it.

        Args:
            report: Of the import or download.
            source: Where the rows came from, for the summary.
            again: Text of the button that goes back to the form.
            warning: What is to be known beside it; empty: nothing.
        """
        self._drop_pages()
        self._grow()
        self.outcome = result = ImportResult(self.archive, self.theme, source, report)
        self._turn_to(result)
        self.start.hide()
        self.again.setText(again)
        self.again.show()
        self.refuse(warning)
        (result.splits.choices[0] if result.splits is not None else self.again).setFocus()

    def _grow(self) -> None:
        """Make room for a table."""
        wide, high = _FOR_TABLES
        self.resize(max(self.width(), wide), max(self.height(), high))

    def _turn_to(self, page: QWidget) -> None:
        self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)

    def _drop_pages(self) -> None:
        while (old := self.pages.widget(1)) is not None:
            self.pages.removeWidget(old)
            old.deleteLater()
        self.outcome, self.question = None, None

    def back(self) -> None:
        """Go back to the form: as it was from a question, ready for the next one from a result."""
        done = self.outcome is not None
        self._drop_pages()
        self.refuse("")
        self.again.hide()
        self.start.setText(self._start_words)
        self.start.show()
        if done:
            self.on_again()
        self.start.setEnabled(self.can_start())

    @guarded_override()
    def reject(self) -> None:
        """Close (Esc, the frame's button), ending what is under way."""
        if self.busy:
            self.stop_work()
        super().reject()


def asked(report: ImportReport, ask: Callable[[Overlap], None]) -> bool:
    """Ask where nothing was stored because a choice is missing; returns whether that was so."""
    if report.series is None and report.overlap is not None:
        ask(report.overlap)
        return True
    return False

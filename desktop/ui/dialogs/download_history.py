"""Downloading prices from a feed: with progress, ended at any time; what has come can be kept."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.domain.errors import AssayError, FieldError, NotFound
from desktop.engine.api import Desk
from desktop.engine.archive import DownloadRun
from desktop.market.history_download import DownloadProgress, DownloadReport
from desktop.market.history_merge import Existing
from desktop.ui import work
from desktop.ui.dialogs.download_form import DownloadForm
from desktop.ui.dialogs.history_work import HistoryWork, asked
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.history_tables import when
from desktop.ui.widgets.looks import button, look


def _tr(text: str) -> str:
    return QCoreApplication.translate("DownloadHistory", text)


class DownloadHistory(HistoryWork):
    """Downloads one series after another; Esc closes it, and ends a download under way: what is stored stays."""

    size_of_form = (640, 430)

    def __init__(self, desk: Desk, theme: ThemeStore, parent: QWidget, *, symbol: str = "") -> None:
        super().__init__(
            _tr("Download prices"), desk, theme, parent, start=_tr("Download"), again=_tr("Download more"),
            stop=_tr("Cancel the download"),
        )  # fmt: skip
        self.run: DownloadRun | None = None
        self._partial: DownloadRun | None = None  # what has come of one that did not end well, while it can be kept
        self.form = DownloadForm(self.archive.download_feeds())
        self.keep = button(_tr("Keep what has come"))
        self.keep.hide()
        self.put_form(self.form, self.keep)
        self.form.changed.connect(guarded(self._on_changed))
        self.keep.clicked.connect(guarded(self._on_keep))
        if symbol:
            self.form.symbol.setEditText(symbol)
        self._on_changed()
        self.form.symbol.setFocus()

    def _on_changed(self) -> None:
        right = self.form.check()
        if self.question is None:
            self.start.setEnabled(right and not self.busy)

    def can_start(self) -> bool:
        """Whether the form is right."""
        return not self.form.mistakes()

    # downloading -----------------------------------------------------------------------------------------------
    def begin(self, existing: Existing | None) -> None:
        """Download, or, after the question, store what has come."""
        if existing is not None and self.run is not None:
            self._store(self.run, existing)
            return
        self._forget_partial()
        try:
            self.run = run = self.archive.start_download(self.form.request(), while_alive(self, self._on_progress))
        except NotFound as error:
            self.refuse(str(error))
            return
        self.show_running(running=True, stage=_tr("Asking the feed…"))
        work.run(
            run.run(),
            where="download",
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, self._on_done),
        )

    def stop_work(self) -> None:
        """End the download."""
        if self.run is not None:
            self.run.cancel()

    def _on_progress(self, now: DownloadProgress) -> None:
        self.bar.setValue(round(1000 * now.share))
        text = _tr("%1 %: %2 bars").replace("%1", str(round(100 * now.share))).replace("%2", f"{now.bars:,}")
        if now.until:
            text += "  ·  " + _tr("up to %1").replace("%1", when(now.until, self.form.request().timeframe))
        self.stage.setText(text)

    def _on_refused(self, error: AssayError) -> None:
        if self.question is not None:
            self.back()
        self.show_running(running=False)
        if not (isinstance(error, FieldError) and self.form.refuse(error.field, error.message)):
            self.refuse(str(error))
        self.start.setEnabled(self.can_start())

    def _on_done(self, done: DownloadReport) -> None:
        self.show_running(running=False)
        if not done.complete:
            self._partial = self.run
            self.refuse(done.sentence)
            look(self.answer, tone="warning")  # what the user asked for, or the world's fault: nothing was lost
            self.keep.show()
            self.keep.setFocus()
            return
        self._show(done)

    def _show(self, done: DownloadReport) -> None:
        if not asked(done.report, self.ask):
            self.show_result(done.report, done.request.feed, _tr("Download more"), warning=done.sentence)
            look(self.answer, tone="warning" if done.sentence else "")

    # keeping ---------------------------------------------------------------------------------------------------
    def _on_keep(self) -> None:
        partial = self._partial
        if partial is not None:
            self._forget_partial()
            self._store(partial, Existing.ADD)

    def _store(self, run: DownloadRun, existing: Existing) -> None:
        self.run = run
        self.show_running(running=True, stage=_tr("Storing…"))
        self.cancel.setEnabled(False)
        work.run(
            run.keep(existing),
            where="keep a download",
            on_refused=while_alive(self, self._on_not_kept),
            then=while_alive(self, self._on_kept),
        )

    def _on_kept(self, done: DownloadReport) -> None:
        self.cancel.setEnabled(True)
        self.show_running(running=False)
        self._show(done)

    def _on_not_kept(self, error: AssayError) -> None:
        self.cancel.setEnabled(True)
        self._on_refused(error)

    def _forget_partial(self) -> None:
        look(self.answer, tone="")
        self._partial = None
        self.keep.hide()

    def back(self) -> None:
        """Go back to the form."""
        self._forget_partial()
        super().back()

    def on_again(self) -> None:
        """Make the form ready for the next one."""
        self.form.symbol.setFocus()


def open_download_history(desk: Desk, theme: ThemeStore, parent: QWidget, *, symbol: str = "") -> DownloadHistory:
    """Open the dialog; `symbol`: what to download first."""
    dialog = DownloadHistory(desk, theme, parent, symbol=symbol)
    dialog.show()
    return dialog

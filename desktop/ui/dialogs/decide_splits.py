"""The probable splits of a stored series, to be decided on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.domain.history import SeriesInfo, Split
from desktop.engine.api import Desk
from desktop.ui.dialogs.form import FormDialog
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.splits_choice import SplitsChoice


def _tr(text: str) -> str:
    return QCoreApplication.translate("DecideSplits", text)


class DecideSplits(FormDialog):
    """Offers the splits; what is not decided stays undecided."""

    def __init__(self, desk: Desk, parent: QWidget, info: SeriesInfo, splits: Sequence[Split]) -> None:
        title = _tr("Probable splits of %1 %2").replace("%1", info.symbol).replace("%2", info.timeframe)
        super().__init__(title, parent, width=700)
        self.choice = SplitsChoice(desk.archive, info, splits)
        self.outer.addWidget(self.choice, 1)
        self.finish(cancel=_tr("Close"))
        self.choice.decided.connect(guarded(self._on_decided))
        self.resize(760, max(360, self.outer.totalHeightForWidth(760)))
        if self.choice.choices:
            self.choice.choices[0].setFocus()

    def _on_decided(self) -> None:
        self.cancel.setFocus()


def open_decide_splits(
    desk: Desk,
    theme: ThemeStore,  # noqa: ARG001 - every dialog is opened with the same arguments
    parent: QWidget,
    *,
    info: SeriesInfo,
    splits: Sequence[Split],
) -> DecideSplits:
    """Open the splits of a stored series."""
    dialog = DecideSplits(desk, parent, info, splits)
    dialog.show()
    return dialog

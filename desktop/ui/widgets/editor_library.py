"""Where the editor's strategies come from and go to besides its fields: files and earlier versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from desktop.domain.errors import AssayError, FieldError
from desktop.domain.strategies import Strategy, StrategyVersion
from desktop.engine.api import Desk
from desktop.ui import work
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.strategy_files import ask_to_read, ask_to_write, read_strategy, write_strategy


class EditorLibrary(QObject):
    """Opens the dialogs and does what they are answered with."""

    def __init__(
        self,
        desk: Desk,
        owner: QWidget,
        *,
        now: Callable[[], Strategy],
        take: Callable[[Strategy], object],
        say: Callable[[str], object],
    ) -> None:
        """`now`: what is in the fields (FieldError); `take`: edits a strategy instead; `say`: shows a sentence."""
        super().__init__(owner)
        self._desk, self._owner = desk, owner
        self._now, self._take, self._say = now, take, say
        self.dialog: QDialog | None = None  # the last one that was opened

    def ask_import(self) -> None:
        """Let the user choose a file to read."""
        self.dialog = ask_to_read(self._owner, self.import_file)

    def import_file(self, path: str) -> None:
        """Read a strategy file into the fields; nothing is saved yet."""
        try:
            strategy = read_strategy(path)
        except AssayError as error:
            self._say(str(error))
            return
        self._take(strategy)

    def ask_export(self, name: str) -> None:
        """Let the user choose where to write what is in the fields."""
        self.dialog = ask_to_write(self._owner, name, self.export_file)

    def export_file(self, path: str) -> None:
        """Write the strategy as a text file."""
        try:
            write_strategy(path, self._now())
        except AssayError as error:
            self._say(str(error))

    def ask_versions(self, name: str) -> None:
        """Show the versions of a strategy."""
        work.run(
            self._desk.strategy_versions(name),
            where="strategy versions",
            on_refused=while_alive(self, lambda error: self._say(str(error))),
            then=while_alive(self, lambda found: self._show_versions(name, found)),
        )

    def _show_versions(self, name: str, found: Sequence[StrategyVersion]) -> None:
        from desktop.ui.dialogs.strategy_versions import StrategyVersions  # noqa: PLC0415 - when it is asked for

        now: Strategy | None = None
        with suppress(FieldError):
            now = self._now()
        self.dialog = StrategyVersions(name, found, now, self._take, self._owner)
        self.dialog.open()

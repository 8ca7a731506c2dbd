"""Strategies as text files: chosen by the user, read and written with a sentence for every mistake."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.domain.errors import AssayError, DataFileError
from desktop.domain.strategies import Strategy
from desktop.domain.strategy_text import format_strategy, parse_strategy
from desktop.ui.guard import guarded

_MAX_FILE = 100_000  # characters: far more than any strategy has


def _tr(text: str) -> str:
    return QCoreApplication.translate("StrategyEditor", text)


def read_strategy(path: str) -> Strategy:
    """Return the strategy of a file.

    Raises:
        DataFileError: it cannot be read, is too large or is no strategy.
    """
    name = Path(path).name
    try:
        with Path(path).open(encoding="utf-8-sig") as file:
            text = file.read(_MAX_FILE + 1)
        if len(text) <= _MAX_FILE:
            return parse_strategy(text)
    except (OSError, UnicodeDecodeError, AssayError) as error:
        raise DataFileError(name, _tr("%1 Nothing was changed.").replace("%1", str(error))) from error
    raise DataFileError(name, _tr("is too large for a strategy file. Nothing was changed."))


def write_strategy(path: str, strategy: Strategy) -> None:
    """Write a strategy as a file.

    Raises:
        DataFileError: it cannot be written.
    """
    try:
        Path(path).write_text(format_strategy(strategy), encoding="utf-8")
    except OSError as error:
        raise DataFileError(Path(path).name, str(error)) from error


def ask_to_read(parent: QWidget, then: Callable[[str], object]) -> QFileDialog:
    """Let the user choose a strategy file."""
    dialog = QFileDialog(parent, _tr("Import a strategy"), _last_folder(), _tr("Strategies (*.toml);;All files (*)"))
    return _open(dialog, then)


def ask_to_write(parent: QWidget, name: str, then: Callable[[str], object]) -> QFileDialog:
    """Let the user choose where to write the strategy called `name`."""
    dialog = QFileDialog(parent, _tr("Export the strategy"), _last_folder(), _tr("Strategies (*.toml)"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("toml")
    dialog.selectFile(file_name(name))
    return _open(dialog, then)


def file_name(name: str) -> str:
    """Return the name of a file for a strategy, one that every system takes."""
    return f"{re.sub(r'[^0-9a-z]+', '_', name.lower()).strip('_') or 'strategy'}.toml"


_folders: list[str] = []  # where a strategy file was chosen last, while the program runs


def _last_folder() -> str:
    return _folders[-1] if _folders else QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation)


def _open(dialog: QFileDialog, then: Callable[[str], object]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: _folders.append(str(Path(path).parent)))
    dialog.fileSelected.connect(guarded(then))
    dialog.open()
    return dialog

"""Writing a table to a file the user chooses."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.domain.csv_text import ENCODING
from desktop.domain.errors import EnvironmentFault
from desktop.ui import work


async def write(path: Path, text: str) -> None:
    """Write a text file off the loop.

    Raises:
        EnvironmentFault: the file cannot be written; nothing of it is left half done that was not there before.
    """
    try:
        await asyncio.to_thread(path.write_text, text, encoding=ENCODING, newline="")
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}. Choose another place; nothing was exported."
        raise EnvironmentFault(message) from error


def ask_export(parent: QWidget, text: str, name: str) -> QFileDialog:
    """Ask for a file name and write `text` there; returns the open dialog."""
    dialog = QFileDialog(parent, parent.tr("Export as CSV"), f"{name}.csv", "CSV (*.csv)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("csv")
    dialog.fileSelected.connect(lambda path: work.run(write(Path(path), text), where="export"))
    dialog.open()
    return dialog

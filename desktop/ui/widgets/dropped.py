"""Files that are dragged in from a file manager."""

from __future__ import annotations

from PySide6.QtGui import QDropEvent


def dropped_file(event: QDropEvent) -> str:
    """Return the path of the one file of this computer that is dragged; empty: it is none, or several."""
    urls = event.mimeData().urls()
    return urls[0].toLocalFile() if len(urls) == 1 and urls[0].isLocalFile() else ""

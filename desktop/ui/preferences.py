"""What the user chose about the window: read and written in one place, each value checked when it is read."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

E = TypeVar("E", bound=StrEnum)


class Scheme(StrEnum):
    """Which theme is shown."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Notice(StrEnum):
    """How an event is announced."""

    ON = "on"
    SILENT = "silent"
    OFF = "off"


class Preferences(QObject):
    """Typed settings of the window over one INI file; a value that makes no sense is answered with the default."""

    changed = Signal(str)  # the key

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        """`path`: the INI file; None: forgotten when the program ends (tests, pictures)."""
        super().__init__(parent)
        self._memory: dict[str, Any] = {}
        self._file = QSettings(str(path), QSettings.Format.IniFormat) if path is not None else None

    def value(self, key: str, default: Any = None) -> Any:
        """Return what is stored under `key`."""
        if self._file is None:
            return self._memory.get(key, default)
        return self._file.value(key, default)

    def put(self, key: str, value: Any) -> None:
        """Store a value and tell whoever listens."""
        if self._file is None:
            self._memory[key] = value
        else:
            self._file.setValue(key, value)
        self.changed.emit(key)

    def forget(self, prefix: str) -> None:
        """Remove every key that begins with `prefix`."""
        for key in self.keys(prefix):
            self.remove(key)

    def remove(self, key: str) -> None:
        """Remove one key."""
        if self._file is None:
            self._memory.pop(key, None)
        else:
            self._file.remove(key)

    def keys(self, prefix: str) -> list[str]:
        """Return the stored keys that begin with `prefix`."""
        every = list(self._memory) if self._file is None else self._file.allKeys()
        return sorted(key for key in every if key.startswith(prefix))

    def save(self) -> None:
        """Write the file now."""
        if self._file is not None:
            self._file.sync()

    def text(self, key: str, default: str = "") -> str:
        """Return a text."""
        found = self.value(key, default)
        return found if isinstance(found, str) else default

    def mapping(self, key: str) -> dict[str, Any]:
        """Return what was kept as a JSON object; empty where there is none, or it is damaged."""
        try:
            found = json.loads(self.text(key) or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def flag(self, key: str, *, default: bool) -> bool:
        """Return a yes or no; INI files keep them as text."""
        found = self.value(key, default)
        if isinstance(found, str):
            return found.strip().lower() in {"true", "1", "yes"}
        return bool(found)

    def blob(self, key: str) -> QByteArray:
        """Return a saved layout; empty when there is none."""
        found = self.value(key)
        return found if isinstance(found, QByteArray) else QByteArray()

    def choice(self, key: str, kind: type[E], default: E) -> E:
        """Return one of an enumeration's values."""
        found = self.text(key, default.value)
        return kind(found) if found in {item.value for item in kind} else default

    def notice(self, event: str) -> Notice:
        """Return how an event is to be announced."""
        return self.choice(f"notices/{event}", Notice, Notice.ON)

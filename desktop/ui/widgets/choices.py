"""Combo boxes of named values."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TypeVar

from PySide6.QtWidgets import QComboBox

E = TypeVar("E", bound=Enum)


def chooser(name: str, entries: Sequence[tuple[str, object]], chosen: object = None) -> QComboBox:
    """Return a combo box of (text, value) entries; `name` is what a screen reader says."""
    made = QComboBox()
    made.setAccessibleName(name)
    for text, value in entries:
        made.addItem(text, value)
    place = next((number for number, entry in enumerate(entries) if entry[1] == chosen), 0)
    made.setCurrentIndex(place)
    return made


def chosen(box: QComboBox, kind: type[E]) -> E:
    """Return the chosen value as a member of its enumeration: Qt gives text enumerations back as plain texts."""
    return kind(box.currentData())

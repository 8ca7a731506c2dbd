"""Answers to commands may come when the widget that asked is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject

from desktop.domain.errors import AssayError
from desktop.ui.guard import report


def while_alive(owner: QObject, answer: Callable[[Any], Any]) -> Callable[[Any], None]:
    """Return a call that does `answer` as long as `owner` exists; a refusal nobody waits for is reported instead."""

    def call(result: Any) -> None:
        if shiboken6.isValid(owner):
            answer(result)
        elif isinstance(result, AssayError):
            report(result, "closed dialog")

    return call

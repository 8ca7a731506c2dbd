"""Panels follow the desk as long as they live."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from desktop.domain.events import Fact
from desktop.engine.api import Desk
from desktop.engine.views import Changes
from desktop.ui.guard import guarded


def follow(owner: QObject, desk: Desk, listener: Callable[[Changes], Any], *, first: bool = False) -> None:
    """Tell `listener` what changed until `owner` is destroyed; what it raises is reported and stops nobody else.

    `first`: it shows what a decision needs (cards, tickets, kill switch), so it is told before tables and charts.
    """
    _until_destroyed(owner, desk.follow(guarded(listener), first=first))


def hear(owner: QObject, desk: Desk, listener: Callable[[Fact], Any]) -> None:
    """Tell `listener` every fact until `owner` is destroyed."""
    _until_destroyed(owner, desk.on_fact(guarded(listener)))


def _until_destroyed(owner: QObject, end: Callable[[], None]) -> None:
    owner.destroyed.connect(lambda *_: end())

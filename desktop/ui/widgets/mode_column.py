"""The column that says what is at stake in a row: DEMO, PAPER, the broker's own paper account, or LIVE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desktop.domain.sessions import SessionSettings
from desktop.ui import words
from desktop.ui.widgets.columns import Column, Kind

WIDTH = 70  # the longest of the words


def mode_column(title: str, settings: Callable[[Any], SessionSettings]) -> Column[Any]:
    """Return the column; `settings` are those of a row's session."""

    def badge(row: Any) -> str:
        return words.badge(settings(row))

    return Column(
        "badge",
        title,
        lambda row: words.badge_short(badge(row)),
        kind=Kind.BADGE,
        width=WIDTH,
        tone=lambda row: words.badge_tone(badge(row)),
        tip=lambda row: words.badge_words(badge(row)),
    )

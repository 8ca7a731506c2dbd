"""What was changed in the editor and not saved, kept over the end of the program: nothing typed is lost."""

from __future__ import annotations

import json
from pathlib import Path

from desktop.domain.errors import FieldError
from desktop.domain.strategies import Strategy
from desktop.domain.strategy_text import format_strategy, parse_strategy
from desktop.logs import logger
from desktop.ui.preferences import Preferences
from desktop.ui.widgets.histories import Source

_EDITED, _ASIDE = "editor/edited", "editor/aside"
_CHOSEN, _HISTORY = "editor/strategy", "editor/history"


class Drafts:
    """Strategies as texts in the window's own settings: they are no versions and nothing runs on them."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    @property
    def edited(self) -> Strategy | None:
        """What was in the fields and not saved."""
        return _read(self._preferences.text(_EDITED))

    def keep_edited(self, strategy: Strategy | None) -> None:
        """Keep what is in the fields; None: it is saved, or is as it came."""
        text = format_strategy(strategy) if strategy is not None else ""
        if text != self._preferences.text(_EDITED):
            self._preferences.put(_EDITED, text)

    @property
    def aside(self) -> dict[str, Strategy]:
        """What was changed before another strategy was chosen, by name."""
        try:
            texts = json.loads(self._preferences.text(_ASIDE) or "[]")
        except ValueError:
            texts = []
        found = [_read(text) for text in texts if isinstance(text, str)] if isinstance(texts, list) else []
        return {item.name: item for item in found if item is not None}

    def put_aside(self, strategy: Strategy) -> None:
        """Keep a strategy beside the one that is edited, in place of one of its name."""
        self._keep({**self.aside, strategy.name: strategy})

    def forget(self, name: str) -> None:
        """Keep a strategy no longer."""
        aside = self.aside
        if aside.pop(name, None) is not None:
            self._keep(aside)

    # what was chosen -------------------------------------------------------------------------------------------
    @property
    def chosen(self) -> str:
        """Name of the strategy that the user chose last; empty: none."""
        return self._preferences.text(_CHOSEN)

    def keep_chosen(self, name: str) -> None:
        """Keep which strategy was chosen."""
        if name != self.chosen:
            self._preferences.put(_CHOSEN, name)

    @property
    def source(self) -> Source:
        """The stored series or file that the user chose last to judge rules on, if it may still be there."""
        kind, _, rest = self._preferences.text(_HISTORY).partition(":")
        if kind == "series" and rest.isdecimal():
            return Source(series_id=int(rest))
        return Source(path=rest) if kind == "file" and Path(rest).is_file() else Source()

    def keep_source(self, source: Source) -> None:
        """Keep which history was chosen; a session is followed anyway and not kept."""
        kept = f"series:{source.series_id}" if source.series_id else f"file:{source.path}" if source.path else ""
        if kept != self._preferences.text(_HISTORY):
            self._preferences.put(_HISTORY, kept)

    def _keep(self, aside: dict[str, Strategy]) -> None:
        self._preferences.put(_ASIDE, json.dumps([format_strategy(item) for item in aside.values()]))


def _read(text: str) -> Strategy | None:
    if not text:
        return None
    try:
        return parse_strategy(text)
    except FieldError as error:
        logger("window").warning("draft_unreadable", reason=str(error))
        return None

"""What was chosen in the form of a backtest, kept over the end of the program like the places of the docks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from desktop.domain.sessions import FillModelKind, FillSettings
from desktop.research.api import FILE, DataChoice, DataRef
from desktop.ui.dialogs.new_session_fields import chosen_hours
from desktop.ui.preferences import Preferences
from desktop.ui.widgets.choices import chosen
from desktop.ui.widgets.lab_fields import BacktestFields

_KEY = "backtest/form"


@dataclass(frozen=True, slots=True)
class KeptData:
    """Prices that were chosen, and the bars made of them.

    Attributes:
        refs: One for each symbol.
        timeframe: Of the bars; empty: not known.
        currency: Of the cash.
    """

    refs: tuple[DataRef, ...]
    timeframe: str
    currency: str

    def there(self, choices: Sequence[DataChoice]) -> bool:
        """Whether all of these prices can still be had."""
        known = {item.ref.source for item in choices}
        return bool(self.refs) and all(
            Path(ref.source.removeprefix(FILE)).is_file() if ref.source.startswith(FILE) else ref.source in known
            for ref in self.refs
        )


class FormMemory:
    """Reads and writes the choices of one form."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._kept = preferences.mapping(_KEY)

    @property
    def strategy(self) -> str:
        """Name of the strategy that was chosen; empty: none."""
        return self._text("strategy")

    @property
    def data(self) -> KeptData | None:
        """The prices that were chosen; None: none."""
        found = self._kept.get("data")
        pairs = found if isinstance(found, list) else []
        refs = tuple(DataRef(str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list) and len(pair) == 2)
        return KeptData(refs, self._text("timeframe"), self._text("currency")) if refs else None

    def restore(self, fields: BacktestFields) -> None:
        """Fill in everything but strategy and prices, which come when they are known."""
        for name in ("fills", "splits", "limits"):
            box = getattr(fields, name)
            places = (place for place in range(box.count()) if str(box.itemData(place)) == self._text(name))
            box.setCurrentIndex(next(places, box.currentIndex()))
        fields.costs.show_settings(FillSettings.of(chosen(fields.fills, FillModelKind)))
        hours = self._text("hours")
        if hours:
            fields.hours.setEditText(hours)
            if (place := fields.hours.findData(hours)) >= 0:
                fields.hours.setCurrentIndex(place)
        fields.period.begin.setText(self._text("from"))
        fields.period.end.setText(self._text("to"))
        for name, field in (("cash", fields.cash), ("seed", fields.seed), *fields.costs.numbers.items()):
            value = _decimal(self._text(name))
            if value is not None:
                field.set_value(value)

    def keep(self, fields: BacktestFields, strategy: str) -> None:
        """Keep what is filled in."""
        now = {
            "strategy": strategy,
            "data": [[ref.symbol, ref.source] for ref in fields.data.refs],
            "timeframe": str(fields.timeframe.currentData() or ""),
            "currency": str(fields.currency.currentData() or ""),
            "fills": str(fields.fills.currentData()),
            "splits": str(fields.splits.currentData()),
            "limits": str(fields.limits.currentData()),
            "hours": chosen_hours(fields.hours),
            "from": fields.period.begin.text(),
            "to": fields.period.end.text(),
            "cash": str(fields.cash.value or ""),
            "seed": str(fields.seed.value or ""),
        } | {name: str(field.value or 0) for name, field in fields.costs.numbers.items()}
        if now != self._kept:
            self._kept = now
            self._preferences.put(_KEY, json.dumps(now))

    def _text(self, name: str) -> str:
        found = self._kept.get(name, "")
        return found if isinstance(found, str) else ""


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None

"""What each strategy was swept over, kept over the end of the program: ranges, kind and how the best is chosen."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from desktop.ui.preferences import Preferences
from desktop.ui.widgets.sweep_inputs import SweepInputs

_KEY = "backtest/sweeps"
_MOST = 100  # strategies; the one that was not touched for longest is forgotten first


class SweepMemory:
    """Reads and writes what was chosen on the sweep page, by the name of the strategy."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._kept = preferences.mapping(_KEY)

    def restore(self, inputs: SweepInputs, strategy: str) -> None:
        """Fill in what was kept of a strategy; what its rules no longer have, or what was left as suggested, is not."""
        kept = self._kept.get(strategy)
        if not isinstance(kept, dict):
            return
        for name in ("kind", "best_by", "workers", "unit"):
            box = getattr(inputs, name)
            places = (place for place in range(box.count()) if str(box.itemData(place)) == kept.get(name))
            box.setCurrentIndex(next(places, box.currentIndex()))
        if isinstance(kept.get("plan"), str):
            inputs.plan.setText(kept["plan"])
        inputs.anchored.setChecked(kept.get("anchored") is True)
        ranges = kept.get("ranges")
        for name, line in ranges.items() if isinstance(ranges, dict) else ():
            values = _decimals(line[1:]) if isinstance(line, list) else []
            if name in inputs.ranges.lines and len(values) == 3:
                box, *fields = inputs.ranges.lines[name]
                for field, value in zip(fields, values, strict=True):
                    field.set_value(value)
                box.setChecked(line[0] is True)

    def keep(self, inputs: SweepInputs, strategy: str) -> None:
        """Keep what is filled in for a strategy."""
        now = {
            "kind": str(inputs.kind.currentData()),
            "best_by": str(inputs.best_by.currentData()),
            "workers": str(inputs.workers.currentData()),
            "unit": str(inputs.unit.currentData()),
            "plan": inputs.plan.text().strip(),
            "anchored": inputs.anchored.isChecked(),
            "ranges": {
                name: [ticked, *map(str, values)] for name, (ticked, *values) in inputs.ranges.own_lines().items()
            },
        }
        if now != self._kept.get(strategy):
            self._kept.pop(strategy, None)
            self._kept[strategy] = now
            self._kept = dict(list(self._kept.items())[-_MOST:])
            self._preferences.put(_KEY, json.dumps(self._kept))


def _decimals(texts: list[Any]) -> list[Decimal]:
    """Return the numbers of some texts; empty where one is none."""
    try:
        found = [Decimal(text) for text in texts if isinstance(text, str)]
    except InvalidOperation:
        return []
    return found if all(value.is_finite() for value in found) else []

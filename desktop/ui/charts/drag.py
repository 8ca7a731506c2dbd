"""A line under the mouse: where it is shown while it is dragged and until the engine has answered."""

from __future__ import annotations

from decimal import Decimal

from desktop.ui.charts.levels import Level


class LevelDrag:
    """At most one line is dragged at a time; dropped ones stay where they were dropped until they are settled."""

    def __init__(self) -> None:
        self.level: Level | None = None
        self.places: dict[str, Decimal] = {}  # key of a level -> price it is shown at

    def price_of(self, level: Level) -> Decimal:
        """Return where a line is shown."""
        return self.places.get(place_key(level), level.price)

    def holds(self, level: Level) -> bool:
        """Tell whether a line is the one that is held; a new view of the chart brings it as another object."""
        return self.level is not None and place_key(level) == place_key(self.level)

    def begin(self, level: Level) -> None:
        """Take a line."""
        self.level = level

    def move(self, price: Decimal) -> None:
        """Show the line that is held at another price."""
        if self.level is not None:
            self.places[place_key(self.level)] = price

    def drop(self) -> tuple[Level, Decimal] | None:
        """Let the line go; returns it with its new price, None when it was not moved."""
        level, self.level = self.level, None
        if level is None:
            return None
        price = self.price_of(level)
        if price == level.price:
            self.places.pop(place_key(level), None)
            return None
        return level, price

    def cancel(self) -> None:
        """Put the line that is held back to where it was."""
        if self.level is not None:
            self.places.pop(place_key(self.level), None)
            self.level = None

    def settle(self, key: str) -> None:
        """Show a dropped line where the engine has it."""
        held = place_key(self.level) if self.level is not None else ""
        for place in [place for place in self.places if place.startswith(f"{key}/") and place != held]:
            del self.places[place]

    def forget(self) -> None:
        """Forget every line (another symbol is shown)."""
        self.level = None
        self.places.clear()


def place_key(level: Level) -> str:
    """Return what tells the lines of a chart apart: an order can have two."""
    return f"{level.key}/{level.field}"

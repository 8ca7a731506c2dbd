"""A card that is as high as it needs, and no higher than what can be seen at a time."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QFrame

from desktop.ui.guard import guarded_override


class RoomyCard(QFrame):
    """A frame whose height follows its layout up to the room it was given."""

    _room = 0  # pixels; 0: as high as it needs

    def set_room(self, height: int) -> None:
        """Be no higher than what can be seen at a time; what does not fit scrolls between title and buttons."""
        self._room = height
        self.setMaximumHeight(height)
        self._fit()

    def _fit(self) -> None:
        layout = self.layout()
        if self._room and layout is not None:
            broken = layout.hasHeightForWidth()  # a line that breaks is shown: an obstacle, a question
            wanted = layout.totalHeightForWidth(self.width()) if broken else layout.totalSizeHint().height()
            self.setMinimumHeight(min(wanted, self._room))

    @guarded_override(answer=False)
    def event(self, event: QEvent) -> bool:
        """Handle an event; take another height when what is shown needs it."""
        done = bool(super().event(event))
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit()
        return done

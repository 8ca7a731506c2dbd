"""What holds rows of fields in a narrow place: lines that break under them are never cut."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel, QWidget

from desktop.ui.guard import guarded_override


class WrappingForm(QWidget):
    """Gives every label that breaks its lines the height it needs: a form layout forgets it when a text changes."""

    @guarded_override(answer=False)
    def event(self, event: QEvent) -> bool:
        """Handle an event; look at the labels again where something was laid out anew."""
        done = bool(super().event(event))
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit()
        return done

    def _fit(self) -> None:
        for text in self.findChildren(QLabel):
            if text.wordWrap() and text.isVisibleTo(self):
                needed = text.heightForWidth(text.width())
                if text.minimumHeight() != needed:
                    text.setMinimumHeight(needed)

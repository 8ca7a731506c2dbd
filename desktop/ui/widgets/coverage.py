"""What a series covers, as a bar over time: filled where there are prices, open where they are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from desktop.domain.history import Gap
from desktop.ui.theme import ThemeStore

_HEIGHT = 8.0
_LEAST = 2.0  # pixels of a hole, however short it is


@dataclass(frozen=True, slots=True)
class Span:
    """A time and the holes in it, µs UTC."""

    first: int
    last: int
    holes: Sequence[Gap]

    @property
    def covered(self) -> float:
        """Share of the time outside the holes."""
        length = self.last - self.first
        missing = sum(hole.end - hole.begin for hole in self.holes)
        return 1.0 - missing / length if length > 0 else 1.0


def draw_coverage(painter: QPainter, rect: QRectF, span: Span, theme: ThemeStore) -> None:
    """Draw a span over the whole width of `rect`; holes are outlined in the colour of warnings."""
    bar = QRectF(rect.left(), rect.center().y() - _HEIGHT / 2, rect.width(), _HEIGHT)
    if bar.width() < 4:
        return
    painter.fillRect(bar, theme.colour("accent", 0.75))
    length = max(1, span.last - span.first)
    tokens = theme.tokens
    for hole in span.holes:
        left = bar.left() + (hole.begin - span.first) / length * bar.width()
        width = max((hole.end - hole.begin) / length * bar.width(), _LEAST)
        cut = QRectF(left, bar.top() - 1, min(width, bar.right() - left), bar.height() + 2)
        painter.fillRect(cut, QColor(tokens.surface))
        painter.fillRect(QRectF(cut.left(), cut.center().y() - 1, cut.width(), 2), QColor(tokens.warning))

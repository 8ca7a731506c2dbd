"""What the lab makes of sweeps for the window: curves to draw, and words about progress, not too many."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from desktop.research import lab_work
from desktop.research.curves import drawdown_curve
from desktop.research.lab_views import WalkForwardView
from desktop.research.sweep import SweepProgress
from desktop.research.walk_forward import WalkForwardResult

_TELLING = 0.25  # seconds between two words about a sweep


def walk_forward_view(result: WalkForwardResult) -> WalkForwardView:
    """Return a walk-forward with its curve as it is drawn."""
    fall = drawdown_curve(result.equity, float(result.settings.cash))
    unknown = result.equity * float("nan")
    return WalkForwardView(result, lab_work.curve_of(result.start, result.equity, fall, unknown, ""))


def teller(on_progress: Callable[[SweepProgress], None] | None) -> Callable[[SweepProgress], None] | None:
    """Return what tells a listener on the loop, from the working thread, not too often; the last word always."""
    if on_progress is None:
        return None
    loop = asyncio.get_running_loop()
    told = 0.0

    def tell(now: SweepProgress) -> None:
        nonlocal told
        at = time.monotonic()
        if at - told >= _TELLING or now.done >= now.total:
            told = at
            loop.call_soon_threadsafe(on_progress, now)

    return tell

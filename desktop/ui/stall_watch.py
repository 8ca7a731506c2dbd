"""Says where the main thread stands when the loop stalls (fault 33): a thread of its own sees that no beat comes.

How late the loop runs, and the pause of entries after two seconds, is the engine's to measure: it has a heart-beat.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import traceback
from collections.abc import Callable

BEAT = 0.1  # seconds between two beats of the loop, and between two looks of the watchdog
STALL = 0.25  # seconds


class StallWatch:
    """Calls `on_stall` from its own thread, once a stall, with the seconds so far and the main thread's stack."""

    def __init__(
        self, on_stall: Callable[[float, str], None], *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._on_stall, self._monotonic = on_stall, monotonic
        self._expected = monotonic()
        self._reported = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._main = threading.main_thread().ident or 0
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch the running loop."""
        self._loop = asyncio.get_running_loop()
        self._ended.clear()
        self.beat()
        self._thread = threading.Thread(target=self._watch, name="loop watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the watching and its thread."""
        self._ended.set()
        if self._timer is not None:
            self._timer.cancel()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def beat(self) -> None:
        """Be alive: the loop calls it ten times a second."""
        self._reported = False
        self._expected = self._monotonic() + BEAT
        if self._loop is not None and not self._ended.is_set():
            self._timer = self._loop.call_later(BEAT, self.beat)

    def look(self) -> bool:
        """Report a stall once, with the main thread's stack; the watchdog calls it. Returns whether it did."""
        late = self._monotonic() - self._expected
        if late <= STALL or self._reported:
            return False
        self._reported = True
        frame = sys._current_frames().get(self._main)  # noqa: SLF001 - the documented way to another thread's stack
        self._on_stall(late, "".join(traceback.format_stack(frame)) if frame is not None else "")
        return True

    def _watch(self) -> None:
        while not self._ended.wait(BEAT):
            self.look()

"""How late the loop runs: figures for the status bar, a stack dump when it stalls, a call when entries should pause."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable

BEAT = 0.1  # seconds between two beats of the loop
STALL = 0.25  # seconds: what the main thread does is written to the log (fault 33)
LONG_STALL = 2.0  # seconds: entries pause (fault 33)
KEPT = 600  # beats: the last minute


class LoopLag:
    """Measures how late a beat of the loop comes, and watches from a thread of its own whether it comes at all.

    Attributes:
        on_stall: Called from the watchdog's thread, once a stall: (seconds so far, stack of the main thread).
        on_long_stall: Called on the loop, as the first thing it does after a stall of more than two seconds: (seconds).
    """

    def __init__(
        self,
        *,
        on_stall: Callable[[float, str], None],
        on_long_stall: Callable[[float], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.on_stall, self.on_long_stall = on_stall, on_long_stall
        self._monotonic = monotonic
        self._lags: deque[float] = deque(maxlen=KEPT)
        self._expected = monotonic()
        self._reported = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._main = threading.main_thread().ident or 0
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to measure the running loop."""
        self._loop = asyncio.get_running_loop()
        self._ended.clear()
        self._expect()
        self._thread = threading.Thread(target=self._watch, name="loop watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the measurement and its thread."""
        self._ended.set()
        if self._timer is not None:
            self._timer.cancel()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    @property
    def p99_ms(self) -> float:
        """Lag that 99 of 100 beats of the last minute stay under, in milliseconds."""
        ordered = sorted(self._lags)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1000 if ordered else 0.0

    @property
    def max_ms(self) -> float:
        """The worst lag of the last minute, in milliseconds."""
        return max(self._lags, default=0.0) * 1000

    def beat(self) -> None:
        """Take one measurement; the loop calls it ten times a second."""
        lag = max(0.0, self._monotonic() - self._expected)
        self._lags.append(lag)
        self._reported = False
        if lag > LONG_STALL:
            self.on_long_stall(lag)
        if self._loop is not None and not self._ended.is_set():
            self._expect()

    def look(self) -> bool:
        """Report a stall once, with the main thread's stack; the watchdog calls it. Returns whether it did."""
        late = self._monotonic() - self._expected
        if late <= STALL or self._reported:
            return False
        self._reported = True
        self.on_stall(late, self._stack())
        return True

    def _expect(self) -> None:
        self._expected = self._monotonic() + BEAT
        if self._loop is not None:
            self._timer = self._loop.call_later(BEAT, self.beat)

    def _stack(self) -> str:
        frame = sys._current_frames().get(self._main)  # noqa: SLF001 - the documented way to another thread's stack
        return "".join(traceback.format_stack(frame)) if frame is not None else ""

    def _watch(self) -> None:
        while not self._ended.wait(BEAT):
            self.look()

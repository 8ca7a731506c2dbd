"""Says where the main thread stands when the loop stalls (fault 33): a thread of its own sees that no beat comes.

How late the loop runs, and the pause of entries after two seconds, is the engine's to measure: it has a heart-beat.

The stack is written by faulthandler, in C and without frame objects. A frame that another thread holds keeps the locals
of a function alive after it has returned: a QPainter held so was ended late, in the wrong thread, and Qt crashed.
"""

from __future__ import annotations

import asyncio
import faulthandler
import re
import tempfile
import threading
import time
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
        self._on_stall(late, stack_of(self._main))
        return True

    def _watch(self) -> None:
        while not self._ended.wait(BEAT):
            self.look()


def stack_of(thread: int) -> str:
    """Return where a thread stands, innermost call first; empty where it is not there.

    Args:
        thread: Its identifier, as `threading.get_ident` gives it.
    """
    with tempfile.TemporaryFile() as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        text = file.read().decode("ascii", "replace")
    for part in re.split(r"\n\s*\n", text):
        head, _, lines = part.strip().partition("\n")
        named = re.match(r"(?:Current thread|Thread) 0x([0-9a-f]+)", head)
        if named is not None and int(named[1], 16) == thread:
            return lines
    return ""

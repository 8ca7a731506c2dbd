"""The event loop: asyncio on Qt's, with the faults of qasync's loop mended.

What is mended, each with a test of its own: timers wake early or overflow beyond 24.8 days, SystemExit in an executor
is lost, async generators are not finalised, `call_later` returns a plain handle whose cancelled timers linger, each
`call_soon` costs a Qt timer. Here a burst of callbacks costs one posted event, and all timers share one Qt timer.
"""

from __future__ import annotations

import asyncio
import heapq
import math
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimerEvent
from PySide6.QtGui import QGuiApplication
from qasync import QEventLoop

T = TypeVar("T")

LONGEST_ARM = 86_400_000  # ms: Qt's timers overflow at 2**31; a longer wait is armed again each day
_WAKE = QEvent.Type(QEvent.registerEventType())


class _Waker(QObject):
    """Receives the one posted event of a burst and the one timer of all waits."""

    def __init__(self, drain: Callable[[], None], due: Callable[[], None]) -> None:
        super().__init__()
        self._drain, self._due = drain, due
        self._timer = 0

    def wake(self) -> None:
        """Have `drain` called by the Qt loop; may be called from any thread."""
        QCoreApplication.postEvent(self, QEvent(_WAKE))

    def arm(self, milliseconds: int) -> None:
        """Have `due` called after a time, instead of what was armed before."""
        self.disarm()
        self._timer = self.startTimer(milliseconds, Qt.TimerType.PreciseTimer)

    def disarm(self) -> None:
        """Forget the armed time."""
        if self._timer:
            self.killTimer(self._timer)
            self._timer = 0

    def customEvent(self, _: QEvent) -> None:  # noqa: N802 - Qt's name
        """Run what was called soon."""
        self._drain()

    def timerEvent(self, _: QTimerEvent) -> None:
        """Run the timers that are due."""
        self.disarm()
        self._due()


class WindowLoop(QEventLoop):  # qasync has no types: mypy is told so for desktop.ui as a whole
    """asyncio's event loop on a running QApplication."""

    def __init__(self, application: QCoreApplication | None = None) -> None:
        self._soon: deque[asyncio.Handle] = deque()
        self._waits: list[asyncio.TimerHandle] = []
        self._cancelled_waits = 0
        self._armed = False
        self._armed_for = math.inf  # loop time of the armed timer
        self._failure: BaseException | None = None
        self._waker = _Waker(self._drain, self._run_due)
        super().__init__(application)

    # callbacks -------------------------------------------------------------------------------------------------
    def call_soon(self, callback: Callable[..., object], *args: Any, context: Context | None = None) -> asyncio.Handle:
        """Run a callback in the next turn of the loop, in the order of the calls."""
        handle = asyncio.Handle(callback, args, self, context)
        self._soon.append(handle)
        if not self._armed:
            self._armed = True
            self._waker.wake()
        return handle

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Run a callback in the next turn of the loop; from any thread."""
        self._check_closed()
        # Atomic enough: a handle is appended before the flag is read, and the drain lowers the flag before it counts.
        return self.call_soon(callback, *args, context=context)

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Run a callback after `delay` seconds, never earlier."""
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Run a callback at a time of the loop's clock, never earlier."""
        self._check_closed()
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        handle._scheduled = True  # type: ignore[attr-defined]  # noqa: SLF001 - asyncio's own mark: cancel() then tells the loop
        heapq.heappush(self._waits, handle)
        if when < self._armed_for:
            self._arm(when)
        return handle

    def _add_callback(self, handle: asyncio.Handle, delay: float = 0) -> asyncio.Handle:
        """Queue a handle that asyncio made itself (signal handlers)."""
        del delay  # asyncio's callers never give one
        if not handle.cancelled():
            self._soon.append(handle)
            if not self._armed:
                self._armed = True
                self._waker.wake()
        return handle

    def _timer_handle_cancelled(self, _: asyncio.TimerHandle) -> None:
        """Asyncio tells of a cancelled timer: they are swept out before they become the greater part."""
        self._cancelled_waits += 1
        if self._cancelled_waits * 2 > len(self._waits):
            self._waits = [handle for handle in self._waits if not handle.cancelled()]
            heapq.heapify(self._waits)
            self._cancelled_waits = 0
            self._arm_next()

    # turns -----------------------------------------------------------------------------------------------------
    def _drain(self) -> None:
        """Run what was queued before this turn; what is queued meanwhile waits for the next: Qt is never starved."""
        self._armed = False
        soon = self._soon
        outer = asyncio.current_task(self)  # a task that runs Qt's events itself: another cannot be entered within it
        if outer is not None:
            asyncio.tasks._leave_task(self, outer)  # noqa: SLF001 - what asyncio offers to loops
        try:
            for _ in range(len(soon)):
                if not self.is_running():
                    break
                handle = soon.popleft()
                if not handle.cancelled():
                    handle._run()  # noqa: SLF001 - what a loop does with a handle
        except BaseException as error:  # noqa: BLE001 - SystemExit and KeyboardInterrupt must leave run_forever, not Qt's C++
            self._fail(error)
        finally:
            if outer is not None:
                asyncio.tasks._enter_task(self, outer)  # noqa: SLF001 - as above
        if soon and not self._armed and self.is_running():  # a loop that stopped is woken again by run_forever
            self._armed = True
            self._waker.wake()

    def _run_due(self) -> None:
        now = self.time()
        waits = self._waits
        while waits and (waits[0].cancelled() or waits[0].when() <= now):
            handle = heapq.heappop(waits)
            handle._scheduled = False  # type: ignore[attr-defined]  # noqa: SLF001 - see call_at
            if handle.cancelled():
                self._cancelled_waits = max(0, self._cancelled_waits - 1)
            else:
                self._add_callback(handle)
        self._arm_next()

    def _arm_next(self) -> None:
        self._armed_for = math.inf
        if self._waits:
            self._arm(self._waits[0].when())
        else:
            self._waker.disarm()

    def _arm(self, when: float) -> None:
        self._armed_for = when
        delay = min(when - self.time(), LONGEST_ARM / 1000)
        # Rounded up: a timer that fires before its time would only be armed again.
        self._waker.arm(max(0, math.ceil(delay * 1000)))

    def _fail(self, error: BaseException) -> None:
        self._failure = error
        self.stop()

    # running ---------------------------------------------------------------------------------------------------
    def run_forever(self) -> None:
        """Run until `stop`; raises the SystemExit or KeyboardInterrupt that ended it."""
        self._check_closed()
        hooks = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(firstiter=self._asyncgen_firstiter_hook, finalizer=self._asyncgen_finalizer_hook)
        if self._soon and not self._armed:
            self._armed = True
            self._waker.wake()
        try:
            super().run_forever()
        finally:
            sys.set_asyncgen_hooks(*hooks)
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    def run_until_complete(self, future: Coroutine[Any, Any, T] | asyncio.Future[T]) -> T:
        """Run until `future` is done and return its result."""
        self._check_closed()
        mine = not asyncio.isfuture(future)
        task: asyncio.Future[T] = asyncio.ensure_future(future, loop=self)
        task.add_done_callback(self._stop_when_done)
        try:
            self.run_forever()
        except BaseException:
            if mine and task.done() and not task.cancelled():
                task.exception()  # it is what is raised here; asyncio need not complain that nobody asked
            raise
        finally:
            task.remove_done_callback(self._stop_when_done)
        if not task.done():
            raise RuntimeError("The event loop was stopped before its main task had ended.")
        return task.result()

    def _stop_when_done(self, task: asyncio.Future[Any]) -> None:
        if not task.cancelled() and isinstance(task.exception(), SystemExit | KeyboardInterrupt):
            return  # raised through run_forever already
        self.stop()

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:
        """Run a blocking call in a thread (a plain ThreadPoolExecutor, which also hands on SystemExit)."""
        return asyncio.BaseEventLoop.run_in_executor(self, executor, func, *args)

    def set_default_executor(self, executor: Any) -> None:
        """Use another executor for `run_in_executor(None, ...)`."""
        asyncio.BaseEventLoop.set_default_executor(self, executor)

    def time(self) -> float:
        """Return seconds of the monotonic clock."""
        return time.monotonic()

    def close(self) -> None:
        """Let go of everything; the loop cannot run again."""
        if self.is_closed():
            return
        super().close()
        self._waker.disarm()
        self._soon.clear()
        self._waits.clear()


def make_loop() -> WindowLoop:
    """Return a loop on the QApplication there is (RuntimeError: there is none)."""
    application = QCoreApplication.instance()
    if application is None:
        raise RuntimeError("The window's event loop needs a QApplication; make one first.")
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("The window's event loop belongs to the main thread.")
    if isinstance(application, QGuiApplication):
        # The last window closing must not end the loop under whoever still waits in it: closing is awaited instead.
        application.setQuitOnLastWindowClosed(False)
    return WindowLoop(application)

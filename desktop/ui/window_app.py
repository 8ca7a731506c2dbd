"""Starting and ending the window's process: application, loop, first paint, exceptions, signals."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QLocale, QMessageLogContext, QtMsgType, QTranslator, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QDialog

from desktop.engine.api import Desk
from desktop.logs import logger
from desktop.ui import work
from desktop.ui.guard import report
from desktop.ui.locale import locale_of
from desktop.ui.loop import make_loop
from desktop.ui.main_window import MainWindow
from desktop.ui.preferences import Preferences
from desktop.ui.stall_watch import StallWatch
from desktop.ui.theme import ThemeStore
from desktop.ui.translations import install

#: Seconds after which a thread that works gives way to the loop. With the usual 5 ms the storage holds the window up.
TURN = 0.0005


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """What the window is told by the composition root.

    Attributes:
        preferences: INI file of the window's own settings; None: kept in memory only.
        data: Data directory, as shown in About.
        log: The log file, as shown in the fault dialog.
    """

    preferences: Path | None = None
    data: str = ""
    log: str = ""


_translators: list[QTranslator] = []  # Qt does not own an installed translator


def make_application(arguments: list[str]) -> QApplication:
    """Return the application, dressed plainly; the theme follows with the window."""
    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else QApplication(arguments)
    application.setApplicationName("Assay")
    application.setOrganizationName("Assay")
    application.setDesktopFileName("assay")
    application.setStyle("Fusion")
    return application


def run_qt(main: Callable[[], Coroutine[Any, Any, int]], arguments: list[str] | None = None) -> int:
    """Run `main()` on the window's loop until it ends, and return its exit status.

    Exceptions that Qt's slots let through are reported like any fault of the window (fault 32). SIGINT and SIGTERM
    cancel `main`, which closes engine and window.
    """
    make_application(sys.argv if arguments is None else arguments)
    loop = make_loop()
    before, sys.excepthook = sys.excepthook, _report_uncaught
    turns = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    qt_before = qInstallMessageHandler(_log_qt)
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(_cancelled_by_signals(main))
    finally:
        sys.excepthook = before
        sys.setswitchinterval(turns)
        qInstallMessageHandler(qt_before)
        try:
            _cancel_all(loop)
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
        finally:
            asyncio.set_event_loop(None)
            loop.close()


def open_window(settings: WindowSettings) -> MainWindow:
    """Show the window with empty docks: what a user sees within the first second, before the engine stands."""
    preferences = Preferences(settings.preferences)
    QLocale.setDefault(locale_of(preferences.text("locale/numbers")))
    translator = install(preferences.text("language"))
    if translator is not None:
        _translators.append(translator)
    theme = ThemeStore(preferences)
    theme.apply()
    window = MainWindow(preferences, theme, data=settings.data, log=settings.log)
    theme.setParent(window)
    theme.window_stands(window)
    preferences.setParent(window)
    window.show()
    return window


async def painted() -> None:
    """Let Qt show what was opened before anything slow begins."""
    await asyncio.sleep(0.02)
    await asyncio.sleep(0)


async def show_window(desk: Desk, settings: WindowSettings) -> MainWindow:
    """Open the window and fill it from a desk that stands already."""
    window = open_window(settings)
    await painted()
    await window.attach(desk)
    return window


async def until_closed(window: MainWindow, *stops: Callable[[], object]) -> None:
    """Wait until the user has closed the window and every command under way has ended.

    `stops` end what may go on for hours and that nobody waits for any more: backtests, sweeps, downloads, imports.
    """
    await window.closed.wait()
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            dialog.close()  # one that stands beside the window would outlive it until all has ended
    for stop in stops:
        stop()
    await work.settle()


async def _cancelled_by_signals(main: Callable[[], Coroutine[Any, Any, int]]) -> int:
    loop = asyncio.get_running_loop()
    watch = StallWatch(_log_stall)
    watch.start()
    task = loop.create_task(main(), name="main")
    names: tuple[signal.Signals, ...] = (signal.SIGINT, signal.SIGTERM)
    try:
        for name in names:
            loop.add_signal_handler(name, task.cancel)
    except NotImplementedError:  # Windows: Ctrl-C raises KeyboardInterrupt in the loop instead
        names = ()
    try:
        return await task
    except asyncio.CancelledError:
        return 130
    finally:
        watch.stop()
        for name in names:
            loop.remove_signal_handler(name)


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Write what Qt has to say into the log: on a terminal it would stand between the lines the user asked for."""
    if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
        logger("qt").error("qt", message=text)
        print(text, file=sys.stderr)  # noqa: T201 - Qt may end the process next
    else:
        logger("qt").info("qt", message=text)


def _log_stall(late: float, stack: str) -> None:
    logger("window").warning("loop_stalled", milliseconds=round(late * 1000), stack=stack)


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))


def _report_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        report(error, "Qt")

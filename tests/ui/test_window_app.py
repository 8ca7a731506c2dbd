"""Starting and ending: the window is painted before the engine is made, and nothing is left behind."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, qCritical, qWarning
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from desktop.domain.errors import UserMistake
from desktop.engine.views import Table
from desktop.ui import window_app, work
from desktop.ui.dialogs.download_history import open_download_history
from desktop.ui.guard import Fault, on_fault
from desktop.ui.theme import ThemeStore
from desktop.ui.window_app import WindowSettings, open_window, painted, run_qt, show_window, until_closed
from tests.helpers.fake_desk import FakeDesk, as_desk

ROOT = Path(__file__).resolve().parents[2]


def test_the_window_is_seen_before_the_engine_stands_and_closing_ends_the_run(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def main() -> int:
        window = open_window(WindowSettings(preferences=tmp_path / "window.ini"))
        await painted()
        assert window.isVisible()
        assert window.docks["positions"].panel is None
        desk = FakeDesk()
        desk.tables[Table.SESSIONS].clear()
        await window.attach(as_desk(desk))
        asyncio.get_running_loop().call_soon(window.close)
        await until_closed(window)
        window.deleteLater()
        return 7

    assert run_qt(main, ["assay"]) == 7
    assert (tmp_path / "window.ini").exists()


def test_closing_the_window_ends_a_sweep_that_would_go_on_for_hours(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> int:
        window = open_window(WindowSettings(preferences=tmp_path / "window.ini"))
        await painted()
        ended = asyncio.Event()  # set by nobody but the one who closes
        work.run(ended.wait(), where="sweep")
        asyncio.get_running_loop().call_soon(window.close)
        await asyncio.wait_for(until_closed(window, ended.set), 30)
        window.deleteLater()
        return 3

    assert run_qt(main, ["assay"]) == 3


def test_closing_the_window_ends_a_download_and_takes_its_dialog_along(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> int:
        window = open_window(WindowSettings(preferences=tmp_path / "window.ini"))
        await painted()
        desk = FakeDesk()
        desk.tables[Table.SESSIONS].clear()
        await window.attach(as_desk(desk))
        dialog = open_download_history(as_desk(desk), ThemeStore(), window)
        QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
        (run,) = desk.archive.downloads
        desk.archive.stopped = lambda: run.fail(UserMistake("The download was ended with the program."))
        await asyncio.sleep(0)
        window.close()
        await asyncio.wait_for(until_closed(window, desk.archive.stop), 30)
        assert not isValid(dialog), "it is gone with the window"
        assert run.cancelled
        assert desk.archive.commands == [("stop", "")]
        window.deleteLater()
        return 5

    assert run_qt(main, ["assay"]) == 5


def test_an_error_of_the_main_task_reaches_the_caller(qapp: QApplication) -> None:
    async def main() -> int:
        raise RuntimeError("the database is locked")

    with pytest.raises(RuntimeError, match="database is locked"):
        run_qt(main, ["assay"])


def test_a_desk_that_stands_is_shown_at_once(qapp: QApplication) -> None:
    async def main() -> int:
        window = await show_window(as_desk(FakeDesk()), WindowSettings())
        shown = window.docks["positions"].panel.table.rows.rowCount()
        window.end()
        await until_closed(window)
        window.deleteLater()
        return int(shown)

    assert run_qt(main, ["assay"]) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_ends_the_main_task_at_once(qapp: QApplication) -> None:
    async def main() -> int:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(3600)
        return 0

    assert run_qt(main, ["assay"]) == 130


def test_fault_32_what_a_slot_lets_through_is_reported_and_not_fatal(qapp: QApplication) -> None:
    found: list[Fault] = []
    end = on_fault(found.append)
    window_app._report_uncaught(ValueError, ValueError("in a paint event"), None)
    end()
    assert [(fault.where, str(fault.error)) for fault in found] == [("Qt", "in a paint event")]


def test_the_users_locale_and_theme_are_there_from_the_first_paint(qapp: QApplication, tmp_path: Path) -> None:
    settings = WindowSettings(preferences=tmp_path / "window.ini")
    (tmp_path / "window.ini").write_text(
        "[theme]\nscheme=light\n[locale]\nnumbers=de_DE\n[language]\n", encoding="utf-8"
    )

    async def main() -> int:
        from PySide6.QtCore import QLocale

        window = open_window(settings)
        good = not window.theme.tokens.dark and QLocale().name() == "de_DE"
        window.close()
        window.deleteLater()
        return int(good)

    assert run_qt(main, ["assay"]) == 1
    qapp.setStyleSheet("")


def test_nothing_slow_is_imported_before_the_first_paint() -> None:
    slow = ("pyqtgraph", "pandas", "talib", "ccxt", "exchange_calendars", "keyring", "desktop_notifier")
    code = f"import sys, desktop.ui.window_app; print([name for name in {slow!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_what_qt_says_goes_to_the_log_and_only_what_may_end_the_program_to_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[tuple[str, str]] = []

    class Log:
        def info(self, _: str, message: str) -> None:
            said.append(("info", message))

        def error(self, _: str, message: str) -> None:
            said.append(("error", message))

    async def main() -> int:
        qWarning("no size hints here")
        qCritical("no memory")
        return 0

    monkeypatch.setattr(window_app, "logger", lambda _: Log())
    assert window_app.run_qt(main, ["assay"]) == 0
    assert ("info", "no size hints here") in said
    assert ("error", "no memory") in said
    assert capsys.readouterr().err.strip() == "no memory"

"""Pictures of the strategy editor: a mistake, signals on the chart, a quick test, the library; docked and floating.

python -m tests.screenshots.editor_scenes OUTDIR
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.domain.market import HOUR
from desktop.engine.demo import sample_strategies
from desktop.engine.editor import check_rule
from desktop.logs import configure_logs
from desktop.ui.main_window import MainWindow
from desktop.ui.panels.strategy_editor import StrategyEditor
from desktop.ui.preferences import Scheme
from desktop.ui.window_app import run_qt
from tests.helpers.fake_archive import some_bars
from tests.helpers.fake_desk import FakeDesk
from tests.screenshots.__main__ import SIZES, Album

_WRONG = "rsi(period) < oversold and close > smaa(200)"


class StrictDesk(FakeDesk):
    """The sample desk with the real check of rules and the real samples."""

    def __init__(self) -> None:
        super().__init__()
        self.saved = [*self.saved, *sample_strategies()]

    def check_rule(self, text, **more):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN201 - as the desk's own
        """Return what the engine says of a rule."""
        more.pop("session_id", None)
        return check_rule(text, runner=None, symbol=more.pop("symbol", ""), **more)


async def _until(what: str, reached: Callable[[], bool]) -> None:
    for _ in range(300):
        if reached():
            return
        await asyncio.sleep(0.05)
    raise TimeoutError(f"the scene never came: {what}")


def _file(folder: Path) -> Path:
    """Return a file of made-up hourly bars."""
    bars = some_bars(4_000, HOUR)
    rows = zip(bars.start, bars.open, bars.high, bars.low, bars.close, bars.volume, strict=True)
    lines = ["time,open,high,low,close,volume"]
    lines += [f"{int(at) // 1_000_000}," + ",".join(f"{value:.2f}" for value in values) for at, *values in rows]
    path = folder / "wave_1h.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


async def _tried(editor: StrategyEditor) -> None:
    await asyncio.sleep(0.7)
    await _until("a quick test", lambda: editor.pane.strip.about.text().startswith("Quick test on"))


async def _one(album: Album, window: MainWindow, path: Path, name: str) -> None:
    dock = window.docks["editor"]
    editor = window.show_panel("editor")
    await _tried(editor)
    editor.head.history.open_file(str(path))
    await _until("the file", lambda: editor.hand.history is not None)
    editor.show_strategy(next(item for item in sample_strategies() if item.name == "Mean reversion bands"))
    await _tried(editor)
    await album.take(window, f"editor-quick-{name}")
    canvas = editor.pane.canvas
    canvas.keep(len(canvas.view.bars) - 60)
    for floating in (False, True):
        widget: QWidget = window
        if floating:
            dock.setFloating(True)
            dock.resize(1180, 640)
            await asyncio.sleep(0.5)
            widget = dock
        kind = "floating-" if floating else ""
        await album.take(widget, f"editor-signals-{kind}{name}")
        entry = editor.entry.text
        editor.entry.setPlainText(_WRONG)
        await asyncio.sleep(0.6)
        await album.take(widget, f"editor-error-{kind}{name}")
        editor.entry.setPlainText(entry)
        await _tried(editor)
    editor.choice.showPopup()
    await asyncio.sleep(0.3)
    await album.take(editor.choice.view().window(), f"editor-library-{name}")
    editor.choice.hidePopup()


async def editor_scenes(album: Album) -> int:
    """Make every picture of the editor."""
    with tempfile.TemporaryDirectory() as name:
        path = _file(Path(name))
        for size, scheme in zip(SIZES + SIZES, (Scheme.DARK, Scheme.LIGHT, Scheme.LIGHT, Scheme.DARK), strict=True):
            window = await album.window(StrictDesk(), size, scheme)
            await _one(album, window, path, f"{scheme.value}-{size[0]}x{size[1]}")
            await album.close(window)
    return 0


if __name__ == "__main__":
    target = Path(sys.argv[1])
    configure_logs(target / "logs")
    sys.exit(run_qt(lambda: editor_scenes(Album(target)), ["assay"]))

"""Pictures of imports and of the history panel: python -m tests.screenshots.history_scenes OUTDIR.

With ASSAY_DATA (or shared/data beside the checkout) the real program's store is shown too, filled from recorded files.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

if not os.environ.get("DISPLAY") and sys.platform == "linux":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from desktop.logs import configure_logs
from desktop.market.history_report import ImportRequest
from desktop.store.archive import FileArchive
from desktop.ui import work
from desktop.ui.dialogs.decide_splits import open_decide_splits
from desktop.ui.dialogs.history_chart import open_history_chart
from desktop.ui.dialogs.history_gaps import open_history_gaps
from desktop.ui.dialogs.import_history import ImportHistory, open_import_history
from desktop.ui.main_window import MainWindow
from desktop.ui.preferences import Scheme
from desktop.ui.window_app import run_qt
from tests.helpers.fake_archive import SECOND_SPLIT, SPLIT, import_report
from tests.helpers.fake_desk import FakeDesk, as_desk
from tests.screenshots.__main__ import SETTLE, SIZES, Album

DATA = Path(os.environ.get("ASSAY_DATA", Path(__file__).parents[3] / "shared" / "data"))
STORED = (("aapl_1d", "AAPL"), ("aapl_1m_split", "AAPL"), ("spy_1h", "SPY"), ("btcusd_1d", "BTC/USD"))
LOOK = 0.8  # seconds until a file was looked at


def bad_file(folder: Path) -> Path:
    """Write a file with rows that cannot be used and a column that nobody needs."""
    lines = ["Date,Open,High,Low,Close,Volume,Note"]
    for day in range(1, 29):
        close = "n/a" if day == 4 else "12" if day == 9 else "10"
        lines.append(f"2024-02-{day:02},10.1,11,9.5,{close},{day}00,x")
    path = folder / "acme_1d.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


async def import_scenes(album: Album, scheme: Scheme, size: tuple[int, int]) -> None:
    """From an empty dialog to what came of the import."""
    desk, name = FakeDesk(), f"{scheme.value}-{size[0]}x{size[1]}"
    window = await album.window(desk, size, scheme)
    dialog = open_import_history(as_desk(desk), window.theme, window)
    await album.take(dialog, f"import-0-empty-{name}")
    dialog.page.file.setText(str(bad_file(album.folder)))
    await asyncio.sleep(LOOK)
    await album.take(dialog, f"import-1-bad-rows-{name}")
    dialog.page.fields.symbol.clear()
    dialog.page.fields.tick.setText("x")
    high = dialog.page.table.header.pickers[2]
    high.setCurrentIndex(high.findData("close"))
    await asyncio.sleep(LOOK)
    await album.take(dialog, f"import-2-mistakes-{name}")
    high.setCurrentIndex(high.findData("high"))
    dialog.page.fields.symbol.setText("ACME")
    dialog.page.fields.tick.clear()
    await asyncio.sleep(LOOK)
    await _ran(album, desk, dialog, name)
    await album.close(window)


async def _ran(album: Album, desk: FakeDesk, dialog: ImportHistory, name: str) -> None:
    dialog.start.click()
    run = desk.archive.runs[-1]
    run.progress(0.62)
    await album.take(dialog, f"import-3-running-{name}")
    run.finish(import_report(run.request, splits=(SPLIT, SECOND_SPLIT)))
    await work.settle()
    await album.take(dialog, f"import-4-splits-{name}")
    assert dialog.outcome is not None
    for place, what in ((1, "left-out"), (3, "gaps")):
        dialog.outcome.tabs.setCurrentIndex(place)
        await album.take(dialog, f"import-5-{what}-{name}")
    dialog.close()


async def panel_scenes(album: Album, scheme: Scheme, size: tuple[int, int]) -> None:
    """What is stored, and the dialogs of one series."""
    desk, name = FakeDesk(), f"{scheme.value}-{size[0]}x{size[1]}"
    window = await album.window(desk, size, scheme)
    await _panel(album, window, f"history-{name}")
    row = desk.archive.rows[1]
    for what, dialog in (
        ("splits", open_decide_splits(as_desk(desk), window.theme, window, info=row.info, splits=row.pending)),
        ("gaps", open_history_gaps(as_desk(desk), window.theme, window, info=row.info)),
        ("chart", open_history_chart(as_desk(desk), window.theme, window, info=row.info)),
    ):
        await asyncio.sleep(SETTLE)
        await album.take(dialog, f"history-{what}-{name}")
        dialog.close()
    await album.close(window)


async def _panel(album: Album, window: MainWindow, name: str) -> None:
    window.show_panel("history")
    await work.settle()
    await asyncio.sleep(SETTLE)
    await album.take(window, name)


async def stored_scene(album: Album) -> None:
    """The panel on a store that was filled from recorded files."""
    if not await asyncio.to_thread(DATA.is_dir):
        print(f"recorded prices are not at {DATA}; set ASSAY_DATA to their folder", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        archive = FileArchive(Path(folder))
        for file, symbol in STORED:
            await archive.start_import(ImportRequest(Path(folder), DATA / f"{file}.csv", symbol)).run()
        desk = FakeDesk()
        desk.archive = archive  # type: ignore[assignment]  # the real one, for this picture
        window = await album.window(desk, SIZES[0], Scheme.DARK)
        await _panel(album, window, "history-recorded-dark-1366x768")
        await album.close(window)


async def history_scenes(album: Album) -> int:
    """Make every picture of imports and of the history panel."""
    for scheme, size in ((Scheme.DARK, SIZES[0]), (Scheme.LIGHT, SIZES[1])):
        await import_scenes(album, scheme, size)
        await panel_scenes(album, scheme, size)
    window = await album.window(FakeDesk(empty=True), SIZES[0], Scheme.LIGHT)
    await _panel(album, window, "history-empty-light-1366x768")
    await album.close(window)
    await stored_scene(album)
    return 0


def main(arguments: list[str]) -> int:
    """Make every picture."""
    if len(arguments) != 1:
        print("usage: python -m tests.screenshots.history_scenes OUTDIR", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    configure_logs(folder / "logs")
    return run_qt(lambda: history_scenes(Album(folder)), ["assay"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

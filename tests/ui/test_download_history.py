"""The download dialog: what is asked for, progress, cancelled and broken off, kept, what is stored already."""

from __future__ import annotations

import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import EnvironmentFault, FieldError, NotFound
from desktop.market.history_download import DownloadProgress
from desktop.market.history_merge import Existing
from desktop.ui import work
from desktop.ui.dialogs.download_history import DownloadHistory, open_download_history
from desktop.ui.theme import ThemeStore
from tests.helpers.fake_archive import START, FakeDownload, overlap_of, series_info
from tests.helpers.fake_desk import FakeDesk, as_desk
from tests.helpers.market import at

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest_asyncio.fixture
async def dialog(host: QWidget, desk: FakeDesk, theme: ThemeStore) -> DownloadHistory:
    return open_download_history(as_desk(desk), theme, host)


async def started(dialog: DownloadHistory, desk: FakeDesk, qtbot: QtBot) -> FakeDownload:
    qtbot.mouseClick(dialog.start, LEFT)
    return desk.archive.downloads[-1]


def mistake(dialog: DownloadHistory, name: str) -> str:
    found = dialog.form.rows.mistakes[name]
    return "" if found.isHidden() else found.text()


async def test_it_opens_ready_to_download_and_says_how_much_that_is(
    dialog: DownloadHistory, desk: FakeDesk, qtbot: QtBot
) -> None:
    assert not dialog.isModal()
    assert dialog.start.isEnabled()
    assert dialog.form.bars_words.text() == "About 208 days of an open market, up to now"
    request = (await started(dialog, desk, qtbot)).request
    assert (request.feed, request.symbol, request.timeframe) == ("simulator", "NOVA", "1h")
    assert (request.begin, request.end, request.bars, request.existing) == (None, None, 5_000, Existing.ADD)


async def test_a_period_is_typed_and_checked(dialog: DownloadHistory, desk: FakeDesk, qtbot: QtBot) -> None:
    form = dialog.form
    form.much.setFocus()
    qtbot.keyClick(form.much, Qt.Key.Key_Down)
    assert not form.period.isHidden()
    assert not dialog.start.isEnabled()
    qtbot.keyClicks(form.period.end, "2024-01-31")
    assert mistake(dialog, "period") == "Say from when."
    qtbot.keyClicks(form.period.begin, "2024-02")
    assert "is no time" in mistake(dialog, "period")
    form.period.begin.clear()
    qtbot.keyClicks(form.period.begin, "2024-02-01")
    assert "is not after" in mistake(dialog, "period")
    form.period.begin.clear()
    qtbot.keyClicks(form.period.begin, "2024-01-01")
    request = (await started(dialog, desk, qtbot)).request
    assert (request.begin, request.end, request.bars) == (at("2024-01-01"), at("2024-02-01"), None)


async def test_another_feed_offers_its_own_symbols(dialog: DownloadHistory, qtbot: QtBot) -> None:
    form = dialog.form
    form.feed.setFocus()
    qtbot.keyClick(form.feed, Qt.Key.Key_Down)
    assert form.symbol.currentText() == ""
    assert not dialog.start.isEnabled()
    line = form.symbol.lineEdit()
    assert line is not None
    qtbot.keyClicks(line, "BTC/USDT")
    assert dialog.start.isEnabled()
    assert form.request().symbol == "BTC/USDT"
    assert form.request().feed == "ccxt:binance"


async def test_a_number_of_bars_that_cannot_be_is_said(dialog: DownloadHistory, qtbot: QtBot) -> None:
    for text in ("0", "2.5", "6000000", "x"):
        dialog.form.bars.selectAll()
        qtbot.keyClicks(dialog.form.bars, text)
        assert "whole number up to 5,000,000" in mistake(dialog, "bars")
        assert not dialog.start.isEnabled()


async def test_progress_is_shown_and_the_result_after_it(dialog: DownloadHistory, desk: FakeDesk, qtbot: QtBot) -> None:
    run = await started(dialog, desk, qtbot)
    assert dialog.busy
    assert not dialog.form.isEnabled()
    assert dialog.cancel.text() == "Cancel the download"
    run.progress(DownloadProgress(0.25, 1_250, START))
    assert dialog.bar.value() == 250
    assert dialog.stage.text().startswith("25 %: 1,250 bars  ·  up to ")
    run.finish(rows=5_000, kept=5_000)
    await work.settle()
    assert dialog.outcome is not None
    assert "5,000 bars of 1h are stored" in dialog.outcome.headline.text()
    qtbot.mouseClick(dialog.again, LEFT)
    assert dialog.pages.currentWidget() is dialog.form
    assert dialog.start.isEnabled()


async def test_where_nothing_was_left_out_the_result_speaks_of_bars_and_their_feed_not_of_a_file(
    dialog: DownloadHistory, desk: FakeDesk, qtbot: QtBot
) -> None:
    run = await started(dialog, desk, qtbot)
    run.finish(series=series_info(9, "NOVA", "1h", feed="Simulated market"))
    await work.settle()
    assert dialog.outcome is not None
    assert dialog.outcome.all_right == "Every bar that came from Simulated market is right."


async def test_that_the_feed_had_less_is_said_beside_the_result(
    dialog: DownloadHistory, desk: FakeDesk, qtbot: QtBot
) -> None:
    run = await started(dialog, desk, qtbot)
    run.finish(sentence="simulator has 720 of the 5,000 bars that were asked for.")
    await work.settle()
    assert dialog.outcome is not None
    assert "720 of the 5,000" in dialog.answer.text()
    qtbot.mouseClick(dialog.again, LEFT)
    assert dialog.answer.isHidden()


async def test_a_cancelled_download_says_what_came_and_keeps_it_only_when_asked(
    dialog: DownloadHistory, desk: FakeDesk, qtbot: QtBot
) -> None:
    run = await started(dialog, desk, qtbot)
    qtbot.mouseClick(dialog.cancel, LEFT)
    assert run.cancelled
    run.finish(complete=False, sentence="The download was cancelled. 2,000 bars had come.")
    await work.settle()
    assert "2,000 bars had come" in dialog.answer.text()
    assert dialog.keep.isVisible()
    assert dialog.start.isEnabled()
    assert run.kept == []
    qtbot.mouseClick(dialog.keep, LEFT)
    await work.settle()
    assert run.kept == [Existing.ADD]
    assert not dialog.keep.isVisible()
    assert dialog.outcome is not None


async def test_what_came_is_forgotten_when_another_download_begins(
    dialog: DownloadHistory, desk: FakeDesk, qtbot: QtBot
) -> None:
    run = await started(dialog, desk, qtbot)
    run.finish(complete=False, sentence="It broke off.")
    await work.settle()
    await started(dialog, desk, qtbot)
    assert not dialog.keep.isVisible()
    assert dialog.answer.isHidden()
    assert len(desk.archive.downloads) == 2


async def test_where_it_is_stored_already_and_differs_the_user_is_asked(
    dialog: DownloadHistory, desk: FakeDesk, qtbot: QtBot
) -> None:
    run = await started(dialog, desk, qtbot)
    run.finish(series=None, overlap=overlap_of(run.request))
    await work.settle()
    assert dialog.question is not None
    assert run.kept == []
    run.refuse = FieldError("symbol", "is stored in another currency.")
    qtbot.mouseClick(dialog.start, LEFT)
    await work.settle()
    assert dialog.question is None
    assert "another currency" in mistake(dialog, "symbol")
    again = await started(dialog, desk, qtbot)
    again.finish(series=None, overlap=overlap_of(again.request))
    await work.settle()
    assert dialog.question is not None
    qtbot.mouseClick(dialog.start, LEFT)
    await work.settle()
    assert again.kept == [Existing.ADD_KEEPING]
    assert dialog.outcome is not None


@pytest.mark.parametrize(
    ("error", "field", "said"),
    [
        (FieldError("from", "holds too many bars."), "period", "Holds too many bars"),
        (NotFound("symbol", "NOVA", "The feed does not have it."), "", "There is no symbol 'NOVA'"),
        (EnvironmentFault("The exchange cannot be reached."), "", "cannot be reached"),
    ],
)
async def test_what_the_feed_refuses_is_said_and_can_be_tried_again(
    dialog: DownloadHistory,
    desk: FakeDesk,
    qtbot: QtBot,
    error: FieldError | NotFound | EnvironmentFault,
    field: str,
    said: str,
) -> None:
    if field:
        dialog.form.much.setCurrentIndex(1)
        qtbot.keyClicks(dialog.form.period.begin, "1971-01-01")
    run = await started(dialog, desk, qtbot)
    run.fail(error)
    await work.settle()
    assert said in (mistake(dialog, field) if field else dialog.answer.text())
    assert not dialog.busy
    assert dialog.start.isEnabled()


async def test_escape_ends_a_download_and_closes(dialog: DownloadHistory, desk: FakeDesk, qtbot: QtBot) -> None:
    run = await started(dialog, desk, qtbot)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert run.cancelled
    assert not dialog.isVisible()
    run.finish(complete=False, sentence="Cancelled.")
    await work.settle()


async def test_without_a_feed_it_says_so(host: QWidget, desk: FakeDesk, theme: ThemeStore) -> None:
    desk.archive.download_feeds = lambda: ()  # type: ignore[method-assign]  # none in this test
    dialog = open_download_history(as_desk(desk), theme, host)
    assert "no feed to download from" in mistake(dialog, "feed")
    assert not dialog.start.isEnabled()


async def test_hours_are_asked_for_where_the_feed_has_several(
    dialog: DownloadHistory, desk: FakeDesk, qtbot: QtBot
) -> None:
    form = dialog.form
    assert not form.hours.isVisible(), "the simulated market has its own"
    form.feed.setFocus()
    qtbot.keyClick(form.feed, Qt.Key.Key_End)
    assert form.feed.currentData() == "alpaca"
    assert form.hours.isVisible()
    assert form.hours.currentText() == "Regular: while the exchange is open"
    line = form.symbol.lineEdit()
    assert line is not None
    form.symbol.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "SPY")
    form.hours.setFocus()
    qtbot.keyClick(form.hours, Qt.Key.Key_Down)
    run = await started(dialog, desk, qtbot)
    assert (run.request.feed, run.request.symbol, run.request.hours) == ("alpaca", "SPY", "extended")
    run.fail(FieldError("hours", "are extended, but the stored series 3 holds bars of XNYS. Replace it."))
    await work.settle()
    assert mistake(dialog, "hours").startswith("Are extended, but the stored series 3")

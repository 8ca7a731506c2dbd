"""What is to be downloaded: feed, symbol, timeframe, and the last bars or a period."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QVBoxLayout, QWidget

from desktop.domain.market import timeframe_us
from desktop.market.history_download import EXTENDED, MOST_BARS, REGULAR, DownloadFeed, DownloadRequest
from desktop.market.history_merge import Existing
from desktop.ui.dialogs.form import Rows
from desktop.ui.guard import guarded
from desktop.ui.widgets.amount_field import AmountField
from desktop.ui.widgets.choices import chooser, chosen
from desktop.ui.widgets.looks import label
from desktop.ui.widgets.period_field import PeriodField

_BARS = Decimal(5_000)
_LONGEST_SYMBOL = 40
_FIELDS = {"from": "period", "to": "period", "bars": "bars"}  # of the engine -> of the form


def _tr(text: str) -> str:
    return QCoreApplication.translate("DownloadHistory", text)


class DownloadForm(QWidget):
    """The first page of the download dialog.

    Signals:
        changed: after any change.
    """

    changed = Signal()

    def __init__(self, feeds: Sequence[DownloadFeed], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.feeds = {feed.key: feed for feed in feeds}
        self.feed = chooser(_tr("Feed"), [(feed.title, feed.key) for feed in feeds])
        self.feed_words = label("", "caption", wrap=True)
        self.symbol = QComboBox()
        self.symbol.setEditable(True)
        self.symbol.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.symbol.setAccessibleName(_tr("Symbol"))
        if (line := self.symbol.lineEdit()) is not None:
            line.setPlaceholderText(_tr("for example BTC/USDT"))
        if (completer := self.symbol.completer()) is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.timeframe = chooser(_tr("Timeframe"), [])
        self.hours = chooser(_tr("Trading hours"), [])
        self.much = chooser(_tr("How much"), [(_tr("The last bars"), "bars"), (_tr("A period"), "period")])
        self.bars = AmountField(_tr("Bars"), _BARS, step=Decimal(1_000))
        self.bars_words = label("", "caption")
        self.period = PeriodField()
        self.existing = chooser(
            _tr("If stored already"),
            [
                (_tr("Add what is missing"), Existing.ADD),
                (_tr("Ask me"), Existing.ASK),
                (_tr("Replace it"), Existing.REPLACE),
            ],
        )
        self._lay_out()
        self._connect()
        self._on_feed()

    def _lay_out(self) -> None:
        self.rows = Rows()
        self.rows.put("feed", _tr("Feed"), self.feed, under=self.feed_words)
        self.rows.put("symbol", _tr("Symbol"), self.symbol)
        self.rows.put("timeframe", _tr("Timeframe"), self.timeframe)
        self.rows.put("hours", _tr("Hours"), self.hours)
        self.rows.put("much", _tr("How much"), self.much)
        self.rows.put("bars", _tr("Bars"), self.bars, under=self.bars_words)
        self.rows.put("period", _tr("Period"), self.period, hint=_tr("Times are UTC. Without an end: up to now."))
        self.rows.put("existing", _tr("If stored"), self.existing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self.rows)
        column.addStretch(1)
        self.rows.show_row("period", shown=False)

    def _connect(self) -> None:
        self.feed.currentIndexChanged.connect(guarded(self._on_feed))
        self.much.currentIndexChanged.connect(guarded(self._on_much))
        self.symbol.editTextChanged.connect(self._changed)
        for box in (self.timeframe, self.hours, self.existing):
            box.currentIndexChanged.connect(self._changed)
        self.bars.edited.connect(self._changed)
        self.period.changed.connect(self._changed)

    def _changed(self, _: object = None) -> None:
        self._say_bars()
        self.changed.emit()

    def _on_feed(self) -> None:
        feed = self.feeds.get(str(self.feed.currentData()))
        if feed is None:
            return
        self.feed_words.setText(feed.detail)
        before, typed = str(self.timeframe.currentData() or "1h"), self.symbol.currentText()
        self.symbol.clear()
        self.symbol.addItems(list(feed.symbols))
        if not feed.symbols:
            self.symbol.setEditText("" if self._is_listed(typed) else typed)
        self.timeframe.clear()
        for name in feed.timeframes:
            self.timeframe.addItem(name, name)
        self.timeframe.setCurrentIndex(max(0, self.timeframe.findData(before)))
        names = {
            REGULAR: _tr("Regular: while the exchange is open"),
            EXTENDED: _tr("Extended: also before and after it"),
        }
        self.hours.clear()
        for name in feed.hours:
            self.hours.addItem(names.get(name, name), name)
        self.rows.show_row("hours", shown=len(feed.hours) > 1)
        self._changed()

    def _is_listed(self, symbol: str) -> bool:
        return any(symbol in feed.symbols for feed in self.feeds.values())

    def _on_much(self) -> None:
        period = self.much.currentData() == "period"
        self.rows.show_row("bars", shown=not period)
        self.rows.show_row("period", shown=period)
        self._changed()

    def _say_bars(self) -> None:
        """Say how far back that is."""
        bars, name = self.bars.value, str(self.timeframe.currentData() or "")
        text = ""
        if bars is not None and bars > 0 and name:
            days = float(bars) * timeframe_us(name) / timeframe_us("1d")
            shown = f"{days:,.0f}" if days >= 10 else f"{days:,.1f}"
            text = _tr("About %1 days of an open market, up to now").replace("%1", shown)
        self.bars_words.setText(text)
        self.bars_words.setVisible(bool(text))

    def mistakes(self) -> dict[str, str]:
        """Return what cannot be, by field; an empty sentence: something is not filled in yet."""
        found = {}
        symbol = self.symbol.currentText().strip()
        if not self.feeds:
            found["feed"] = _tr("There is no feed to download from.")
        if not symbol:
            found["symbol"] = ""
        elif len(symbol) > _LONGEST_SYMBOL or not symbol.isprintable():
            found["symbol"] = _tr("Give a symbol of up to 40 characters.")
        if self.much.currentData() == "period":
            begin, _ = self.period.values()
            if self.period.mistake():
                found["period"] = self.period.mistake()
            elif begin is None:
                found["period"] = _tr("Say from when.") if self.period.end.text().strip() else ""
        else:
            bars = self.bars.value
            if bars is None or bars != bars.to_integral_value() or not 0 < bars <= MOST_BARS:
                found["bars"] = _tr("Give a whole number up to %1.").replace("%1", f"{MOST_BARS:,}")
        return found

    def check(self) -> bool:
        """Show every mistake at its field; returns whether there is none."""
        found = self.mistakes()
        self.rows.show_mistakes(found)
        return not found

    def refuse(self, field: str, sentence: str) -> bool:
        """Show a refusal at the field it names; returns whether there is one."""
        name = _FIELDS.get(field, field)
        if name not in self.rows.fields:
            return False
        self.rows.show_mistakes({name: sentence})
        self.rows.fields[name].setFocus()
        return True

    def request(self) -> DownloadRequest:
        """Return what is asked for."""
        period = self.much.currentData() == "period"
        begin, end = self.period.values() if period else (None, None)
        return DownloadRequest(
            str(self.feed.currentData()),
            self.symbol.currentText().strip(),
            str(self.timeframe.currentData()),
            begin,
            end,
            None if period else int(self.bars.value or 0),
            chosen(self.existing, Existing),
            str(self.hours.currentData() or ""),
        )

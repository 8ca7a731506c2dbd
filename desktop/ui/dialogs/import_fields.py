"""The settings of an import: what the file is of, and what it does not say itself."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.domain.market import TIMEFRAMES
from desktop.market.history_header import SEPARATORS
from desktop.market.history_merge import Existing
from desktop.market.history_preview import Preview
from desktop.market.history_times import DATE_ORDERS
from desktop.ui.dialogs.form import Rows
from desktop.ui.dialogs.history_gaps import chosen_gap_hours, gap_hours
from desktop.ui.widgets.amount_field import AmountField
from desktop.ui.widgets.choices import chooser, chosen
from desktop.ui.widgets.looks import label
from desktop.ui.widgets.zone_field import ZoneField

_CURRENCIES = ("USD", "EUR", "GBP", "JPY", "KRW", "CHF", "CNY", "HKD", "INR", "USDT")
_LONGEST_SYMBOL = 40


def _tr(text: str) -> str:
    return QCoreApplication.translate("ImportHistory", text)


@dataclass(frozen=True, slots=True)
class Settings:
    """The fields as filled in."""

    symbol: str
    timeframe: str | None
    zone: str
    date_order: str
    separator: str
    currency: str
    tick: Decimal | None
    lot: Decimal | None
    hours: str
    existing: Existing


class ImportFields(QWidget):
    """Two columns of fields.

    Signals:
        read_changed: after a change of what the file is read by (zone, order of dates, separator).
        changed: after any other change.
    """

    read_changed = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._touched: set[str] = set()
        self.symbol = QLineEdit()
        self.symbol.setPlaceholderText(_tr("for example SPY or BTC/USD"))
        self.timeframe = chooser(
            _tr("Timeframe"), [(_tr("As the bars show it"), None), *((name, name) for name in TIMEFRAMES)]
        )
        self.zone = ZoneField(_tr("Time zone"))
        orders = (_tr("2024-12-31"), _tr("31/12/2024 (day first)"), _tr("12/31/2024 (month first)"))
        self.order = chooser(_tr("Dates"), list(zip(orders, DATE_ORDERS, strict=True)))
        named = {",": _tr("Comma"), ";": _tr("Semicolon"), "\t": _tr("Tab")}
        self.separator = chooser(
            _tr("Separator"), [(_tr("As the first row shows it"), ""), *((named[one], one) for one in SEPARATORS)]
        )
        self.currency = chooser(_tr("Currency"), [(code, code) for code in _CURRENCIES])
        self.currency.setEditable(True)
        self.tick = AmountField(_tr("Price step"), step=Decimal("0.01"))
        self.lot = AmountField(_tr("Quantity step"), Decimal(1))
        self.hours = gap_hours()
        self.existing = chooser(
            _tr("If stored already"),
            [
                (_tr("Ask me"), Existing.ASK),
                (_tr("Add what is missing"), Existing.ADD),
                (_tr("Replace it"), Existing.REPLACE),
            ],
        )
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.left, self.right = Rows(), Rows()
        self.left.put("symbol", _tr("Symbol"), self.symbol)
        self.left.put("timeframe", _tr("Timeframe"), self.timeframe)
        self.zone_words = label("", "caption", wrap=True)
        self.left.put("zone", _tr("Time zone"), self.zone, under=self.zone_words)
        self.left.put("order", _tr("Dates"), self.order)
        self.left.put("separator", _tr("Separator"), self.separator)
        self.right.put("currency", _tr("Currency"), self.currency)
        self.right.put("tick", _tr("Price step"), self.tick)
        self.right.put("lot", _tr("Quantity step"), self.lot)
        self.hours_words = label("", "caption", wrap=True)
        self.right.put("hours", _tr("Gaps by hours"), self.hours, under=self.hours_words)
        self.right.put("existing", _tr("If stored"), self.existing)
        self.tick.setPlaceholderText(_tr("as the finest price shows it"))
        columns = QHBoxLayout()
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(28)
        columns.addLayout(self.left, 1)
        columns.addLayout(self.right, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(columns)

    def _connect(self) -> None:
        self.zone.currentTextChanged.connect(self._read_changed)
        if (typed := self.zone.lineEdit()) is not None:
            typed.textEdited.connect(lambda _: self._touched.add("zone"))
        self.zone.activated.connect(lambda _: self._touched.add("zone"))
        for box in (self.order, self.separator):
            box.currentIndexChanged.connect(self._read_changed)
        self.symbol.textEdited.connect(lambda _: self._touched.add("symbol"))
        self.symbol.textChanged.connect(self._changed)
        for amount in (self.tick, self.lot):
            amount.edited.connect(self._changed)
        self.timeframe.currentIndexChanged.connect(self._changed)
        self.existing.currentIndexChanged.connect(self._changed)
        self.hours.activated.connect(lambda _: self._touched.add("hours"))
        if (hours := self.hours.lineEdit()) is not None:
            hours.textEdited.connect(lambda _: self._touched.add("hours"))
        for box in (self.currency, self.hours):
            box.editTextChanged.connect(self._changed)

    def _read_changed(self, _: object = None) -> None:
        self.read_changed.emit()

    def _changed(self, _: object = None) -> None:
        self.changed.emit()

    def suggest(self, path: str) -> None:
        """Fill in what the name of a new file suggests, unless the user has said otherwise."""
        if "symbol" not in self._touched:
            self.symbol.setText(Path(path).stem.partition("_")[0].upper()[:_LONGEST_SYMBOL])

    def show_preview(self, preview: Preview) -> None:
        """Show what the file says by itself, and offer only what can be asked of it."""
        asked = bool(preview.zone_guess) and not preview.time_format.startswith("a number")
        self.zone.setEnabled(asked or not preview.time_format)
        self.zone_words.setText(self._zone_words(preview, asked=asked))
        self.zone_words.setVisible(bool(self.zone_words.text()))
        self.left.show_row("separator", shown=preview.format == "CSV")
        self.left.show_row("timeframe", shown=preview.kind in {"", "bars"})
        self.right.show_row("hours", shown=preview.kind in {"", "bars"})
        self._propose_hours(preview.hours_guess)
        guess = preview.zone_guess
        if guess and "zone" not in self._touched and guess != self.zone.zone:
            self.zone.show_zone(guess)

    def _propose_hours(self, guess: str) -> None:
        """Choose the calendar that the bars suggest, and say so, unless the user has said otherwise."""
        if "hours" not in self._touched:
            korean = guess == "XNYS" and self.currency.currentText().strip().upper() == "KRW"
            self.hours.setCurrentIndex(max(0, self.hours.findData("XKRX" if korean else guess)))
        assumed = bool(guess) and "hours" not in self._touched
        words = _tr("Assumed: the bars are daily, none is on a weekend. Choose another calendar for another market.")
        self.hours_words.setText(words if assumed else "")
        self.hours_words.setVisible(assumed)

    def forget(self) -> None:
        """Make ready for another file: what was said of the last one is no longer said."""
        self._touched.clear()
        self.existing.setCurrentIndex(0)
        self.hours.setCurrentIndex(0)

    @staticmethod
    def _zone_words(preview: Preview, *, asked: bool) -> str:
        if asked:
            return _tr("The times name no zone; this one is guessed from the hours. Check it.")
        if preview.time_format.startswith("dates"):
            return _tr("Days need no zone.")
        return _tr("The times say it themselves.") if preview.time_format else ""

    def settings(self) -> Settings:
        """Return the fields as filled in."""
        return Settings(
            symbol=self.symbol.text().strip(),
            timeframe=self.timeframe.currentData() if self.left.fields["timeframe"].isVisibleTo(self) else None,
            zone=self.zone.zone,
            date_order=str(self.order.currentData()),
            separator=str(self.separator.currentData() or ""),
            currency=self.currency.currentText().strip().upper(),
            tick=self.tick.value,
            lot=self.lot.value,
            hours=chosen_gap_hours(self.hours),
            existing=chosen(self.existing, Existing),
        )

    def mistakes(self) -> dict[str, str]:
        """Return what cannot be, by field."""
        found, now = {}, self.settings()
        if not now.symbol or len(now.symbol) > _LONGEST_SYMBOL or not now.symbol.isprintable():
            found["symbol"] = _tr("Give a symbol of up to 40 characters, for example SPY or BTC/USD.")
        if not (now.currency.isalnum() and len(now.currency) <= 8):
            found["currency"] = _tr("Give the code of a currency, for example USD.")
        for name, field in (("tick", self.tick), ("lot", self.lot)):
            if field.wrong or (field.value is not None and field.value <= 0):
                found[name] = _tr("Give a number above zero.")
        return found

    def show_mistakes(self, found: dict[str, str]) -> set[str]:
        """Show each mistake at its field; returns the names that are fields here."""
        return self.left.show_mistakes(found) | self.right.show_mistakes(found)

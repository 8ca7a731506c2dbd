"""The backtests that are stored as evidence: open one, compare two, delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QVBoxLayout, QWidget

from desktop.domain.evidence import Evidence
from desktop.domain.trials import Trial, family_of, tried_variants
from desktop.ui import formats
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.columns import Column, Kind
from desktop.ui.widgets.looks import button, label
from desktop.ui.widgets.metric_tiles import metric_names, metric_text, metric_tone
from desktop.ui.widgets.row_table import RowTable
from desktop.ui.widgets.trials_text import by_family, trials_words


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One figure of two backtests."""

    place: int
    name: str
    one: str
    two: str
    tones: tuple[str, str]
    apart: str


class StoredBacktests(QWidget):
    """A table of what is stored; two selected rows are compared below.

    Signals:
        open_asked: with the key of a backtest.
        delete_asked: with the keys of backtests.
    """

    open_asked = Signal(str)
    delete_asked = Signal(list)

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trials: Mapping[str, Sequence[Trial]] = {}
        self.table: RowTable[Evidence] = RowTable(
            _columns(lambda row: self._trials.get(family_of(row.settings.strategy), ())),
            key=lambda row: row.key,
            name="stored-backtests",
            theme=theme,
            title=_tr("Stored backtests"),
            empty=(
                _tr("No backtest is stored yet"),
                _tr("Each run from the form at the left is stored here with everything that makes it again."),
            ),
            menu=self._fill_menu,
            activate=lambda row: self.open_asked.emit(row.key),
        )
        self.comparison: RowTable[CompareRow] = RowTable(
            _compare_columns(),
            key=lambda row: str(row.place),
            name="compared-backtests",
            theme=theme,
            title=_tr("Two backtests compared"),
            empty=("", ""),
        )
        self.open = button(_tr("Open"), "small", name=_tr("Open the selected backtest"))
        self.compare = button(_tr("Compare two"), "small", tip=_tr("Select two rows, with Ctrl held"))
        self.delete = button(_tr("Delete"), "small", name=_tr("Delete the selected backtests"))
        self.hint = label("", "caption")
        self.open.clicked.connect(guarded(lambda: self.open_asked.emit(self.table.selected_rows()[0].key)))
        self.compare.clicked.connect(guarded(self._on_compare))
        self.delete.clicked.connect(guarded(lambda: self._ask_delete(self.table.selected_rows())))
        self.table.selectionModel().selectionChanged.connect(guarded(self._on_selection))
        head = QHBoxLayout()
        head.setContentsMargins(8, 5, 8, 5)
        head.setSpacing(6)
        for widget in (self.open, self.compare, self.delete, self.hint):
            head.addWidget(widget)
        head.addStretch(1)
        self.heading = label("", "heading")
        self._below = QWidget()
        under = QVBoxLayout(self._below)
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(0)
        titled = QHBoxLayout()
        titled.setContentsMargins(10, 6, 10, 4)
        titled.addWidget(self.heading, 1)
        under.addLayout(titled)
        under.addWidget(self.comparison, 1)
        self._below.hide()
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self._below)
        split.setSizes([300, 300])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(split, 1)
        self.setFocusProxy(self.table)
        self._on_selection()

    def show_stored(self, rows: Sequence[Evidence], trials: Sequence[Trial] = ()) -> None:
        """Show what is stored, each with the number of variants that were tried of its strategy."""
        self._trials = by_family(trials)
        self.table.put_all(rows)
        if rows:
            self.table.header.suit()
        self._on_selection()

    def _on_selection(self) -> None:
        count = len(self.table.selected_rows())
        self.open.setEnabled(count == 1)
        self.compare.setEnabled(count == 2)
        self.delete.setEnabled(count > 0)
        hints = {
            0: _tr("Select a row to open it, two to compare them."),
            1: _tr("Select a second one with Ctrl to compare."),
        }
        self.hint.setText(hints.get(count, "") if self.table.rows.rowCount() else "")

    def _fill_menu(self, menu: QMenu, rows: list[Evidence]) -> None:
        if len(rows) == 1:
            menu.addAction(_tr("Open"), lambda: self.open_asked.emit(rows[0].key))
        if len(rows) == 2:
            menu.addAction(_tr("Compare two"), self._on_compare)
        menu.addAction(_tr("Delete"), lambda: self._ask_delete(rows))

    def _ask_delete(self, rows: Sequence[Evidence]) -> None:
        self.delete_asked.emit([row.key for row in rows])

    def _on_compare(self) -> None:
        selected = self.table.selected_rows()
        if len(selected) != 2:
            return
        one, two = sorted(selected, key=lambda row: row.created_at)
        text = _tr("%1 (first) and %2 (second)").replace("%1", _title(one)).replace("%2", _title(two))
        self.heading.setText(text)
        self.comparison.put_all(compared(one, two))
        self._below.show()


def _title(row: Evidence) -> str:
    settings = row.settings
    symbols = ", ".join(item.symbol for item in settings.instruments)
    return f"{settings.strategy.name} {settings.strategy_version[:8]} {symbols} {formats.date_time(row.created_at)}"


def compared(one: Evidence, two: Evidence) -> list[CompareRow]:
    """Return the figures of two backtests side by side, then what differs in how they were run."""
    rows: list[CompareRow] = []
    names = metric_names()
    for name, title in names.items():
        texts = [metric_text(name, item.metrics, item.settings.currency) for item in (one, two)]
        tones = (metric_tone(name, texts[0]), metric_tone(name, texts[1]))
        first, second = one.metrics.get(name), two.metrics.get(name)
        apart = ""
        if first is not None and second is not None:
            difference = {**one.metrics, name: _minus(second, first)}
            apart = metric_text(name, difference, one.settings.currency)
        rows.append(CompareRow(len(rows), title, texts[0], texts[1], tones, apart))
    for title, values in _run_lines(one, two):
        apart = "" if values[0] == values[1] else _tr("differs")
        rows.append(CompareRow(len(rows), title, *values, ("", ""), apart))
    return rows


def _minus(second: object, first: object) -> object:
    if isinstance(second, str) and isinstance(first, str):  # money, exact text
        return str(Decimal(second) - Decimal(first))
    if isinstance(second, int | float) and isinstance(first, int | float):
        return second - first
    return None


def _run_lines(one: Evidence, two: Evidence) -> list[tuple[str, tuple[str, str]]]:
    def both(take: Callable[[Evidence], str]) -> tuple[str, str]:
        return take(one), take(two)

    return [
        (_tr("Version"), both(lambda row: row.settings.strategy_version)),
        (_tr("Data"), both(lambda row: ", ".join(row.files))),
        (_tr("Fills"), both(lambda row: row.settings.fills.kind.value)),
        (_tr("Hours"), both(lambda row: row.settings.hours)),
        (_tr("Seed"), both(lambda row: str(row.settings.seed))),
        (_tr("Cash"), both(lambda row: formats.money(row.settings.cash, row.settings.currency, code=True))),
    ]


def _compare_columns() -> list[Column[CompareRow]]:
    return [
        Column("name", _tr("Figure"), lambda row: row.place, lambda row: row.name, width=130),
        Column("one", _tr("First"), lambda row: row.one, None, Kind.NUMBER, 170),
        Column("two", _tr("Second"), lambda row: row.two, None, Kind.NUMBER, 170),
        Column("apart", _tr("Second less first"), lambda row: row.apart, None, Kind.NUMBER, 130),
    ]


def splits_words(row: Evidence) -> str:
    """Return how many splits in its prices nobody had decided on."""
    if not row.undecided_splits:
        return formats.NOTHING
    return _tr("%1 undecided").replace("%1", str(row.undecided_splits))


def _columns(trials: Callable[[Evidence], Sequence[Trial]]) -> list[Column[Evidence]]:
    def metric(name: str, title: str, kind: Kind, width: int) -> Column[Evidence]:
        return Column(
            name, title, lambda row: row.metrics.get(name),
            lambda row: metric_text(name, row.metrics, row.settings.currency), kind, width,
        )  # fmt: skip

    return [
        Column(
            "stored", _tr("Stored"), lambda row: row.created_at, lambda row: formats.date_time(row.created_at),
            width=122, newest_first=True,
        ),
        Column("strategy", _tr("Strategy"), lambda row: row.settings.strategy.name, width=150),
        Column("version", _tr("Version"), lambda row: row.settings.strategy_version, lambda row:
               row.settings.strategy_version[:8], width=72),
        Column(
            "symbols", _tr("Symbols"), lambda row: ", ".join(item.symbol for item in row.settings.instruments),
            width=80, tip=lambda row: ", ".join(row.files),
        ),
        Column(
            "splits", _tr("Splits"), lambda row: row.undecided_splits or 0, splits_words, Kind.TONED, 96,
            tone=lambda row: "warning" if row.undecided_splits else "text_muted",
            tip=lambda row: "\n".join(row.warnings),
            about=_tr("Probable splits in the prices that nobody had decided on: such a result is not real"),
        ),
        Column("bars", _tr("Bars"), lambda row: row.settings.strategy.timeframe, width=46),
        metric("total_return", _tr("Return"), Kind.SIGNED, 80),
        metric("sharpe", _tr("Sharpe"), Kind.NUMBER, 60),
        metric("max_drawdown", _tr("Drawdown"), Kind.SIGNED, 84),
        metric("trade_count", _tr("Trades"), Kind.NUMBER, 58),
        metric("profit_factor", _tr("Factor"), Kind.NUMBER, 56),
        Column(
            "tried", _tr("Variants tried"), lambda row: tried_variants(trials(row)),
            lambda row: formats.number(tried_variants(trials(row)), 0) if trials(row) else formats.NOTHING,
            Kind.NUMBER, 100, tip=lambda row: trials_words(trials(row)),
            about=_tr("Variants of this strategy that sweeps have tried. The more, the more of a good result is luck"),
        ),
        Column("fills", _tr("Fills"), lambda row: row.settings.fills.kind.value, width=70),
        Column("seed", _tr("Seed"), lambda row: row.settings.seed, None, Kind.NUMBER, 46),
        Column("again", _tr("Reproduced"), lambda row: row.reproduced, None, Kind.NUMBER, 84),
    ]  # fmt: skip

"""Rows that are to go where some are stored already: what is new, the same and different, and what is to be done."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from desktop.market.history_merge import Difference, Existing, Overlap
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.columns import Column, Kind
from desktop.ui.widgets.history_tables import when
from desktop.ui.widgets.looks import button, label
from desktop.ui.widgets.row_table import RowTable


def _tr(text: str) -> str:
    return QCoreApplication.translate("OverlapChoice", text)


def _filled(text: str, *values: object) -> str:
    for number, value in enumerate(values, 1):
        text = text.replace(f"%{number}", f"{value:,}" if isinstance(value, int) else str(value))
    return text


class OverlapChoice(QWidget):
    """A page that asks; nothing is changed before it is answered."""

    def __init__(self, theme: ThemeStore, overlap: Overlap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.overlap = overlap
        info = overlap.stored
        what = f"{info.symbol} {info.timeframe or info.kind}"
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(label(_filled(_tr("%1 is stored already. What becomes of it?"), what), "heading", wrap=True))
        self.summary = label(self._summary(), "muted", wrap=True, selectable=True)
        layout.addWidget(self.summary)
        self.say = label("", "caption", wrap=True)
        self.ways = self._make_ways()
        for way in self.ways.values():
            layout.addWidget(way)
        self.table: RowTable[Difference] | None = None
        if overlap.different:
            self.table = differences_table(theme, info.timeframe)
            self.table.put_all(overlap.differences)
            shown = len(overlap.differences)
            layout.addWidget(label(_filled(_tr("Bars that differ (%1)"), overlap.different), "caption"))
            layout.addWidget(self.table, 1)
            if shown < overlap.different:
                layout.addWidget(label(_filled(_tr("The first %1 are listed."), shown), "caption"))
            layout.addLayout(self._foot(self.table))
        else:
            layout.addStretch(1)
        layout.addWidget(self.say)
        self._explain()

    def _summary(self) -> str:
        found, info = self.overlap, self.overlap.stored
        span = (when(at, info.timeframe) for at in (info.first, info.last))
        there = _filled(_tr("Stored from %1: %2 rows, %3 to %4."), info.source, info.rows, *span)
        span = (when(at, info.timeframe) for at in (found.first, found.last))
        more = _filled(_tr("New: %1 rows, %2 to %3."), found.offered, *span)
        if not found.comparable:
            return f"{there}\n{more} " + _tr("Quotes and trades cannot be told apart one by one: they can be replaced.")
        counts = _tr("%1 are not stored yet, %2 are stored with the same values, %3 with other values.")
        return f"{there}\n{more} " + _filled(counts, found.new, found.same, found.different)

    def _make_ways(self) -> dict[Existing, QRadioButton]:
        """Return what can be chosen; the first is what does least."""
        found = self.overlap
        entries: list[tuple[Existing, str]] = []
        if found.comparable and found.different:
            entries += [
                (Existing.ADD_KEEPING, _tr("Add what is missing; where bars differ, keep the stored ones")),
                (Existing.ADD_TAKING, _tr("Add what is missing; where bars differ, take the new ones")),
            ]
        elif found.comparable:
            entries.append((Existing.ADD, _tr("Add what is missing")))
        entries.append((Existing.REPLACE, _tr("Replace: the stored rows go, the new ones take their place")))
        made = {existing: QRadioButton(text) for existing, text in entries}
        if found.comparable:
            next(iter(made.values())).setChecked(True)
        for way in made.values():
            way.toggled.connect(guarded(self._explain))
        return made

    @property
    def existing(self) -> Existing | None:
        """What is chosen; None: nothing yet."""
        return next((existing for existing, way in self.ways.items() if way.isChecked()), None)

    def _explain(self) -> None:
        found, existing = self.overlap, self.existing
        rows = found.stored.rows
        if existing is Existing.REPLACE:
            text = _filled(
                _tr("%1 stored rows are replaced by %2. A series adjusted from them is marked as out of date."),
                rows, found.offered,
            )  # fmt: skip
        elif existing is not None:
            text = _filled(
                _tr("The series will hold %1 rows. One that is adjusted from it is adjusted anew."), rows + found.new
            )
        else:
            text = _tr("Choose one; nothing is changed before.")
        self.say.setText(text)

    @staticmethod
    def _foot(table: RowTable[Difference]) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.addStretch(1)
        copy, export = button(_tr("Copy")), button(_tr("Export as CSV…"))
        copy.clicked.connect(guarded(table.copy))
        export.clicked.connect(guarded(table.ask_export))
        for made in (copy, export):
            foot.addWidget(made)
        return foot


def differences_table(theme: ThemeStore, timeframe: str) -> RowTable[Difference]:
    """Return a table of bars with their stored and their new values."""
    names = (_tr("Open"), _tr("High"), _tr("Low"), _tr("Close"), _tr("Volume"))
    columns = [Column[Difference]("at", _tr("Bar"), lambda one: one.at, lambda one: when(one.at, timeframe), width=130)]
    for place, name in enumerate(names):
        columns.append(_value_column(place, name))
    return RowTable(
        columns,
        key=lambda one: str(one.at),
        name="history-differences",
        theme=theme,
        title=_tr("Bars that differ"),
        empty=(_tr("No bar differs"), ""),
    )


def _value_column(place: int, name: str) -> Column[Difference]:
    def text(one: Difference) -> str:
        stored, offered = one.stored[place], one.offered[place]
        return f"{stored:,.10g}" if stored == offered else f"{stored:,.10g} → {offered:,.10g}"

    return Column(
        f"value-{place}",
        name,
        lambda one: one.offered[place] - one.stored[place],
        text,
        Kind.NUMBER,
        150,
        tone=lambda one: "text_muted" if one.stored[place] == one.offered[place] else "warning",
    )

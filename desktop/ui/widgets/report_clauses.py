"""Why a strategy traded as often as it did: how often each clause was true, and which check stopped its entries."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.research.lab_views import ReportView
from desktop.rules.nodes import Role
from desktop.ui import formats
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.columns import Column, Kind
from desktop.ui.widgets.looks import label
from desktop.ui.widgets.row_table import RowTable


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One clause, or a whole rule, of one symbol."""

    key: str
    symbol: str
    rule: str
    text: str
    true: int | None
    known: int | None
    alone: int | None
    whole: bool
    joined: str = ""

    @property
    def share(self) -> float | None:
        """Share of the known bars on which it was true."""
        return self.true / self.known if self.true is not None and self.known else None


@dataclass(frozen=True, slots=True)
class BlockRow:
    """How often a check stopped something."""

    check: str
    count: int


class ReportClauses(QWidget):
    """Two tables: clauses, and checks that blocked."""

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clauses: RowTable[ClauseRow] = RowTable(
            _clause_columns(),
            key=lambda row: row.key,
            name="backtest-clauses",
            theme=theme,
            title=_tr("How often each clause was true"),
            empty=(
                _tr("Not known of a stored backtest"),
                _tr("Clauses are counted in a run: press Reproduce under Evidence to see them."),
            ),
        )
        self.blocks: RowTable[BlockRow] = RowTable(
            [
                Column("check", _tr("Stopped by check"), lambda row: row.check, width=140),
                Column(
                    "count", _tr("Times"), lambda row: row.count, lambda row: formats.number(row.count, 0), Kind.NUMBER,
                    60, newest_first=True,
                ),
            ],
            key=lambda row: row.check,
            name="backtest-blocks",
            theme=theme,
            title=_tr("What stopped orders"),
            empty=(_tr("No check stopped an order"), ""),
        )  # fmt: skip
        self.summary = label("", wrap=True)
        self.intro = label(
            _tr("Why the strategy traded as often as it did: each rule, below it its clauses, and on how many bars "
                "each was true, whether or not there was a position. At the right: which risk check stopped how many "
                "orders."),
            "muted", wrap=True,
        )  # fmt: skip
        self.summary.setContentsMargins(10, 6, 10, 0)
        self.intro.setContentsMargins(10, 2, 10, 6)
        tables = QHBoxLayout()
        tables.setSpacing(1)
        tables.addWidget(self.clauses, 3)
        tables.addWidget(self.blocks)
        self.blocks.setFixedWidth(230)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.summary)
        layout.addWidget(self.intro)
        layout.addLayout(tables, 1)
        self.setFocusProxy(self.clauses)

    def show_report(self, view: ReportView) -> None:
        """Show what is known of a report."""
        rows: list[ClauseRow] = []
        for number, rule in enumerate(view.rules or ()):
            name = _tr("Entry") if rule.role is Role.ENTRY else _tr("Exit")
            rows.append(
                ClauseRow(f"{number:03}", rule.symbol, name, rule.text, rule.true, rule.known, None, whole=True)
            )
            if len(rule.clauses) > 1:
                rows += [
                    ClauseRow(
                        f"{number:03}.{place:03}", rule.symbol, name, f"    {clause.text}", clause.true, clause.known,
                        clause.alone, whole=False, joined=rule.joined,
                    )
                    for place, clause in enumerate(rule.clauses)
                ]  # fmt: skip
        self.clauses.put_all(rows)
        self.blocks.put_all([BlockRow(check, count) for check, count in (view.blocks or {}).items()])
        if view.signals is None:
            self.summary.clear()
            return
        text = _tr("Signals: %1.   Orders: %2.   Closed trades: %3.   Positions open at the end: %4.")
        values = (view.signals, view.orders or 0, view.evidence.trades, view.open_positions or 0)
        for place, value in enumerate(values, 1):
            text = text.replace(f"%{place}", formats.number(value, 0))
        self.summary.setText(text)


def _clause_columns() -> list[Column[ClauseRow]]:
    def count(value: int | None) -> str:
        return formats.NOTHING if value is None else formats.number(value, 0)

    def unknown(row: ClauseRow) -> str:
        return _tr("It depends on the position, so it cannot be counted without one.") if row.known is None else ""

    def alone(row: ClauseRow) -> str:
        if row.whole or row.alone is None:
            return ""
        text = (
            _tr("On %1 bars every other clause was true and only this one was missing.")
            if row.joined == "and"
            else _tr("On %1 bars this clause alone made the rule true.")
        )
        return text.replace("%1", count(row.alone))

    return [
        Column("symbol", _tr("Symbol"), lambda row: row.symbol, width=64),
        Column("rule", _tr("Rule"), lambda row: row.rule, width=56),
        Column(
            "text", _tr("Clause"), lambda row: row.key, lambda row: row.text, Kind.TONED, 330,
            tone=lambda row: "text" if row.whole else "text_muted", tip=lambda row: row.text.strip(),
        ),
        Column("true", _tr("Bars true"), lambda row: row.true, lambda row: count(row.true), Kind.NUMBER, 80,
               about=_tr("On how many bars it was true")),
        Column("share", _tr("Share"), lambda row: row.share,
               lambda row: formats.percent(row.share, signed=False), Kind.NUMBER, 70,
               about=_tr("Bars true, as a share of the bars judged")),
        Column("known", _tr("Bars judged"), lambda row: row.known, lambda row: count(row.known), Kind.NUMBER, 92,
               tip=unknown,
               about=_tr("Bars on which it was true or false. The first bars are missing until every indicator has "
                         "enough history")),
        Column("alone", _tr("Decisive alone"), lambda row: row.alone, lambda row: count(row.alone), Kind.NUMBER, 104,
               tip=alone,
               about=_tr('Bars on which this clause alone made the difference: with "and" the only one that was '
                         'missing, with "or" the only one that was true. A large number names the clause to '
                         "look at first")),
    ]  # fmt: skip

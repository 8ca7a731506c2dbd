"""The portfolio over all sessions, currency by currency: value, today, cash, allocation."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.engine.api import Desk
from desktop.engine.views import Allocation, Changes, PortfolioView, Table
from desktop.ui import formats, words
from desktop.ui.following import follow
from desktop.ui.guard import guarded
from desktop.ui.intents import Intents
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.donut import Donut, slice_colour
from desktop.ui.widgets.looks import label, line, look
from desktop.ui.widgets.mode_tag import ModeTag

PACE = 200  # ms between two looks at the sums: prices move them all the time, and nobody reads faster
_SHOWN = 6  # slices with a name; the rest are folded into "Others"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Portfolio", text)


def folded(slices: tuple[Allocation, ...]) -> tuple[Allocation, ...]:
    """Return the slices largest first, cash last, small ones beyond a number folded into one."""
    cash = [item for item in slices if item.label == "Cash"]
    held = sorted((item for item in slices if item.label != "Cash"), key=lambda item: -item.share)
    if len(held) > _SHOWN:
        rest = held[_SHOWN - 1 :]
        value = sum((item.value for item in rest[1:]), rest[0].value)
        held = [*held[: _SHOWN - 1], Allocation(_tr("Others"), value, sum(item.share for item in rest))]
    return (*held, *cash)


class _Currency(QFrame):
    """One currency of the portfolio."""

    def __init__(self, theme: ThemeStore) -> None:
        super().__init__()
        self._theme = theme
        self._labels: list[QLabel] = []
        self.caption = label("", "caption")
        self.badge = label("", "badge")
        self.value = label("", "figure", selectable=True)
        self.today = label()
        self.figures: dict[str, QLabel] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(2)
        self.donut = Donut(theme)
        sums = QVBoxLayout()
        sums.setSpacing(2)
        sums.addStretch(1)
        sums.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self.caption, self.value, self.today):
            sums.addWidget(widget)
        sums.addStretch(1)
        head = QHBoxLayout()
        head.addLayout(sums, 1)
        head.addWidget(self.donut)
        layout.addLayout(head)
        layout.addSpacing(6)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        titles = (
            ("cash", _tr("Cash")),
            ("invested", _tr("Invested")),
            ("unrealised", _tr("Unrealised")),
            ("realised", _tr("Realised")),
            ("fees", _tr("Fees")),
        )
        for row, (name, title) in enumerate(titles):
            figure = label()
            figure.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label(title, "muted"), row, 0)
            grid.addWidget(figure, row, 1)
            self.figures[name] = figure
        grid.setColumnStretch(1, 1)
        layout.addLayout(grid)
        layout.addSpacing(8)
        self.legend = QGridLayout()
        self.legend.setHorizontalSpacing(6)
        self.legend.setVerticalSpacing(2)
        self.legend.setColumnStretch(1, 1)
        layout.addLayout(self.legend)

    def show_view(self, view: PortfolioView, *, beside_live: bool) -> None:
        """Show the figures; `beside_live`: there is money at brokers too, which is a sum of its own."""
        code = view.currency
        text = _tr("Sessions at brokers, %1") if view.live else _tr("Total value, %1")
        if beside_live and not view.live:
            text = _tr("Simulated money, %1")
        self.caption.setText(text.replace("%1", code))
        stake = words.stake(real_money=view.real_money)
        self.badge.setText(words.badge_full(stake))
        look(self.badge, mode=stake)
        self.badge.setVisible(view.live)
        self.value.setText(formats.money(view.value, code))
        today, share = formats.money(view.pnl_today, code, signed=True), formats.percent(view.pnl_today_percent)
        self.today.setText(_tr("Today %1 (%2)").replace("%1", formats.marked(today)).replace("%2", share))
        look(self.today, tone=formats.tone(today))
        self.figures["cash"].setText(formats.money(view.cash, code))
        self.figures["invested"].setText(formats.money(view.invested, code))
        self.figures["fees"].setText(formats.money(view.fees, code))
        for name, amount in (("unrealised", view.unrealised), ("realised", view.realised)):
            figure = formats.money(amount, code, signed=True)
            self.figures[name].setText(figure)
            look(self.figures[name], tone=formats.tone(figure))
        slices = folded(view.allocation)
        invested = sum(item.share for item in slices if item.label != "Cash")
        self.donut.show_slices(slices, formats.percent(invested, signed=False, decimals=0))
        self._show_legend(slices)

    def _show_legend(self, slices: tuple[Allocation, ...]) -> None:
        while len(self._labels) < 3 * len(slices):
            row = len(self._labels) // 3
            for column in range(3):
                made = label()
                self.legend.addWidget(made, row, column)
                self._labels.append(made)
            self._labels[-1].setAlignment(Qt.AlignmentFlag.AlignRight)
            self._labels[-3].setFixedSize(9, 9)
        for number, made in enumerate(self._labels):
            made.setVisible(number < 3 * len(slices))
        for number, item in enumerate(slices):
            dot, name, share = self._labels[3 * number : 3 * number + 3]
            style = f"background: {slice_colour(self._theme, slices, number).name()}; border-radius: 2px;"
            if dot.styleSheet() != style:  # to take a style sheet costs Qt more than all the figures
                dot.setStyleSheet(style)
            name.setText(_tr("Cash") if item.label == "Cash" else item.label)
            share.setText(formats.percent(item.share, signed=False, decimals=1))
            share.setToolTip(str(item.value))


class Portfolio(QWidget):
    """One block for each currency; amounts of different currencies are never added."""

    def __init__(self, desk: Desk, theme: ThemeStore, intents: Intents, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._desk, self._theme = desk, theme
        self.blocks: list[_Currency] = []
        self._intents = intents
        self.tag = ModeTag()
        self.tag.setParent(self)  # until the dock takes it into its title line
        self.title_tools: list[QWidget] = [self.tag]
        self.empty = label(
            _tr("No session yet. Value, cash and allocation of all sessions appear here."), "muted", wrap=True
        )
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(20, 20, 20, 20)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.empty, 1)
        self._column.addStretch(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(area, 1)
        self._demo = False
        self._known: set[str] | None = None  # sessions that were looked at for what is at stake in them
        self._pace = QTimer(self)
        self._pace.setSingleShot(True)
        self._pace.setInterval(PACE)
        self._pace.timeout.connect(self._on_pace)
        self._behind = False
        intents.session_changed.connect(self.refresh)
        theme.changed.connect(self.refresh)
        follow(self, desk, self._on_changes)
        self.refresh()

    def _on_changes(self, changes: Changes) -> None:
        changed, removed = changes.changed.get(Table.SESSIONS, frozenset()), Table.SESSIONS in changes.removed
        fresh = removed or not changed <= (self._known or frozenset())
        if fresh:
            self._known = None
        if fresh or not self._pace.isActive():
            if changes.portfolio or changed or removed:
                self._pace.start()
                self.refresh()
        else:
            self._behind = self._behind or changes.portfolio or bool(changed)

    @guarded
    def _on_pace(self) -> None:
        if self._behind:
            self._behind = False
            self._pace.start()
            self.refresh()

    def refresh(self) -> None:
        """Read the portfolio again; the currency of the session that is looked at comes first."""
        row = self._desk.session(self._intents.session_id) if self._intents.session_id else None
        first = row.settings.currency if row is not None else ""
        views = list(self._desk.portfolio())
        views.sort(key=lambda view: (not view.live, not view.real_money, view.currency != first))
        live = any(view.live for view in views)
        while len(self.blocks) < len(views):
            block = _Currency(self._theme)
            if self.blocks:
                self._column.insertWidget(self._column.count() - 1, line())
            self._column.insertWidget(self._column.count() - 1, block)
            self.blocks.append(block)
        for block, view in zip(self.blocks, views, strict=False):
            block.show_view(view, beside_live=live)
        for number, block in enumerate(self.blocks):
            block.setVisible(number < len(views))
        self.empty.setVisible(not views)
        self._column.setStretch(self._column.count() - 1, 1 if views else 0)
        self.tag.show_mode(
            "DEMO" if self._has_demo() and not live else ""
        )  # beside live money each sum says what it is

    def _has_demo(self) -> bool:
        """Return whether a session is on simulated prices; asked anew only when sessions came or went."""
        if self._known is None:
            rows = self._desk.sessions()
            self._known = {row.session_id for row in rows}
            self._demo = any(words.badge(row.settings) == "DEMO" for row in rows)
        return self._demo

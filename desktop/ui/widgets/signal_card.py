"""A pending signal to be judged: the same widget in the panel and in the pop-up."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.commands import PlaceOrder
from desktop.domain.errors import AssayError
from desktop.domain.orders import OrderKind, Side
from desktop.domain.signals import SignalKind
from desktop.engine.api import Desk
from desktop.engine.views import SignalCard as CardView
from desktop.ui import words, work
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.live_words import account_key, where_to
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets import signal_numbers as numbers
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.amount_field import AmountField
from desktop.ui.widgets.choices import chooser, chosen
from desktop.ui.widgets.countdown import Countdown
from desktop.ui.widgets.elided import ElidedLabel
from desktop.ui.widgets.fitting_scroll import FittingScroll
from desktop.ui.widgets.looks import button, label, look
from desktop.ui.widgets.roomy_card import RoomyCard
from desktop.ui.widgets.signal_confirm import ConfirmStrip


class SignalCard(RoomyCard):
    """Shows one pending signal; sends at most one answer, and says what stands in its way.

    Signals:
        later: the user put it aside; it stays in the panel until it is answered or expires.
        picked: the user touched this card: keys act on it from now on.
        details: the user wants to change something first: the panel has the fields.
    """

    later = Signal(str)
    picked = Signal(str)
    details = Signal(str)

    def __init__(
        self, desk: Desk, theme: ThemeStore, card: CardView, parent: QWidget | None = None, *, brief: bool = False
    ) -> None:
        """`brief`: as a pop-up, which cannot take the keyboard: without fields and limits, with a way to them."""
        super().__init__(parent)
        self.setProperty("role", "overlay" if brief else "card")
        self._brief = brief
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._desk, self._theme = desk, theme
        self.signal_id = card.signal.signal_id
        self.card = card
        self._quantity: Decimal | None = None  # as changed by the user
        self._typed = False  # the field is the user's, whatever stands in it
        self._busy = False
        self._build(card)
        self.show_card(card)

    # building --------------------------------------------------------------------------------------------------
    def _build(self, card: CardView) -> None:
        self.badge = label("", "badge")
        self.account = ElidedLabel("muted")
        self.ring = Countdown(self._theme)
        self.title = label("", "heading", wrap=True)
        self.cost = label("", wrap=True)
        self.kind_line = label("", "caption")
        self.figures = numbers.Figures()
        self.bars = [numbers.LimitBar(self._theme) for _ in range(5)]
        self.clauses = numbers.Clauses()
        self.quote = label("", "caption", wrap=True)
        self.obstacle = label("", "error", wrap=True)
        self.quantity = AmountField(self.tr("Quantity"), card.signal.quantity, step=card.instrument.lot)
        self.quantity.setMaximumWidth(110)
        kinds = [(words.order_kind(kind), kind) for kind in (OrderKind.MARKET, OrderKind.LIMIT)]
        self.order_kind = chooser(self.tr("Order type"), kinds, card.signal.order_kind)
        self.limit = AmountField(self.tr("Limit price"))
        self.limit.set_price(card.signal.limit_price or card.signal.price, card.instrument.tick)
        self.limit.setMaximumWidth(110)
        self.approve = button(self.tr("Approve"), "buy" if card.signal.side is Side.BUY else "sell")
        self.reject = button(self.tr("Reject"))
        self.put_off = button(self.tr("Later"), "quiet")
        self.fresh = button(self.tr("Fresh evaluation"), "primary")
        self.change = button(self.tr("Change…"), "quiet", name=self.tr("Change quantity or order type"))
        self.confirm = ConfirmStrip()
        self._lay_out()
        self.quantity.edited.connect(guarded(self._on_quantity))
        self.limit.edited.connect(guarded(self._refresh))
        self.order_kind.currentIndexChanged.connect(guarded(self._refresh))
        self.approve.clicked.connect(guarded(self.ask_approval))
        self.reject.clicked.connect(guarded(self.send_rejection))
        self.put_off.clicked.connect(guarded(lambda: self.later.emit(self.signal_id)))
        self.change.clicked.connect(guarded(lambda: self.details.emit(self.signal_id)))
        self.fresh.clicked.connect(guarded(self._on_fresh))
        self.confirm.sent.connect(guarded(lambda: self._send_approval(confirmed=True)))
        self.confirm.dropped.connect(guarded(self._refresh))
        live = card.session.is_live
        # The safe choice comes first in the order of focus where real money is at stake.
        self.setFocusProxy(self.reject if live else self.approve)

    def _lay_out(self) -> None:
        band = QHBoxLayout()
        band.setSpacing(8)
        band.addWidget(self.badge)
        band.addWidget(self.account, 1)
        text = QVBoxLayout()
        text.setSpacing(0)
        text.addWidget(self.kind_line)
        text.addWidget(self.title)
        text.addWidget(self.cost)
        top = QHBoxLayout()
        top.addLayout(text, 1)
        top.addWidget(self.ring, 0, Qt.AlignmentFlag.AlignTop)
        self._ticket = QWidget()
        ticket = QHBoxLayout(self._ticket)
        ticket.setContentsMargins(0, 0, 0, 0)
        ticket.setSpacing(6)
        for widget in (self.quantity, self.order_kind, self.limit):
            ticket.addWidget(widget, 1)
        self._bars = QWidget()
        bars = QVBoxLayout(self._bars)
        bars.setContentsMargins(0, 0, 0, 0)
        bars.setSpacing(3)
        for bar in self.bars:
            bars.addWidget(bar)
        answers = QHBoxLayout()
        answers.setSpacing(6)
        answers.addWidget(self.approve, 2)
        answers.addWidget(self.fresh, 2)
        answers.addWidget(self.reject, 1)
        answers.addWidget(self.change)
        answers.addWidget(self.put_off)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(7)
        inner.addLayout(top)
        for part in (self.clauses, self.figures, self._bars, self.quote):
            inner.addWidget(part)
        # What it is and what can be answered stay in sight; what lies between scrolls where the panel is low.
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(7)
        layout.addLayout(band)
        layout.addWidget(body if self._brief else FittingScroll(body))
        layout.addWidget(self._ticket)
        layout.addWidget(self.obstacle)
        layout.addWidget(self.confirm)
        layout.addLayout(answers)
        # At last: what is shown before it has a place is a window for a moment, and closes any open list or menu.
        self.change.setVisible(self._brief)
        self._ticket.setVisible(not self._brief)

    # what is shown ---------------------------------------------------------------------------------------------
    def show_card(self, card: CardView) -> None:
        """Show the newest numbers; a quantity the user typed, or is about to, stays."""
        self._at_fault = False
        if self._quantity is not None:
            plain = self._desk.signal(self.signal_id) or card
            card = self._desk.signal(self.signal_id, quantity=self._quantity) or card
            self._at_fault = bool(card.cannot_approve) and not plain.cannot_approve
        self.card = card
        signal = card.signal
        badge = words.badge(card.session)
        self.badge.setText(words.badge_full(badge))
        look(self.badge, mode=badge)
        account = account_key(card.session) if card.session.is_live else card.session.account
        self.account.setText(f"{card.session.name} · {account}")
        self.account.setToolTip(self.account.text())
        kind = self.tr("Entry") if signal.kind is SignalKind.ENTRY else self.tr("Exit by rule")
        overdue = self.tr("overdue") if signal.overdue else ""
        self.kind_line.setText(" · ".join(part for part in (kind, card.instrument.name, overdue) if part))
        self.title.setText(numbers.headline(card))
        self.cost.setText(numbers.cost_line(card))
        self.ring.show_time(card.remaining_us, card.lifetime_us)
        self.clauses.show_lines(card.lines)
        self.figures.show_rows(numbers.figure_rows(card))
        for number, bar in enumerate(self.bars):
            bar.setVisible(number < len(card.limits))
            if number < len(card.limits):
                bar.show_limit(card.limits[number])
        self._bars.setVisible(bool(card.limits) and not self._brief)
        self.quote.setText(numbers.quote_line(card))
        if not (self._typed or self.quantity.hasFocus()):  # prices tick on while somebody types
            self.quantity.set_value(signal.quantity)
        self.setAccessibleName(f"{badge}: {numbers.headline(card)}")
        self._refresh()

    def _refresh(self) -> None:
        """Show what can be done now."""
        card = self.card
        gone = card.remaining_us is not None and card.remaining_us <= 0
        reason = card.cannot_approve or (self.tr("The signal expired.") if gone else "")
        self.limit.setVisible(chosen(self.order_kind, OrderKind) is OrderKind.LIMIT)
        mistake = self._mistake()
        asking = self.confirm.isVisibleTo(self)
        over = bool(reason) and not self._at_fault  # another quantity would not help
        self.approve.setVisible(not over)
        self.approve.setEnabled(not (self._busy or reason or mistake or asking))
        self.fresh.setVisible(over and card.can_be_judged_anew)
        self.fresh.setEnabled(not self._busy)
        self.reject.setEnabled(not self._busy)
        if not self._answer:
            self.obstacle.setText((mistake or reason) if self._at_fault else (reason or mistake))
        self.obstacle.setVisible(bool(self.obstacle.text()))

    _at_fault = False  # the quantity typed is what stands in the way
    _answer = ""  # a refusal of the engine; stays until the user does something

    def _mistake(self) -> str:
        kind = chosen(self.order_kind, OrderKind)
        return numbers.mistake(self.card, self.quantity.value, kind, self.limit.value)

    def show_keys(self, *, shown: bool) -> None:
        """Show the keys on the buttons of the card they act on."""
        self.approve.setText(self.tr("Approve  Alt+A") if shown else self.tr("Approve"))
        self.reject.setText(self.tr("Reject  Alt+R") if shown else self.tr("Reject"))
        look(self, picked="true" if shown else "")

    # what is done ----------------------------------------------------------------------------------------------
    def _on_quantity(self) -> None:
        self._answer, self._typed = "", True
        value = self.quantity.value
        if value is not None and value > 0:
            self._quantity = value
            card = self._desk.signal(self.signal_id, quantity=value)
            if card is not None:
                self.show_card(card)
        self._refresh()

    def _order(self) -> PlaceOrder:
        kind = chosen(self.order_kind, OrderKind)
        limit = self.limit.value if kind is OrderKind.LIMIT else None
        signal = self.card.signal
        quantity = self._quantity or signal.quantity
        return PlaceOrder(signal.symbol, signal.side, quantity, kind, limit, stop_loss=signal.stop)

    def ask_approval(self) -> None:
        """Approve; a large, unusual or real order is asked again in words first."""
        if not self.approve.isEnabled() or self.approve.isHidden():
            return
        unusual = self._desk.estimate(self.card.session.session_id, self._order()).ask_again
        if self.card.session.is_live:
            unusual = " ".join(part for part in (where_to(self._desk, self.card.session), unusual) if part)
        if unusual:
            self.confirm.ask(unusual, self.tr("Send %1").replace("%1", numbers.headline(self.card)))
            self._refresh()
            return
        self._send_approval(confirmed=False)

    def _send_approval(self, *, confirmed: bool) -> None:
        if self._busy:
            return
        order, signal = self._order(), self.card.signal
        changed = order.kind is not signal.order_kind or order.limit_price != signal.limit_price
        asked = self._desk.approve(
            self.signal_id,
            quantity=self._quantity,
            kind=order.kind if changed else None,
            limit_price=order.limit_price if changed else None,
            confirmed=confirmed,
        )
        self._run(asked, "approve", self._done)

    def send_rejection(self) -> None:
        """Turn the signal down."""
        if not self._busy:
            self._run(self._desk.reject(self.signal_id), "reject", self._done)

    def _on_fresh(self) -> None:
        self._run(self._desk.refresh_signal(self.signal_id), "refresh", self._fresher)

    def _run(self, command: Coroutine[Any, Any, None], where: str, then: Callable[[Any], None]) -> None:
        """Send a command; until it is answered no button of the card works."""
        self._start()
        refused = while_alive(self, self._on_refused)
        work.run(command, where=where, on_refused=refused, then=while_alive(self, then))

    def _start(self) -> None:
        self._busy, self._answer = True, ""
        self.confirm.hide()
        self._refresh()

    def _done(self, _: object) -> None:
        """Answered: the card waits, without buttons that could send again, until the desk takes it away."""
        self.kind_line.setText(self.tr("Answered"))

    def _fresher(self, _: object) -> None:
        self._busy = False
        card = self._desk.signal(self.signal_id)
        if card is not None:
            self.show_card(card)

    def _on_refused(self, error: AssayError) -> None:
        self._busy = False
        self._answer = str(error)
        self.obstacle.setText(self._answer)
        self._refresh()

    # focus -----------------------------------------------------------------------------------------------------
    @guarded_override()
    def focusInEvent(self, event: QFocusEvent) -> None:
        self.picked.emit(self.signal_id)
        super().focusInEvent(event)

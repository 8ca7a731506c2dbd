"""The order ticket (F9): what an order would do, shown live, before anything is sent."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.domain.commands import PlaceOrder
from desktop.domain.errors import AssayError
from desktop.domain.instruments import Instrument
from desktop.domain.money import ZERO
from desktop.domain.orders import SINGLE_KINDS, OrderKind, Side, TimeInForce
from desktop.engine.api import Desk, TicketEstimate
from desktop.ui import formats, words, work
from desktop.ui.dialogs.form import FormDialog, Rows
from desktop.ui.guard import guarded
from desktop.ui.live_words import is_live, where_to
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.amount_field import AmountField
from desktop.ui.widgets.choices import chooser, chosen
from desktop.ui.widgets.looks import button, line, look
from desktop.ui.widgets.signal_confirm import ConfirmStrip
from desktop.ui.widgets.signal_numbers import Figures

_AGAIN_MS = 1_000  # the estimate follows the market


def _tr(text: str) -> str:
    return QCoreApplication.translate("OrderTicket", text)


def estimate_rows(found: TicketEstimate, instrument: Instrument) -> list[tuple[str, str, str]]:
    """Return the estimate as (title, figure, tone)."""
    currency = instrument.currency
    rows = [
        (_tr("Price"), formats.price(found.price, instrument), ""),
        (_tr("Value"), formats.money(found.value, currency, code=True), ""),
        (
            _tr("Est. fee + slippage"),
            f"{formats.money(found.fee, currency)} + {formats.money(found.slippage, currency)}",
            "",
        ),
        (
            _tr("Cash after"),
            formats.money(found.cash_after, currency, code=True),
            "down" if found.cash_after < 0 else "",
        ),
        (_tr("Position after"), formats.quantity(found.position_after, instrument), ""),
    ]
    loss = found.loss_at_stop  # its line is always there: nothing moves when a stop is typed
    shown = formats.money(-loss, currency, signed=True, code=True) if loss is not None else formats.NOTHING
    rows.append((_tr("Loss at stop"), shown, "down" if loss is not None else ""))
    return rows


def no_estimate() -> list[tuple[str, str, str]]:
    """Return the lines of an estimate while there is none."""
    titles = ("Price", "Value", "Est. fee + slippage", "Cash after", "Position after", "Loss at stop")
    return [(_tr(title), formats.NOTHING, "") for title in titles]


class OrderTicket(FormDialog):
    """Buys, or sells what is held, by hand; every order passes the same checks as a signal's."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        *,
        session_id: str = "",
        symbol: str = "",
        limit_price: Decimal | None = None,
    ) -> None:
        super().__init__(_tr("Order ticket"), parent)
        self._desk = desk
        self._busy = False
        self.found: TicketEstimate | None = None
        names = [(row.settings.name, row.session_id) for row in desk.sessions()]
        self.session = chooser(_tr("Session"), names, session_id)
        self.symbol = chooser(_tr("Symbol"), [])
        self.side = chooser(_tr("Side"), [(words.side(side), side) for side in Side])
        self.kind = chooser(
            _tr("Order type"),
            [(words.order_kind(kind), kind) for kind in SINGLE_KINDS],
            OrderKind.MARKET if limit_price is None else OrderKind.LIMIT,
        )
        self.quantity = AmountField(_tr("Quantity"))
        self.limit = AmountField(_tr("Limit price"), limit_price)
        self.stop = AmountField(_tr("Stop price"))
        self.force = chooser(
            _tr("Good for"), [(_tr("Day"), TimeInForce.DAY), (_tr("Until cancelled"), TimeInForce.GTC)]
        )
        self.stop_loss = AmountField(_tr("Stop loss at"))
        self.take_profit = AmountField(_tr("Take profit at"))
        self.rows = Rows()
        self._lay_out()
        self._fill_symbols(symbol)
        for field in (self.quantity, self.limit, self.stop, self.stop_loss, self.take_profit):
            field.edited.connect(guarded(self.refresh))
        self.session.currentIndexChanged.connect(guarded(lambda: self._fill_symbols("")))
        self.symbol.currentIndexChanged.connect(guarded(self._on_symbol))
        for box in (self.side, self.kind, self.force):
            box.currentIndexChanged.connect(guarded(self.refresh))
        self._timer = QTimer(self)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(guarded(self.refresh))
        self._timer.start()
        self.quantity.setFocus()  # Enter presses nothing there, and an order that leaves the program is asked for again

    def _lay_out(self) -> None:
        rows = self.rows
        rows.put("session", _tr("Session"), self.session)
        rows.put("symbol", _tr("Symbol"), self.symbol)
        rows.put("side", _tr("Side"), self.side)
        hint = _tr("Armed when the order fills; empty: none.")
        rows.put("quantity", _tr("Quantity"), self.quantity, room=True)
        rows.put("kind", _tr("Order type, good for"), self.kind, self.force)
        rows.put("limit_price", _tr("Limit price"), self.limit, room=True)
        rows.put("stop_price", _tr("Stop price"), self.stop, room=True)
        rows.put("stop_loss", _tr("Stop loss at"), self.stop_loss, hint=hint, room=True)
        rows.put("take_profit", _tr("Take profit at"), self.take_profit, hint=hint, room=True)
        rows.setVerticalSpacing(4)
        self.outer.addLayout(rows)
        self.outer.addWidget(line())
        self.figures = Figures()
        self.figures.show_rows(no_estimate())
        self.outer.addWidget(self.figures)
        self.send = button(_tr("Buy"), "buy")
        self._build_said()
        self.finish(self.send)
        self._said.insertWidget(0, self.answer)
        self.send.clicked.connect(guarded(self._on_send))
        self.confirm.sent.connect(guarded(lambda: self._place(confirmed=True)))
        self.confirm.dropped.connect(guarded(self.refresh))

    def _build_said(self) -> None:
        """Keep room for what is asked and answered; what is higher than that grows the dialog below the fields."""
        self.confirm = ConfirmStrip()
        self.confirm.sentence.setText(" ")
        said = QWidget()
        column = QVBoxLayout(said)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.confirm)
        column.addStretch(1)
        self._said = column
        self.outer.addWidget(said)
        self.outer.addStretch(1)  # room that is left over stands here, never between the fields

    def measure_room(self) -> None:
        """Keep the room of the question and of an answer of one line."""
        super().measure_room()
        self.confirm.ensurePolished()
        line = self.answer.fontMetrics().lineSpacing() + self._said.spacing()
        room = max(self.confirm.sizeHint().height(), self.confirm.minimumSizeHint().height()) + line
        said = self._said.parentWidget()
        if said is not None:
            said.setMinimumHeight(room)

    # what is shown ---------------------------------------------------------------------------------------------
    @property
    def session_id(self) -> str:
        """The chosen session; empty when there is none."""
        return str(self.session.currentData() or "")

    def instrument(self) -> Instrument | None:
        """Return the chosen instrument."""
        found = self.symbol.currentData()
        return found if isinstance(found, Instrument) else None

    def _fill_symbols(self, wanted: str) -> None:
        row = self._desk.session(self.session_id) if self.session_id else None
        self.symbol.blockSignals(True)
        self.symbol.clear()
        for item in row.settings.instruments if row is not None else ():
            self.symbol.addItem(f"{item.symbol}  {item.name}".strip(), item)
            if item.symbol == wanted:
                self.symbol.setCurrentIndex(self.symbol.count() - 1)
        self.symbol.blockSignals(False)
        self.show_badge(row.settings if row is not None else None)
        self._on_symbol()

    def _on_symbol(self) -> None:
        item = self.instrument()
        if item is not None:
            self.quantity.step = item.lot
            for field in (self.limit, self.stop, self.stop_loss, self.take_profit):
                field.set_price(field.value, item.tick)
            view = self._desk.estimate(self.session_id, PlaceOrder(item.symbol, Side.BUY, item.lot))
            if view.price is not None:
                text = formats.price(view.price, item)
                for field in (self.limit, self.stop):
                    field.setPlaceholderText(text)
        self.refresh()

    def order(self, *, confirmed: bool = False) -> PlaceOrder | None:
        """Return the order as filled in; None while a mistake is in it."""
        item, quantity = self.instrument(), self.quantity.value
        kind = chosen(self.kind, OrderKind)
        if item is None or quantity is None or self.mistakes():
            return None
        side = chosen(self.side, Side)
        buying = side is Side.BUY
        return PlaceOrder(
            item.symbol,
            side,
            quantity,
            kind,
            self.limit.value if kind in (OrderKind.LIMIT, OrderKind.STOP_LIMIT) else None,
            self.stop.value if kind in (OrderKind.STOP, OrderKind.STOP_LIMIT) else None,
            chosen(self.force, TimeInForce),
            self.stop_loss.value if buying else None,
            self.take_profit.value if buying else None,
            confirmed=confirmed,
        )

    def mistakes(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        found: dict[str, str] = {}
        item, quantity = self.instrument(), self.quantity.value
        kind = chosen(self.kind, OrderKind)
        if item is None:
            found["symbol"] = _tr("Choose a session with symbols first.")
            return found
        if quantity is None or quantity <= ZERO:
            found["quantity"] = _tr("A number above zero is needed.")
        elif item.quantity(quantity) != quantity:
            found["quantity"] = _tr("Goes in steps of %1.").replace("%1", f"{item.lot.normalize():f}")
        needed = {
            "limit_price": (self.limit, kind in (OrderKind.LIMIT, OrderKind.STOP_LIMIT)),
            "stop_price": (self.stop, kind in (OrderKind.STOP, OrderKind.STOP_LIMIT)),
            "stop_loss": (self.stop_loss, False),
            "take_profit": (self.take_profit, False),
        }
        for name, (field, must) in needed.items():
            value = field.value
            if field.wrong or (must and value is None) or (value is not None and value <= ZERO):
                found[name] = _tr("A price above zero is needed.")
            elif value is not None and item.price(value) != value:
                found[name] = _tr("Prices go in steps of %1.").replace("%1", f"{item.tick.normalize():f}")
        if chosen(self.side, Side) is Side.BUY:
            found = self._wrong_side(item, kind) | found
        return found

    def _wrong_side(self, item: Instrument, kind: OrderKind) -> dict[str, str]:
        """Return which of stop and target would sell as soon as the order fills."""
        bought = self._price_to_pay(item, kind)
        if bought is None:
            return {}
        found = {}
        if self.stop_loss.value is not None and self.stop_loss.value >= bought:
            found["stop_loss"] = _tr("The stop must be below the price (%1).")
        if self.take_profit.value is not None and self.take_profit.value <= bought:
            found["take_profit"] = _tr("The target must be above the price (%1).")
        return {name: text.replace("%1", formats.price(bought, item)) for name, text in found.items()}

    def _price_to_pay(self, item: Instrument, kind: OrderKind) -> Decimal | None:
        """Return at which price the order would fill now, or at which it waits; None: nobody knows."""
        market = self._desk.estimate(self.session_id, PlaceOrder(item.symbol, Side.BUY, item.lot)).price
        stop, limit = self.stop.value, self.limit.value
        price = market
        if kind in (OrderKind.STOP, OrderKind.STOP_LIMIT) and stop is not None:
            price = stop if price is None else max(stop, price)
        if kind in (OrderKind.LIMIT, OrderKind.STOP_LIMIT) and limit is not None:
            price = limit if price is None else min(limit, price)
        return price

    def refresh(self) -> None:
        """Show the estimate of what is filled in."""
        kind = chosen(self.kind, OrderKind)
        side = chosen(self.side, Side)
        self.rows.show_row("limit_price", shown=kind in (OrderKind.LIMIT, OrderKind.STOP_LIMIT))
        self.rows.show_row("stop_price", shown=kind in (OrderKind.STOP, OrderKind.STOP_LIMIT))
        for name in ("stop_loss", "take_profit"):
            self.rows.show_row(name, shown=side is Side.BUY)
        found = self.mistakes()
        if not self.quantity.text():
            found.pop("quantity", None)
        self.rows.show_mistakes(found)
        order, item = self.order(), self.instrument()
        self.found = self._desk.estimate(self.session_id, order) if order is not None else None
        if self.found is not None and item is not None:
            self.figures.show_rows(estimate_rows(self.found, item))
            self.refuse(self.found.blocked)
        else:
            self.figures.show_rows(no_estimate())
        if item is not None:
            amount = formats.quantity(self.quantity.value, item) if self.quantity.value is not None else ""
            self.send.setText(f"{words.side(side)} {amount} {item.symbol}".replace("  ", " "))
            self.send.setAccessibleName(self.send.text())
        look(self.send, role=words.side_tone(side))
        blocked = self.found is None or bool(self.found.blocked)
        self.send.setEnabled(not (blocked or self._busy or self.confirm.isVisibleTo(self)))

    # what is done ----------------------------------------------------------------------------------------------
    def _on_send(self) -> None:
        row = self._desk.session(self.session_id)
        live = where_to(self._desk, row.settings) if row is not None and is_live(row.settings) else ""
        asked = " ".join(part for part in (live, self.found.ask_again if self.found is not None else "") if part)
        if asked:
            self.confirm.ask(asked, _tr("Send: %1").replace("%1", self.send.text()))
            self.refresh()
            return
        self._place(confirmed=False)

    def _place(self, *, confirmed: bool) -> None:
        order = self.order(confirmed=confirmed)
        if order is None or self._busy:
            return
        self._busy = True
        self._timer.stop()
        self.send.setEnabled(False)
        work.run(
            self._desk.place_order(self.session_id, order),
            where="order ticket",
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, lambda _: self.close()),
        )

    def _on_refused(self, error: AssayError) -> None:
        self._busy = False
        self.refresh()
        self.refuse(str(error))


def open_order_ticket(
    desk: Desk,
    theme: ThemeStore,  # noqa: ARG001 - every dialog is opened with the same arguments
    parent: QWidget,
    *,
    session_id: str = "",
    symbol: str = "",
    limit_price: Decimal | None = None,
) -> OrderTicket:
    """Open the ticket."""
    dialog = OrderTicket(desk, parent, session_id=session_id, symbol=symbol, limit_price=limit_price)
    dialog.show()
    return dialog

"""The figures and reasons of a signal card: what it costs, what can be lost, what is left, why."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.domain.instruments import AssetClass, Instrument
from desktop.domain.money import ONE
from desktop.domain.orders import OrderKind, Side
from desktop.engine.views import LimitLeft, SignalCard
from desktop.ui import formats
from desktop.ui.guard import guarded_override
from desktop.ui.theme import ThemeStore, text_font
from desktop.ui.widgets.looks import label, look

#: Sign of a verdict; the tone colours it.
VERDICTS = {"true": ("✓", "good"), "false": ("✗", "bad"), "unknown": ("?", "warning")}


def _tr(text: str) -> str:
    return QCoreApplication.translate("SignalCard", text)


class LimitBar(QWidget):
    """One limit: its name, a bar of what the order would use of it, and both figures."""

    def __init__(self, theme: ThemeStore) -> None:
        super().__init__()
        self._theme = theme
        self._limit: LimitLeft | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @guarded_override(QSize())
    def sizeHint(self) -> QSize:
        return QSize(160, 20)

    def show_limit(self, limit: LimitLeft) -> None:
        """Show a limit."""
        self._limit = limit
        text = _tr("%1: %2 of %3 used after this order")
        text = text.replace("%1", limit.name).replace("%2", limit.used).replace("%3", limit.limit)
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    @guarded_override()
    def paintEvent(self, _event: QPaintEvent) -> None:
        limit = self._limit
        if limit is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(scale=0.92))
        line = QRectF(0, 0, self.width(), 15)
        painter.setPen(self._theme.colour("text_muted"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | middle, limit.name[:1].upper() + limit.name[1:])
        painter.setPen(self._theme.colour("bad" if limit.share > 1 else "text"))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | middle, f"{limit.used} / {limit.limit}")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("border_strong"))
        painter.drawRoundedRect(QRectF(0, 16, self.width(), 3), 1.5, 1.5)
        tone = "bad" if limit.share > 1 else "warning" if limit.share > 0.8 else "accent"
        painter.setBrush(self._theme.colour(tone))
        painter.drawRoundedRect(QRectF(0, 16, self.width() * min(max(limit.share, 0.0), 1.0), 3), 1.5, 1.5)


class Figures(QWidget):
    """Pairs of a title and a figure in two columns."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []

    def show_rows(self, rows: list[tuple[str, str, str]]) -> None:
        """Show (title, figure, tone) rows."""
        while len(self._rows) < len(rows):
            pair = (label("", "muted"), label("", selectable=False))
            pair[1].setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(pair[0], len(self._rows), 0)
            self._grid.addWidget(pair[1], len(self._rows), 1)
            self._rows.append(pair)
        for number, (title, figure) in enumerate(self._rows):
            shown = number < len(rows)
            title.setVisible(shown)
            figure.setVisible(shown)
            if shown:
                title.setText(rows[number][0])
                figure.setText(rows[number][1])
                look(figure, tone=rows[number][2])

    def texts(self) -> dict[str, str]:
        """Return what is shown, by title."""
        return {title.text(): figure.text() for title, figure in self._rows if not title.isHidden()}


class Clauses(QWidget):
    """The rule clause by clause, each with its sign."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(1)
        self._rows: list[QLabel] = []

    def show_lines(self, lines: tuple[tuple[str, str], ...]) -> None:
        """Show (sentence, verdict) lines."""
        while len(self._rows) < len(lines):
            made = label("", wrap=True)
            self._layout.addWidget(made)
            self._rows.append(made)
        for number, made in enumerate(self._rows):
            made.setVisible(number < len(lines))
            if number < len(lines):
                sentence, verdict = lines[number]
                sign, tone = VERDICTS.get(verdict, VERDICTS["unknown"])
                made.setText(f"{sign}  {sentence}")
                made.setAccessibleName(f"{sentence}: {verdict}")
                look(made, tone=tone)
        self.setVisible(bool(lines))


def headline(card: SignalCard) -> str:
    """Return "BUY 500 Samsung @ 71,000"."""
    signal, instrument = card.signal, card.instrument
    side = _tr("BUY") if signal.side is Side.BUY else _tr("SELL")
    name = instrument.symbol
    return f"{side} {formats.quantity(signal.quantity, instrument)} {name} @ {formats.price(_price(card), instrument)}"


def cost_line(card: SignalCard) -> str:
    """Return "= 35,500,000 KRW"."""
    return f"= {formats.money(card.signal.estimated_cost, card.session.currency, code=True)}"


def _price(card: SignalCard) -> Decimal:
    """Return the price the cost of the card is counted at: the limit, or what the market asks (bids) now."""
    signal = card.signal
    if signal.limit_price is not None:
        return signal.limit_price
    now = card.ask if signal.side is Side.BUY else card.bid
    return now if now is not None else signal.price


def figure_rows(card: SignalCard) -> list[tuple[str, str, str]]:
    """Return the figures of a card as (title, figure, tone)."""
    signal, instrument, currency = card.signal, card.instrument, card.session.currency
    fee = formats.money(signal.estimated_fee, currency)
    slip = formats.money(signal.estimated_slippage, currency)
    rows = [(_tr("Est. fee + slippage"), f"{fee} + {slip}", "")]
    whole = instrument.lot == ONE and instrument.asset_class is AssetClass.SHARE
    if card.session.is_live and whole and signal.side is Side.BUY:
        rows.append((_tr("Size rounded down to"), _tr("whole shares"), ""))
    if signal.stop is not None or signal.target is not None:
        stop, target = formats.price(signal.stop, instrument), formats.price(signal.target, instrument)
        rows.append((_tr("Stop / target"), f"{stop} / {target}", ""))
    if signal.loss_at_stop is not None:
        rows.append(
            (_tr("Loss at stop"), formats.money(-signal.loss_at_stop, currency, signed=True, code=True), "down")
        )
    rows.append((_tr("Position after"), formats.quantity(card.position_after, instrument), ""))
    share = formats.percent(card.exposure_percent, signed=False, decimals=1)
    rows.append((_tr("Exposure after"), f"{formats.money(card.exposure_after, currency)} ({share})", ""))
    return rows


def mistake(card: SignalCard, quantity: Decimal | None, kind: OrderKind | None, limit: Decimal | None) -> str:
    """Return what is wrong with what was typed on a card, as a sentence; empty: nothing."""
    if quantity is None or quantity <= 0:
        return _tr("The quantity must be a number above zero.")
    if card.instrument.quantity(quantity) != quantity:
        return _in_steps(card.instrument)
    if kind is OrderKind.LIMIT and not limit:
        return _tr("A limit order needs a price.")
    return ""


def _in_steps(item: Instrument) -> str:
    """Return in which quantities an instrument is traded, as a sentence."""
    if item.lot == ONE and item.asset_class is AssetClass.SHARE:
        return _tr("The quantity goes in whole shares.")
    return _tr("The quantity goes in steps of %1.").replace("%1", f"{item.lot.normalize():f}")


def quote_line(card: SignalCard) -> str:
    """Return the quote and how old it is: "71,000 / 71,100, 320 ms old, moved +0.04 %"."""
    if card.bid is None or card.ask is None:
        return _tr("No quote yet")
    pair = f"{formats.price(card.bid, card.instrument)} / {formats.price(card.ask, card.instrument)}"
    parts = [pair]
    if card.quote_age_us is not None:
        parts.append(_tr("%1 old").replace("%1", formats.age(card.quote_age_us)))
    parts.append(_tr("moved %1").replace("%1", formats.percent(card.drift_percent)))
    return " · ".join(parts)

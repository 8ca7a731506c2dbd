"""Journal and broker side by side as rows of a table: holdings, orders placed elsewhere, orders nobody knows of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from desktop.domain.broker import BrokerOrder, Holding
from desktop.domain.money import ZERO
from desktop.domain.orders import Order, OrderId
from desktop.domain.positions import Position
from desktop.engine.views import AccountView
from desktop.ui import formats, words
from desktop.ui.widgets.columns import Column, Kind

MOST_DECIMALS = 8


class Line(StrEnum):
    """What a row is about; the value is its key."""

    UNKNOWN = "unknown"
    DIFFERENCE = "difference"
    FOREIGN = "foreign"
    EXTERNAL = "external"
    HOLDING = "holding"


_ORDER = tuple(Line)


@dataclass(frozen=True, slots=True)
class ReconciliationRow:
    """One row: a symbol's holdings, or an order."""

    account: str
    line: Line
    symbol: str
    text: str
    holding: Holding | None = None
    order_id: OrderId | None = None  # of an order, not of a holding

    @property
    def key(self) -> str:
        """Stable key of the row."""
        return f"{self.line.value}/{self.order_id or self.symbol}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Reconciliation", text)


def amount(value: Decimal | None, *, signed: bool = False) -> str:
    """Return a quantity with the decimals it has; the broker names no instrument."""
    if value is None:
        return ""
    exponent = value.normalize().as_tuple().exponent
    decimals = min(max(0, -exponent) if isinstance(exponent, int) else 0, MOST_DECIMALS)
    return formats.number(value, decimals, signed=signed)


def rows_of(view: AccountView, names: Mapping[str, str]) -> list[ReconciliationRow]:
    """Return an account's rows, what asks for a decision first; `names`: of sessions by id."""
    key = view.key
    rows = [
        ReconciliationRow(key, Line.UNKNOWN, order.symbol, _unknown_text(order, names), order_id=order.order_id)
        for order in view.unknown
    ]
    for holding in view.holdings:
        line = Line.DIFFERENCE if holding.difference else Line.HOLDING
        rows.append(ReconciliationRow(key, line, holding.symbol, _holding_text(holding), holding))
    foreign = set(view.foreign)
    shown = {order.order_id for order in view.external}
    for found in view.external:
        line = Line.FOREIGN if found.order_id in foreign else Line.EXTERNAL
        text = _foreign_text() if line is Line.FOREIGN else _external_text()
        rows.append(
            ReconciliationRow(key, line, found.symbol, f"{_order_words(found)}. {text}", order_id=found.order_id)
        )
    for order_id in view.foreign:
        if order_id not in shown:
            text = f"{_tr('Order %1, done by now').replace('%1', order_id)}. {_foreign_text()}"
            rows.append(ReconciliationRow(key, Line.FOREIGN, "", text, order_id=OrderId(order_id)))
    return sorted(rows, key=lambda row: (_ORDER.index(row.line), row.symbol))


def nothing_to_compare() -> tuple[str, str]:
    """Return headline and hint where neither side held anything at the last comparison."""
    text = _tr("At the last comparison neither the broker nor a session held anything on this account.")
    return _tr("Nothing to compare"), text


def words_of_nothing(view: AccountView, held: Iterable[Position]) -> tuple[str, str]:
    """Return headline and hint of an account without any row; `held`: what its sessions hold by now."""
    sums: dict[str, Decimal] = {}
    for position in held:
        sums[position.symbol] = sums.get(position.symbol, ZERO) + position.quantity
    journal = ", ".join(f"{amount(quantity)} {symbol}" for symbol, quantity in sorted(sums.items()) if quantity)
    answers = view.ready and not view.slow and bool(journal)
    if view.reconciled_at and not journal:
        return nothing_to_compare()
    if answers:
        text = _tr("The journal holds %1. The next comparison with the broker will show both.")
    elif view.reconciled_at:
        text = _tr("No answer from the broker since %2; the journal holds %1.")
    elif journal:
        text = _tr("No answer from the broker yet; the journal holds %1.")
    else:
        text = _tr("No answer from the broker yet; the journal holds nothing.")
    since = formats.clock(view.reconciled_at, seconds=False)
    return _tr("Not compared yet"), text.replace("%1", journal).replace("%2", since)


def _holding_text(holding: Holding) -> str:
    if holding.difference:
        return _tr("Nobody has explained %1. No entries, exits wait until you adopt or ignore it.").replace(
            "%1", amount(holding.difference, signed=True)
        )
    if holding.ignored:
        return _tr("%1 are not Assay's, by your word.").replace("%1", amount(holding.ignored))
    return _tr("Journal and broker agree.")


def _unknown_text(order: Order, names: Mapping[str, str]) -> str:
    text = _tr("%1 %2 of “%3” was sent and not answered for. The broker is asked; its money stays bound.")
    for place, value in enumerate(
        (words.side(order.side), amount(order.quantity), names.get(order.session_id, order.session_id)), 1
    ):
        text = text.replace(f"%{place}", value)
    return text


def _external_text() -> str:
    return _tr("Placed outside Assay: shown, never touched.")


def _foreign_text() -> str:
    return _tr("Placed by another Assay: sessions here are paused. Let one Assay alone trade on an account.")


def _order_words(found: BrokerOrder) -> str:
    price = found.limit_price if found.limit_price is not None else found.stop_price
    at = f" {amount(price)}" if price is not None else ""
    filled = f", {_tr('%1 filled').replace('%1', amount(found.filled))}" if found.filled > ZERO else ""
    when = formats.date_time(found.created_at)
    kind = words.order_kind(found.kind).lower()
    return f"{words.side(found.side)} {amount(found.quantity)} {kind}{at}{filled}, {when}"


def line_word(row: ReconciliationRow) -> str:
    """Return what a row is about, in a word."""
    return {
        Line.UNKNOWN: _tr("Unknown"),
        Line.DIFFERENCE: _tr("Differs"),
        Line.FOREIGN: _tr("Other Assay"),
        Line.EXTERNAL: _tr("External"),
        Line.HOLDING: _tr("Agrees"),
    }[row.line]


def line_tone(row: ReconciliationRow) -> str:
    """Return the token of a row's word."""
    return {
        Line.UNKNOWN: "bad",
        Line.DIFFERENCE: "bad",
        Line.FOREIGN: "warning",
        Line.EXTERNAL: "accent",
        Line.HOLDING: "good",
    }[row.line]


def decide_word(row: ReconciliationRow) -> str:
    """Return the first thing that can be done about a row; empty: nothing."""
    return {Line.DIFFERENCE: _tr("Adopt…"), Line.UNKNOWN: _tr("Lost…")}.get(row.line, "")


def ignore_word(row: ReconciliationRow) -> str:
    """Return the second thing that can be done about a row; empty: nothing."""
    return _tr("Ignore…") if row.line is Line.DIFFERENCE else ""


def columns() -> list[Column[ReconciliationRow]]:
    """Return the columns of the table."""

    def number(key: str, title: str, about: str, width: int = 72) -> Column[ReconciliationRow]:
        return Column(
            key,
            title,
            lambda row: getattr(row.holding, key) if row.holding is not None else None,
            lambda row: amount(getattr(row.holding, key)) if row.holding is not None else "",
            Kind.NUMBER,
            width,
            about=about,
        )

    return [
        Column("line", _tr("What"), line_word, kind=Kind.TONED, width=82, tone=line_tone, tip=lambda row: row.text),
        Column("symbol", _tr("Symbol"), lambda row: row.symbol, kind=Kind.TONED, width=80, tone=lambda _: "text"),
        number("journal", _tr("Journal"), _tr("What Assay's sessions on the account hold together")),
        number("broker", _tr("Broker"), _tr("What the broker holds")),
        number("ignored", _tr("Ignored"), _tr("What you said is not Assay's")),
        Column(
            "difference",
            _tr("Difference"),
            lambda row: row.holding.difference if row.holding is not None else None,
            lambda row: amount(row.holding.difference, signed=True) if row.holding is not None else "",
            Kind.SIGNED,
            82,
            about=_tr("Broker less journal less ignored: what nobody has explained"),
        ),
        Column("decide", _tr("Decide"), lambda _: "", decide_word, Kind.BUTTON, 68),
        Column("ignore", "", lambda _: "", ignore_word, Kind.BUTTON, 66),
        Column("text", _tr("What it means"), lambda row: row.text, width=420, tip=lambda row: row.text),
    ]

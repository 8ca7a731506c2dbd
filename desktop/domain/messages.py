"""What goes into a session core: bars, quotes, order reports, commands, clock ticks. A week is a list of these."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop.domain.commands import Command
from desktop.domain.fills import OrderReport
from desktop.domain.market import Bar, Quote
from desktop.domain.money import ONE
from desktop.domain.orders import Order
from desktop.domain.quick import quick


@quick
@dataclass(frozen=True, slots=True)
class BarsPassed:
    """Prices moved inside these bars (a replay of bars only): first the open, then the range. Triggers are judged."""

    at: int  # µs UTC, end of the bars
    bars: tuple[Bar, ...]


@quick
@dataclass(frozen=True, slots=True)
class BarsClosed:
    """All symbols' bars of the session's timeframe that close at one instant. Rules are judged on it."""

    at: int  # µs UTC, end of the bars
    bars: tuple[Bar, ...]


@quick
@dataclass(frozen=True, slots=True)
class Quotes:
    """One burst of checked quotes, oldest first."""

    at: int  # µs UTC, message time: never before the last message's
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class BadQuote:
    """A quote of the symbol was dropped: its price is not to be trusted until the next good one."""

    at: int
    symbol: str
    reason: str


@quick
@dataclass(frozen=True, slots=True)
class ClockTick:
    """Time passed: expiries, staleness, day changes, the trigger poll."""

    at: int


@quick
@dataclass(frozen=True, slots=True)
class Report:
    """A broker said something about an order."""

    at: int
    report: OrderReport


@quick
@dataclass(frozen=True, slots=True)
class Asked:
    """A command of the user."""

    at: int
    command: Command
    by: str = "user"


@dataclass(frozen=True, slots=True)
class OrderSending:
    """The shell is about to send this order (its intent is durable): INTENT -> SENDING."""

    at: int
    order_id: str


@dataclass(frozen=True, slots=True)
class OrderUnresolved:
    """Sending ended without an answer: the order may or may not be at the broker."""

    at: int
    order_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrderFound:
    """The broker holds an order of this session that its journal does not know (it was sent and never stored)."""

    at: int
    order: Order


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The connection to the account stands and was reconciled, or is lost."""

    at: int
    connected: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Halted:
    """Trading in a symbol was halted by its market; an empty reason: it goes on."""

    at: int
    symbol: str
    reason: str
    by: str = "broker"  # or "feed": each takes back its own word only


@dataclass(frozen=True, slots=True)
class DifferenceFound:
    """The broker's account holds more (or less) of a symbol than Assay's journals say; quantity 0: explained now."""

    at: int
    symbol: str
    quantity: Decimal  # the broker's holding less the journals'
    price: Decimal  # per unit, what the difference is to be booked at when it is adopted
    sentence: str = ""
    ratio: Decimal = ONE  # not 1: it looks like a split, new units for each old one


Message = (
    BarsPassed
    | BarsClosed
    | Quotes
    | BadQuote
    | ClockTick
    | Report
    | Asked
    | OrderSending
    | OrderUnresolved
    | OrderFound
    | LinkChanged
    | Halted
    | DifferenceFound
)

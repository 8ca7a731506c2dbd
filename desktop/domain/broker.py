"""What a broker outside the process says: its account, holdings, orders and clock, and what it is able to do."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from desktop.domain.fills import Fill
from desktop.domain.money import ZERO
from desktop.domain.orders import OrderId, OrderKind, OrderStatus, Side, TimeInForce


class LinkState(StrEnum):
    """How the connection to a broker's account stands."""

    OFF = "off"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    RECONNECTING = "reconnecting"  # lost; it is tried again by itself
    REFUSED = "refused"  # the credentials are not accepted: nothing is tried until they are replaced


@dataclass(frozen=True, slots=True)
class AccountRef:
    """Names one account at one broker; what sessions, credentials and reconciliation are filed under."""

    broker_id: str  # "alpaca" | "binance" ...
    account: str  # the name the user gave it, unique per broker

    @property
    def key(self) -> str:
        """`broker/account`, as it is shown and stored."""
        return f"{self.broker_id}/{self.account}"


@dataclass(frozen=True, slots=True)
class BrokerAbilities:
    """What a broker can do with an order; what it cannot is refused here, before anything is sent."""

    kinds: frozenset[OrderKind]
    times_in_force: frozenset[TimeInForce]
    replaces: bool  # a working order can be changed in place
    resting_stop: bool  # a stop-loss can rest at the broker
    resting_pair: bool  # a stop-loss and a take-profit can rest together, one cancelling the other
    has_clock: bool  # it says itself when the market is open
    real_money: bool  # False: the broker's own paper endpoint


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """An account as the broker states it; money in `currency`."""

    ref: AccountRef
    number: str  # the broker's own, as far as it may be shown
    currency: str
    equity: Decimal
    cash: Decimal
    buying_power: Decimal
    day_start_equity: Decimal | None  # at the last close; None: the broker does not say
    at: int  # µs UTC, when it was asked
    blocked: str = ""  # why the broker lets it trade nothing; empty = it may


@dataclass(frozen=True, slots=True)
class BrokerPosition:
    """A holding as the broker states it."""

    symbol: str
    quantity: Decimal  # below zero: short (never Assay's own)
    average_price: Decimal


@dataclass(frozen=True, slots=True)
class BrokerOrder:
    """An order as the broker states it."""

    order_id: OrderId  # the client order id; the broker's own id where it was placed without one
    broker_order_id: str
    symbol: str
    side: Side
    kind: OrderKind
    quantity: Decimal
    filled: Decimal
    average_price: Decimal | None
    status: OrderStatus
    time_in_force: TimeInForce
    limit_price: Decimal | None
    stop_price: Decimal | None
    created_at: int  # µs UTC
    updated_at: int
    reason: str = ""
    fills: tuple[Fill, ...] = ()  # those the answer itself holds; a missing one is found by `Broker.fills`


@dataclass(frozen=True, slots=True)
class BrokerClock:
    """Whether the broker's market is open, by the broker's word."""

    at: int  # µs UTC
    is_open: bool
    next_open: int
    next_close: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two exits that rest together at the broker: what one fills, the other no longer can."""

    take_profit: Decimal  # limit price
    stop_loss: Decimal  # stop price


@dataclass(frozen=True, slots=True)
class Holding:
    """One symbol on one account side by side: what Assay's journal says, and what the broker says."""

    symbol: str
    journal: Decimal  # sum over Assay's sessions on the account
    broker: Decimal
    ignored: Decimal = ZERO  # part of the difference that the user said is not Assay's

    @property
    def difference(self) -> Decimal:
        """What nobody has explained."""
        return self.broker - self.journal - self.ignored


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One field of a broker's credentials as the dialog shows it."""

    name: str
    label: str
    secret: bool = True
    optional: bool = False


@dataclass(frozen=True, slots=True)
class BrokerChoice:
    """A broker that can be chosen, and what it asks for."""

    broker_id: str
    title: str
    real_money: bool
    fields: tuple[CredentialField, ...]
    feed: str  # key of the feed with its own prices
    help: str  # where the user gets the credentials

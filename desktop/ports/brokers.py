"""What the engine needs of a broker over a wire. Paper sessions have a simulated venue inside their unit instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from desktop.domain.broker import (
    AccountInfo,
    AccountRef,
    BrokerAbilities,
    BrokerChoice,
    BrokerClock,
    BrokerOrder,
    BrokerPosition,
    LinkState,
    Pair,
)
from desktop.domain.fills import Fill, OrderReport
from desktop.domain.instruments import Instrument
from desktop.domain.orders import Order, OrderId


class BrokerListener(Protocol):
    """Where a broker hands over what it hears: direct calls on the loop, in the order heard."""

    def on_report(self, report: OrderReport) -> None:
        """Take what the order stream says of an order that carries one of our client order ids, or any other."""
        ...

    def on_order(self, order: BrokerOrder) -> None:
        """Take the whole state of an order that was heard of, also of one placed elsewhere."""
        ...

    def on_link(self, state: LinkState, detail: str) -> None:
        """Take a change of the connection; after CONNECTED everything may have been missed: reconcile."""
        ...


class Broker(Protocol):
    """One account at one broker. Every coroutine runs on the loop and blocks nothing.

    Errors of every call: `NotSent` (certainly not there), `OutcomeUnknown` (left, no answer), `OrderRefused` (the
    broker said no), `CredentialsRefused`. Reads raise `BrokerFault`. No call places an order twice by itself.
    """

    ref: AccountRef
    abilities: BrokerAbilities

    async def start(self, listener: BrokerListener) -> AccountInfo:
        """Connect and authenticate, begin to listen, and return the account; later losses are mended by itself.

        Raises:
            CredentialsRefused: it is not tried again.
            BrokerFault: it cannot be reached now; it keeps trying, `on_link` tells.
        """
        ...

    async def stop(self) -> None:
        """Close every connection; orders at the broker are left as they are."""
        ...

    async def account(self) -> AccountInfo: ...

    async def positions(self) -> Sequence[BrokerPosition]: ...

    async def open_orders(self) -> Sequence[BrokerOrder]:
        """Return every order that can still fill, also those placed elsewhere."""
        ...

    async def recent_orders(self, since: int) -> Sequence[BrokerOrder]:
        """Return every order created or changed since `since` (µs UTC), open or done, oldest first."""
        ...

    async def order(self, order_id: OrderId, symbol: str) -> BrokerOrder | None:
        """Return an order by its client order id; None: not found, which with a lagging read proves nothing."""
        ...

    async def fills(self, since: int, symbols: Sequence[str]) -> Sequence[Fill]:
        """Return executions since `since` (µs UTC) with the client order ids they belong to, oldest first."""
        ...

    async def submit(self, order: Order, *, pair: Pair | None = None) -> BrokerOrder:
        """Place an order under its client order id, once.

        Args:
            order: What to place; its quantity and prices are multiples of the instrument's steps.
            pair: Rest both exits instead of one order (only where `abilities.resting_pair`); what either fills is
                reported under `order.order_id`.
        """
        ...

    async def cancel(self, order: Order) -> None:
        """Ask to cancel; returns once the broker has taken the request, the report comes by the stream.

        Raises:
            OrderRefused: it cannot be cancelled any more (done already).
        """
        ...

    async def replace(
        self, order: Order, quantity: Decimal | None, limit_price: Decimal | None, stop_price: Decimal | None
    ) -> BrokerOrder:
        """Change a working order (only where `abilities.replaces`); None keeps what it is. The client id stays ours."""
        ...

    async def instruments(self, symbols: Sequence[str]) -> Sequence[Instrument]:
        """Return steps, currency and calendar of these symbols; those that cannot be traded are left out."""
        ...

    async def clock(self) -> BrokerClock | None:
        """Return the broker's word on whether its market is open; None: it has none."""
        ...


class AccountKeeper(Protocol):
    """Adds, tests, replaces and deletes the accounts of brokers, from the event loop.

    Errors of every coroutine: `KeyringFault` (nothing is kept elsewhere), `FieldError` (a name or field is wrong).
    """

    def choices(self) -> Sequence[BrokerChoice]:
        """Return every broker there is."""
        ...

    async def problem(self) -> str:
        """Return why credentials cannot be kept or read now, and what to do; empty: they can."""
        ...

    async def accounts(self) -> Sequence[AccountRef]: ...

    async def save(self, ref: AccountRef, fields: Mapping[str, str]) -> None:
        """Keep or replace an account's credentials."""
        ...

    async def delete(self, ref: AccountRef) -> None: ...

    async def test(self, ref: AccountRef, fields: Mapping[str, str] | None = None) -> AccountInfo:
        """Ask the broker for the account, with the given credentials or those that are kept; nothing is stored.

        Raises:
            CredentialsRefused: the broker does not accept them.
            BrokerFault: it cannot be reached.
            NotFound: none are kept.
        """
        ...

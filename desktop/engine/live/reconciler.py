"""Compares what Assay's journals say of an account with what the broker says: reports, positions, differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.domain.accounts import is_split
from desktop.domain.broker import Holding
from desktop.domain.market import MINUTE
from desktop.domain.messages import DifferenceFound, OrderFound
from desktop.domain.money import HUNDRED, ONE, ZERO
from desktop.domain.orders import Order, OrderStatus
from desktop.engine.live.answers import fill_reports, order_of, ordinal_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from desktop.domain.broker import BrokerOrder, BrokerPosition
    from desktop.domain.fills import Fill
    from desktop.engine.live.link import AccountLink
    from desktop.engine.live.live_side import LiveSide

MARGIN = 10 * MINUTE  # asked for again each time: clocks differ, and reads may lag
_S = OrderStatus
_UNSENT = frozenset({_S.INTENT, _S.SENDING})
_UNANSWERED = frozenset({_S.SENDING, _S.UNKNOWN, _S.PENDING_NEW})
_SAME_COST = 2  # per cent by which the cost of a position may differ over a split


class Reconciler:
    """Reads everything there is to read and lets the journals follow; what is left is a difference.

    Attributes:
        holdings: Every symbol of the account side by side, as of the last comparison.
        ignored: By symbol, the part of a difference that the user said is not Assay's.
        reconciled_at: µs UTC of the last complete comparison; 0: never.
        short: Ids of orders of which the broker has filled more than it has shown executions of.
    """

    def __init__(self, link: AccountLink) -> None:
        self._link = link
        self.holdings: dict[str, Holding] = {}
        self.ignored: dict[str, Decimal] = {}
        self.reconciled_at = 0
        self.short: set[str] = set()
        self._prices: dict[str, Decimal] = {}
        self._told: dict[str, Decimal] = {}  # differences on record, by symbol

    async def run(self) -> None:
        """Compare once.

        Raises:
            BrokerFault: a read failed; what was heard so far is booked, nothing is concluded.
        """
        link = self._link
        broker, began, clients = link.broker, link.clock.now(), tuple(link.clients)
        since = self._since(clients)
        then = link.room.about_to_read()
        link.take_money(await broker.account(), then)
        orders = {item.order_id: item for item in await broker.recent_orders(since)}
        orders.update({item.order_id: item for item in await broker.open_orders()})
        for found in orders.values():
            client = link.client_of(found.order_id)
            if client is not None and client.core.book.find(found.order_id) is None:
                self.take_lost(client, found)
        self._book(await broker.fills(since, self._symbols(clients)))
        for found in orders.values():
            link.take_order(found)
            link.errands.again(found)
        await self._ask_for_others(clients, orders)
        await self._compare(clients, since)
        for client in clients:
            client.since = began
        self.reconciled_at = began

    def _since(self, clients: Iterable[LiveSide]) -> int:
        """Return from when on the broker may have done something that is not known here.

        What rests there for months is in the list of open orders, and asked for by itself once it is not.
        """
        times = [self._link.clock.now()]
        for client in clients:
            times.append(client.since)
            book = client.core.book
            times.extend(order.created_at for order in book.open.values() if order.status in _UNANSWERED)
            times.extend(order.created_at for order in map(book.find, self.short) if order is not None)
        return min(times) - MARGIN

    def _symbols(self, clients: Iterable[LiveSide]) -> list[str]:
        return sorted({symbol for client in clients for symbol in client.core.marks})

    # orders and executions -------------------------------------------------------------------------------------
    def take_lost(self, client: LiveSide, found: BrokerOrder) -> None:
        """Give a session an order of its own that its journal does not know: it left and was never stored."""
        core = client.core
        if ordinal_of(found.order_id) > core.state.ordinal and found.symbol in core.marks:
            order = order_of(found, client.session_id, self._link.ref.account)
            client.hear(OrderFound(client.now(), order))

    def _book(self, fills: Sequence[Fill]) -> None:
        """Let the sessions book the executions that they have not heard of."""
        for fill in fills:
            client = self._link.client_of(fill.order_id)
            if client is None or client.knows(fill.execution_id):
                continue
            if client.core.book.find(fill.order_id) is not None:
                client.report(*fill_reports([fill]))

    async def _ask_for_others(self, clients: Iterable[LiveSide], shown: Mapping[str, BrokerOrder]) -> None:
        """Ask one by one for the open orders that the broker's lists do not show."""
        link = self._link
        for client in clients:
            for order in tuple(client.core.book.open.values()):
                if order.order_id in shown or order.status in _UNSENT or link.outbox.find(order.order_id) is not None:
                    continue
                reason = link.outbox.never_sent.get(order.order_id)
                if reason is not None:
                    link.not_sent(client, order, reason)
                elif not await link.errands.ask(order) and order.status is _S.UNKNOWN:
                    link.errands.resolve(client, order)

    # positions -------------------------------------------------------------------------------------------------
    async def _compare(self, clients: Sequence[LiveSide], since: int) -> None:
        """Set journals and broker side by side; what differs is looked at twice, for something may be on its way."""
        link, broker = self._link, self._link.broker
        holdings = self._side_by_side(await broker.positions())
        if any(item.difference for item in holdings.values()):
            await link.pause(0.0)
            self._book(await broker.fills(since, self._symbols(clients)))
            heard = link.heard
            again = self._side_by_side(await broker.positions())
            if heard != link.heard:
                link.reconcile_soon(missing=True)  # overtaken: the next comparison will tell
                again = {
                    symbol: item
                    for symbol, item in again.items()
                    if item.difference == self._difference(holdings, symbol)
                }
            holdings = again
        self.holdings = holdings
        self._settle(clients)

    def _difference(self, holdings: Mapping[str, Holding], symbol: str) -> Decimal:
        found = holdings.get(symbol)
        return ZERO if found is None else found.difference

    def journal(self, symbol: str) -> Decimal:
        """Return what the sessions on the account hold of a symbol together."""
        return sum((client.core.holdings.quantity(symbol) for client in self._link.clients), ZERO)

    def _side_by_side(self, positions: Sequence[BrokerPosition]) -> dict[str, Holding]:
        at_broker = {item.symbol: item for item in positions}
        self._prices = {item.symbol: item.average_price for item in positions}
        symbols = set(at_broker) | {
            symbol for client in self._link.clients for symbol in client.core.holdings.positions
        }
        symbols.update(symbol for symbol, quantity in self.ignored.items() if quantity)
        return {
            symbol: Holding(
                symbol,
                self.journal(symbol),
                at_broker[symbol].quantity if symbol in at_broker else ZERO,
                self.ignored.get(symbol, ZERO),
            )
            for symbol in sorted(symbols)
        }

    def _settle(self, clients: Iterable[LiveSide]) -> None:
        """Tell the sessions what differs now, and what no longer does."""
        for symbol, holding in self.holdings.items():
            if self._told.get(symbol, ZERO) != holding.difference:
                self._told[symbol] = holding.difference
                if holding.difference:
                    self._link.note("difference", self._sentence(holding, ONE))
        for client in clients:
            outside = client.core.outside
            if outside is None or client.failed:
                continue
            for symbol in client.core.marks:
                found = self.holdings.get(symbol)
                difference = ZERO if found is None else found.difference
                known = outside.differences.get(symbol)
                if difference != (known.quantity if known is not None else ZERO):
                    client.hear(self._message(client, symbol, found))

    def _message(self, client: LiveSide, symbol: str, holding: Holding | None) -> DifferenceFound:
        if holding is None or not holding.difference:
            return DifferenceFound(client.now(), symbol, ZERO, ZERO)
        mark = client.core.marks[symbol]
        ratio = self._split_of(client, holding)
        price = self._prices.get(symbol, ZERO) if holding.difference > ZERO else ZERO
        if price <= ZERO:
            price = mark.sell_price if mark.known else ZERO
        return DifferenceFound(client.now(), symbol, holding.difference, price, self._sentence(holding, ratio), ratio)

    def _split_of(self, client: LiveSide, holding: Holding) -> Decimal:
        """Return the ratio of a split that explains the difference, else 1: units times price stayed the same."""
        if holding.journal <= ZERO or holding.broker <= ZERO or holding.ignored:
            return ONE
        ratio = holding.broker / holding.journal
        position = client.core.holdings.positions.get(holding.symbol)
        if position is None or not is_split(ratio):
            return ONE
        then = position.average
        now = self._prices.get(holding.symbol, ZERO) * ratio
        return ratio if abs(now - then) * HUNDRED <= then * _SAME_COST else ONE

    def _sentence(self, holding: Holding, ratio: Decimal) -> str:
        both = f"{holding.symbol}: the broker holds {holding.broker:f}, Assay's sessions {holding.journal:f}" + (
            f" and {holding.ignored:f} are not Assay's" if holding.ignored else ""
        )
        if ratio != ONE:
            return (
                f"{both}: it looks like a split, {ratio.normalize():f} new units for each old one. "
                "The symbol is frozen: nothing is bought, stops wait. Adopt it to go on with new units and levels."
            )
        return (
            f"{both}: {holding.difference:f} are not explained. Entries are off and exits wait until you adopt or "
            "ignore the difference."
        )

    def ignore(self, symbol: str) -> Decimal:
        """Leave what differs now out from now on; returns it."""
        holding = self.holdings.get(symbol)
        if holding is None:
            return ZERO
        left_out = holding.broker - self.journal(symbol)
        self.ignored = {**self.ignored, symbol: left_out}
        self.holdings[symbol] = Holding(symbol, self.journal(symbol), holding.broker, left_out)
        return left_out

    def unknown(self) -> list[Order]:
        """Return the orders that nobody knows the fate of."""
        return [
            order
            for client in self._link.clients
            for order in client.core.book.open.values()
            if order.status is _S.UNKNOWN
        ]

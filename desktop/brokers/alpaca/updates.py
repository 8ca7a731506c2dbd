"""What the order stream says, as reports: of an order that was placed here, of any other, of each execution."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from desktop.brokers.alpaca import answers, wire
from desktop.brokers.alpaca.families import Families
from desktop.brokers.alpaca.reading import AlpacaReader
from desktop.domain.broker import BrokerOrder
from desktop.domain.fills import Fill, OrderReport
from desktop.domain.market import MINUTE
from desktop.ports import Clock
from desktop.ports.brokers import BrokerListener

log = logging.getLogger(__name__)


class TradeUpdates:
    """Finds out where a trade update belongs, and tells the listener in the order heard."""

    def __init__(self, reader: AlpacaReader, families: Families, clock: Clock) -> None:
        self._reader, self._families, self._clock = reader, families, clock
        self.listener: BrokerListener | None = None

    async def take(self, data: Mapping[str, Any]) -> None:
        """Take one trade update (BrokerFault: it cannot be read, or where it belongs cannot be found out)."""
        raw = answers.mapping(data.get("order"))
        event = str(data.get("event") or "")
        if event not in wire.EVENTS:
            log.warning("Alpaca sent an event of a kind that is not known: %r", event[:40])
        elif raw.get("status") not in wire.STATUSES:
            raw = {**raw, "status": wire.state_after(event)}
        if data.get("reason"):
            raw = {**raw, "reason": data["reason"]}
        owner = await self._reader.take(raw, corrected=event == wire.BUST_EVENT)
        folded = self._families.fold(owner)
        at = wire.time_of(data.get("timestamp")) or folded.updated_at or self._clock.now()
        tells_fill = event in wire.FILL_EVENTS
        fill = None
        if data.get("execution_id") and tells_fill:
            fill = answers.fill_of_event(data, owner, at)
        elif data.get("execution_id") and event == wire.BUST_EVENT:
            fill = answers.bust_of_event(data, owner, at)
        self._tell(folded, event, at, fill)
        if tells_fill and fill is None:
            await self._find_fills(folded, at)

    def _tell(self, order: BrokerOrder, event: str, at: int, fill: Fill | None) -> None:
        if self.listener is None:
            return
        changed = self._families.is_changed(order.order_id)
        report = OrderReport(
            order_id=order.order_id,
            status=order.status,
            at=at,
            fill=fill,
            cumulative=order.filled,
            broker_order_id=order.broker_order_id,
            reason=wire.REFUSALS.get(event, order.reason),
            quantity=order.quantity if changed else None,
            limit_price=order.limit_price if changed else None,
            stop_price=order.stop_price if changed else None,
        )
        self.listener.on_report(report)
        self.listener.on_order(order)

    async def _find_fills(self, order: BrokerOrder, at: int) -> None:
        """Look up an execution that the stream told of without its id: no id is made up, it would be booked twice."""
        for fill in await self._reader.fills(at - MINUTE, [order.symbol]):
            if fill.order_id == order.order_id:
                self._tell(order, "fill", fill.at, fill)

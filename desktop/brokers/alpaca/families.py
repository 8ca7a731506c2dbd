"""Several of Alpaca's orders can be one of ours: an order and what replaced it, and the two legs of a resting pair."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from desktop.brokers.alpaca import wire
from desktop.brokers.alpaca.orders import own_id
from desktop.domain.broker import BrokerOrder
from desktop.domain.money import ZERO
from desktop.domain.orders import TERMINAL, OrderId, OrderStatus

KEPT = 5_000  # families that are remembered; older ones are asked for when they are needed
_FIELDS = (
    *("id", "client_order_id", "symbol", "asset_class", "side", "type", "order_type", "order_class", "time_in_force"),
    *("status", "qty", "filled_qty", "filled_avg_price", "limit_price", "stop_price", "replaces", "replaced_by"),
    *("created_at", "submitted_at", "updated_at", "reason", "reject_reason"),
)


@dataclass(frozen=True, slots=True)
class Member:
    """One order at Alpaca as it last stood."""

    raw: Mapping[str, Any]
    status: OrderStatus
    filled: Decimal
    quantity: Decimal
    is_leg: bool  # the stop-loss that rests beside the take-profit

    @property
    def broker_id(self) -> str:
        return str(self.raw["id"])

    @property
    def replaced(self) -> bool:
        """Whether another order stands in its place."""
        return self.raw.get("status") == "replaced"

    @property
    def is_open(self) -> bool:
        return self.status not in TERMINAL and not self.replaced


class Families:
    """Remembers which of Alpaca's order ids belong to which client order id, and folds each family into one order."""

    def __init__(self) -> None:
        self._members: OrderedDict[OrderId, dict[str, Member]] = OrderedDict()
        self._owner: dict[str, OrderId] = {}

    def owner(self, broker_id: str) -> OrderId | None:
        """Return the client order id that an order of Alpaca's belongs to; None: it was not heard of."""
        return self._owner.get(broker_id)

    def stranger(self, raw: Mapping[str, Any]) -> str:
        """Return the broker id that has to be asked for before an order can be placed in a family; empty: none.

        A leg of a pair does not name its sibling, and a replacement that was made elsewhere carries an id of its own.
        """
        if wire.field(raw, "id") in self._owner:
            return ""
        replaces = raw.get("replaces")
        client_id = str(raw.get("client_order_id") or "")
        if replaces and replaces not in self._owner and own_id(client_id) == client_id:
            return str(replaces)
        if raw.get("order_class") == "oco" and not raw.get("legs") and raw.get("type") != "limit":
            return str(raw["id"])
        return ""

    def learn(self, raw: Mapping[str, Any], *, corrected: bool = False) -> OrderId:
        """Take in an order as Alpaca states it, with the legs it brings; returns the client order id it belongs to.

        Args:
            raw: The order.
            corrected: What was filled may have become less.
        """
        broker_id = wire.field(raw, "id")
        replaces = raw.get("replaces")
        owner = self._owner.get(broker_id) or (self._owner.get(str(replaces)) if replaces else None)
        owner = owner or own_id(str(raw.get("client_order_id") or broker_id))
        self._put(owner, raw, is_leg=False, corrected=corrected)
        for leg in raw.get("legs") or ():
            if raw.get("order_class") == "oco":
                self._put(owner, leg, is_leg=True)
        if raw.get("replaced_by"):
            self._owner.setdefault(str(raw["replaced_by"]), owner)
        while len(self._members) > KEPT:
            _, forgotten = self._members.popitem(last=False)
            for one in forgotten:
                self._owner.pop(one, None)
        return owner

    def _put(self, owner: OrderId, raw: Mapping[str, Any], *, is_leg: bool, corrected: bool = False) -> None:
        broker_id = wire.field(raw, "id")
        family = self._members.setdefault(owner, {})
        self._members.move_to_end(owner)
        self._owner[broker_id] = owner
        known = family.get(broker_id)
        filled = wire.number_or_zero(raw.get("filled_qty"))
        quantity = wire.number_or_zero(raw.get("qty"))
        status = wire.status_of(raw.get("status"), filled, quantity)
        is_leg = is_leg or (known is not None and known.is_leg)
        member = Member({name: raw[name] for name in _FIELDS if name in raw}, status, filled, quantity, is_leg)
        if known is None or corrected or not _is_older(member, known):
            family[broker_id] = member

    def members(self, owner: OrderId) -> Iterator[Member]:
        """Yield the orders of a family, the oldest first."""
        yield from self._members.get(owner, {}).values()

    def unknown_successor(self, owner: OrderId) -> str:
        """Return the broker id of a replacement that was named and not seen; empty: there is none."""
        family = self._members.get(owner, {})
        for member in family.values():
            successor = str(member.raw.get("replaced_by") or "")
            if successor and successor not in family:
                return successor
        return ""

    def current(self, owner: OrderId) -> Member:
        """Return the order of a family that carries it now: one that is open, else one that filled, else the last."""
        own = [one for one in self.members(owner) if not one.is_leg] or list(self.members(owner))
        for fits in (_open, _filled):
            for one in reversed(own):
                if fits(one):
                    return one
        return own[-1]

    def is_pair(self, owner: OrderId) -> bool:
        """Whether two exits rest under this id."""
        return any(one.raw.get("order_class") == "oco" for one in self.members(owner))

    def is_changed(self, owner: OrderId) -> bool:
        """Whether an order of this family stands in the place of another."""
        return any(one.raw.get("replaces") for one in self.members(owner))

    def fold(self, owner: OrderId) -> BrokerOrder:
        """Return a family as one order under its client order id."""
        members = tuple(self.members(owner))
        current = self.current(owner)
        raw = current.raw
        filled = sum((one.filled for one in members), ZERO)
        quantity = self._quantity(owner, current) or filled  # ordered for a sum of money: what it came to
        value = sum((one.filled * wire.number_or_zero(one.raw.get("filled_avg_price")) for one in members), ZERO)
        legs = [one for one in members if one.is_leg]
        stop = legs[-1].raw.get("stop_price") if legs else raw.get("stop_price")
        created = (wire.time_of(one.raw.get("created_at") or one.raw.get("submitted_at")) for one in members)
        updated = (_updated(one.raw) for one in members)
        return BrokerOrder(
            order_id=owner,
            broker_order_id=current.broker_id,
            symbol=wire.symbol_of(raw),
            side=wire.side_of(raw.get("side")),
            kind=wire.kind_of(raw.get("type") or raw.get("order_type")),
            quantity=quantity,
            filled=filled,
            average_price=value / filled if filled else None,
            status=_status(members, current, filled, quantity),
            time_in_force=wire.time_in_force_of(raw.get("time_in_force")),
            limit_price=wire.number(raw.get("limit_price")),
            stop_price=wire.number(stop),
            created_at=min((at for at in created if at is not None), default=0),
            updated_at=max(updated, default=0),
            reason=_reason(raw, current.status),
        )

    def _quantity(self, owner: OrderId, current: Member) -> Decimal:
        """Return what was ordered in all; Alpaca takes what one exit of a pair fills off the other."""
        members = tuple(self.members(owner))
        if self.is_pair(owner):
            return max(one.quantity for one in members)
        return current.quantity + sum((one.filled for one in members if one is not current), ZERO)


def _open(member: Member) -> bool:
    return member.is_open


def _filled(member: Member) -> bool:
    return member.filled > ZERO


def _updated(raw: Mapping[str, Any]) -> int:
    times = (wire.time_of(raw.get(name)) for name in ("updated_at", "submitted_at", "created_at"))
    return next((at for at in times if at is not None), 0)


def _is_older(said: Member, known: Member) -> bool:
    """Whether something was said out of order: what was filled stays filled, and what is done stays done."""
    if said.filled != known.filled:
        return said.filled < known.filled
    if known.status in TERMINAL and said.status not in TERMINAL:
        return True
    return _updated(said.raw) < _updated(known.raw)


def _status(members: tuple[Member, ...], current: Member, filled: Decimal, quantity: Decimal) -> OrderStatus:
    """Return the state of a family: open while one of it is, filled when together they are."""
    if filled >= quantity > ZERO:
        return OrderStatus.FILLED
    still = [one for one in members if one.is_open]
    status = current.status if current in still or not still else still[-1].status
    if status is OrderStatus.FILLED and filled < quantity:
        return OrderStatus.PARTIALLY_FILLED
    if status is OrderStatus.NEW and filled > ZERO:
        return OrderStatus.PARTIALLY_FILLED
    return status


def _reason(raw: Mapping[str, Any], status: OrderStatus) -> str:
    if status is OrderStatus.UNKNOWN:
        return f"Alpaca states {str(raw.get('status'))[:40]!r}, which Assay does not know: the order is left as it was."
    if status is OrderStatus.REJECTED:
        said = raw.get("reject_reason") or raw.get("reason")
        return f"Alpaca rejected it: {str(said)[:200]}" if said else "Alpaca rejected it and gave no reason"
    return ""

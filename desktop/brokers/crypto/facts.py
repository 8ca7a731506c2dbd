"""In what the exchanges differ where orders are concerned."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from desktop.domain.orders import SINGLE_KINDS, OrderKind

_ASSAYS = re.compile(r"([0-9a-f]{24})-(\d{1,8})")
_OKX = re.compile(r"([0-9a-f]{24})x(\d{1,8})")
_KRAKEN = re.compile(r"([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})(\d{8})")


@dataclass(frozen=True, slots=True)
class TradingFacts:
    """One exchange.

    Attributes:
        currency: What an account is counted in before anything else is known of it.
        kinds: Orders it takes through the library.
        finds_by_client_id: An order can be read and cancelled by our id; else its own id has to be found first.
        buys_units: A market purchase can name units; else only an amount of money.
        requests: A minute, well under what is allowed: at Binance a list of orders weighs twenty of six thousand,
            Kraken lets a question through every three seconds.
        whole_stream: What its stream says of an order is whole, under our id; else each word of it is the occasion to
            read the order.
        parameters: What every order is sent with.
        client_id: The name of the parameter that carries our id.
    """

    currency: str
    kinds: frozenset[OrderKind]
    finds_by_client_id: bool = False
    buys_units: bool = True
    requests: int = 300
    whole_stream: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)
    client_id: str = "clientOrderId"


_PLAIN = frozenset({OrderKind.MARKET, OrderKind.LIMIT})

TRADING: Mapping[str, TradingFacts] = MappingProxyType(
    {
        "binance": TradingFacts("USDT", frozenset(SINGLE_KINDS), finds_by_client_id=True, whole_stream=True),
        # Kraken takes the fee of a purchase in the bought coin unless it is told to take the quote currency.
        "kraken": TradingFacts("USD", frozenset(SINGLE_KINDS), requests=40, parameters={"oflags": "fciq"}),
        "coinbase": TradingFacts("USD", _PLAIN | {OrderKind.STOP_LIMIT}, buys_units=False, client_id="client_order_id"),
        "okx": TradingFacts("USDT", _PLAIN, finds_by_client_id=True, parameters={"tgtCcy": "base_ccy"}),
    }
)


def wire_id(exchange_id: str, order_id: str) -> str:
    """Return our client order id as an exchange takes it; the way back is `own_id`.

    OKX takes letters and digits only, Kraken a UUID or eighteen characters.
    """
    found = _ASSAYS.fullmatch(order_id)
    if found is None:
        return order_id
    prefix, ordinal = found.groups()
    if exchange_id == "okx":
        return f"{prefix}x{ordinal}"
    if exchange_id == "kraken":
        whole = f"{prefix}{int(ordinal):08d}"
        return f"{whole[:8]}-{whole[8:12]}-{whole[12:16]}-{whole[16:20]}-{whole[20:]}"
    return order_id


def own_id(exchange_id: str, wire: str) -> str:
    """Return the client order id that an exchange's text stands for; a text that is none of ours as it is."""
    if exchange_id == "okx" and (found := _OKX.fullmatch(wire)) is not None:
        return f"{found[1]}-{found[2]}"
    if exchange_id == "kraken" and (found := _KRAKEN.fullmatch(wire)) is not None:
        return f"{''.join(found.groups()[:5])}-{int(found[6])}"
    return wire

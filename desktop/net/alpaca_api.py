"""What Alpaca's broker and feed both know: addresses, how one introduces oneself, assets as instruments."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from desktop.domain.instruments import AssetClass, Instrument
from desktop.domain.money import ONE

LIVE, PAPER, DATA = "https://api.alpaca.markets", "https://paper-api.alpaca.markets", "https://data.alpaca.markets"
REQUESTS_A_MINUTE = 200

FRACTION_OF_SHARE = Decimal("0.000000001")
CENT = Decimal("0.01")
HUNDREDTH_OF_CENT = Decimal("0.0001")
QUOTED_IN = ("USDT", "USDC", "USD", "BTC")


def headers_of(key_id: str, secret: str) -> dict[str, str]:
    """Return the headers that every request carries; they are shown nowhere."""
    return {"APCA-API-KEY-ID": key_id, "APCA-API-SECRET-KEY": secret}


def pair_symbol(symbol: str) -> str:
    """Return a pair of currencies as it is ordered, BTC/USD; Alpaca writes a held one as BTCUSD."""
    if "/" in symbol:
        return symbol
    for quoted in QUOTED_IN:
        if symbol.endswith(quoted) and len(symbol) > len(quoted):
            return f"{symbol[: -len(quoted)]}/{quoted}"
    return symbol


def instrument_of(raw: Mapping[str, Any], price: Decimal | None = None) -> Instrument | None:
    """Return steps and calendar of an asset; None: it cannot be traded.

    Args:
        raw: The asset.
        price: Its last price: below a dollar shares move in hundredths of a cent. None: not known.
    """
    symbol, name = raw.get("symbol"), str(raw.get("name") or "")
    if raw.get("status") == "inactive" or raw.get("tradable") is False or not isinstance(symbol, str) or not symbol:
        return None
    if raw.get("class") == "crypto":
        symbol = pair_symbol(symbol)
        return Instrument(
            symbol,
            currency=symbol.rsplit("/", 1)[-1],
            tick=_step(raw.get("price_increment")),
            lot=_step(raw.get("min_trade_increment")),
            asset_class=AssetClass.CRYPTO,
            name=name,
        )
    if raw.get("class") not in {"us_equity", None}:
        return None
    return Instrument(
        symbol,
        tick=HUNDREDTH_OF_CENT if price is not None and price < ONE else CENT,
        lot=FRACTION_OF_SHARE if raw.get("fractionable") is True else ONE,
        calendar="XNYS",
        name=name,
    )


def _step(value: object) -> Decimal:
    """Return a step that the wire gives; the finest where it gives none."""
    try:
        found = Decimal(str(value)) if value is not None else FRACTION_OF_SHARE
    except InvalidOperation:
        return FRACTION_OF_SHARE
    return found if found.is_finite() and found > 0 else FRACTION_OF_SHARE

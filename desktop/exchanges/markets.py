"""An exchange's markets: asked for in a thread, kept as JSON in the data directory, made into instruments.

A start reads the file and asks the exchange again only when that is older than a day, and then behind the user's back.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop.domain.errors import EnvironmentFault
from desktop.domain.instruments import AssetClass, Instrument
from desktop.domain.market import DAY
from desktop.domain.money import ZERO, decimal_of
from desktop.exchanges.catalogue import exchange_facts
from desktop.exchanges.faults import fault_of, is_library_fault
from desktop.exchanges.library import Access, Exchange, make_exchange

KEPT = DAY  # µs for which stored markets are not asked for again
_FORMAT = 1
_LEFT_OUT = frozenset({"info", "created", "marginModes"})

Market = Mapping[str, Any]


class MarketShelf:
    """Markets of one exchange. Every call blocks: off the loop only.

    Args:
        exchange_id: One of `EXCHANGES`.
        directory: Where they are kept between two starts; None: nowhere.
        url: Takes the place of the exchange's addresses.
    """

    def __init__(self, exchange_id: str, directory: Path | None, url: str = "") -> None:
        self._exchange_id, self._url = exchange_id, url
        self._path = directory / f"markets-{exchange_id}.json" if directory is not None else None

    def stored(self) -> tuple[Sequence[Market], int]:
        """Return the markets kept and when they were asked for (µs UTC); none and 0 where there is no file to use."""
        if self._path is None:
            return (), 0
        with suppress(OSError, ValueError, KeyError, TypeError):
            held = json.loads(self._path.read_text(encoding="utf-8"), object_hook=_revived)
            if held["format"] == _FORMAT and held["url"] == self._url:
                return list(held["markets"]), int(held["at"])
        return (), 0

    def fetched(self, now: int) -> Sequence[Market]:
        """Ask the exchange, keep the answer, and return it.

        Raises:
            EnvironmentFault: it cannot be reached or refuses.
        """
        markets = asyncio.run(_ask(self._exchange_id, self._url))
        if self._path is not None:
            held = {"format": _FORMAT, "url": self._url, "at": now, "markets": markets}
            with suppress(OSError):  # a cache that cannot be written only costs the next start time
                self._path.parent.mkdir(parents=True, exist_ok=True)
                partial = self._path.with_suffix(f".{os.getpid()}.part")
                partial.write_text(json.dumps(held, default=_frozen, separators=(",", ":")), encoding="utf-8")
                partial.replace(self._path)
        return markets

    def load(self, now: int) -> tuple[Sequence[Market], bool]:
        """Return the markets, from the file where there are some, and whether they should be asked for again.

        Raises:
            EnvironmentFault: there are none stored and the exchange cannot be reached.
        """
        markets, at = self.stored()
        if markets:
            return markets, not 0 <= now - at < KEPT
        return self.fetched(now), False


async def _ask(exchange_id: str, url: str) -> list[dict[str, Any]]:
    exchange = make_exchange(exchange_id, Access(url=url), number=Decimal, timeout=30.0)
    try:
        found = await exchange.load_markets()
    except Exception as error:
        if is_library_fault(error):
            raise fault_of(exchange_facts(exchange_id).title, error) from None
        raise EnvironmentFault(
            f"{exchange_facts(exchange_id).title} answered something that is no list of markets. Nothing was started. "
            "Try again later."
        ) from error
    finally:
        await exchange.close()
    return [
        {key: value for key, value in item.items() if key not in _LEFT_OUT} | {"info": _order_types(item)}
        for item in found.values()
        if item.get("spot") and item.get("active") is not False
    ]


def _order_types(market: Market) -> dict[str, Any]:
    """Return the one thing that is asked of a market's raw answer later, of Binance's and Kraken's."""
    raw = market.get("info") or {}
    return {key: raw[key] for key in ("orderTypes", "wsname", "cost_decimals") if key in raw}


def _frozen(value: object) -> object:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return str(value)


def _revived(held: dict[str, Any]) -> Any:
    return Decimal(held["decimal"]) if held.keys() == {"decimal"} else held


def instruments_of(markets: Sequence[Market], title: str) -> tuple[Instrument, ...]:
    """Return the pairs that can be traded, by symbol; one whose steps the exchange does not state is left out."""
    found = [instrument_of(market, title) for market in markets]
    return tuple(sorted((item for item in found if item is not None), key=lambda item: item.symbol))


def instrument_of(market: Market, title: str) -> Instrument | None:
    """Return one market as an instrument; None: the exchange does not state its steps."""
    precision = market.get("precision") or {}
    tick, lot = _positive(precision.get("price")), _positive(precision.get("amount"))
    if not tick or not lot:
        return None
    cost = ((market.get("limits") or {}).get("cost") or {}).get("min")
    return Instrument(
        symbol=str(market["symbol"]),
        currency=str(market["quote"]),
        tick=tick,
        lot=lot,
        minimum_notional=_positive(cost),
        calendar="always",
        asset_class=AssetClass.CRYPTO,
        name=f"{market['base']} in {market['quote']} at {title}",
    )


def _positive(value: object) -> Decimal:
    if value is None:
        return ZERO
    exact = decimal_of(value if isinstance(value, Decimal | float | int | str) else str(value))
    return max(ZERO, exact)


def give_markets(exchange: Exchange, markets: Sequence[Market]) -> None:
    """Let an exchange know its markets without asking for them; blocks (a third of a second for Binance's)."""
    exchange.set_markets(markets)
    exchange.options["marketsByAltname"] = {item["altname"]: item for item in markets if "altname" in item}  # Kraken's

"""The one door to ccxt: loaded on first use, one exchange class of its hundred, and typed as far as Assay uses it.

Its package imports every exchange, 0.8 s and 100 MB; one class behind a bare package is a third of that. Its log
would hold headers and signed addresses, so it is silenced for good.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import logging
import re
import sys
import threading
import types
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from desktop.exchanges.catalogue import exchange_facts

_LOADING = threading.Lock()
_HOST = re.compile(r"^(https?|wss?)://([^/]+)")
_PING_MS = 4_000  # a socket that answers no ping for twice this long is given up: looked at with each ping


Rows = list[dict[str, Any]]


class Exchange(Protocol):
    """What Assay uses of an exchange's class; prices and amounts are what `number` made of the wire's text."""

    id: str
    markets: Mapping[str, Mapping[str, Any]] | None
    timeframes: Mapping[str, object]
    options: MutableMapping[str, Any]
    urls: MutableMapping[str, Any]
    tickers: MutableMapping[str, Mapping[str, Any]]
    bidsasks: MutableMapping[str, Mapping[str, Any]]
    ws_dial_backoff: dict[str, Any]
    clients: dict[str, Any]  # its sockets, by address
    has: Mapping[str, Any]
    enableRateLimit: bool  # noqa: N815 - the library's name

    set_markets: Callable[[Sequence[Mapping[str, Any]]], object]
    load_markets: Callable[[], Awaitable[Mapping[str, Mapping[str, Any]]]]
    close: Callable[[], Awaitable[None]]
    #: symbol, timeframe, since in ms, limit -> rows of [ms, open, high, low, close, volume]
    fetch_ohlcv: Callable[[str, str, int, int], Awaitable[list[list[Any]]]]
    fetch_tickers: Callable[[Sequence[str]], Awaitable[Mapping[str, Mapping[str, Any]]]]
    watch_trades: Callable[[str], Awaitable[Rows]]
    # with credentials
    fetch_balance: Callable[[], Awaitable[Mapping[str, Any]]]
    fetch_open_orders: Callable[[], Awaitable[Rows]]
    fetch_order: Callable[[str | None, str, Mapping[str, Any]], Awaitable[dict[str, Any]]]  # id, symbol, parameters
    fetch_orders: Callable[[str, int | None, int], Awaitable[Rows]]  # symbol, since in ms, limit
    fetch_closed_orders: Callable[[str, int | None, int], Awaitable[Rows]]
    fetch_my_trades: Callable[[str, int, int, Mapping[str, Any]], Awaitable[Rows]]
    #: symbol, market | limit, buy | sell, amount, price, parameters
    create_order: Callable[[str, str, str, str, str | None, Mapping[str, Any]], Awaitable[dict[str, Any]]]
    cancel_order: Callable[[str | None, str, Mapping[str, Any]], Awaitable[object]]  # id, symbol, parameters
    watch_orders: Callable[[], Awaitable[Rows]]
    watch_my_trades: Callable[[], Awaitable[Rows]]


@dataclass(frozen=True, slots=True)
class Access:
    """Where an exchange is reached and as whom.

    Attributes:
        url: Takes the place of every address of the exchange (a stand-in on this machine); empty: the real ones.
        key, secret, password: Credentials; empty: public data only.
    """

    url: str = ""
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def make_exchange(exchange_id: str, access: Access, *, number: type = float, timeout: float = 10.0) -> Exchange:
    """Return an exchange without markets, bound to no loop yet; blocks while the library loads: off the loop only.

    Args:
        exchange_id: One of `EXCHANGES`.
        access: Where and as whom.
        number: What prices and amounts become: float for analysis, Decimal where money is concerned.
        timeout: Seconds until an answer is given up.

    Raises:
        NotFound: Assay does not know the exchange.
    """
    exchange_facts(exchange_id)
    options: dict[str, Any] = {
        "maxRetriesOnFailure": 0,  # nothing is ever sent twice but by Assay's own decision
        "fetchCurrencies": False,
        "fetchMargins": False,
        "warnOnFetchOpenOrdersWithoutSymbol": False,
        # One socket for all symbols, instead of one for each.
        "streamLimits": {"spot": 1},
        "subscriptionLimitByStream": {"spot": 1_000},
    }
    if exchange_id in {"binance", "okx"}:
        options["fetchMarkets"] = {"types": ["spot"]}
    made = _class_of(exchange_id)(
        {
            "apiKey": access.key,
            "secret": access.secret,
            "password": access.password,
            "enableRateLimit": True,
            "timeout": round(timeout * 1_000),
            "options": options,
        }
    )
    made.options.update(options)
    made.number = number
    made.streaming = {**made.streaming, "keepAlive": _PING_MS}
    made.has = {**made.has, "fetchCurrencies": False}  # needs credentials at Binance, and nothing here asks for it
    made.newUpdates = True
    if access.url:
        made.urls["api"] = _redirected(made.urls["api"], access.url.rstrip("/"))
        made.timeout_on_exit = 0
    return cast("Exchange", made)


async def drop_lines(exchange: Exchange) -> None:
    """Close the sockets that there are now; whoever listens on one is told, and those of a next attempt are spared."""
    lines, exchange.clients = tuple(exchange.clients.values()), {}
    await asyncio.gather(*(line.close() for line in lines), return_exceptions=True)


def _redirected(urls: object, base: str) -> object:
    """Let every address lead to `base`; a socket's path begins with the first label of its host."""
    if isinstance(urls, dict):
        return {name: _redirected(item, base) for name, item in urls.items()}
    text = str(urls)
    found = _HOST.match(text)
    if found is None:
        return text
    path = text[found.end() :]
    if found[1].startswith("ws"):
        return f"{_HOST.sub(base.replace('http', 'ws', 1), base)}/{found[2].partition('.')[0]}{path}"
    return f"{base}{path}"


def _class_of(exchange_id: str) -> Any:
    with _LOADING:
        if "ccxt" not in sys.modules:
            _load_bare()
        async_package = sys.modules["ccxt.async_support"]
        plain = importlib.import_module(f"ccxt.async_support.{exchange_id}")
        setattr(async_package, exchange_id, getattr(plain, exchange_id))  # as the whole package does
        return getattr(importlib.import_module(f"ccxt.pro.{exchange_id}"), exchange_id)


def _load_bare() -> None:
    """Stand the packages up without running them: only what the one exchange needs is imported below them."""
    logging.getLogger("ccxt").setLevel(logging.CRITICAL + 1)
    root = _bare("ccxt")
    faults = importlib.import_module("ccxt.base.errors")
    root.__dict__.update({name: item for name, item in vars(faults).items() if not name.startswith("_")})
    root.__dict__["Exchange"] = importlib.import_module("ccxt.base.exchange").Exchange
    for name in ("async_support", "pro"):
        root.__dict__[name] = _bare(f"ccxt.{name}")


def _bare(name: str) -> types.ModuleType:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError(f"{name} is not installed", name=name)
    module = types.ModuleType(name)
    module.__path__ = list(spec.submodule_search_locations)
    module.__spec__ = spec
    sys.modules[name] = module
    return module

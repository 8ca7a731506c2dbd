"""The words of Alpaca's price stream: its messages as quotes and trades, its errors as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from desktop.domain.broker_errors import BrokerFault, CredentialsRefused
from desktop.domain.market import Quote, Trade
from desktop.net.moments import moment
from desktop.net.socket import StreamClosed

TITLE = "Alpaca's prices"
_CHANNELS = ("trades", "quotes")
_HALTS = frozenset({"1", "2", "4", "H", "P"})  # opening delay, halt, no resumption; halt, volatility pause
_GOES_ON = frozenset({"3", "T"})  # "Q": quotes only, trading is still to come

#: What the stream's errors mean to a trader.
_ERRORS: Mapping[int, str] = {
    402: "Alpaca does not accept the credentials for prices: they are wrong or revoked. No prices come until they are "
    "replaced; sessions on this feed take no new positions.",
    405: "Alpaca's plan of this account allows no more symbols at a time (30 channels on the free plan, two for each "
    "symbol). The last ones get no prices; stop sessions or watch fewer symbols.",
    406: "Alpaca allows one connection for prices, and another program has it. Close that one; it is tried again.",
    407: "This computer took Alpaca's prices too slowly and was cut off. It is tried again; fewer symbols help.",
    409: "Alpaca's plan of this account does not include these prices. Choose the IEX plan or subscribe.",
}
_FINAL = frozenset({409})
HARMLESS = frozenset({400, 403, 405, 410})  # the connection stays as it is


def fault_of(item: Mapping[str, Any]) -> BrokerFault:
    """Return the error that a message tells of."""
    code = item.get("code")
    said = " ".join(str(item.get("msg") or "").split())[:200]
    sentence = _ERRORS.get(code, f"{TITLE}: {said or 'an error without words'} (code {code}).") if code else said
    if code in {401, 402}:
        return CredentialsRefused(sentence)
    return StreamClosed(sentence) if code in _FINAL else BrokerFault(sentence)


def message_of(action: str, symbols: Iterable[str]) -> dict[str, object]:
    """Return the message that asks for quotes and trades of symbols, or asks for them no longer."""
    names = list(symbols)
    return {"action": action, **dict.fromkeys(_CHANNELS, names)}


def statuses_of(action: str, symbols: Iterable[str]) -> dict[str, object]:
    """Return the message that asks for the trading status of symbols, or asks for it no longer.

    It is a message of its own: a plan without statuses refuses this one, and prices come all the same.
    """
    return {"action": action, "statuses": list(symbols)}


def halt_of(item: Mapping[str, Any]) -> tuple[str, str, int] | None:
    """Return symbol, reason and µs UTC of a halt; an empty reason: trading goes on; None: neither.

    KeyError, TypeError, ValueError: it is no status.
    """
    symbol, code, at = item["S"], item["sc"], moment(item["t"])
    if code in _GOES_ON:
        return symbol, "", at
    if code not in _HALTS:
        return None
    said = (" ".join(str(item.get(key) or "").split())[:120].rstrip(".") for key in ("rm", "sm"))
    words = next((text for text in said if text), "the exchange gives no reason")
    reason = str(item.get("rc") or "").strip()[:8]
    return symbol, f"{words} ({reason})" if reason else words, at


def quote_of(item: Mapping[str, Any]) -> Quote:
    """Return a quote (KeyError, TypeError, ValueError: it is none); 0 on a side: nobody offers there."""
    sizes = float(item.get("bs") or 0.0), float(item.get("as") or 0.0)
    return Quote(item["S"], moment(item["t"]), float(item["bp"]), float(item["ap"]), *sizes)


def trade_of(item: Mapping[str, Any]) -> Trade:
    """Return a trade (KeyError, TypeError, ValueError: it is none)."""
    number = item.get("i")
    identity = "" if number is None else f"{item.get('x', '')}{number}"  # numbers are unique per exchange only
    return Trade(item["S"], moment(item["t"]), float(item["p"]), float(item["s"]), identity)

"""Every broker there is, by its id: what it is called, which credentials it takes, and how it is opened (L1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from desktop.domain.broker import AccountRef, BrokerChoice, CredentialField
from desktop.domain.broker_errors import BrokerNotFoundError
from desktop.domain.errors import FieldError
from desktop.ports import Clock
from desktop.ports.brokers import Broker


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an adapter is given besides the account."""

    clock: Clock
    cache: Path | None = None  # folder for market metadata
    url: str = ""  # replaces every address of the broker (a local stand-in); empty: the broker's own


Opener = Callable[[AccountRef, Mapping[str, str], Surroundings], Broker]


@dataclass(frozen=True, slots=True)
class BrokerEntry:
    """A broker and how its adapter is made."""

    choice: BrokerChoice
    opener: Opener


def _alpaca(ref: AccountRef, fields: Mapping[str, str], around: Surroundings, *, live: bool) -> Broker:
    from desktop.brokers.alpaca.broker import AlpacaBroker  # noqa: PLC0415 - brings aiohttp, on first use

    return AlpacaBroker(
        ref, key_id=fields["key_id"], secret=fields["secret"], live=live, clock=around.clock, url=around.url
    )


def _crypto(ref: AccountRef, fields: Mapping[str, str], around: Surroundings, *, exchange: str) -> Broker:
    from desktop.brokers.crypto.broker import CryptoBroker  # noqa: PLC0415 - brings ccxt, on first use

    return CryptoBroker(
        ref,
        exchange=exchange,
        key=fields["key"],
        secret=fields["secret"],
        password=fields.get("password", ""),
        clock=around.clock,
        url=around.url,
        cache=around.cache,
    )


_ALPACA = (CredentialField("key_id", "API key ID", secret=False), CredentialField("secret", "Secret key"))
_CRYPTO = (CredentialField("key", "API key", secret=False), CredentialField("secret", "API secret"))
_PASSPHRASE = CredentialField("password", "Passphrase")
_TRADE_ONLY = "Allow reading and spot trading only, never withdrawals."


def _exchange(name: str, title: str, *, passphrase: bool = False) -> BrokerEntry:
    choice = BrokerChoice(
        name,
        title,
        real_money=True,
        fields=(*_CRYPTO, _PASSPHRASE) if passphrase else _CRYPTO,
        feed=f"ccxt:{name}",
        help=f"Make an API key in your {title} account. {_TRADE_ONLY}",
    )
    return BrokerEntry(choice, partial(_crypto, exchange=name))


def _alpaca_entry(broker_id: str, title: str, which: str, *, live: bool) -> BrokerEntry:
    help_ = f"In Alpaca's dashboard choose the {which} account, then API Keys."
    choice = BrokerChoice(broker_id, title, real_money=live, fields=_ALPACA, feed="alpaca", help=help_)
    return BrokerEntry(choice, partial(_alpaca, live=live))


BROKERS: Mapping[str, BrokerEntry] = MappingProxyType(
    {
        item.choice.broker_id: item
        for item in (
            _alpaca_entry("alpaca-paper", "Alpaca (paper account)", "paper", live=False),
            _alpaca_entry("alpaca", "Alpaca", "live", live=True),
            _exchange("binance", "Binance"),
            _exchange("kraken", "Kraken"),
            _exchange("coinbase", "Coinbase"),
            _exchange("okx", "OKX", passphrase=True),
        )
    }
)


def broker_entry(broker_id: str) -> BrokerEntry:
    """Return a broker by its id.

    Raises:
        BrokerNotFoundError: there is none with this id.
    """
    try:
        return BROKERS[broker_id]
    except KeyError:
        raise BrokerNotFoundError(broker_id, tuple(BROKERS)) from None


def check_fields(choice: BrokerChoice, fields: Mapping[str, str]) -> None:
    """Refuse credentials with a field missing, unknown or not as it can be sent.

    Raises:
        FieldError: names the field; its value is not in the message.
    """
    known = {item.name: item for item in choice.fields}
    for name in fields:
        if name not in known:
            raise FieldError(name, f"{choice.title} takes no such field.")
    for item in choice.fields:
        value = fields.get(item.name, "")
        if not value and not item.optional:
            raise FieldError(item.name, f"fill in the {item.label}.")
        if not _could_be_a_key(value):
            raise FieldError(item.name, f"the {item.label} holds a character that no key has; copy it again.")


def _could_be_a_key(value: str) -> bool:
    """Whether a text can go into a header or sign a request; some exchanges give a key of several lines (PEM)."""
    if value.startswith("-----BEGIN"):
        return value.isascii()
    return value.isascii() and value.isprintable() and " " not in value


def open_broker(ref: AccountRef, fields: Mapping[str, str], around: Surroundings) -> Broker:
    """Return the adapter of an account, not connected yet. Imports it: off the loop the first time.

    Raises:
        BrokerNotFoundError: there is no such broker.
        FieldError: a field of the credentials is missing.
    """
    entry = broker_entry(ref.broker_id)
    check_fields(entry.choice, fields)
    return entry.opener(ref, fields, around)

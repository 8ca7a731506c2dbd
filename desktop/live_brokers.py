"""What the composition root gives live trading: accounts from the keyring, a gate that judges by what is stored."""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.brokers.credentials import KeyringCredentials, Vault
from desktop.brokers.keeper import BrokerAccounts
from desktop.brokers.registry import Surroundings
from desktop.domain.errors import UserMistake
from desktop.domain.evidence import Evidence
from desktop.domain.validation import PaperRun, Thresholds
from desktop.validation.gatekeeper import StoredEvidenceGate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.engine.api import FeedChoice
    from desktop.market.hub import Hub
    from desktop.ports import Clock, MarketFeed
    from desktop.store.storage import Storage

ALPACA = ("alpaca-paper", "alpaca")


def broker_accounts(clock: Clock, cache: Path | None = None, url: str = "") -> BrokerAccounts:
    """Return the accounts of the keyring.

    Args:
        clock: The program's.
        cache: Directory for what adapters may keep between two starts; no secret is among it.
        url: Takes the place of every address of the brokers (a stand-in on this machine).
    """
    return BrokerAccounts(Vault(KeyringCredentials()), Surroundings(clock, cache, url))


def evidence_gate(store: Storage, accounts: BrokerAccounts, thresholds: Thresholds | None = None) -> StoredEvidenceGate:
    """Return what judges strategy versions by the backtests and paper days of a storage."""
    from desktop.store.backtests import read_backtests  # noqa: PLC0415 - with the storage, not with the program
    from desktop.store.paper_days import read_paper_runs  # noqa: PLC0415 - as above

    async def backtests(version: str) -> Sequence[Evidence]:
        return await asyncio.wrap_future(store.read(lambda reader: read_backtests(reader, strategy_version=version)))

    async def paper(version: str) -> Sequence[PaperRun]:
        return await asyncio.wrap_future(store.read(lambda reader: read_paper_runs(reader, version)))

    return StoredEvidenceGate(backtests, paper, accounts.problem, thresholds)


def account_feeds() -> tuple[FeedChoice, ...]:
    """Return the feeds that need an account; what they have is known once they are opened."""
    from desktop.engine.api import FeedChoice  # noqa: PLC0415 - not needed to parse a command

    detail = "Real-time US shares; needs an API key of Alpaca, free with a paper account (Live > Broker accounts)."
    return (FeedChoice("alpaca", "Alpaca (US shares)", detail, ()),)


async def open_alpaca_feed(accounts: BrokerAccounts, clock: Clock, url: str) -> tuple[MarketFeed, Hub]:
    """Open Alpaca's prices with the credentials of the first account there; paper and live see the same.

    Raises:
        UserMistake: there is no account at Alpaca.
        KeyringFault: its credentials cannot be read.
        BrokerFault: Alpaca cannot be reached, or refuses them.
    """
    refs = [ref for ref in await accounts.accounts() if ref.broker_id in ALPACA]
    if not refs:
        raise UserMistake(
            "Alpaca's prices need the API key of an account there (its paper account is free). Nothing was started. "
            "Add it under Live > Broker accounts."
        )
    fields = await accounts.credentials(refs[0])
    module = await asyncio.to_thread(import_module, "desktop.feeds.alpaca_feed")  # brings aiohttp
    from desktop.market.hub import Hub  # noqa: PLC0415 - numpy is not needed before the first paint

    feed = module.AlpacaFeed(fields["key_id"], fields["secret"], clock=clock, url=url)
    await feed.open()
    hub = Hub("alpaca", feed.instruments())
    hub.on_subscribe, hub.on_unsubscribe = feed.subscribe, feed.unsubscribe
    return feed, hub

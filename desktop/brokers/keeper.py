"""Accounts as the window manages them: kept in the keyring, tested at the broker. Implements `ports.AccountKeeper`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from desktop.brokers.credentials import Vault, check_name
from desktop.brokers.registry import BROKERS, Surroundings, broker_entry, check_fields, open_broker
from desktop.domain.broker import AccountInfo, AccountRef, BrokerChoice, BrokerOrder, LinkState
from desktop.domain.broker_errors import BrokerFault
from desktop.domain.fills import OrderReport
from desktop.ports.brokers import Broker

PATIENCE = 20.0  # seconds a test of credentials may take


class _Deaf:
    """Hears nothing: a test asks for the account and goes."""

    def on_report(self, report: OrderReport) -> None: ...

    def on_order(self, order: BrokerOrder) -> None: ...

    def on_link(self, state: LinkState, detail: str) -> None: ...


class BrokerAccounts:
    """The accounts of every broker. Made of a vault, and of what adapters are given."""

    def __init__(
        self,
        vault: Vault,
        around: Surroundings,
        *,
        opener: Callable[[AccountRef, Mapping[str, str], Surroundings], Broker] = open_broker,
        patience: float = PATIENCE,
    ) -> None:
        self._vault, self._around, self._open, self._patience = vault, around, opener, patience

    def choices(self) -> Sequence[BrokerChoice]:
        """Return every broker there is."""
        return tuple(item.choice for item in BROKERS.values())

    async def problem(self) -> str:
        """Return why credentials cannot be kept or read now, and what to do; empty: they can."""
        return await self._vault.problem()

    async def readable(self) -> bool:
        """Return whether credentials can be read now, as far as that is known without asking the user."""
        return await self._vault.readable()

    async def accounts(self) -> Sequence[AccountRef]:
        """Return the accounts that have credentials, by broker and name (KeyringFault)."""
        return await self._vault.accounts()

    async def save(self, ref: AccountRef, fields: Mapping[str, str]) -> None:
        """Keep or replace an account's credentials (see `ports.AccountKeeper`)."""
        check_name(ref.account)
        check_fields(broker_entry(ref.broker_id).choice, fields)
        await self._vault.save(ref, fields)

    async def delete(self, ref: AccountRef) -> None:
        """Forget an account's credentials (KeyringFault; NotFound)."""
        await self._vault.delete(ref)

    async def open(self, ref: AccountRef, fields: Mapping[str, str] | None = None) -> Broker:
        """Return the adapter of an account, not connected yet; its credentials are read where none are given.

        Raises:
            BrokerNotFoundError: there is no such broker.
            FieldError: a field of the credentials cannot be used.
            KeyringFault: they cannot be read.
            NotFound: none are kept.
        """
        entry = broker_entry(ref.broker_id)
        if fields is None:
            fields = await self._vault.read(ref)
        check_fields(entry.choice, fields)
        return await asyncio.to_thread(self._open, ref, fields, self._around)

    async def credentials(self, ref: AccountRef) -> Mapping[str, str]:
        """Return the fields of an account's credentials (KeyringFault; NotFound)."""
        return await self._vault.read(ref)

    async def test(self, ref: AccountRef, fields: Mapping[str, str] | None = None) -> AccountInfo:
        """Ask the broker for the account; nothing is stored (see `ports.AccountKeeper`)."""
        broker = await self.open(ref, fields)
        try:
            return await asyncio.wait_for(broker.start(_Deaf()), self._patience)
        except TimeoutError:
            raise BrokerFault(
                f"{broker_entry(ref.broker_id).choice.title} did not answer within {self._patience:g} s. The "
                "credentials were not judged. Check the network and test again."
            ) from None
        finally:
            await broker.stop()

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import cast

import pytest

from desktop.brokers.credentials import KeyringCredentials, Vault
from desktop.brokers.keeper import BrokerAccounts
from desktop.brokers.registry import BROKERS, Surroundings
from desktop.domain.broker import AccountInfo, AccountRef
from desktop.domain.broker_errors import BrokerFault, BrokerNotFoundError, CredentialsRefused
from desktop.domain.errors import FieldError, NotFound
from desktop.ports.brokers import AccountKeeper, Broker, BrokerListener
from tests.helpers.fake_clock import FakeClock
from tests.helpers.fake_keyring import FakeKeyring

REF = AccountRef("alpaca-paper", "main")
FIELDS = {"key_id": "PK1", "secret": "right"}
INFO = AccountInfo(REF, "1XYZ", "USD", Decimal(10), Decimal(9), Decimal(8), None, 1)


class OneSecretBroker:
    """Knows one right secret; never answers for the secret "silent"."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.secret, self.stopped = fields["secret"], False

    async def start(self, listener: BrokerListener) -> AccountInfo:
        if self.secret == "silent":
            await asyncio.Event().wait()
        if self.secret != "right":
            raise CredentialsRefused("The broker does not accept this key.")
        return INFO

    async def stop(self) -> None:
        self.stopped = True


class Desk:
    def __init__(self) -> None:
        self.opened: list[OneSecretBroker] = []
        self.keeper = BrokerAccounts(
            Vault(KeyringCredentials(FakeKeyring())), Surroundings(FakeClock()), opener=self.open, patience=0.01
        )

    def open(self, ref: AccountRef, fields: Mapping[str, str], around: Surroundings) -> Broker:
        self.opened.append(OneSecretBroker(fields))
        return cast("Broker", self.opened[-1])


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_an_account_is_tested_before_it_is_kept_and_the_connection_ends(desk: Desk) -> None:
    keeper: AccountKeeper = desk.keeper
    assert await keeper.test(REF, FIELDS) == INFO
    assert desk.opened[0].stopped
    assert not await keeper.accounts()
    await keeper.save(REF, FIELDS)
    assert await keeper.test(REF) == INFO
    await keeper.delete(REF)
    with pytest.raises(NotFound):
        await keeper.test(REF)


async def test_fault_19_refused_credentials_are_said_and_the_connection_ends(desk: Desk) -> None:
    with pytest.raises(CredentialsRefused, match="does not accept"):
        await desk.keeper.test(REF, FIELDS | {"secret": "wrong"})
    assert desk.opened[0].stopped


async def test_a_broker_that_never_answers_is_given_up(desk: Desk) -> None:
    with pytest.raises(BrokerFault, match="did not answer"):
        await desk.keeper.test(REF, FIELDS | {"secret": "silent"})
    assert desk.opened[0].stopped


async def test_what_cannot_be_kept_is_refused_and_nothing_changes(desk: Desk) -> None:
    with pytest.raises(FieldError, match="Secret key"):
        await desk.keeper.save(REF, {"key_id": "PK1"})
    with pytest.raises(FieldError, match="account"):
        await desk.keeper.save(AccountRef("alpaca", "a/b"), FIELDS)
    with pytest.raises(BrokerNotFoundError):
        await desk.keeper.save(AccountRef("nobody", "main"), FIELDS)
    assert not await desk.keeper.accounts()
    assert [item.broker_id for item in desk.keeper.choices()] == list(BROKERS)

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop.brokers import credentials
from desktop.brokers.credentials import INDEX, SERVICE, KeyringCredentials, Secrets, Vault
from desktop.domain.broker import AccountRef
from desktop.domain.broker_errors import DamagedCredentials, KeyringFault
from desktop.domain.errors import FieldError, NotFound
from desktop.logs import HIDDEN, redact
from tests.helpers.fake_keyring import BrokenKeyring, FakeKeyring

MAIN = AccountRef("alpaca-paper", "main")
OTHER = AccountRef("binance", "spare")
FIELDS = {"key_id": "PKCANARY01", "secret": "canary-3f9a7c1e"}


@pytest.fixture
def keyring() -> FakeKeyring:
    return FakeKeyring()


@pytest.fixture
def kept(keyring: FakeKeyring) -> KeyringCredentials:
    return KeyringCredentials(keyring)


def test_what_is_saved_is_read_back_listed_replaced_and_deleted(kept: KeyringCredentials) -> None:
    assert not kept.accounts()
    kept.save(OTHER, {"key": "abcdef", "secret": "ghijkl"})
    kept.save(MAIN, FIELDS)
    assert kept.accounts() == (MAIN, OTHER)
    assert kept.read(MAIN) == FIELDS
    kept.save(MAIN, FIELDS | {"secret": "another-one"})
    assert kept.read(MAIN)["secret"] == "another-one"
    assert kept.accounts() == (MAIN, OTHER)
    kept.delete(MAIN)
    assert kept.accounts() == (OTHER,)
    with pytest.raises(NotFound, match="alpaca-paper/main"):
        kept.read(MAIN)
    with pytest.raises(NotFound):
        kept.delete(MAIN)


def test_secrets_show_themselves_without_their_values(kept: KeyringCredentials) -> None:
    kept.save(MAIN, FIELDS)
    found = kept.read(MAIN)
    assert str(found) == repr(found) == "Secrets(key_id, secret)"
    assert f"{Secrets(FIELDS)!r}".count("canary") == 0


def test_a_secret_that_was_read_reaches_no_log_whatever_it_stands_beside(kept: KeyringCredentials) -> None:
    kept.save(MAIN, FIELDS)
    assert redact("url was http://x/?q=canary-3f9a7c1e&y=1") == f"url was http://x/?q={HIDDEN}&y=1"
    assert redact({"note": ["PKCANARY01 failed"]}) == {"note": [f"{HIDDEN} failed"]}


def test_fault_27_a_locked_keyring_refuses_with_advice_and_keeps_nothing_elsewhere(
    keyring: FakeKeyring, kept: KeyringCredentials
) -> None:
    kept.save(MAIN, FIELDS)
    keyring.locked = True
    assert "locked" in kept.problem()
    assert "Live trading is refused" in kept.problem()
    for call in (kept.accounts, lambda: kept.read(MAIN), lambda: kept.save(OTHER, FIELDS), lambda: kept.delete(MAIN)):
        with pytest.raises(KeyringFault, match="locked"):
            call()
    keyring.locked = False
    assert kept.problem() == ""
    assert kept.accounts() == (MAIN,)
    assert kept.read(MAIN) == FIELDS


def test_fault_27_without_a_keyring_of_the_system_live_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyring.backend.get_all_keyring", lambda: [FakeKeyring()])  # not one of the system's
    kept = KeyringCredentials()
    assert "no keyring of the operating system" in kept.problem()
    with pytest.raises(KeyringFault, match="GNOME Keyring"):
        kept.save(MAIN, FIELDS)


def test_the_first_of_the_systems_keyrings_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("keyring.backends.kwallet", "keyring.backends.SecretService", "keyrings.alt.file")
    made = [type("Found", (FakeKeyring,), {"__module__": name})() for name in names]
    monkeypatch.setattr("keyring.backend.get_all_keyring", lambda: made)
    assert credentials.system_keyring() is made[1]


def test_an_error_of_the_keyrings_own_library_is_a_sentence(tmp_path: Path) -> None:
    assert "does not work (OSError)" in KeyringCredentials(BrokenKeyring(tmp_path / "x")).problem()


@pytest.mark.parametrize("name", ["", " main", "main ", "a/b", "x" * 61, "a\nb"])
def test_a_name_that_cannot_be_filed_is_refused(kept: KeyringCredentials, name: str) -> None:
    with pytest.raises(FieldError, match="account"):
        kept.save(AccountRef("alpaca", name), FIELDS)
    assert not kept.accounts()


def test_a_damaged_list_loses_no_credentials(keyring: FakeKeyring, kept: KeyringCredentials) -> None:
    kept.save(MAIN, FIELDS)
    keyring.set_password(SERVICE, INDEX, "[1, 2")
    with pytest.raises(KeyringFault, match="themselves are untouched"):
        kept.accounts()
    assert kept.read(MAIN) == FIELDS
    keyring.set_password(SERVICE, MAIN.key, "7")
    with pytest.raises(DamagedCredentials, match="are damaged"):
        kept.read(MAIN)


def test_a_crash_while_saving_leaves_no_secret_that_nobody_lists(keyring: FakeKeyring) -> None:
    class Dies(FakeKeyring):
        def set_password(self, service: str, username: str, password: str) -> None:
            if username != INDEX:
                raise SystemExit
            super().set_password(service, username, password)

    dying = Dies()
    kept = KeyringCredentials(dying)
    with pytest.raises(SystemExit):
        kept.save(MAIN, FIELDS)
    assert json.loads(str(dying.get_password(SERVICE, INDEX))) == [["alpaca-paper", "main"]]
    with pytest.raises(NotFound):
        kept.read(MAIN)
    kept.delete(MAIN)
    assert not kept.accounts()


async def test_the_vault_asks_in_a_thread_and_loses_patience(keyring: FakeKeyring, kept: KeyringCredentials) -> None:
    import threading

    vault = Vault(kept)
    await vault.save(MAIN, FIELDS)
    assert await vault.accounts() == (MAIN,)
    assert await vault.read(MAIN) == FIELDS
    assert await vault.problem() == ""
    await vault.delete(MAIN)
    released = threading.Event()

    class Waits(FakeKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            released.wait(10)
            return None

    slow = Vault(KeyringCredentials(Waits()), patience=0)
    try:
        assert "did not answer" in await slow.problem()
        with pytest.raises(KeyringFault, match="unlock"):
            await slow.read(MAIN)
    finally:
        released.set()


async def test_fault_27_a_keyring_that_waits_for_its_user_keeps_one_thread_only_and_is_seen_to_open() -> None:
    import asyncio
    import threading

    released, asked = threading.Event(), []

    class Waits(FakeKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            asked.append(username)
            released.wait(10)
            return None

    vault = Vault(KeyringCredentials(Waits(), is_open=lambda: False), patience=0.01)
    for _ in range(3):
        assert "did not answer" in await vault.problem()
    assert len(asked) == 1
    assert not await vault.readable()
    released.set()
    async with asyncio.timeout(10):
        while not await vault.readable():  # noqa: ASYNC110 - its thread tells nobody when it has ended
            await asyncio.sleep(0)


async def test_fault_27_whether_a_locked_keyring_was_unlocked_is_seen_without_asking_for_a_password() -> None:
    keyring = FakeKeyring()
    vault = Vault(KeyringCredentials(keyring, is_open=lambda: not keyring.locked))
    keyring.locked = True
    assert "locked" in await vault.problem()
    assert not await vault.readable()
    keyring.locked = False
    assert await vault.readable()


async def test_fault_27_a_keyring_that_hangs_when_its_lock_is_looked_at_takes_one_thread_and_no_more() -> None:
    import asyncio
    import threading

    keyring, released, looks = FakeKeyring(), threading.Event(), []

    def hangs() -> bool:
        looks.append(1)
        return released.wait(10)

    vault = Vault(KeyringCredentials(keyring, is_open=hangs), patience=0.01)
    keyring.locked = True
    assert "locked" in await vault.problem()
    for _ in range(3):
        assert not await vault.readable()
    assert len(looks) == 1
    released.set()
    async with asyncio.timeout(10):
        while not await vault.readable():  # noqa: ASYNC110 - its thread tells nobody when it has ended
            await asyncio.sleep(0)

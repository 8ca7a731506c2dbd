"""Secrets of brokers: in the operating system's keyring and nowhere else (L6, fault 27).

A keyring cannot be asked what it holds, so one entry of it lists the accounts. Only the operating systems' own keyrings
are used: a library that finds none may otherwise fall back to plain text without a word.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from desktop.domain.broker import AccountRef
from desktop.domain.broker_errors import DamagedCredentials, KeyringFault
from desktop.domain.errors import FieldError, NotFound
from desktop.logs import hide

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE = "Assay"
INDEX = "accounts"  # the entry that lists the accounts; holds no secret
DATABASE = "database"  # the entry with the password of a PostgreSQL database
LONGEST = 60  # characters of an account's name
PATIENCE = 30.0  # seconds; a locked keyring asks the user to unlock it, which takes a while

#: Module of each keyring that is let in, best first; all keep secrets encrypted and belong to the system.
SYSTEM_KEYRINGS = (
    "keyring.backends.macOS",
    "keyring.backends.Windows",
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
)
ADVICE = (
    "Live trading is refused until it is there; nothing was kept anywhere else. On Linux, install and unlock GNOME "
    "Keyring or KWallet and log in to the desktop; on Windows and macOS, log in as yourself. Then try again."
)


class Secrets(dict[str, str]):
    """The fields of one account's credentials; shows itself without them."""

    def __repr__(self) -> str:
        """Return the names of the fields only."""
        return f"Secrets({', '.join(self)})"

    __str__ = __repr__


class KeyringCredentials:
    """Credentials by account. Every call may block for as long as the user takes to unlock the keyring."""

    def __init__(self, backend: KeyringBackend | None = None, *, is_open: Callable[[], bool] | None = None) -> None:
        """Use the given keyring, or look for the operating system's when it is first needed.

        `is_open` tells whether it is unlocked without opening it; None: as the Secret Service tells.
        """
        self._backend, self._is_open = backend, is_open or _collection_is_open

    def problem(self) -> str:
        """Return why secrets cannot be kept or read now, and what to do; empty: they can."""
        try:
            self.check()
        except KeyringFault as error:
            return str(error)
        return ""

    def check(self) -> None:
        """Raise KeyringFault unless secrets can be kept and read now."""
        self._read(INDEX)

    def unlocked(self) -> bool:
        """Return whether the keyring is certainly unlocked; it is not opened, so nobody is asked for a password."""
        return self._is_open()

    def accounts(self) -> Sequence[AccountRef]:
        """Return the accounts that have credentials, by broker and name.

        Raises:
            KeyringFault: the keyring is locked, missing or refuses.
        """
        text = self._read(INDEX)
        if not text:
            return ()
        try:
            found = [AccountRef(str(broker), str(account)) for broker, account in json.loads(text)]
        except (ValueError, TypeError):
            raise DamagedCredentials(
                f"The list of accounts in the keyring (entry {INDEX} of {SERVICE}) is damaged. The credentials "
                "themselves are untouched. Delete that entry in the keyring's own program and add your accounts again."
            ) from None
        return tuple(sorted(found, key=lambda ref: ref.key))

    def read(self, ref: AccountRef) -> Secrets:
        """Return the fields of an account's credentials.

        Raises:
            KeyringFault: the keyring is locked, missing or refuses.
            NotFound: there are none.
        """
        text = self._read(ref.key)
        if text is None:
            raise NotFound("account with credentials", ref.key, "Add it under Live > Broker accounts.")
        try:
            fields = Secrets({str(name): str(value) for name, value in json.loads(text).items()})
        except (ValueError, AttributeError):
            raise DamagedCredentials(
                f"The credentials of {ref.key} in the keyring are damaged. Replace them under Live > Broker accounts."
            ) from None
        for value in fields.values():
            hide(value)
        return fields

    def save(self, ref: AccountRef, fields: Mapping[str, str]) -> None:
        """Keep or replace an account's credentials.

        Raises:
            FieldError: the account's name cannot be used.
            KeyringFault: the keyring is locked, missing or refuses; what was there before stays.
        """
        check_name(ref.account)
        for value in fields.values():
            hide(value)
        known = self.accounts()
        if ref not in known:
            self._list((*known, ref))  # first, so that a crash leaves no secret that nobody lists
        self._write(ref.key, json.dumps(dict(fields)))

    def delete(self, ref: AccountRef) -> None:
        """Forget an account's credentials.

        Raises:
            KeyringFault: the keyring is locked, missing or refuses; they are still there.
            NotFound: there are none.
        """
        known = self.accounts()
        if ref not in known and self._read(ref.key) is None:
            raise NotFound("account with credentials", ref.key)
        from keyring.errors import PasswordDeleteError

        with suppress(PasswordDeleteError):  # it was listed and is gone already: what was wanted
            self._call(lambda keyring: keyring.delete_password(SERVICE, ref.key))
        if self._read(ref.key) is not None:
            raise KeyringFault(
                f"The keyring keeps the credentials of {ref.key}. Delete them in the keyring's own program."
            )
        self._list(item for item in known if item != ref)

    def database_password(self) -> str:
        """Return the password of the PostgreSQL database; empty: there is none, or no keyring to ask."""
        try:
            found = self._read(DATABASE)
        except KeyringFault:  # then the password file must have it; the server says so if not
            return ""
        if found:
            hide(found)
        return found or ""

    def _list(self, refs: Iterable[AccountRef]) -> None:
        self._write(INDEX, json.dumps([[ref.broker_id, ref.account] for ref in refs]))

    def _read(self, name: str) -> str | None:
        return self._call(lambda keyring: keyring.get_password(SERVICE, name))

    def _write(self, name: str, text: str) -> None:
        self._call(lambda keyring: keyring.set_password(SERVICE, name, text))

    def _call(self, ask: Callable[[KeyringBackend], T]) -> T:
        from keyring.errors import InitError, KeyringError, KeyringLocked, PasswordDeleteError

        try:
            if self._backend is None:
                self._backend = system_keyring()
            return ask(self._backend)
        except (KeyringFault, PasswordDeleteError):
            raise
        except (KeyringLocked, InitError) as error:
            raise KeyringFault(f"The keyring is locked and was not unlocked. {ADVICE}") from error
        except KeyringError as error:
            raise KeyringFault(f"The keyring refuses ({type(error).__name__}). {ADVICE}") from error
        except Exception as error:  # each keyring raises errors of its own libraries (D-Bus, Win32, Security)
            raise KeyringFault(f"The keyring does not work ({type(error).__name__}). {ADVICE}") from error


def system_keyring() -> KeyringBackend:
    """Return the operating system's keyring.

    Raises:
        KeyringFault: there is none that keeps secrets encrypted.
    """
    from keyring.backend import get_all_keyring

    found = [item for item in get_all_keyring() if type(item).__module__ in SYSTEM_KEYRINGS and item.priority > 0]
    if not found:
        raise KeyringFault(f"There is no keyring of the operating system. {ADVICE}")
    return min(found, key=lambda item: SYSTEM_KEYRINGS.index(type(item).__module__))


def _collection_is_open() -> bool:
    """Look at the lock of the default collection of the Secret Service; opening it would ask the user."""
    try:
        import secretstorage  # noqa: PLC0415 - on Linux only, and slow

        with closing(secretstorage.dbus_init()) as bus:
            return not secretstorage.get_default_collection(bus).is_locked()
    except Exception:  # noqa: BLE001 - whatever its libraries raise, it is not known to be open
        return False


def check_name(account: str) -> None:
    """Refuse an account's name that cannot be filed or read back.

    Raises:
        FieldError: it is empty, too long, or holds a slash or what cannot be printed.
    """
    if not account.strip() or account != account.strip() or len(account) > LONGEST or "/" in account:
        raise FieldError("account", f"name it with 1 to {LONGEST} characters, without slash or space at its ends.")
    if not account.isprintable():
        raise FieldError("account", "holds characters that cannot be printed.")


class Vault:
    """The same for the event loop: each call in a thread, with an end to its patience."""

    def __init__(self, store: KeyringCredentials, *, patience: float = PATIENCE) -> None:
        self._store, self._patience = store, patience
        self._works = True  # the last call was answered
        self._stuck: asyncio.Future[Any] | None = None  # a call that was not answered in time
        self._look: asyncio.Future[bool] | None = None  # the last look at the lock

    async def problem(self) -> str:
        """Return why secrets cannot be kept or read now; empty: they can."""
        try:
            await self._in_thread(self._store.check)
        except KeyringFault as error:
            return str(error)
        return ""

    async def readable(self) -> bool:
        """Return whether secrets can be read now, as far as that is known without asking the user."""
        if self._works or (self._stuck is not None and not self._stuck.done()):
            return self._works
        if self._look is None or self._look.done():  # else a thread looks already, and may never come back
            self._look = asyncio.ensure_future(asyncio.to_thread(self._store.unlocked))
        with suppress(TimeoutError):
            return await asyncio.wait_for(asyncio.shield(self._look), self._patience)
        return False

    async def accounts(self) -> Sequence[AccountRef]:
        """Return the accounts that have credentials (raises as `KeyringCredentials.accounts`)."""
        return await self._in_thread(self._store.accounts)

    async def read(self, ref: AccountRef) -> Secrets:
        """Return an account's credentials (raises as `KeyringCredentials.read`)."""
        return await self._in_thread(lambda: self._store.read(ref))

    async def save(self, ref: AccountRef, fields: Mapping[str, str]) -> None:
        """Keep or replace an account's credentials (raises as `KeyringCredentials.save`)."""
        await self._in_thread(lambda: self._store.save(ref, fields))

    async def delete(self, ref: AccountRef) -> None:
        """Forget an account's credentials (raises as `KeyringCredentials.delete`)."""
        await self._in_thread(lambda: self._store.delete(ref))

    async def _in_thread(self, call: Callable[[], T]) -> T:
        if self._stuck is not None and not self._stuck.done():
            raise self._unanswered()  # a thread waits in it already; more of them would leave none for anything else
        asking = asyncio.ensure_future(asyncio.to_thread(call))
        try:
            found = await asyncio.wait_for(asyncio.shield(asking), self._patience)
        except KeyringFault:
            self._works = False
            raise
        except TimeoutError:
            self._works, self._stuck = False, asking
            asking.add_done_callback(self._answered_late)
            raise self._unanswered() from None
        self._works = True
        return found

    def _answered_late(self, asking: asyncio.Future[Any]) -> None:
        self._works = not asking.cancelled() and asking.exception() is None

    def _unanswered(self) -> KeyringFault:
        return KeyringFault(
            f"The keyring did not answer within {self._patience:g} s: it may wait for you to unlock it. {ADVICE}"
        )

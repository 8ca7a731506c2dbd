"""A keyring in memory or in a file of the test, with a lock; and a program that runs Assay on it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class FakeKeyring(KeyringBackend):
    """Keeps what it is given; locked, it refuses everything."""

    priority = 1

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library's
        self.path, self.locked = path, False
        self._kept: dict[str, str] = {}

    def _all(self) -> dict[str, str]:
        if self.locked:
            raise KeyringLocked("locked")
        if self.path is None:
            return self._kept
        found: dict[str, str] = json.loads(self.path.read_text()) if self.path.exists() else {}
        return found

    def _keep(self, kept: dict[str, str]) -> None:
        if self.path is not None:
            self.path.write_text(json.dumps(kept))

    def get_password(self, service: str, username: str) -> str | None:
        return self._all().get(f"{service}|{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        kept = self._all()
        kept[f"{service}|{username}"] = password
        self._keep(kept)

    def delete_password(self, service: str, username: str) -> None:
        kept = self._all()
        if kept.pop(f"{service}|{username}", None) is None:
            raise PasswordDeleteError("not there")
        self._keep(kept)


class BrokenKeyring(FakeKeyring):
    """Fails as those do whose own library fails."""

    def _all(self) -> dict[str, str]:
        raise OSError("no bus")


def install(path: Path) -> None:
    """Let this process take the keyring of a file for the system's."""
    from desktop.brokers import credentials

    keyring: Any = FakeKeyring(path)
    credentials.system_keyring = lambda: keyring


def main() -> int:
    """Run Assay with a keyring in the file named first; the rest are its arguments."""
    install(Path(sys.argv[1]))
    sys.argv = ["assay", *sys.argv[2:]]
    from desktop.__main__ import main as assay

    return assay()


if __name__ == "__main__":
    os.environ.pop("PYTHON_KEYRING_BACKEND", None)
    sys.exit(main())

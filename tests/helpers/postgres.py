"""A real PostgreSQL server in a folder of the test: started when first asked for, skipped where it is not installed."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
_SERVER_USER = "postgres"  # the server refuses to run as root


def _binaries() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    places = sorted(path for pattern in _PLACES for path in Path("/").glob(pattern.lstrip("/")))
    return places[-1] if places else None


class Server:
    """A running server; each database of it is empty when it is handed out."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries, self._folder, self._made = binaries, folder, 0
        self._user = _SERVER_USER if os.geteuid() == 0 else getpass.getuser()
        if os.geteuid() == 0:
            shutil.chown(folder, self._user)
        self._data = str(folder / "data")
        self._as_user("initdb", "-D", self._data, "-U", "assay", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    def _as_user(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", self._user, "--", *command]
        subprocess.run(command, check=True, capture_output=True, cwd=self._folder, timeout=60)

    def database(self) -> str:
        """Return the URL of a fresh, empty database."""
        import psycopg

        self._made += 1
        name = f"test{self._made}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql://assay@/{name}?host={self._folder}"

    def stop(self, mode: str = "immediate") -> None:
        self._as_user("pg_ctl", "-D", self._data, "-m", mode, "-w", "stop")

    def start(self) -> None:
        options = f"-c listen_addresses= -c unix_socket_directories={self._folder} -c fsync=off -c full_page_writes=off"
        log = str(self._folder / "log")
        self._as_user("pg_ctl", "-D", self._data, "-w", "-l", log, "-o", options, "start")


@contextmanager
def server() -> Iterator[Server]:
    """Start a server and stop it at the end; the test is skipped where PostgreSQL is not installed."""
    binaries = _binaries()
    if binaries is None:
        assert not os.environ.get("ASSAY_NEEDS_POSTGRES"), "PostgreSQL was asked for and is not installed"
        pytest.skip("PostgreSQL is not installed here (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="assay-pg-", dir="/tmp"))  # a socket's path must be short
    try:
        running = Server(binaries, folder)
        try:
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)

"""Where Assay keeps its data, and the few settings that are read before anything else (fault 36).

The window's looks are the window's (`ui.preferences`); settings of a session are stored with it.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from desktop.domain.errors import DataFileError, StorageFault

SETTINGS = "settings.json"
LAST_GOOD = "settings.last-good.json"
MAX_BYTES = 64 * 1024


def default_data_dir() -> Path:
    """Return the user's data directory as the operating system has it; nothing is made."""
    from platformdirs import user_data_path  # noqa: PLC0415 - not needed where --data-dir is given

    return user_data_path("assay", appauthor=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the whole program."""

    resume_on_start: bool = True  # sessions that ran go on after a restart (S5)
    database_url: str = ""  # of a PostgreSQL database; empty: a SQLite file in the data directory


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings as read, and what the user must know about the reading; empty when all was well."""

    settings: Settings
    notice: str = ""


def load_settings(directory: Path) -> LoadedSettings:
    """Return the settings of a data directory; never fails. Blocks on the disk.

    A damaged file is set aside and the last good copy taken. Whether live sessions may trade is no setting: they are
    armed anew at each start (L7).
    """
    path = directory / SETTINGS
    if not path.exists() and not (directory / LAST_GOOD).exists():
        return LoadedSettings(Settings())
    try:
        return LoadedSettings(_read(path))
    except DataFileError as error:
        problem = str(error)
    aside = path.with_suffix(".damaged")
    kept = f" The damaged file was kept as {aside.name}." if _move(path, aside) else ""
    try:
        settings, source = _read(directory / LAST_GOOD), "The last good copy is in force."
    except DataFileError:
        settings, source = Settings(), "There was no good copy, so the usual settings are in force."
    notice = f"{problem} {source}{kept} Live sessions are disarmed: look at the settings, then arm them again."
    return LoadedSettings(settings, notice)


def save_settings(directory: Path, settings: Settings) -> None:
    """Store the settings so that a crash at any instant leaves the old or the new ones. Blocks on the disk.

    Raises:
        StorageFault: the disk does not take them; the old ones stay.
    """
    text = json.dumps(asdict(settings), indent=2) + "\n"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name in (SETTINGS, LAST_GOOD):
            _replace(directory / name, text)
    except OSError as error:
        raise StorageFault(
            f"The settings could not be saved in {directory}: {error.strerror}. The ones of before stay in force. "
            "Free some space or check the permissions of the folder."
        ) from error


def _read(path: Path) -> Settings:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataFileError(path.name, f"cannot be read: {error.strerror}.") from error
    if len(raw) > MAX_BYTES:
        raise DataFileError(path.name, f"is {len(raw):,} bytes long, the most is {MAX_BYTES:,}.")
    try:
        found: Any = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise DataFileError(path.name, f"is damaged ({str(error)[:100]}).") from error
    if not isinstance(found, dict):
        raise DataFileError(path.name, "is damaged (no settings in it).")
    values: dict[str, Any] = {}
    for field in fields(Settings):
        value = found.get(field.name, field.default)
        if type(value) is not type(field.default):
            wanted = "neither true nor false" if isinstance(field.default, bool) else "no text"
            raise DataFileError(path.name, f"is damaged ({field.name} is {wanted}).")
        values[field.name] = value
    return Settings(**values)


def _replace(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _move(path: Path, target: Path) -> bool:
    try:
        path.replace(target)
    except OSError:
        return False
    return True

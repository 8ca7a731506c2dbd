"""Strategy and limit files: read with a cap on their size, written so that a crash leaves the old or the new one."""

from __future__ import annotations

from pathlib import Path

from desktop.domain.errors import DataFileError, StorageFault
from desktop.domain.limits_text import parse_limits
from desktop.domain.risk import RiskLimits
from desktop.domain.strategies import Strategy
from desktop.domain.strategy_text import format_strategy, parse_strategy
from desktop.domain.toml_text import MAX_BYTES


def import_strategy(path: Path) -> Strategy:
    """Return the strategy of a file. Blocks on the disk.

    Raises:
        DataFileError: the file cannot be read, is too large or is no text.
        FieldError: its content cannot be right; names the field.
    """
    return parse_strategy(_text(path))


def import_limits(path: Path) -> RiskLimits:
    """Return the risk limits of a file; raises as `import_strategy` does. Blocks on the disk."""
    return parse_limits(_text(path))


def export_strategy(strategy: Strategy, path: Path) -> None:
    """Write a strategy as a readable text file. Blocks on the disk.

    Raises:
        StorageFault: the disk does not take it; a file of before stays.
    """
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_text(format_strategy(strategy), encoding="utf-8", newline="\n")
        fresh.replace(path)
    except OSError as error:
        raise StorageFault(
            f"The strategy could not be written to {path}: {error.strerror}. A file that was there is unchanged. "
            "Choose another folder or free some space."
        ) from error


def _text(path: Path) -> str:
    """Return a file's text without ever reading more than the cap."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise DataFileError(str(path), f"cannot be read: {error.strerror}.") from error
    if len(raw) > MAX_BYTES:
        raise DataFileError(str(path), f"is larger than {MAX_BYTES:,} bytes. Nothing was read.")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise DataFileError(str(path), f"is no UTF-8 text (byte {error.start}). Nothing was read.") from error

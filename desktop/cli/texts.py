"""Small text files named on the command line: strategies and limits."""

from __future__ import annotations

from pathlib import Path

from desktop.domain.errors import DataFileError
from desktop.domain.toml_text import MAX_BYTES


def read_text(path: Path, what: str) -> str:
    """Return the text of a file.

    Args:
        path: The file.
        what: What it is, for the sentences ("strategy file").

    Raises:
        DataFileError: it is not there, cannot be read, is too large or no text.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise DataFileError(str(path), f"the {what} cannot be read: {error.strerror}.") from None
    if len(raw) > MAX_BYTES:
        raise DataFileError(str(path), f"the {what} is longer than {MAX_BYTES:,} bytes. Nothing was read.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataFileError(str(path), f"the {what} is no text. Save it as UTF-8. Nothing was read.") from None

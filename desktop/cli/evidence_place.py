"""Where the command line keeps what was tried and what came of it: the data directory that was named, if one was."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.replay_data import is_series, period_of

if TYPE_CHECKING:
    from desktop.store.storage import Storage


@contextmanager
def evidence_storage(options: argparse.Namespace) -> Iterator[Storage | None]:
    """Claim the data directory of --data-dir; None: there is none, so nothing is kept.

    Raises:
        AlreadyRunning: another Assay owns it.
        StorageFault: it cannot be opened.
    """
    directory: Path | None = getattr(options, "data_dir", None)
    if directory is None:
        yield None
        return
    from desktop.data_place import open_storage  # noqa: PLC0415 - nothing is stored without a data directory

    with open_storage(directory) as storage:
        yield storage


def evidence_feed(options: argparse.Namespace) -> str:
    """Return how the record says where the prices of --bars came from, so that anyone finds them again."""
    from desktop.research.api import FILE  # noqa: PLC0415 - as above
    from desktop.research.lab_data import feed_of  # noqa: PLC0415

    # whoever runs it again may stand elsewhere, and a stored series is no file
    sources = [text if is_series(text) else f"{FILE}{Path(text).absolute()}" for text in map(str, options.bars)]
    return feed_of(sources, *period_of(options))

"""A process that imports a file: `python -m tests.store.import_child DIRECTORY FILE`; made to be killed."""

from __future__ import annotations

import sys
from pathlib import Path

from desktop.market.history_merge import Existing
from desktop.market.history_report import ImportRequest
from desktop.store.history_import import import_file

if __name__ == "__main__":
    print(
        import_file(ImportRequest(Path(sys.argv[1]), Path(sys.argv[2]), "SPY", existing=Existing.REPLACE)).kept,
        flush=True,
    )

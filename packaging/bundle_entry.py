"""Where the bundled program starts: as `assay` with a console, as `assay-window` without one."""

import multiprocessing
import sys
from pathlib import Path

from desktop.__main__ import main, window_main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(window_main() if Path(sys.executable).stem == "assay-window" else main())

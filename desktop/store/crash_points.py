"""Places where a test lets the process die as in a power cut.

`ASSAY_CRASH_AT=name` kills the process when the place is reached, `name:3` when it is reached for the third time.
"""

from __future__ import annotations

import os
import signal
import sys

CRASH_POINTS = (
    "before-intent",
    "after-intent",
    "while-sending",
    "after-send",
    "inside-fill",
    "during-cancel",
    "during-recovery",
    "inside-migration",
    "before-commit",
    "after-commit",
    "inside-import",
    "after-import",
)


def _wanted(setting: str) -> tuple[str, int]:
    name, _, count = setting.partition(":")
    return name, int(count) if count.isdigit() else 1


_name, _left = _wanted(os.environ.get("ASSAY_CRASH_AT", ""))


def reach(name: str) -> None:
    """Die here, without any clean-up, when the environment asks for it."""
    global _left  # noqa: PLW0603 - one count for the process, as there is one environment
    if name != _name:
        return
    _left -= 1
    if _left > 0:
        return
    if sys.platform != "win32":
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(137)

"""Importing a library without the optional companions that it would load but that are not used through it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Let libraries be imported inside as if those with these names were not installed.

    Python's own rule is used: a module that stands as None in `sys.modules` is not found. What is loaded already stays.
    Meanwhile no other thread may import them, so this belongs into start-up.
    """
    absent = [name for name in names if name not in sys.modules]
    modules = cast("dict[str, Any]", sys.modules)
    modules.update(dict.fromkeys(absent))
    try:
        yield
    finally:
        for name in absent:
            if modules.get(name) is None:
                modules.pop(name, None)

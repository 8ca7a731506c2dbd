"""Libraries imported without companions that are installed but not used through them."""

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.companions import without

ROOT = Path(__file__).parents[1]


def test_a_companion_is_not_found_inside_and_found_again_after() -> None:
    sys.modules.pop("this", None)
    with without("this"), pytest.raises(ModuleNotFoundError):
        import this  # noqa: F401 - the import is what is tried
    assert "this" not in sys.modules


def test_a_companion_that_is_loaded_stays() -> None:
    with without("pathlib", "json"):
        assert sys.modules["pathlib"].Path is Path


def test_logs_load_nothing_that_draws_on_terminals() -> None:
    code = "import sys, desktop.logs; print('rich' in sys.modules, 'structlog' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]

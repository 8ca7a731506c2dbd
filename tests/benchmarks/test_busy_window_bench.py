"""The whole program under load, in processes of its own (see busy_window.py): its figures are printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_hundred_sessions_and_a_thousand_symbols_in_the_window() -> None:
    command = [sys.executable, "-m", "tests.benchmarks.busy_window", "--seconds", "30"]
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=600).returncode == 0

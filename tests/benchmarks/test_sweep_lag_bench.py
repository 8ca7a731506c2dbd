"""The window's loop while a sweep keeps every processor busy (see sweep_lag.py): its figures are printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_loop_beside_a_sweep() -> None:
    command = [sys.executable, "-m", "tests.benchmarks.sweep_lag", "--times", "2"]
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=900).returncode == 0

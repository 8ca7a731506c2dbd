"""Backtests beside vectorbt and backtesting.py, in the same minutes on the same machine.

Run `python -m tests.benchmarks.peers [--bars 10000 100000 1000000] [--runs 5]`. Every run is a process of its own; the
engines take turns, so that a busy machine is busy for all of them; medians are printed with their ratio to ours. The
others are installed into environments of their own, and left out with a message where they cannot be. The row "assay,
installed" is the core as the installers ship it, compiled; `dev.py compiled` builds it and runs its tests.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.peer_scripts import (
    ASSAY_SCRIPT,
    BACKTESTING,
    BACKTESTING_SCRIPT,
    VECTORBT,
    VECTORBT_SCRIPT,
)
from tests.helpers.peers import peer_python

ROOT = Path(__file__).resolve().parents[2]
COMPILED, STAMP = ROOT / "build" / "compiled", "compiled-from.txt"
OURS, INSTALLED = "assay", "assay, installed"
SLOW, SLOW_FROM = "backtesting.py", 500_000  # one run is enough: it takes seconds
TIMEOUT = 600


def engines() -> dict[str, tuple[Path, str]]:
    """Return interpreter and script of each engine that is here or can be installed."""
    found = {OURS: (Path(sys.executable), ASSAY_SCRIPT)}
    if (COMPILED / STAMP).is_file():
        found[INSTALLED] = (Path(sys.executable), ASSAY_SCRIPT)
    else:
        print(f"{INSTALLED} is left out: python3 packaging/dev.py compiled builds it")
    for name, requirements, script in (
        ("vectorbt", VECTORBT, VECTORBT_SCRIPT),
        (SLOW, BACKTESTING, BACKTESTING_SCRIPT),
    ):
        try:
            found[name] = (peer_python(*requirements), script)
        except pytest.skip.Exception as reason:
            print(f"{name} is left out: {reason}")
    return found


def once(python: Path, script: str, bars: int, where: Path = ROOT) -> dict[str, Any]:
    """Run one engine once in a process of its own; `desktop` is that of the folder `where`."""
    done = subprocess.run(
        [str(python), "-c", script, str(bars)],
        cwd=where, capture_output=True, text=True, timeout=TIMEOUT, check=False,
        env={**os.environ, "MPLBACKEND": "agg"},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bars", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    here = engines()
    print(f"{'bars':>9}  {'engine':<18}{'seconds':>10}{'to ours':>9}{'import':>9}{'peak MB':>9}{'trades':>8}")
    for bars in options.bars:
        runs: dict[str, list[dict[str, Any]]] = {name: [] for name in here}
        for turn in range(options.runs):
            for name, (python, script) in here.items():
                if turn == 0 or name != SLOW or bars < SLOW_FROM:
                    where = COMPILED if name == INSTALLED else ROOT
                    runs[name].append(once(python, script, bars, where))
        medians = {name: statistics.median(item["seconds"] for item in found) for name, found in runs.items()}
        for name, found in runs.items():
            imports = statistics.median(item["import"] for item in found)
            peak = max(item["peak_mb"] for item in found)
            print(
                f"{bars:>9,}  {name:<18}{medians[name]:>10.4f}{medians[name] / medians[OURS]:>8.2f}x{imports:>9.2f}"
                f"{peak:>9,.0f}{found[0]['trades']:>8,}",
                flush=True,
            )


if __name__ == "__main__":
    main()

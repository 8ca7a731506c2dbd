"""The real program in a process of its own, as a user starts it, and killed as a power cut would."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
STRATEGY = """\
name = "RSI acceptance"
timeframe = "{timeframe}"
entry = "rsi(14) < 30"
exit = "rsi(14) > 70"

[sizing]
kind = "fixed_quantity"
value = 10
"""
#: Facts of a run's own life: where a resumed run may differ from an undisturbed one.
LIFECYCLE = {"SessionChanged", "CommandTaken"}


def data_folder() -> Path:
    """Return where the real market data lies."""
    return Path(os.environ.get("ASSAY_DATA", str(ROOT.parent / "shared" / "data")))


def write_strategy(folder: Path, timeframe: str) -> Path:
    """Write the acceptance strategy."""
    path = folder / f"rsi_{timeframe}.toml"
    path.write_text(STRATEGY.format(timeframe=timeframe))
    return path


@dataclass(frozen=True)
class PaperRun:
    """One `assay paper` command."""

    strategy: Path
    file: Path
    symbol: str
    data_dir: Path | None = None
    fills: str = "ideal"

    def command(self) -> list[str]:
        """Return the command line."""
        where = ["--data-dir", str(self.data_dir)] if self.data_dir else []
        return [
            sys.executable, "-m", "desktop", "paper", str(self.strategy), "--replay", str(self.file), "--symbol",
            self.symbol, "--speed", "max", "--mode", "auto", "--fills", self.fills, "--cash", "100000", *where,
            "--json",
        ]  # fmt: skip

    def finish(self, **environment: str) -> dict[str, Any]:
        """Run to the end and return what was printed."""
        done = subprocess.run(
            self.command(), cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **environment}
        )
        if done.returncode != 0:
            raise AssertionError(f"exit status {done.returncode}: {done.stderr}")
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def killed_after(self, seconds: float) -> bool:
        """Kill -9 the run after some time; returns whether it was still running."""
        process = subprocess.Popen(self.command(), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True
        return False

    def killed_at(self, point: str, count: int) -> bool:
        """Let the run kill itself at the n-th passing of a crash point; returns whether it got there."""
        environment = {**os.environ, "ASSAY_CRASH_AT": f"{point}:{count}"}
        done = subprocess.run(self.command(), cwd=ROOT, capture_output=True, check=False, env=environment)
        return done.returncode in {137, -signal.SIGKILL}


@dataclass(frozen=True)
class BacktestRun:
    """One `assay backtest` command."""

    strategy: Path
    file: Path
    symbol: str
    fills: str = "ideal"

    def command(self) -> list[str]:
        """Return the command line."""
        return [
            sys.executable, "-m", "desktop", "backtest", str(self.strategy), "--bars", str(self.file), "--symbol",
            self.symbol, "--fills", self.fills, "--cash", "100000", "--json",
        ]  # fmt: skip

    def finish(self) -> dict[str, Any]:
        """Run it and return what was printed."""
        done = subprocess.run(self.command(), cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"exit status {done.returncode}: {done.stderr}")
        found: dict[str, Any] = json.loads(done.stdout)
        return found


def timed(run: PaperRun) -> tuple[dict[str, Any], float]:
    """Return what a run printed and how long it took."""
    began = time.monotonic()
    found = run.finish()
    return found, time.monotonic() - began


def audit_of(data_dir: Path) -> list[dict[str, Any]]:
    """Return the audit records that do not depend on when or how often the run was started."""
    done = subprocess.run(
        [sys.executable, "-m", "desktop", "audit", "--data-dir", str(data_dir), "--json", "--limit", "1000000"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    records = json.loads(done.stdout)["records"]
    return [
        {key: value for key, value in record.items() if key in {"kind", "at", "data"}}
        for record in records
        if record["kind"] not in LIFECYCLE
    ]


def outcome(report: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a report that a resumed run must repeat."""
    return {key: value for key, value in report.items() if not key.endswith("_seconds") and key != "resumed"}

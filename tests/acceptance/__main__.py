"""Acceptance on real data: `python -m tests.acceptance [--kills 200]`.

Runs `assay paper` on real bars, quotes and trades, holds it against an independent re-computation, and kills it at
seeded random instants and at every named crash point to see it resume to the same result. `assay backtest` is held
against it and against two engines that others wrote.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from desktop.store.crash_points import CRASH_POINTS
from tests.acceptance.backtests import check_backtests
from tests.acceptance.figures import FILES, differences, expected
from tests.acceptance.program import PaperRun, audit_of, data_folder, outcome, timed, write_strategy

failures: list[str] = []


def check(sentence: str, ok: object, detail: str = "") -> None:
    """Print one finding."""
    print(f"{'ok  ' if ok else 'FAIL'} {sentence}" + (f": {detail}" if detail and not ok else ""), flush=True)
    if not ok:
        failures.append(sentence)


def check_figures(folder: Path) -> None:
    """Hold the three files against the re-computation."""
    for name, symbol, timeframe in FILES:
        path = data_folder() / name
        report, seconds = timed(PaperRun(write_strategy(folder, timeframe), path, symbol))
        wrong = differences(report, expected(path))
        check(
            f"{name}: {len(report['trades'])} trades, cash {report['cash']} in {seconds:.1f} s",
            not wrong,
            "; ".join(wrong[:5]),
        )


def undisturbed(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]], float]:
    """Return result, audit trail and duration of a run that nothing disturbs."""
    run = PaperRun(write_strategy(folder, "1h"), data_folder() / "spy_1h.csv", "SPY", folder / "undisturbed")
    report, seconds = timed(run)
    again = run.finish()
    check("run again after it finished, it reports the same without trading", outcome(again) == outcome(report))
    return outcome(report), audit_of(folder / "undisturbed"), seconds


def resumes(folder: Path, wanted: tuple[dict[str, Any], list[dict[str, Any]]], name: str, kill: Any) -> str:
    """Kill a run, run it again to its end, and say in which way the outcome differs (empty: in none)."""
    run = PaperRun(folder / "rsi_1h.toml", data_folder() / "spy_1h.csv", "SPY", folder / name)
    reached = kill(run)
    report = outcome(run.finish())
    result, audit = wanted
    if report != result:
        return f"{name}: the result differs"
    if audit_of(folder / name) != audit:
        return f"{name}: the audit trail differs"
    return "" if reached else "not reached"


def killed_at(run: PaperRun, point: str, count: int) -> bool:
    """Let a run die at a crash point; one that lies in the recovery is reached by a run that was killed before."""
    if point == "during-recovery" and not run.killed_at("after-commit", 2):
        return False
    return run.killed_at(point, 1 if point == "during-recovery" else count)


def check_kills(folder: Path, kills: int, seed: int) -> None:
    """Kill at seeded random instants, two runs at a time."""
    report, audit, seconds = undisturbed(folder)
    draw = random.Random(seed)
    instants = [draw.uniform(0.1 * seconds, 0.9 * seconds) for _ in range(kills)]
    with ThreadPoolExecutor(2) as pool:
        found = list(
            pool.map(
                lambda pair: resumes(folder, (report, audit), f"kill{pair[0]}", lambda run: run.killed_after(pair[1])),
                enumerate(instants),
            )
        )
    wrong = [item for item in found if item and item != "not reached"]
    late = found.count("not reached")
    check(
        f"kill -9 at {kills} random instants ({kills - late} while running) resumes to the same result",
        not wrong,
        "; ".join(wrong[:5]),
    )
    for point in CRASH_POINTS:
        outcomes = [
            resumes(
                folder,
                (report, audit),
                f"{point}{count}",
                lambda run, count=count, point=point: killed_at(run, point, count),
            )
            for count in (1, 3)
        ]
        wrong = [item for item in outcomes if item and item != "not reached"]
        note = " (a replay does not pass it)" if all(item == "not reached" for item in outcomes) else ""
        check(f"crash point {point}{note}", not wrong, "; ".join(wrong))


def main() -> int:
    """Run everything; the exit status says whether all held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--bars", type=int, default=1_000_000, help="length of the random walk that is backtested")
    parser.add_argument("--seed", type=int, default=20261121)
    options = parser.parse_args()
    if not data_folder().is_dir():
        print(f"skipped: no market data in {data_folder()}")
        return 0
    with tempfile.TemporaryDirectory(prefix="assay-acceptance-") as name:
        folder = Path(name)
        check_figures(folder)
        check_backtests(check, folder, options.bars)
        check_kills(folder, options.kills, options.seed)
    print(f"{len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

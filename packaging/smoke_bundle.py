"""Build the program folder with PyInstaller, then try it: version, rules, a replay, the demo, and its window.

Usage: python3 packaging/smoke_bundle.py [--no-build]
The folder is build/bundle/assay. `assay --smoke` opens the window, says "window open" after its first paint and ends.
The other trials reach what is imported only when first used: TA-Lib, the exchanges' hours, the samples, the simulator.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from compile_core import extensions
from dev_environment import ROOT, ensure
from dev_system import SetupError, ensure_system_packages

BUNDLE = ROOT / "build" / "bundle"
RESOURCES = ROOT / "resources"
PATIENCE = 90  # seconds until a program that says nothing counts as hanging
PNG_BEGIN = b"\x89PNG\r\n"
STRATEGY = """\
name = "Bundle trial"
timeframe = "1h"
entry = "rsi(14) < 30"
exit = "rsi(14) > 70"

[sizing]
kind = "fixed_quantity"
value = 10
"""


def build(python: Path) -> None:
    """Build the folder anew, the core compiled.

    Raises:
        SetupError: the core could not be compiled, or PyInstaller failed; its last words are in the message.
    """
    if subprocess.run([str(python), str(ROOT / "packaging" / "compile_core.py")], check=False).returncode:
        raise SetupError("The core could not be compiled; the message is above.")
    command = [str(python), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(BUNDLE), "--workpath", str(ROOT / "build" / "bundle-work")]
    command.append(str(ROOT / "packaging" / "assay.spec"))
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        tail = "\n".join(done.stdout.splitlines()[-25:])
        msg = f"PyInstaller could not build the program:\n{tail}"
        raise SetupError(msg)


def started(arguments: list[str], platform: str | None) -> str:
    """Start the bundled program and return what it said.

    Raises:
        SetupError: it failed, or said nothing for too long.
    """
    program = BUNDLE / "assay" / ("assay.exe" if os.name == "nt" else "assay")
    command = [str(program), *arguments]
    # Nothing of the checkout or of .venv may help the bundle.
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "QT_", "VIRTUAL"))
    }
    if platform == "xcb":
        command = ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 1366x768x24", *command]
    if platform is not None:
        environment["QT_QPA_PLATFORM"] = platform
    try:
        done = subprocess.run(
            command,
            cwd=BUNDLE,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as reason:
        msg = f"{' '.join(arguments)}: the bundle was still running after {PATIENCE} s. It said: {reason.output!r}"
        raise SetupError(msg) from reason
    if done.returncode != 0:
        msg = f"{' '.join(arguments)}: the bundled program ended with status {done.returncode}:\n{done.stdout}"
        raise SetupError(msg)
    return done.stdout


def platforms() -> list[str | None]:
    """Return the Qt platforms to open the window on: in memory and on a virtual screen, or the system's own."""
    if not sys.platform.startswith("linux"):
        return [None]
    return ["offscreen", "xcb"] if shutil.which("xvfb-run") else ["offscreen"]


def smoke() -> None:
    """Start the bundle in every way and print one line each.

    Raises:
        SetupError: one of them failed.
    """
    size = sum(path.stat().st_size for path in BUNDLE.rglob("*") if path.is_file() and not path.is_symlink())
    print(f"bundle      {size / 1e6:.0f} MB in {BUNDLE / 'assay'}", flush=True)
    trials: list[tuple[str, Callable[[Path], str]]] = [
        ("version", lambda _: started(["--version"], None).strip()),
        ("check-rule", check_rule),
        ("resources", resources),
        ("compiled core", compiled_core),
        ("paper", paper),
        ("demo", demo),
        *((f"window {name or sys.platform}", partial(window, name)) for name in platforms()),
    ]
    for title, trial in trials:
        with tempfile.TemporaryDirectory() as folder:
            begin = time.monotonic()
            found = trial(Path(folder))
        print(f"{title:<16} {time.monotonic() - begin:5.1f} s  {found}", flush=True)


def expect(ok: object, sentence: str, said: str) -> None:
    """Raise SetupError with what the program said unless `ok`."""
    if not ok:
        msg = f"{sentence} It said:\n{said}"
        raise SetupError(msg)


def check_rule(_: Path) -> str:
    """Check a rule: the rule language with TA-Lib's table of functions."""
    said = started(["check-rule", "crosses_above(rsi(14), 30) and supertrend(10, 3).trend > 0", "--json"], None)
    expect(json.loads(said)["ok"], "The bundled program refused a good rule.", said)
    return "a rule with TA-Lib functions is understood"


def resources(_: Path) -> str:
    """Look for every file of resources/ in the bundle: samples, help, translations, icons, themes."""
    wanted = [path.relative_to(RESOURCES) for path in RESOURCES.rglob("*") if path.is_file()]
    bundled = next(BUNDLE.rglob("_resources"), BUNDLE)
    missing = [str(path) for path in wanted if not (bundled / path).is_file()]
    expect(not missing, "Files are missing in the bundle.", "\n".join(missing))
    return f"{len(wanted)} files are there"


def compiled_core(_: Path) -> str:
    """Look for every native module of the core; PyInstaller leaves their sources out."""
    inside = next(path.parent for path in BUNDLE.rglob("_resources")).parent
    names = [name for name, _ in extensions()]
    missing = [
        name for name in names if not any((inside / Path(*name.split(".")[:-1])).glob(f"{name.split('.')[-1]}.*"))
    ]
    expect(not missing, "Parts of the compiled core are missing in the bundle.", "\n".join(missing))
    return f"{len(names)} native modules are there"


def write_bars(path: Path) -> None:
    """Write eight weeks of hourly bars that swing, so that an RSI strategy trades."""
    lines, close = ["time,open,high,low,close,volume"], 100.0
    for hour in range(56 * 5):
        day, hour_of_day = divmod(hour, 5)
        at = datetime(2024, 1, 2, 15, tzinfo=UTC) + timedelta(days=day, hours=hour_of_day)
        if at.weekday() < 5:
            begin, close = close, 100 + 10 * math.sin(len(lines) / 8)
            high, low = max(begin, close) + 0.1, min(begin, close) - 0.1
            lines.append(f"{at:%Y-%m-%dT%H:%M:%SZ},{begin:.2f},{high:.2f},{low:.2f},{close:.2f},1000")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def paper(folder: Path) -> str:
    """Trade a small recording on paper in the hours of an exchange, and find the run in the audit trail."""
    strategy, bars, data = folder / "trial.toml", folder / "bars.csv", folder / "data"
    strategy.write_text(STRATEGY, encoding="utf-8")
    write_bars(bars)
    where = ["--data-dir", str(data)]
    options = ["--symbol", "TRIAL", "--hours", "XNYS", "--fills", "ideal", "--json"]
    said = started([*where, "paper", str(strategy), "--replay", str(bars), *options], None)
    report = json.loads(said)
    expect(report["bars"] and report["trades"], "The bundled program made no trade in the recording.", said)
    verified = started([*where, "audit", "verify"], None).strip().splitlines()[-1]
    return f"{report['bars']} bars, {len(report['trades'])} trades, cash {report['cash']}; {verified}"


def demo(folder: Path) -> str:
    """Run the demo for three seconds without a display and have it pictured."""
    picture = folder / "demo.png"
    said = started(["demo", "--headless", "--minutes", "0.05", "--picture", str(picture)], "offscreen")
    expect(picture.is_file() and picture.read_bytes().startswith(PNG_BEGIN), "The demo wrote no picture.", said)
    return f"{len(said.splitlines())} lines said, a picture of {picture.stat().st_size // 1000} kB"


def window(platform: str | None, folder: Path) -> str:
    """Open the window and see it end by itself."""
    said = started(["--data-dir", str(folder), "--smoke"], platform)
    expect("window open" in said, "The bundled program ended without opening its window.", said)
    return "window open (time with start, engine and end)"


def main() -> int:
    """Build and try the bundle; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-build", action="store_true", help="try the folder that is there")
    options = parser.parse_args()
    try:
        ensure_system_packages(virtual_screen=True)
        if not options.no_build:
            build(ensure("bundle"))
        smoke()
    except SetupError as reason:
        print(f"smoke_bundle.py: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Build the program folder with PyInstaller, then start it: its version, and its window until the first paint.

Usage: python3 packaging/smoke_bundle.py [--no-build]
The folder is build/bundle/assay. `assay --smoke` opens the window, says "window open" after its first paint and ends.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dev_environment import ROOT, ensure
from dev_system import SetupError, ensure_system_packages

BUNDLE = ROOT / "build" / "bundle"
PATIENCE = 90  # seconds until a program that says nothing counts as hanging


def build(python: Path) -> None:
    """Build the folder anew.

    Raises:
        SetupError: PyInstaller failed; its last words are in the message.
    """
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
    print(f"version     {started(['--version'], 'offscreen').strip()}", flush=True)
    for platform in platforms():
        with tempfile.TemporaryDirectory() as folder:
            begin = time.monotonic()
            said = started(["--data-dir", folder, "--smoke"], platform)
        if "window open" not in said:
            msg = f"The bundled program ended without opening its window ({platform or sys.platform}). It said:\n{said}"
            raise SetupError(msg)
        print(
            f"window      open on {platform or sys.platform}, {time.monotonic() - begin:.1f} s with start and end",
            flush=True,
        )


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

"""One door to a checkout: install what is missing, then run, test, check, measure or picture Assay.

    python3 packaging/dev.py run           the window on the demo session
    python3 packaging/dev.py test          the tests (further arguments go to pytest)
    python3 packaging/dev.py check         style, types, import directions, dead code, spelling, dependencies
    python3 packaging/dev.py compiled      the tests of the core on the core as installers ship it, compiled
    python3 packaging/dev.py bench         the benchmarks
    python3 packaging/dev.py schedules     1,000 schedules of crashes and network losses against live trading
    python3 packaging/dev.py screenshots   pictures of the window in build/screenshots

Needs Python 3.11 to 3.13 and nothing else: everything is installed into .venv beside this folder, and system libraries
of Qt through apt-get where that exists. The second run starts at once.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from dev_environment import ROOT, ensure
from dev_system import SetupError, display_problem, ensure_system_packages

BUILD = ROOT / "build"
RANDOM_SESSIONS = 200
CORE_TESTS = ("trading", "research", "engine", "live", "validation")  # whose code goes through the compiled core
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff check", ("ruff", "check", "--output-format=concise", ".")),
    ("ruff format", ("ruff", "format", "--check", "--output-format=concise", ".")),
    ("mypy strict", ("mypy",)),
    ("import directions", ("lint-imports", "--no-cache")),
    ("dead code (vulture)", ("vulture",)),
    ("spelling (codespell)", ("codespell",)),
    ("dependencies (deptry)", ("deptry", "--no-ansi", ".")),
)


def tool(python: Path, name: str) -> str:
    """Return the path of a command that was installed beside the interpreter."""
    return str(python.with_name(name + (".exe" if os.name == "nt" else "")))


def offscreen() -> dict[str, str]:
    """Return the environment for a Qt that draws into memory."""
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def run(extra: list[str]) -> int:
    """Open the window on the demo session; without a display, run the demo for a minute and write a picture."""
    ensure_system_packages()
    python = ensure("run")
    problem = display_problem()
    if problem is None:
        return subprocess.run([str(python), "-m", "desktop", "demo", *extra], check=False).returncode
    picture = BUILD / "demo.png"
    picture.parent.mkdir(exist_ok=True)
    print(f"{problem} Running the demo without a window for a minute; a picture goes to {picture}", flush=True)
    command = [str(python), "-m", "desktop", "demo", "--headless", "--minutes", "1", "--picture", str(picture), *extra]
    return subprocess.run(command, env=offscreen(), check=False).returncode


def test(extra: list[str]) -> int:
    """Run the tests on all cores, up to four."""
    ensure_system_packages()
    python = ensure("dev")
    workers = str(min(os.cpu_count() or 1, 4))
    command = [str(python), "-m", "pytest", "-n", workers, "--dist", "worksteal", "-q", *extra]
    return subprocess.run(command, cwd=ROOT, env=offscreen(), check=False).returncode


def check(extra: list[str]) -> int:
    """Run every check and print one line for each; the findings of those that failed follow."""
    python = ensure("dev")
    findings: list[tuple[str, str]] = []
    for title, (name, *arguments) in CHECKS:
        if extra and not any(word in title for word in extra):
            continue
        begin = time.monotonic()
        command = [tool(python, name), *arguments]
        done = subprocess.run(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        verdict = "ok" if done.returncode == 0 else "FAILED"
        print(f"{title:<24} {verdict:<7} {time.monotonic() - begin:5.1f} s", flush=True)
        if done.returncode != 0:
            findings.append((title, done.stdout.strip()))
    for title, text in findings:
        print(f"\n--- {title}\n{text}", flush=True)
    return 1 if findings else 0


def compiled(extra: list[str]) -> int:
    """Compile the core into build/compiled and run the tests of all that drives it there."""
    ensure_system_packages()
    python = ensure("bundle")
    BUILD.mkdir(exist_ok=True)
    script = str(ROOT / "packaging" / "compile_core.py")
    folder = BUILD / "compiled"
    environment = {**offscreen(), "PYTHONPATH": str(folder)}
    probe = "from desktop.trading import session_core as core; raise SystemExit(core.__file__.endswith('.py'))"
    for command in ([script], ["-c", probe]):  # the second sees that what follows tests native modules
        status = subprocess.run([str(python), *command], cwd=BUILD, env=environment, check=False).returncode
        if status:
            return status
    if not same_decisions(python, folder):
        return 1
    workers = str(min(os.cpu_count() or 1, 4))
    tests = [name for name in extra if not name.startswith("-")] or [f"tests/{name}" for name in CORE_TESTS]
    options = ["-n", workers, "--dist", "worksteal", "-q", "-m", "not interpreted"]
    command = [str(python), "-m", "pytest", *options, *tests, *(word for word in extra if word.startswith("-"))]
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


def same_decisions(python: Path, folder: Path) -> bool:
    """Say whether the compiled core and the interpreted one do the same in random sessions, to the last digit."""
    command = [str(python), "-m", "tests.research.core_digests", str(RANDOM_SESSIONS)]
    said = []
    for place in (ROOT, folder):
        environment = {**os.environ, "PYTHONPATH": str(place)}
        done = subprocess.run(command, cwd=place, env=environment, stdout=subprocess.PIPE, text=True, check=False)
        said.append(done.stdout.splitlines() if done.returncode == 0 else [])
    if said[0] and said[0] == said[1]:
        print(f"{len(said[0])} random sessions: both cores did the same", flush=True)
        return True
    differing = [line.split()[0] for line, other in zip(*said, strict=False) if line != other]
    print(f"The compiled core does not do what the interpreted one does, in seeds {', '.join(differing) or 'all'}.")
    return False


def bench(extra: list[str]) -> int:
    """Run the benchmarks one after the other and show their figures."""
    ensure_system_packages()
    python = ensure("dev")
    command = [str(python), "-m", "pytest", "tests/benchmarks", "-p", "no:xdist", "-s", "-q", *extra]
    return subprocess.run(command, cwd=ROOT, env=offscreen(), check=False).returncode


def schedules(extra: list[str]) -> int:
    """Let live sessions trade through schedules of crashes and losses and compare every book with the broker's."""
    ensure_system_packages()
    python = ensure("dev")
    return subprocess.run([str(python), "-m", "tests.live", *extra], cwd=ROOT, env=offscreen(), check=False).returncode


def screenshots(extra: list[str]) -> int:
    """Picture the window in its main states, on a virtual screen under Linux."""
    ensure_system_packages(virtual_screen=True)
    python = ensure("dev")
    target = BUILD / "screenshots"
    target.mkdir(parents=True, exist_ok=True)
    command = [str(python), "-m", "tests.screenshots", str(target), *extra]
    environment = dict(os.environ)
    if sys.platform.startswith("linux"):
        command = ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 1920x1080x24 -dpi 96", *command]
        environment["QT_QPA_PLATFORM"] = "xcb"
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


VERBS = {
    "run": run,
    "test": test,
    "check": check,
    "compiled": compiled,
    "bench": bench,
    "schedules": schedules,
    "screenshots": screenshots,
}


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; return its exit status (2 where the machine lacks something that could not be installed)."""
    parser = argparse.ArgumentParser(
        prog="dev.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("verb", choices=VERBS, metavar="verb", help=" | ".join(VERBS))
    known, extra = parser.parse_known_args(arguments)
    try:
        return VERBS[known.verb](extra)
    except SetupError as reason:
        print(f"dev.py {known.verb}: {reason}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())

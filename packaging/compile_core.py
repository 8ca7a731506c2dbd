"""Compile the session core, as the installed program has it: the same typed Python, translated to C by mypyc.

Usage: python3 packaging/compile_core.py [--into FOLDER]
Nothing in the checkout changes: a copy of the project goes to build/compiled, and the compiled modules lie there
beside their sources, so that the tests, the benchmarks and the bundle can take them from it. What is current is not
compiled again. Needs a C compiler and Python's headers, fetched through apt-get where that exists.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.machinery
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

from dev_environment import ROOT, VENV, ensure
from dev_system import SetupError, apt_install

COMPILED = ROOT / "build" / "compiled"
# What every order passes through. Values of the domain stay as they are: they are pickled, copied and compared by
# field, which a compiled class does not allow.
FOLDERS = ("desktop/trading",)
SINGLE = tuple(
    f"desktop/research/{name}.py" for name in ("batch_judge", "days", "lane", "levels", "loss_watch", "skip", "tally")
)
# Read from storage by the types of their fields, of which a compiled class keeps only the plainest.
READ_BACK = frozenset({"guards.py", "order_request.py", "venue_order.py"})
COPIED = ("desktop", "resources", "tests", "packaging", "pyproject.toml", "README.md", "LICENSE")
GROUP = "assay_core"
STAMP = "compiled-from.txt"
SUFFIX = importlib.machinery.EXTENSION_SUFFIXES[0]


def core_sources(root: Path = ROOT) -> list[str]:
    """Return the sources that are compiled, as paths below the root with forward slashes."""
    found = [
        path.relative_to(root).as_posix()
        for folder in FOLDERS
        for path in sorted((root / folder).glob("*.py"))
        if path.name not in READ_BACK | {"__init__.py"}
    ]
    return [*found, *SINGLE]


def module_of(source: str) -> str:
    """Return the dotted name of a source."""
    return source.removesuffix(".py").replace("/", ".")


def extensions(folder: Path = COMPILED) -> list[tuple[str, Path]]:
    """Return name and file of every compiled module in a folder, with the library that they share.

    Raises:
        SetupError: the folder holds no compiled core, or only a part of it.
    """
    found = [(module_of(source), folder / (source.removesuffix(".py") + SUFFIX)) for source in core_sources(folder)]
    found.append((f"{GROUP}__mypyc", folder / f"{GROUP}__mypyc{SUFFIX}"))
    missing = [name for name, path in found if not path.is_file()]
    if missing:
        msg = f"The core is not compiled ({missing[0]} is missing in {folder}). Run python3 packaging/compile_core.py"
        raise SetupError(msg)
    return found


def current_extensions(folder: Path = COMPILED) -> list[tuple[str, Path]]:
    """Return the same for what goes to users: it has to be what the checkout's sources make.

    Raises:
        SetupError: also where a source has changed since.
    """
    stamp = folder / STAMP
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != fingerprint():
        raise SetupError(f"{folder} was compiled from other sources. Run python3 packaging/compile_core.py")
    return extensions(folder)


def fingerprint(root: Path | None = None) -> str:
    """Return a hash of all that the compiled modules depend on: sources, what they import, Python and this script.

    It is that of the interpreter that runs this, which has to be the one of .venv.
    """
    root = root or ROOT
    digest = hashlib.sha256(f"{sys.version} {sysconfig.get_platform()}".encode())
    for folder in ("domain", "market", "ports", "research", "rules", "trading"):
        for path in sorted((root / "desktop" / folder).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()


def copy_project(into: Path) -> None:
    """Make the copy as the checkout is now; compiled modules in it are left."""
    for name in COPIED:
        source, target = ROOT / name, into / name
        if source.is_file():
            into.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
            continue
        if target.exists():
            for path in target.rglob("*"):
                gone = not (source / path.relative_to(target)).exists()
                if gone and path.is_file() and path.suffix != Path(SUFFIX).suffix:
                    path.unlink()
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)


def ensure_compiler() -> None:
    """Fetch a C compiler and Python's headers where they are missing and apt-get is there.

    Raises:
        SetupError: they could not be installed.
    """
    headers = Path(sysconfig.get_path("include")) / "Python.h"
    wanted = [] if os.name == "nt" or shutil.which("cc") or shutil.which("gcc") else ["gcc", "libc6-dev"]
    if not headers.is_file():
        wanted.append(f"libpython{sys.version_info.major}.{sys.version_info.minor}-dev")
    if wanted:
        apt_install(wanted)


def compile_here() -> None:
    """Compile the core in the working folder, which is a copy of the project."""
    from mypyc.build import mypycify  # noqa: PLC0415 - only .venv has these two
    from setuptools import Distribution  # noqa: PLC0415

    modules = mypycify(core_sources(Path.cwd()), opt_level="2", debug_level="0", multi_file=True, group_name=GROUP)
    distribution = Distribution({"name": "assay-core", "ext_modules": modules})
    command = distribution.get_command_obj("build_ext")
    command.inplace = True
    command.build_temp = str(Path("build") / "objects")
    distribution.run_command("build_ext")


def compile_core(into: Path = COMPILED) -> Path:
    """Bring the copy of the project with its compiled core up to date; return the copy.

    Raises:
        SetupError: the compiler is missing, or refused something; its last words are in the message.
    """
    ensure_compiler()
    wanted, stamp = fingerprint(), into / STAMP
    current = stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted
    if not current:
        stamp.unlink(missing_ok=True)
        for path in into.rglob(f"*{SUFFIX}"):
            path.unlink()
    copy_project(into)
    if current:
        return into
    print(f"Compiling {len(core_sources())} modules of the core (a minute)", flush=True)
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(Path(__file__)), "--here"],
        cwd=into,
        env={**os.environ, "PYTHONPATH": str(into), "MYPYPATH": str(into)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        tail = "\n".join(done.stdout.splitlines()[-25:])
        msg = f"The core could not be compiled:\n{tail}"
        raise SetupError(msg)
    extensions(into)
    shutil.rmtree(into / "build", ignore_errors=True)
    stamp.write_text(wanted, encoding="utf-8")
    print(f"compiled in {time.monotonic() - begin:.0f} s: {into}", flush=True)
    return into


def main() -> int:
    """Compile the core; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=COMPILED, help="where the copy of the project goes")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        compile_here()
        return 0
    try:
        python = ensure("bundle")
        if Path(sys.prefix).resolve() != VENV.resolve():
            command = [str(python), str(Path(__file__)), "--into", str(options.into)]
            return subprocess.run(command, check=False).returncode
        compile_core(options.into.resolve())
    except SetupError as reason:
        print(f"compile_core.py: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

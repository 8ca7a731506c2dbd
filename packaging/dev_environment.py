"""The private environment of a checkout: create .venv, install the locked packages, remember what was installed."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from dev_system import SetupError, apt_install

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "assay-installed.json"
LEVELS = ("run", "dev", "bundle")  # each holds the packages of those before it
OLDEST, NEWEST = (3, 11), (3, 13)


def python_of(venv: Path) -> Path:
    """Return the interpreter inside a virtual environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def requirements(level: str) -> Path:
    """Return the lock file of a level."""
    return ROOT / "packaging" / f"requirements-{level}.txt"


def fingerprint(level: str) -> str:
    """Return a hash of everything an installation of `level` depends on; it changes when a new one is due."""
    digest = hashlib.sha256()
    for part in (requirements(level), ROOT / "pyproject.toml"):
        digest.update(part.read_bytes().replace(b"\r\n", b"\n"))
    digest.update(str(ROOT).encode())
    return digest.hexdigest()


def installed_level() -> str | None:
    """Return the level that the stamp in .venv names, or None where there is no readable stamp."""
    try:
        level = json.loads(STAMP.read_text(encoding="utf-8"))["level"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return level if level in LEVELS else None


def is_current(level: str) -> bool:
    """Say whether .venv holds what `level` needs, in the locked versions."""
    stamped = installed_level()
    if stamped is None or LEVELS.index(stamped) < LEVELS.index(level) or not python_of(VENV).exists():
        return False
    return bool(json.loads(STAMP.read_text(encoding="utf-8")).get("fingerprint") == fingerprint(stamped))


def usable_interpreter() -> str:
    """Return a Python that the program supports: this one, or another one on the path.

    Raises:
        SetupError: there is none.
    """
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found is not None:
            return found
    this = ".".join(map(str, sys.version_info[:2]))
    msg = f"Assay needs Python 3.11, 3.12 or 3.13; this is {this}. Install one of them, then start again with it."
    raise SetupError(msg)


def _works(python: Path) -> bool:
    probe = "import sys; print(*sys.version_info[:2])"
    try:
        done = subprocess.run([str(python), "-c", probe], capture_output=True, text=True, check=False)
    except OSError:
        return False
    version = tuple(int(part) for part in done.stdout.split()) if done.returncode == 0 else ()
    return OLDEST <= version[:2] <= NEWEST


def _has_module(python: str, name: str) -> bool:
    if python == sys.executable:
        return importlib.util.find_spec(name) is not None
    return subprocess.run([python, "-c", f"import {name}"], capture_output=True, check=False).returncode == 0


def _install_venv_support(python: str) -> None:
    """Bring `ensurepip`, which Debian ships in a package of its own."""
    probe = "import sys; print('python%d.%d-venv' % sys.version_info[:2])"
    named = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=True)
    apt_install([named.stdout.strip()])


def create_venv() -> None:
    """Create .venv unless a working one is there.

    Raises:
        SetupError: it could not be created.
    """
    if _works(python_of(VENV)):
        return
    if (VENV / "pyvenv.cfg").exists():
        shutil.rmtree(VENV)  # an environment of ours whose interpreter has gone or was replaced by an unsupported one
    elif VENV.exists():
        msg = f"{VENV} exists but is no Python environment. Move it away, then start again."
        raise SetupError(msg)
    python = usable_interpreter()
    without_pip = False
    if not _has_module(python, "ensurepip"):
        try:
            _install_venv_support(python)
        except SetupError as reason:
            if not _has_module(python, "pip"):
                raise
            print(f"{reason}\nGoing on with the pip of {python}.", file=sys.stderr, flush=True)
            without_pip = True
    print(f"Creating {VENV}", flush=True)
    command = [python, "-m", "venv", *(["--without-pip"] if without_pip else []), str(VENV)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        msg = f"Python could not create {VENV}:\n{done.stdout}{done.stderr}"
        raise SetupError(msg)


def _pip() -> list[str]:
    """Return the pip command that installs into .venv: its own, or the creating Python's pip pointed at it."""
    inside = str(python_of(VENV))
    if subprocess.run([inside, "-c", "import pip"], capture_output=True, check=False).returncode == 0:
        return [inside, "-m", "pip"]
    return [usable_interpreter(), "-m", "pip", "--python", inside]


def _pip_environment() -> dict[str, str]:
    """Return the environment for pip: the user's settings, but for those that would install beside .venv."""
    return {name: value for name, value in os.environ.items() if name not in {"PIP_USER", "PIP_TARGET", "PIP_PREFIX"}}


def _install_locked(level: str) -> None:
    lock = ["--require-hashes", "--only-binary", ":all:", "-r", str(requirements(level))]
    uv = shutil.which("uv")
    if uv is not None:
        fast = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python_of(VENV)), *lock]
        if subprocess.run(fast, check=False).returncode == 0:
            return
        print("uv could not install the packages (it does not read pip's settings); trying pip.", flush=True)
    options = ["--disable-pip-version-check", "--no-input"] + ([] if sys.stdout.isatty() else ["-qq"])
    command = [*_pip(), "install", *options, *lock]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, env=_pip_environment(), check=False)
    if done.returncode != 0:
        msg = "pip could not install the packages (its message is above). Check the network, then start again."
        raise SetupError(msg)


def _install_project() -> None:
    """Install the checkout itself as it stands, so that `assay` is a command of .venv and edits count at once."""
    options = ["--disable-pip-version-check", "--no-input", "-qq", "--no-index", "--no-deps", "--no-build-isolation"]
    command = [*_pip(), "install", *options, "--editable", str(ROOT)]
    environment = {**_pip_environment(), "PIP_FIND_LINKS": ""}
    if subprocess.run(command, stdin=subprocess.DEVNULL, env=environment, check=False).returncode != 0:
        msg = "pip could not install Assay itself into .venv (its message is above). Delete .venv and start again."
        raise SetupError(msg)


def ensure(level: str) -> Path:
    """Bring .venv to `level` ("run", "dev" or "bundle") and return its interpreter; at once where it is there already.

    Raises:
        SetupError: something is missing that could not be installed.
    """
    if is_current(level):
        return python_of(VENV)
    stamped = installed_level()
    if stamped is not None and LEVELS.index(stamped) > LEVELS.index(level):
        level = stamped  # an environment that was for development stays one
    create_venv()
    STAMP.unlink(missing_ok=True)
    count = sum(1 for line in requirements(level).read_text(encoding="utf-8").splitlines() if "==" in line)
    print(f"Installing up to {count} packages into .venv (once; a minute or two)", flush=True)
    _install_locked(level)
    _install_project()
    text = json.dumps({"level": level, "fingerprint": fingerprint(level)}, indent=1)
    STAMP.write_text(text + "\n", encoding="utf-8")
    return python_of(VENV)

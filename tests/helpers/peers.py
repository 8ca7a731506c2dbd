"""Other people's libraries in environments of their own: what we compare with may need versions that we do not."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

INSTALL_SECONDS, RUN_SECONDS = 420, 120


def peer_python(*requirements: str) -> Path:
    """Return the interpreter of an environment that holds `requirements`, installed once and kept beside ours.

    Skips the test, saying why, where the environment cannot be made: no network, no wheel for this Python.
    """
    if sys.prefix == sys.base_prefix:
        pytest.skip("a library to compare with is only installed beside a virtual environment")
    key = hashlib.sha256("\n".join((*requirements, sys.version)).encode()).hexdigest()[:12]
    home = Path(sys.prefix) / "peers" / key
    if not home.exists():
        _install(home, requirements)
    return home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def ask_peer(python: Path, script: str, question: Any) -> Any:
    """Run a script that reads `question` as JSON from standard input; return the JSON it prints. Floats stay exact."""
    done = subprocess.run(
        [str(python), "-I", "-c", script],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _install(home: Path, requirements: tuple[str, ...]) -> None:
    home.parent.mkdir(exist_ok=True)
    making = home.with_name(f"{home.name}-{os.getpid()}")
    pip = [str(making / ("Scripts" if os.name == "nt" else "bin") / "python"), "-m", "pip"]
    steps = (
        [sys.executable, "-m", "venv", str(making)],
        [*pip, "install", "--quiet", "--prefer-binary", "--retries", "1", "--timeout", "20", *requirements],
    )
    try:
        for step in steps:
            done = subprocess.run(step, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
            if done.returncode:
                pytest.skip(f"{', '.join(requirements)} could not be installed: {_last_line(done.stderr)}")
        if not home.exists():  # another test process may have been quicker
            making.rename(home)
    except subprocess.TimeoutExpired:
        pytest.skip(f"{', '.join(requirements)} could not be installed within {INSTALL_SECONDS} seconds")
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1] if text.strip() else "no reason was given"

""".ci/run: tests, the compiled core, checks, then the acceptance; the first failure ends it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from dev_environment import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the CI machine is a Linux machine")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose Python only notes how it was called, and fails where a file named after the verb lies."""
    folder = tmp_path / "main"
    (folder / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    script = f'#!/bin/sh\necho "$*" >> {tmp_path}/calls\n[ ! -e "{tmp_path}/fail-$2" ]\n'
    for place in (tmp_path / "bin" / "python3", folder / ".venv" / "bin" / "python"):
        place.parent.mkdir(parents=True)
        place.write_text(script, encoding="utf-8")
        place.chmod(0o755)
    return folder


def run_ci(checkout: Path) -> tuple[int, str, list[str]]:
    path = f"{checkout.parent / 'bin'}:/usr/bin:/bin"
    done = subprocess.run(
        [str(checkout / ".ci" / "run")], env={"PATH": path}, cwd="/", capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, (checkout.parent / "calls").read_text(encoding="utf-8").splitlines()


def test_tests_come_before_checks_and_missing_data_skips_the_acceptance(checkout: Path) -> None:
    status, said, calls = run_ci(checkout)
    assert (status, calls) == (0, ["packaging/dev.py test", "packaging/dev.py compiled", "packaging/dev.py check"])
    assert "skipped: ../shared/data is not there" in said


def test_the_acceptance_runs_where_the_data_is(checkout: Path) -> None:
    (checkout.parent / "shared" / "data").mkdir(parents=True)
    (checkout / "tests" / "acceptance").mkdir(parents=True)
    (checkout / "tests" / "acceptance" / "__main__.py").touch()
    status, said, calls = run_ci(checkout)
    assert (status, calls[-1]) == (0, "-m tests.acceptance --kills 20")
    assert said.rstrip().endswith("=== all passed")


@pytest.mark.parametrize(("failing", "calls_made"), [("test", 1), ("compiled", 2), ("check", 3)])
def test_the_first_failure_ends_it(checkout: Path, failing: str, calls_made: int) -> None:
    (checkout.parent / f"fail-{failing}").touch()
    status, said, calls = run_ci(checkout)
    assert status != 0
    assert len(calls) == calls_made
    assert "all passed" not in said

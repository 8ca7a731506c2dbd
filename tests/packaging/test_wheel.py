"""The built wheel holds the program with its resources, and nothing of the checkout beside it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from dev_environment import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return zipfile.ZipFile(next(target.glob("*.whl")))


def test_the_wheel_carries_the_resources_where_the_program_looks_for_them(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert {
        "desktop/resources.py",
        "desktop/_resources/icons/assay.svg",
        "desktop/_resources/icons/assay-16.png",
    } <= names


def test_the_wheel_carries_nothing_else(wheel: zipfile.ZipFile) -> None:
    top = {Path(name).parts[0] for name in wheel.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"desktop"}


def test_the_wheel_names_its_commands_licence_and_pythons(wheel: zipfile.ZipFile) -> None:
    info = next(name.split("/")[0] for name in wheel.namelist() if ".dist-info/" in name)
    metadata = wheel.read(f"{info}/METADATA").decode()
    commands = wheel.read(f"{info}/entry_points.txt").decode()
    assert "Name: assay-desktop\n" in metadata
    assert "License-Expression: Apache-2.0\n" in metadata
    assert "Requires-Python: <3.14,>=3.11\n" in metadata
    assert "[console_scripts]\nassay = desktop.__main__:main" in commands
    assert "[gui_scripts]\nassay-window = desktop.__main__:window_main" in commands
    assert f"{info}/licenses/LICENSE" in wheel.namelist()

"""The lock files: exact versions, a hash for each, no address of an index, and all that pyproject.toml names."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import lock
import pytest
from dev_environment import LEVELS, ROOT, requirements

PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^\s;]+)(?P<marker> ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def pins(text: str) -> dict[str, int]:
    """Return each pinned requirement (name, version and marker) with its number of hashes.

    Raises:
        ValueError: a line is neither a pin nor a hash.
    """
    found: dict[str, int] = {}
    current = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if PIN.match(line):
            current = line.removesuffix(" \\")
            found[current] = 0
        elif HASH.match(line) and current:
            found[current] += 1
        else:
            message = f"line {number} is neither a pinned requirement nor a hash: {line}"
            raise ValueError(message)
    return found


def names(text: str) -> set[str]:
    return {pin.split("==")[0] for pin in pins(text)}


def normalised(requirement: str) -> str:
    name = re.split(r"[\s<>=!~;\[]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(level: str) -> str:
    return requirements(level).read_text(encoding="utf-8")


def text_files() -> Iterator[Path]:
    for path in [ROOT / "pyproject.toml", *sorted((ROOT / "packaging").iterdir())]:
        if path.suffix in {".py", ".txt", ".toml", ".spec"}:
            yield path


@pytest.mark.parametrize("level", LEVELS)
def test_every_requirement_is_pinned_and_has_hashes(level: str) -> None:
    found = pins(locked(level))
    assert len(found) > 30
    assert [pin for pin, hashes in found.items() if hashes == 0] == []


def test_a_requirement_without_an_exact_version_is_noticed() -> None:
    with pytest.raises(ValueError, match="line 1 is neither"):
        pins("numpy>=2.4 \\\n")


def test_a_requirement_without_hashes_is_noticed() -> None:
    assert pins("numpy==2.4.6 \\\n") == {"numpy==2.4.6": 0}


def test_no_packaging_file_names_an_index() -> None:
    address = re.compile(r"https?://|--index|--extra-index|--find-links|-f /", re.IGNORECASE)
    named = [
        f"{path.name}: {line}"
        for path in text_files()
        for line in path.read_text(encoding="utf-8").splitlines()
        if address.search(line)
    ]
    assert named == []


def test_each_level_repeats_the_pins_of_the_one_before() -> None:
    run, dev, bundle = (set(pins(locked(level))) for level in LEVELS)
    assert run < dev < bundle


def test_every_dependency_of_the_project_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run = names(locked("run"))
    assert {normalised(item) for item in project["project"]["dependencies"]} <= run
    assert {normalised(item) for item in project["build-system"]["requires"]} <= run
    assert {normalised(item) for item in project["dependency-groups"]["dev"]} <= names(locked("dev"))
    assert {normalised(item) for item in project["dependency-groups"]["bundle"]} <= names(locked("bundle"))


def test_running_and_testing_do_not_need_pyinstaller() -> None:
    assert "pyinstaller" not in names(locked("run")) | names(locked("dev"))


def test_qt_is_the_release_that_python_3_11_survives() -> None:
    assert "pyside6-essentials==6.11.3" in pins(locked("run"))


def test_the_lock_command_asks_for_wheels_with_hashes_and_no_index_address() -> None:
    command = lock.compile_command("uv", "requirements-dev.txt", ("build", "dev"), ("requirements-run.txt",))
    assert command[:3] == ["uv", "pip", "compile"]
    assert {"--universal", "--generate-hashes", "--no-emit-index-url", "--only-binary"} <= set(command)
    assert command[command.index("--constraint") + 1] == "packaging/requirements-run.txt"

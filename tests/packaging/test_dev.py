"""dev.py: what it finds missing, when it installs again, when it opens a window, and what it says."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dev
import dev_environment
import dev_system
import pytest

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="apt and X11 are of Linux")
Commands = list[list[str]]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty checkout with lock files, whose .venv counts as there and working."""
    (tmp_path / "packaging").mkdir()
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    for level in dev_environment.LEVELS:
        (tmp_path / "packaging" / f"requirements-{level}.txt").write_text(f"{level}==1 \\\n", encoding="utf-8")
    venv = tmp_path / ".venv"
    python = dev_environment.python_of(venv)
    python.parent.mkdir(parents=True)
    python.touch()
    monkeypatch.setattr(dev_environment, "ROOT", tmp_path)
    monkeypatch.setattr(dev_environment, "VENV", venv)
    monkeypatch.setattr(dev_environment, "STAMP", venv / "assay-installed.json")
    monkeypatch.setattr(dev_environment, "create_venv", lambda: None)
    return tmp_path


@pytest.fixture
def installs(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Levels that were installed, in order; nothing is really installed."""
    done: list[str] = []
    monkeypatch.setattr(dev_environment, "_install_locked", done.append)
    monkeypatch.setattr(dev_environment, "_install_project", lambda: None)
    return done


def record_commands(monkeypatch: pytest.MonkeyPatch, answer: Callable[[list[str]], int]) -> Commands:
    commands: Commands = []

    def fake_run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, answer(command), stdout="last words", stderr="")

    monkeypatch.setattr(subprocess, "run", fake_run)
    return commands


def test_a_second_run_installs_nothing(installs: list[str]) -> None:
    dev_environment.ensure("run")
    dev_environment.ensure("run")
    assert installs == ["run"]


def test_a_changed_lock_is_installed(installs: list[str], checkout: Path) -> None:
    dev_environment.ensure("run")
    (checkout / "packaging" / "requirements-run.txt").write_text("run==2 \\\n", encoding="utf-8")
    dev_environment.ensure("run")
    assert installs == ["run", "run"]


def test_line_endings_of_a_windows_checkout_do_not_count_as_a_change(checkout: Path) -> None:
    path = checkout / "packaging" / "requirements-run.txt"
    path.write_bytes(b"a==1\n")
    unix = dev_environment.fingerprint("run")
    path.write_bytes(b"a==1\r\n")
    assert dev_environment.fingerprint("run") == unix


def test_a_development_environment_serves_for_running_and_stays_one(installs: list[str], checkout: Path) -> None:
    dev_environment.ensure("dev")
    dev_environment.ensure("run")
    assert installs == ["dev"]
    (checkout / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    dev_environment.ensure("run")
    assert installs == ["dev", "dev"]


def test_a_higher_level_is_installed_on_top(installs: list[str]) -> None:
    dev_environment.ensure("run")
    dev_environment.ensure("dev")
    assert installs == ["run", "dev"]


def test_an_interrupted_installation_is_done_again(installs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    dev_environment.ensure("run")

    def break_off(_: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(dev_environment, "_install_locked", break_off)
        with pytest.raises(KeyboardInterrupt):
            dev_environment.ensure("dev")
    assert not dev_environment.is_current("run")
    dev_environment.ensure("run")
    assert installs == ["run", "run"]


@pytest.mark.parametrize("stamp", ["", "{}", "[]", '{"level": "other"}', '{"level": "run"}'])
def test_a_damaged_stamp_counts_as_not_installed(checkout: Path, stamp: str) -> None:
    dev_environment.STAMP.write_text(stamp, encoding="utf-8")
    assert not dev_environment.is_current("run")


def test_a_moved_checkout_is_installed_again(installs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    dev_environment.ensure("run")
    stamp = json.loads(dev_environment.STAMP.read_text(encoding="utf-8"))
    dev_environment.STAMP.write_text(json.dumps({**stamp, "fingerprint": "of another folder"}), encoding="utf-8")
    dev_environment.ensure("run")
    assert installs == ["run", "run"]


def test_a_folder_that_is_no_environment_is_not_deleted(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(dev_environment, "VENV", checkout / ".venv")
    (checkout / ".venv" / "precious").touch()
    with pytest.raises(dev_system.SetupError, match="Move it away"):
        dev_environment.create_venv()
    assert (checkout / ".venv" / "precious").exists()


def test_an_unsupported_python_is_named_with_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev_environment, "OLDEST", (4, 0))
    monkeypatch.setattr(dev_environment, "NEWEST", (4, 0))
    with pytest.raises(dev_system.SetupError, match=r"needs Python 3\.11, 3\.12 or 3\.13; this is 3\."):
        dev_environment.usable_interpreter()


@linux_only
def test_only_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev_system, "_loads", lambda library: library != "libEGL.so.1")
    monkeypatch.setattr(dev_system, "has_korean_font", lambda: True)
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "xauth" else f"/usr/bin/{name}")
    assert dev_system.missing_packages(virtual_screen=False) == ["libegl1"]
    assert dev_system.missing_packages(virtual_screen=True) == ["libegl1", "xauth"]


@linux_only
def test_a_library_that_does_not_exist_does_not_load() -> None:
    assert not dev_system._loads("libno-such-library-of-assay.so.1")
    assert dev_system._loads("libc.so.6")


def test_a_korean_font_is_found_by_its_file(tmp_path: Path) -> None:
    assert not dev_system.has_korean_font((str(tmp_path), str(tmp_path / "absent")))
    (tmp_path / "opentype").mkdir()
    (tmp_path / "opentype" / "NotoSansCJK-Regular.ttc").touch()
    assert dev_system.has_korean_font((str(tmp_path),))


@linux_only
def test_packages_are_installed_as_root_without_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    commands = record_commands(monkeypatch, lambda _: 0)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    dev_system.apt_install(["libegl1"])
    assert commands[-1][-1] == "libegl1"
    assert {"install", "-y", "--no-install-recommends"} <= set(commands[-1])
    assert all("sudo" not in command for command in commands)


@linux_only
def test_without_root_the_command_to_type_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "sudo" else f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(dev_system.SetupError, match="apt-get install libegl1 libgl1"):
        dev_system.apt_install(["libegl1", "libgl1"])


@linux_only
def test_without_apt_the_missing_packages_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(dev_system.SetupError, match=r"missing: libegl1\. Install what your system calls them"):
        dev_system.apt_install(["libegl1"])


@linux_only
def test_what_apt_said_last_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    record_commands(monkeypatch, lambda command: 100 if "install" in command else 0)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(dev_system.SetupError, match="last words"):
        dev_system.apt_install(["libegl1"])


@linux_only
def test_a_missing_font_is_a_warning_and_a_missing_library_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(packages: list[str]) -> None:
        message = f"no {packages[0]}"
        raise dev_system.SetupError(message)

    monkeypatch.setattr(dev_system, "apt_install", refuse)
    monkeypatch.setattr(dev_system, "missing_packages", lambda *, virtual_screen: ["fonts-noto-cjk"])
    dev_system.ensure_system_packages()
    assert "empty boxes. no fonts-noto-cjk" in capsys.readouterr().err
    monkeypatch.setattr(dev_system, "missing_packages", lambda *, virtual_screen: ["libgl1", "fonts-noto-cjk"])
    with pytest.raises(dev_system.SetupError, match="no libgl1"):
        dev_system.ensure_system_packages()


@linux_only
def test_no_display_is_told_as_a_sentence(tmp_path: Path) -> None:
    assert "neither DISPLAY nor WAYLAND_DISPLAY" in (dev_system.display_problem({}) or "")
    assert "DISPLAY is :98765" in (dev_system.display_problem({"DISPLAY": ":98765.0"}) or "")
    assert dev_system.display_problem({"DISPLAY": "far.example:0"}) is None
    wayland = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert dev_system.display_problem(wayland) is not None
    (tmp_path / "wayland-0").touch()
    assert dev_system.display_problem(wayland) is None


@pytest.fixture
def verbs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Commands:
    """The commands that dev.py's verbs would start, on a machine where everything is installed."""
    monkeypatch.setattr(dev, "ensure_system_packages", lambda **_: None)
    monkeypatch.setattr(dev, "ensure", lambda _: Path("python"))
    monkeypatch.setattr(dev, "BUILD", tmp_path / "build")
    return record_commands(monkeypatch, lambda command: 3 if "pytest" in command else 0)


def test_run_opens_the_window_where_there_is_a_display(verbs: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "display_problem", lambda: None)
    assert dev.main(["run"]) == 0
    assert verbs == [["python", "-m", "desktop", "demo"]]


def test_run_without_a_display_says_so_and_runs_the_demo_headless(
    verbs: Commands, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "display_problem", lambda: "No display was found.")
    assert dev.main(["run"]) == 0
    assert verbs[0][3:7] == ["demo", "--headless", "--minutes", "1"]
    assert verbs[0][-1].endswith("demo.png")
    assert "No display was found. Running the demo without a window" in capsys.readouterr().out


def test_test_passes_its_arguments_and_the_exit_status_on(verbs: Commands) -> None:
    assert dev.main(["test", "tests/rules", "-k", "sma"]) == 3
    assert verbs[0][-3:] == ["tests/rules", "-k", "sma"]


def test_check_prints_one_line_for_each_check(verbs: Commands, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["check"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(dev.CHECKS) == 7
    assert all(" ok " in line for line in lines)


def test_check_shows_the_findings_of_a_failed_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "ensure", lambda _: Path("python"))
    record_commands(monkeypatch, lambda command: 1 if "mypy" in command[0] else 0)
    assert dev.main(["check"]) == 1
    out = capsys.readouterr().out
    assert out.count("FAILED") == 1
    assert "--- mypy strict\nlast words" in out


def test_a_machine_that_lacks_something_gives_a_sentence_and_status_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: str) -> Path:
        message = "Assay needs Python 3.11."
        raise dev_system.SetupError(message)

    monkeypatch.setattr(dev, "ensure", refuse)
    assert dev.main(["check"]) == 2
    assert capsys.readouterr().err == "dev.py check: Assay needs Python 3.11.\n"


def test_an_unknown_verb_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        dev.main(["fly"])
    assert stopped.value.code == 2
    assert "invalid choice: 'fly'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("compiled_says", "same", "said"),
    [
        ("0 aa bb\n1 cc dd\n", True, "2 random sessions: both cores did the same"),
        ("0 aa bb\n1 cc xx\n", False, "in seeds 1."),
        ("", False, "in seeds all."),
    ],
)
def test_two_cores_that_decide_differently_are_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], compiled_says: str, *, same: bool, said: str
) -> None:
    def fake_run(_: list[str], *, cwd: Path, **__: object) -> subprocess.CompletedProcess[str]:
        text = "0 aa bb\n1 cc dd\n" if cwd == dev_environment.ROOT else compiled_says
        return subprocess.CompletedProcess([], 0, stdout=text)

    monkeypatch.setattr(subprocess, "run", fake_run)
    assert dev.same_decisions(Path("python"), Path("compiled")) is same
    assert said in capsys.readouterr().out

"""Settings survive a crash at any instant; no setting arms live trading (fault 36)."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.config import LAST_GOOD, SETTINGS, Settings, default_data_dir, load_settings, save_settings
from desktop.domain.errors import StorageFault

CHANGED = Settings(resume_on_start=False, database_url="postgresql://me@host/assay")


def test_an_empty_directory_has_the_usual_settings_and_no_notice(tmp_path: Path) -> None:
    loaded = load_settings(tmp_path)
    assert loaded.settings == Settings()
    assert loaded.notice == ""


def test_saved_settings_are_loaded(tmp_path: Path) -> None:
    save_settings(tmp_path / "new", CHANGED)
    loaded = load_settings(tmp_path / "new")
    assert loaded.settings == CHANGED
    assert loaded.notice == ""


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b'{"resume_on_start": fal',
        b"\x00\xff\xfe",
        b"[]",
        b'{"database_url": true}',
        b'{"resume_on_start": 1}',
        b"[" * 50_000,
        b" " * 70_000,
    ],
)
def test_fault_36_a_damaged_settings_file_falls_back_to_the_last_good_copy(tmp_path: Path, damage: bytes) -> None:
    save_settings(tmp_path, CHANGED)
    (tmp_path / SETTINGS).write_bytes(damage)
    loaded = load_settings(tmp_path)
    assert loaded.settings == CHANGED
    assert "last good copy" in loaded.notice
    assert "disarmed" in loaded.notice
    assert (tmp_path / "settings.damaged").read_bytes() == damage


def test_fault_36_a_missing_settings_file_is_replaced_by_its_copy(tmp_path: Path) -> None:
    save_settings(tmp_path, CHANGED)
    (tmp_path / SETTINGS).unlink()
    loaded = load_settings(tmp_path)
    assert loaded.settings == CHANGED


def test_fault_36_without_any_good_copy_the_usual_settings_are_in_force(tmp_path: Path) -> None:
    (tmp_path / SETTINGS).write_text("{")
    (tmp_path / LAST_GOOD).write_text("{")
    loaded = load_settings(tmp_path)
    assert loaded.settings == Settings()
    assert "usual settings" in loaded.notice


def test_fault_36_a_crash_while_saving_leaves_the_old_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_settings(tmp_path, CHANGED)

    def crash(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("desktop.config.os.fsync", crash)
    with pytest.raises(StorageFault, match="No space left"):
        save_settings(tmp_path, Settings())
    assert load_settings(tmp_path).settings == CHANGED


def test_unknown_settings_of_another_version_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / SETTINGS).write_text('{"resume_on_start": false, "later": 1}')
    assert load_settings(tmp_path).settings == Settings(resume_on_start=False)


def test_the_default_data_directory_is_the_users_own() -> None:
    assert default_data_dir().name == "assay"

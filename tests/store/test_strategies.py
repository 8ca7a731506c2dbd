"""Strategy files on disk (R1, fault 34)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from desktop.domain.errors import DataFileError, FieldError, StorageFault
from desktop.domain.strategies import Strategy
from desktop.store.strategies import export_strategy, import_limits, import_strategy

STRATEGY = Strategy("한국 Dip", "1m", "rsi(14) < 30", parameters={"x": Decimal("0.1")}, description="two\nlines")


def test_an_exported_strategy_is_imported_equal(tmp_path: Path) -> None:
    export_strategy(STRATEGY, tmp_path / "dip.toml")
    assert import_strategy(tmp_path / "dip.toml") == STRATEGY
    assert [path.name for path in tmp_path.iterdir()] == ["dip.toml"]


def test_a_file_saved_by_an_editor_of_windows_is_read(tmp_path: Path) -> None:
    export_strategy(STRATEGY, tmp_path / "dip.toml")
    text = (tmp_path / "dip.toml").read_text(encoding="utf-8")
    (tmp_path / "dip.toml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert import_strategy(tmp_path / "dip.toml") == STRATEGY


def test_fault_34_a_huge_or_binary_or_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "dip.toml"
    with pytest.raises(DataFileError, match=r"dip\.toml.*No such file"):
        import_strategy(path)
    path.write_bytes(b"#" * 65_537)
    with pytest.raises(DataFileError, match="larger than 65,536"):
        import_strategy(path)
    path.write_bytes(b'name = "\xff"')
    with pytest.raises(DataFileError, match="no UTF-8"):
        import_strategy(path)
    with pytest.raises(DataFileError, match="cannot be read"):
        import_strategy(tmp_path)


def test_a_mistake_in_the_content_is_named_at_its_field(tmp_path: Path) -> None:
    (tmp_path / "limits.toml").write_text("max_positions = 0")
    with pytest.raises(FieldError, match="max_positions"):
        import_limits(tmp_path / "limits.toml")


def test_a_folder_that_takes_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageFault, match="could not be written"):
        export_strategy(STRATEGY, tmp_path / "nowhere" / "dip.toml")

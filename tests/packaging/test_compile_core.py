"""The compiled core: which modules it has, when it is built again, and that a part that is missing is named."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import compile_core
import pytest
from dev_environment import ROOT
from dev_system import SetupError

from desktop.domain.codec import from_json
from desktop.domain.errors import ProgramBug


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small checkout with two modules of the core."""
    root = tmp_path / "checkout"
    for name in ("trading/__init__", "trading/book", "trading/guards", "domain/order", "research/lane"):
        path = root / "desktop" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"name = {name!r}\n", encoding="utf-8")
    (root / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    monkeypatch.setattr(compile_core, "ROOT", root)
    monkeypatch.setattr(compile_core, "COPIED", ("desktop", "pyproject.toml"))
    monkeypatch.setattr(compile_core, "SINGLE", ("desktop/research/lane.py",))
    return root


def test_all_of_the_core_is_compiled_but_what_is_read_back_from_storage() -> None:
    sources = compile_core.core_sources()
    assert {"desktop/trading/session_core.py", "desktop/trading/ledger.py", "desktop/research/skip.py"} <= set(sources)
    assert not {"desktop/trading/guards.py", "desktop/trading/__init__.py"} & set(sources)
    assert all((ROOT / source).is_file() for source in sources)
    kept = [ROOT / "desktop" / "trading" / name for name in compile_core.READ_BACK]
    assert all(path.is_file() for path in kept)


def test_a_source_that_changes_makes_it_due_again(checkout: Path) -> None:
    before = compile_core.fingerprint(checkout)
    assert compile_core.fingerprint(checkout) == before
    (checkout / "desktop" / "domain" / "order.py").write_text("name = 2\n", encoding="utf-8")
    assert compile_core.fingerprint(checkout) != before


@pytest.mark.parametrize("suffix", [compile_core.SUFFIX, ".cp311-win_amd64.pyd", ".cpython-311-darwin.so"])
def test_the_copy_follows_the_checkout_and_keeps_what_is_compiled(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(compile_core, "SUFFIX", suffix)
    into = tmp_path / "copy"
    compile_core.copy_project(into)
    native = into / "desktop" / "trading" / f"book{compile_core.SUFFIX}"
    native.touch()
    (checkout / "desktop" / "trading" / "book.py").write_text("name = 3\n", encoding="utf-8")
    (checkout / "desktop" / "domain" / "order.py").unlink()
    compile_core.copy_project(into)
    assert (into / "desktop" / "trading" / "book.py").read_text(encoding="utf-8") == "name = 3\n"
    assert not (into / "desktop" / "domain" / "order.py").exists()
    assert native.exists()


def test_a_part_that_is_missing_is_named_with_what_to_do(checkout: Path, tmp_path: Path) -> None:
    into = tmp_path / "copy"
    compile_core.copy_project(into)
    with pytest.raises(SetupError, match=r"desktop\.trading\.book is missing.*compile_core\.py"):
        compile_core.extensions(into)
    for name in ("desktop/trading/book", "desktop/research/lane", "assay_core__mypyc"):
        (into / f"{name}{compile_core.SUFFIX}").touch()
    assert [name for name, _ in compile_core.extensions(into)] == [
        "desktop.trading.book", "desktop.research.lane", "assay_core__mypyc",
    ]  # fmt: skip


def test_modules_of_other_sources_do_not_go_to_users(checkout: Path, tmp_path: Path) -> None:
    into = tmp_path / "copy"
    compile_core.copy_project(into)
    for name in ("desktop/trading/book", "desktop/research/lane", "assay_core__mypyc"):
        (into / f"{name}{compile_core.SUFFIX}").touch()
    (into / compile_core.STAMP).write_text(compile_core.fingerprint(), encoding="utf-8")
    assert len(compile_core.current_extensions(into)) == 3
    (checkout / "desktop" / "trading" / "book.py").write_text("name = 4\n", encoding="utf-8")
    with pytest.raises(SetupError, match="compiled from other sources"):
        compile_core.current_extensions(into)


def test_a_compiler_that_refuses_leaves_nothing_that_counts_as_current(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compile_core, "ensure_compiler", lambda: None)
    calls: list[Any] = []

    def refuses(command: list[str], **_: object) -> Any:
        calls.append(command)
        return type("Done", (), {"returncode": 1, "stdout": "first\nbook.py:3: not typed\n"})

    monkeypatch.setattr(subprocess, "run", refuses)
    for _ in range(2):
        with pytest.raises(SetupError, match=r"could not be compiled:\n(.|\n)*book\.py:3: not typed"):
            compile_core.compile_core(tmp_path / "copy")
    assert len(calls) == 2


def test_a_value_whose_types_a_compiled_class_has_lost_is_not_read_from_storage() -> None:
    @dataclass
    class Compiled:
        quantity: type  # what the compiler leaves of `Decimal | None`

    with pytest.raises(ProgramBug, match="must not be defined in a compiled module"):
        from_json(Compiled, {"quantity": "10"})

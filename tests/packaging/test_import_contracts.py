"""The import directions hold in the true tree, and each contract fails when a violation of it is planted."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from dev import tool
from dev_environment import ROOT


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    command = [tool(Path(sys.executable), "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


def foreign_imports(module: Path, allowed: frozenset[str]) -> set[str]:
    """Names of the top-level packages a module imports, anywhere in it, that are not allowed."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return {name for name in found if name.split(".")[0] not in allowed and not name.startswith("desktop.domain")}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "desktop", tmp_path / "desktop", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def plant(tree: Path, package: str, line: str) -> None:
    folder = tree.joinpath(*package.split("."))
    folder.mkdir(parents=True, exist_ok=True)
    for level in [folder, *folder.parents][: len(package.split("."))]:
        (level / "__init__.py").touch()
    (folder / "planted.py").write_text(line + "\n", encoding="utf-8")


def test_the_true_tree_keeps_every_contract(tree: Path) -> None:
    done = lint_imports(tree)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("package", "line", "contract"),
    [
        ("desktop.engine", "import desktop.ui.planted", "Imports go down only"),
        ("desktop.rules", "import desktop.trading.planted", "Imports go down only"),
        ("desktop.market", "import desktop.trading.planted", "Imports go down only"),
        ("desktop.trading", "import desktop.engine.planted", "Imports go down only"),
        ("desktop.research", "import desktop.engine.planted", "Imports go down only"),
        ("desktop.feeds", "import desktop.engine.planted", "The engine and its adapters meet at the ports only"),
        ("desktop.store", "import desktop.ui.planted", "The engine and its adapters meet at the ports only"),
        ("desktop.engine", "import desktop.brokers.planted", "The engine and its adapters meet at the ports only"),
        ("desktop.domain", "import desktop.ports", "The engine and its adapters meet at the ports only"),
        ("desktop.trading", "from PySide6 import QtCore", "Qt stays in the window"),
        ("desktop.engine", "def later():\n    import qasync", "Qt stays in the window"),
        ("desktop.ui.panels.orders", "import desktop.ui.panels.positions.planted", "Panels do not import each other"),
        ("desktop.domain", "import numpy", "The domain needs the standard library only"),
    ],
)
def test_a_planted_violation_breaks_its_contract(tree: Path, package: str, line: str, contract: str) -> None:
    target = line.split()[1] if line.startswith("import desktop.") and line.endswith(".planted") else None
    if target is not None:
        plant(tree, target.removesuffix(".planted"), "")
    plant(tree, package, line)
    done = lint_imports(tree)
    assert done.returncode != 0
    assert f"{contract} BROKEN" in done.stdout


def test_the_window_and_the_composition_root_may_import_qt(tree: Path) -> None:
    plant(tree, "desktop.ui", "from PySide6 import QtWidgets")
    assert lint_imports(tree).returncode == 0


def test_the_domain_imports_the_standard_library_only(tmp_path: Path) -> None:
    modules = sorted((ROOT / "desktop" / "domain").rglob("*.py"))
    assert modules
    assert {path.name: foreign_imports(path, sys.stdlib_module_names) for path in modules} == {
        path.name: set() for path in modules
    }
    planted = tmp_path / "planted.py"
    planted.write_text("import json\ndef later():\n    from sortedcontainers import SortedDict\n", encoding="utf-8")
    assert foreign_imports(planted, sys.stdlib_module_names) == {"sortedcontainers"}

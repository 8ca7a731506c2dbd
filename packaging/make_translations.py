"""Collects every text of the window into resources/translations/assay_en.ts, the source for translators.

python packaging/make_translations.py          write the file
python packaging/make_translations.py --check  exit with 1 when it is not up to date
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "desktop" / "ui"
TARGET = ROOT / "resources" / "translations" / "assay_en.ts"


class Collector(ast.NodeVisitor):
    """Finds the texts of one module, each with the context it is translated in.

    Understood are `self.tr("...")` (context: the class), `translate("Context", "...")`, and calls of a local function
    `_tr` or `tr` whose body calls `translate` with a fixed context.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.found: list[tuple[str, str, int]] = []
        self._classes: list[str] = []
        self._contexts: dict[str, str] = {}
        self._aliases: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name in ("_tr", "tr"):
                for call in ast.walk(node):
                    if isinstance(call, ast.Call) and _name(call) == "translate" and _text(call, 0) is not None:
                        self._contexts[node.name] = _text(call, 0) or ""
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Attribute)
                and node.value.attr == "translate"
            ):
                self._aliases |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        self.visit(tree)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Remember the class for self.tr."""
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_Call(self, node: ast.Call) -> None:
        """Take the text of a call that translates."""
        name = _name(node)
        if name in ("translate", *self._aliases) and _text(node, 1) is not None:
            self._add(_text(node, 0) or "", _text(node, 1) or "", node.lineno)
        elif isinstance(node.func, ast.Attribute) and name == "tr" and _text(node, 0) is not None:
            self._add(self._classes[-1] if self._classes else "", _text(node, 0) or "", node.lineno)
        elif isinstance(node.func, ast.Name) and name in self._contexts and _text(node, 0) is not None:
            self._add(self._contexts[name], _text(node, 0) or "", node.lineno)
        self.generic_visit(node)

    def _add(self, context: str, text: str, line: int) -> None:
        if text:
            self.found.append((context, text, line))


def _name(call: ast.Call) -> str:
    function = call.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _text(call: ast.Call, place: int) -> str | None:
    if place < len(call.args):
        argument = call.args[place]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            return argument.value
    return None


def collect(folder: Path) -> dict[str, dict[str, list[str]]]:
    """Return context -> text -> the files that hold it, of every module under a folder."""
    contexts: dict[str, dict[str, list[str]]] = {}
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        place = path.relative_to(folder.parent.parent).as_posix()
        for context, text, _ in Collector(tree).found:
            places = contexts.setdefault(context, {}).setdefault(text, [])
            if place not in places:
                places.append(place)
    return contexts


def as_ts(contexts: dict[str, dict[str, list[str]]], language: str = "en") -> str:
    """Return the texts as a Qt Linguist file."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        "<!DOCTYPE TS>",
        f'<TS version="2.1" language="{language}" sourcelanguage="en">',
    ]
    for context in sorted(contexts):
        lines += ["<context>", f"    <name>{escape(context)}</name>"]
        for text in sorted(contexts[context]):
            lines += ["    <message>"]
            lines += [f'        <location filename="../../{place}"/>' for place in contexts[context][text]]
            lines += [
                f"        <source>{escape(text)}</source>",
                '        <translation type="unfinished"></translation>',
                "    </message>",
            ]
        lines.append("</context>")
    return "\n".join([*lines, "</TS>", ""])


def main(arguments: list[str]) -> int:
    """Write the file, or check it."""
    text = as_ts(collect(SOURCE))
    if "--check" in arguments:
        same = TARGET.exists() and TARGET.read_text(encoding="utf-8") == text
        if not same:
            print("resources/translations/assay_en.ts is not up to date: run python packaging/make_translations.py")
        return 0 if same else 1
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

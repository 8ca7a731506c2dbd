"""Every text can be translated: collected by a script, loaded from Qt Linguist's files."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import make_translations
import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop.ui import translations
from desktop.ui.dialogs.closing import CloseDialog, Exposed
from desktop.ui.intents import Intents
from desktop.ui.panels.positions import Positions
from desktop.ui.theme import ThemeStore
from desktop.ui.translations import TextTranslator, install, languages, read_ts
from tests.helpers.fake_desk import FakeDesk, as_desk


@pytest.fixture
def pseudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[QTranslator]:
    """A language in which every text stands in brackets."""
    text = make_translations.as_ts(make_translations.collect(make_translations.SOURCE), "eo")
    pattern = re.compile(r'<source>(.*?)</source>\n\s*<translation type="unfinished"></translation>', re.DOTALL)
    changed = pattern.sub(lambda found: f"<source>{found[1]}</source><translation>[{found[1]}]</translation>", text)
    (tmp_path / "assay_eo.ts").write_text(changed, encoding="utf-8")
    monkeypatch.setattr(translations, "folder", lambda: tmp_path)
    translator = install("eo")
    assert translator is not None
    yield translator
    qapp.removeTranslator(translator)


def test_the_source_for_translators_holds_the_windows_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = {(item.findtext("source")) for item in ET.parse(make_translations.TARGET).getroot().iter("message")}
    assert {"Close Assay", "No open position", "Kill switch", "Warming up: %1"} <= kept
    monkeypatch.setattr(make_translations, "TARGET", tmp_path / "sub" / "assay_en.ts")
    assert make_translations.main(["--check"]) == 1
    assert "not up to date" in capsys.readouterr().out
    assert make_translations.main([]) == 0
    assert make_translations.main(["--check"]) == 0


def test_the_source_for_translators_is_up_to_date() -> None:
    assert make_translations.main(["--check"]) == 0, "run python packaging/make_translations.py"


def test_texts_are_found_in_every_way_they_are_written() -> None:
    code = (
        "class A:\n"
        "    def f(self):\n"
        "        tr = QCoreApplication.translate\n"
        "        return self.tr('one') + tr('B', 'two') + QCoreApplication.translate('C', 'three')\n"
        "def _tr(text):\n"
        "    return QCoreApplication.translate('D', text)\n"
        "x = _tr('four') + _tr(x) + other('five')\n"
    )
    found = make_translations.Collector(ast.parse(code)).found
    assert [(context, text) for context, text, _ in found] == [
        ("A", "one"),
        ("B", "two"),
        ("C", "three"),
        ("D", "four"),
    ]


def test_every_text_of_a_dialog_and_a_panel_is_translated(
    qtbot: QtBot, pseudo: QTranslator, theme: ThemeStore, desk: FakeDesk
) -> None:
    owner = QLabel()
    qtbot.addWidget(owner)
    dialog = CloseDialog(Exposed(1, 2, 3), tray=True, chosen=lambda *_: None, parent=owner)
    texts = [label.text() for label in dialog.findChildren(QLabel) if label.text()]
    assert texts
    assert all(text.startswith("[") for text in texts)
    assert dialog.windowTitle() == "[Close Assay]"
    panel = Positions(as_desk(desk), theme, Intents())
    qtbot.addWidget(panel)
    assert all(column.title.startswith("[") for column in panel.table.columns)
    assert panel.table.rows.text(0, [column.key for column in panel.table.columns].index("close")) == "[Close]"


def test_a_text_without_translation_stays_english(pseudo: QTranslator) -> None:
    assert QCoreApplication.translate("Positions", "never seen") == "never seen"
    assert not pseudo.isEmpty()


def test_an_unknown_or_broken_language_leaves_the_texts_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    monkeypatch.setattr(translations, "folder", lambda: tmp_path)
    (tmp_path / "assay_fr.ts").write_text("<TS><context>", encoding="utf-8")
    (tmp_path / "assay_ko.qm").write_bytes(b"not compiled")
    assert install("fr_FR") is None
    assert install("ko") is None
    assert install("xx") is None
    assert {"en", "fr", "ko"} <= set(languages())


def test_unfinished_translations_are_not_used(tmp_path: Path) -> None:
    path = tmp_path / "assay_de.ts"
    path.write_text(
        "<TS><context><name>A</name><message><source>one</source><translation>eins</translation></message>"
        '<message><source>two</source><translation type="unfinished">zwei</translation></message></context></TS>',
        encoding="utf-8",
    )
    assert read_ts(path) == {("A", "one"): "eins"}
    assert TextTranslator(path).translate("A", "two") == "two"

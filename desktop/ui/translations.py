"""Translations of the window's texts: Qt Linguist files, compiled (.qm) or as they are (.ts)."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTranslator

from desktop.logs import logger
from desktop.resources import resource_root
from desktop.ui.guard import guarded_override

PREFIX = "assay_"


class TextTranslator(QTranslator):
    """Translates from a .ts file, so that a translator sees a change without compiling it."""

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = read_ts(path)

    @guarded_override(answer=False)
    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        """Return whether nothing is translated."""
        return not self._texts

    @guarded_override("")
    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        """Return the translation of a text, or the text itself: Qt takes an empty one for the translation."""
        del disambiguation, n  # plural forms are not used: numbers stand in sentences that fit any
        return self._texts.get((context, source), source)


def folder() -> Path:
    """Return where the translations lie."""
    return resource_root() / "translations"


def languages() -> dict[str, str]:
    """Return the languages there are: name of the locale and its own name for itself."""
    found = {"en": QLocale("en").nativeLanguageName()}
    for path in sorted(folder().glob(f"{PREFIX}*.*")):
        if path.suffix in (".ts", ".qm"):
            name = path.stem.removeprefix(PREFIX)
            found[name] = QLocale(name).nativeLanguageName() or name
    return found


def install(language: str) -> QTranslator | None:
    """Translate the application's texts from now on.

    Args:
        language: Name of a locale (ko, de_DE); empty: the system's.

    Returns:
        The translator in force, to be kept by the caller; None when the texts stay English.
    """
    name = language or QLocale.system().name()
    application = QCoreApplication.instance()
    for candidate in (name, name.partition("_")[0]):
        for suffix in (".qm", ".ts"):
            path = folder() / f"{PREFIX}{candidate}{suffix}"
            translator = _load(path) if path.exists() else None
            if translator is not None and application is not None:
                application.installTranslator(translator)
                return translator
    return None


def _load(path: Path) -> QTranslator | None:
    if path.suffix == ".qm":
        compiled = QTranslator()
        return compiled if compiled.load(str(path)) else None
    try:
        return TextTranslator(path)
    except (OSError, ET.ParseError) as error:
        logger("window").warning("translation_unreadable", path=str(path), reason=str(error))
        return None


def read_ts(path: Path) -> dict[tuple[str, str], str]:
    """Return the finished translations of a .ts file by (context, source text)."""
    found: dict[tuple[str, str], str] = {}
    for context in ET.parse(path).getroot().iter("context"):  # noqa: S314 - a file of this installation
        name = context.findtext("name", "")
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is not None and translation.get("type") is None and translation.text:
                found[name, message.findtext("source", "")] = translation.text
    return found

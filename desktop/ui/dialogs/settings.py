"""Settings of the window: each takes effect at once and is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QFormLayout, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop.config import LoadedSettings, load_settings, save_settings
from desktop.ui import work
from desktop.ui.guard import guarded
from desktop.ui.locale import LOCALES, apply_locale
from desktop.ui.notifier import events
from desktop.ui.preferences import Notice, Preferences, Scheme
from desktop.ui.theme import ThemeStore
from desktop.ui.tokens import ColourSet
from desktop.ui.translations import languages
from desktop.ui.widgets.looks import button, label


class SettingsDialog(QDialog):
    """Look, numbers, notifications, start."""

    def __init__(self, theme: ThemeStore, directory: Path | None, parent: QWidget) -> None:
        """`directory`: where the program's own settings are; None: there are none (tests, pictures)."""
        super().__init__(parent)
        self._directory = directory
        self.setWindowTitle(self.tr("Settings"))
        self._theme, self._preferences = theme, theme.preferences
        self.boxes: dict[str, QComboBox] = {}
        self.checks: dict[str, QCheckBox] = {}
        tabs = QTabWidget()
        tabs.addTab(self._look(), self.tr("Look"))
        tabs.addTab(self._notices(), self.tr("Notifications"))
        tabs.addTab(self._start(), self.tr("Start"))
        close = button(self.tr("Close"), "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(12)
        layout.addWidget(tabs, 1)
        layout.addLayout(foot)
        self.resize(520, 430)

    def _look(self) -> QWidget:
        page, form = _page()
        schemes = {
            Scheme.SYSTEM: self.tr("As the system"),
            Scheme.DARK: self.tr("Dark"),
            Scheme.LIGHT: self.tr("Light"),
        }
        self._choice(
            form,
            "scheme",
            self.tr("Theme"),
            [(item.value, text) for item, text in schemes.items()],
            self._theme.scheme.value,
            lambda value: self._theme.set_scheme(Scheme(value)),
        )
        sets = {
            "": self.tr("By the locale"),
            ColourSet.GREEN_RED.value: self.tr("Up green, down red (US, Europe)"),
            ColourSet.RED_GREEN.value: self.tr("Up red, down green (China, Japan, Taiwan)"),
            ColourSet.RED_BLUE.value: self.tr("Up red, down blue (Korea)"),
        }
        self._choice(
            form,
            "colours",
            self.tr("Colours of up and down"),
            list(sets.items()),
            self._preferences.text("theme/colours"),
            lambda value: self._theme.set_colours(ColourSet(value) if value else None),
        )
        locales = [("", self.tr("As the system"))] + [(name, _locale_title(name)) for name in LOCALES]
        self._choice(
            form,
            "locale",
            self.tr("Numbers and dates"),
            locales,
            self._preferences.text("locale/numbers"),
            lambda value: apply_locale(self._preferences, value),
        )
        spoken = [("", self.tr("As the system"))] + [(name, title) for name, title in languages().items()]
        self._choice(
            form,
            "language",
            self.tr("Language (at the next start)"),
            spoken,
            self._preferences.text("language"),
            lambda value: self._preferences.put("language", value),
        )
        self._check(form, "flash", self.tr("Rows of tables flash when they change"), "tables/flash", default=False)
        return page

    def _notices(self) -> QWidget:
        page, form = _page()
        self._check(
            form,
            "do-not-disturb",
            self.tr("Do not disturb: nothing is announced outside the window"),
            "notices/do-not-disturb",
            default=False,
        )
        choices = [
            (Notice.ON.value, self.tr("On")),
            (Notice.SILENT.value, self.tr("Silent")),
            (Notice.OFF.value, self.tr("Off")),
        ]
        for name, title in events().items():
            self._choice(
                form,
                f"notice-{name}",
                title,
                choices,
                self._preferences.notice(name).value,
                _putter(self._preferences, f"notices/{name}"),
            )
        note = self.tr(
            "Cards inside the window are always shown. The system announces only while the window is out of sight."
        )
        form.addRow(label(note, "caption", wrap=True))
        return page

    def _start(self) -> QWidget:
        page, form = _page()
        check = QCheckBox(self.tr("Sessions that were running go on by themselves at the next start"))
        check.setEnabled(False)  # until the file was read
        self.checks["resume"] = check
        form.addRow(check)
        note = self.tr("Otherwise they come back paused: stops and targets work, no entry is made until you resume.")
        form.addRow(label(note, "caption", wrap=True))
        self._notice = label("", "error", wrap=True)
        form.addRow(self._notice)
        if self._directory is not None:
            work.run(asyncio.to_thread(load_settings, self._directory), where="settings", then=self._show_program)
        return page

    def _show_program(self, loaded: LoadedSettings) -> None:
        if not isValid(self):
            return  # closed before the file was read
        check = self.checks["resume"]
        check.setChecked(loaded.settings.resume_on_start)
        check.setEnabled(True)
        check.toggled.connect(self._on_resume)
        self._notice.setText(loaded.notice)

    @guarded
    def _on_resume(self, chosen: bool) -> None:  # noqa: FBT001 - a slot of QCheckBox.toggled
        if self._directory is not None:
            work.run(asyncio.to_thread(_save_resume, self._directory, resume=chosen), where="settings")

    def _choice(
        self,
        form: QFormLayout,
        name: str,
        title: str,
        items: Sequence[tuple[str, str]],
        now: str,
        put: Callable[[str], None],
    ) -> None:
        box = QComboBox()
        for value, text in items:
            box.addItem(text, value)
        box.setCurrentIndex(max(0, box.findData(now)))
        box.setAccessibleName(title)

        def changed() -> None:
            put(box.currentData())

        box.currentIndexChanged.connect(guarded(changed))
        self.boxes[name] = box
        form.addRow(title, box)

    def _check(self, form: QFormLayout, name: str, title: str, key: str, *, default: bool) -> None:
        check = QCheckBox(title)
        check.setChecked(self._preferences.flag(key, default=default))
        check.toggled.connect(_putter(self._preferences, key))
        self.checks[name] = check
        form.addRow(check)


def _putter(preferences: Preferences, key: str) -> Callable[[object], None]:
    return lambda value: preferences.put(key, value)


def _save_resume(directory: Path, *, resume: bool) -> None:
    save_settings(directory, replace(load_settings(directory).settings, resume_on_start=resume))


def _page() -> tuple[QWidget, QFormLayout]:
    page = QWidget()
    form = QFormLayout(page)
    form.setContentsMargins(12, 14, 12, 12)
    form.setHorizontalSpacing(16)
    form.setVerticalSpacing(9)
    return page, form


def _locale_title(name: str) -> str:
    locale = QLocale(name)
    return f"{locale.nativeLanguageName()} ({locale.nativeTerritoryName()})  {locale.toString(1234567.5, 'f', 2)}"

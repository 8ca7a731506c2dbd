"""How numbers and dates are written: as the system does, or as the user chose."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from desktop.ui.preferences import Preferences

#: Offered in the settings; any other name that Qt knows works in the file too.
LOCALES = (
    "en_US",
    "en_GB",
    "en_IN",
    "de_DE",
    "de_CH",
    "fr_FR",
    "es_ES",
    "it_IT",
    "nl_NL",
    "pl_PL",
    "pt_BR",
    "ko_KR",
    "ja_JP",
    "zh_CN",
    "zh_TW",
)


def apply_locale(preferences: Preferences, name: str) -> None:
    """Choose a locale (empty: the system's), keep it, and have everything written anew."""
    QLocale.setDefault(locale_of(name))
    preferences.put("locale/numbers", name)


def locale_of(name: str) -> QLocale:
    """Return the locale of a name such as ko_KR; the system's for an empty or unknown one."""
    found = QLocale(name) if name else QLocale.system()
    if found.language() in (QLocale.Language.C, QLocale.Language.AnyLanguage):
        # A system without a locale ("C") writes numbers as nobody does: American is what markets' programs default to.
        return QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)
    return found

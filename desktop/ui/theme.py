"""The theme of the window: follows the system or the user's choice, and tells everyone when it changes."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from desktop.ui.preferences import Preferences, Scheme
from desktop.ui.stylesheet import stylesheet
from desktop.ui.tokens import ColourSet, Tokens, colour_set_of, tokens_for

FAMILIES = (
    "Inter",
    "Segoe UI",
    "SF Pro Text",
    "Noto Sans",
    "Noto Sans CJK KR",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "DejaVu Sans",
)
FONT_PIXELS = 12
_SHEET = "theme-sheet"  # property of the main window: the stylesheet that windows wear since the theme was changed


class ThemeStore(QObject):
    """Holds the tokens in force.

    Widgets that paint themselves keep a reference to the store, read `tokens` when they paint and repaint on `changed`.
    """

    changed = Signal()

    def __init__(self, preferences: Preferences | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.preferences = preferences or Preferences(parent=self)
        self._tokens = self._wanted()
        self._window: QWidget | None = None
        self.preferences.changed.connect(self._on_preference)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system)

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        return self._tokens

    @property
    def scheme(self) -> Scheme:
        """What the user chose: dark, light or as the system."""
        return self.preferences.choice("theme/scheme", Scheme, Scheme.SYSTEM)

    @property
    def colours(self) -> ColourSet:
        """The colours of up and down: the user's choice, or the habit of the locale's territory."""
        return self.preferences.choice("theme/colours", ColourSet, colour_set_of(territory()))

    def set_scheme(self, scheme: Scheme) -> None:
        """Choose dark, light or as the system, and keep it."""
        self.preferences.put("theme/scheme", scheme.value)

    def set_colours(self, colours: ColourSet | None) -> None:
        """Choose the colours of up and down; None: by the locale."""
        self.preferences.put("theme/colours", colours.value if colours is not None else "")

    def toggle(self) -> None:
        """Change between dark and light."""
        self.set_scheme(Scheme.LIGHT if self._tokens.dark else Scheme.DARK)

    def colour(self, name: str, alpha: float = 1.0) -> QColor:
        """Return a token as a colour, more or less transparent."""
        colour = QColor(getattr(self._tokens, name))
        colour.setAlphaF(alpha)
        return colour

    def apply(self) -> None:
        """Dress the whole application in the tokens in force.

        Until there is a full window the application wears the stylesheet. With one, that would polish each of its
        widgets once for every ancestor, a third of a second in all; so from then on the windows wear it, which goes
        before the application's.
        """
        application = QApplication.instance()
        if not isinstance(application, QApplication):
            return
        application.setFont(text_font())
        application.setPalette(_palette(self._tokens))
        sheet = stylesheet(self._tokens)
        if self._window is None or not isValid(self._window):
            application.setStyleSheet(sheet)
            return
        self._window.setProperty(_SHEET, sheet)
        for window in application.topLevelWidgets():
            if window.parentWidget() is None:
                dress(window)

    def window_stands(self, window: QWidget) -> None:
        """Take note of the main window: a change of theme is from now on a matter of the windows."""
        self._window = window

    def _wanted(self) -> Tokens:
        dark = self.scheme is Scheme.DARK
        if self.scheme is Scheme.SYSTEM:
            # A desktop that does not say is met with dark: what traders' programs look like.
            dark = QGuiApplication.styleHints().colorScheme() != Qt.ColorScheme.Light
        return tokens_for(self.colours, dark=dark)

    def _refresh(self) -> None:
        wanted = self._wanted()
        if wanted != self._tokens:
            self._tokens = wanted
            self.apply()
            self.changed.emit()

    def _on_preference(self, key: str) -> None:
        if key.startswith(("theme/", "locale/")):
            self._refresh()

    def _on_system(self, _: object = None) -> None:
        self._refresh()


def dress(window: QWidget) -> None:
    """Put the theme in force on a window without a parent; those with one wear what their parent wears."""
    for standing in QApplication.topLevelWidgets():
        if sheet := standing.property(_SHEET):
            window.setStyleSheet(sheet)
            return


def territory() -> str:
    """Return the ISO 3166 code of the territory the window's numbers are written for."""
    return QLocale().name().partition("_")[2].partition(".")[0] or "US"


def text_font(*, scale: float = 1.0, bold: bool = False) -> QFont:
    """Return the window's font: with tabular digits, so that numbers in a column stand under each other."""
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(max(9, round(FONT_PIXELS * scale)))
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setBold(bold)
    return font


def _palette(tokens: Tokens) -> QPalette:
    """Return the palette for what the stylesheet does not reach: painted delegates, native parts, disabled texts."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    colours = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.raised,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.text_muted,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.bad,
        role.ToolTipBase: tokens.overlay,
        role.ToolTipText: tokens.text,
        role.Highlight: tokens.selected,
        role.HighlightedText: tokens.text,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.Light: tokens.border_strong,
        role.Midlight: tokens.border,
        role.Mid: tokens.border,
        role.Dark: tokens.border,
        role.Shadow: tokens.window,
    }
    for name, colour in colours.items():
        palette.setColor(name, QColor(colour))
    for name in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(group.Disabled, name, QColor(tokens.text_disabled))
    return palette

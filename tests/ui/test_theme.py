"""Colours by meaning: readable in both themes, and by the habit of the market."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.preferences import Notice, Preferences, Scheme
from desktop.ui.stylesheet import stylesheet
from desktop.ui.theme import ThemeStore, dress, text_font
from desktop.ui.tokens import ColourSet, colour_set_of, contrast, text_pairs, tokens_for
from desktop.ui.widgets.looks import look


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("colours", ColourSet)
def test_every_text_has_a_contrast_of_four_and_a_half(colours: ColourSet, *, dark: bool) -> None:
    tokens = tokens_for(colours, dark=dark)
    weak = {
        what: round(contrast(text, place), 2) for what, text, place in text_pairs(tokens) if contrast(text, place) < 4.5
    }
    assert weak == {}
    for name in ("candle_up", "candle_down", "focus"):
        assert contrast(getattr(tokens, name), tokens.surface) >= 3


def test_the_contrast_is_that_of_the_standard() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("territory", "colours"),
    [
        ("US", "green/red"),
        ("DE", "green/red"),
        ("CN", "red/green"),
        ("JP", "red/green"),
        ("TW", "red/green"),
        ("KR", "red/blue"),
    ],
)
def test_the_habit_of_the_market_chooses_the_colours(territory: str, colours: str, theme: ThemeStore) -> None:
    assert colour_set_of(territory).value == colours
    language = {"US": "en_US", "DE": "de_DE", "CN": "zh_CN", "JP": "ja_JP", "TW": "zh_TW", "KR": "ko_KR"}[territory]
    QLocale.setDefault(QLocale(language))
    assert theme.colours.value == colours


def test_up_is_red_and_down_is_blue_in_korea_and_a_loss_is_never_the_colour_of_a_gain() -> None:
    for dark in (True, False):
        korean = tokens_for(ColourSet.RED_BLUE, dark=dark)
        assert korean.pnl_up == korean.red
        assert korean.pnl_down == korean.blue
        assert korean.signed(1) != korean.signed(-1) != korean.signed(0)


def test_a_change_of_the_choice_is_told_once_and_kept(theme: ThemeStore, qtbot: QtBot) -> None:
    theme.set_scheme(Scheme.DARK)
    told: list[bool] = []
    theme.changed.connect(lambda: told.append(theme.tokens.dark))
    theme.toggle()
    theme.set_scheme(Scheme.LIGHT)
    assert told == [False]
    assert theme.scheme is Scheme.LIGHT
    theme.set_colours(ColourSet.RED_BLUE)
    assert theme.tokens.pnl_down == theme.tokens.blue
    theme.set_colours(None)
    assert theme.tokens.pnl_up == theme.tokens.green
    assert ThemeStore(theme.preferences).scheme is Scheme.LIGHT


def test_the_theme_follows_the_system_until_the_user_chooses(
    theme: ThemeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert theme.tokens.dark
    hints = SimpleNamespace(colorScheme=lambda: Qt.ColorScheme.Light)
    monkeypatch.setattr(QGuiApplication, "styleHints", staticmethod(lambda: hints))
    theme._on_system()
    assert not theme.tokens.dark
    theme.set_scheme(Scheme.DARK)
    assert theme.tokens.dark


def test_the_whole_application_is_dressed(theme: ThemeStore, qapp: QApplication, qtbot: QtBot) -> None:
    theme.set_scheme(Scheme.LIGHT)
    theme.apply()
    try:
        assert theme.tokens.surface in qapp.styleSheet()
        assert "$" not in stylesheet(theme.tokens)
        label = QLabel("x")
        qtbot.addWidget(label)
        look(label, tone="bad")
        assert label.palette().windowText().color().name() == theme.tokens.bad
        assert theme.colour("accent", 0.5).alphaF() == pytest.approx(0.5, abs=0.01)
        assert text_font(bold=True).bold()
    finally:
        qapp.setStyleSheet("")


def test_windows_change_the_theme_by_themselves_once_the_main_window_stands(
    theme: ThemeStore, qapp: QApplication, qtbot: QtBot
) -> None:
    def colour(text: QLabel) -> str:
        text.ensurePolished()
        return text.palette().windowText().color().name()

    theme.set_scheme(Scheme.DARK)
    theme.apply()
    try:
        window, inside, before, after = QWidget(), QLabel("x"), QLabel("x"), QLabel("x")
        dialog = QDialog(window)
        opened = QLabel("x", dialog)
        inside.setParent(window)
        for widget in (window, before, after):
            qtbot.addWidget(widget)
        for text in (inside, before, after, opened):
            look(text, tone="bad")
        for widget in (window, dialog, before, after):
            widget.show()
        theme.window_stands(window)
        dark = theme.tokens.bad
        for _ in range(2):
            theme.toggle()
            assert {colour(text) for text in (inside, before, opened)} == {theme.tokens.bad}
            dress(after)  # stands for a window without a parent that is made after the change
            assert colour(after) == theme.tokens.bad
        assert theme.tokens.bad == dark
    finally:
        qapp.setStyleSheet("")


def test_preferences_answer_nonsense_with_the_default(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "window.ini"
    kept = Preferences(path)
    kept.put("theme/scheme", "purple")
    kept.put("tables/flash", value=True)
    kept.put("notices/fill", "off")
    kept.put("window/state", 7)
    kept.save()
    again = Preferences(path)
    assert again.choice("theme/scheme", Scheme, Scheme.SYSTEM) is Scheme.SYSTEM
    assert again.flag("tables/flash", default=False)
    assert again.notice("fill") is Notice.OFF
    assert again.notice("signal") is Notice.ON
    assert again.blob("window/state").isEmpty()
    again.forget("notices/")
    assert again.keys("notices/") == []
    assert again.notice("fill") is Notice.ON


def test_a_settings_file_of_garbage_is_no_reason_not_to_start(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "window.ini"
    path.write_bytes(b"\x00\xff[[[[\n=;=\xfe" * 50)
    assert Preferences(path).choice("theme/scheme", Scheme, Scheme.SYSTEM) is Scheme.SYSTEM

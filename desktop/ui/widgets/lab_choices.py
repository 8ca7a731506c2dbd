"""The choices of the backtest form: fill model, hours, splits, limits, each with what it means."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox

from desktop.domain.sessions import FillModelKind
from desktop.ui.widgets.choices import chooser


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


def fills_choice() -> QComboBox:
    """Return the fill models."""
    return chooser(
        _tr("Fill model"),
        [
            (_tr("Realistic"), FillModelKind.REALISTIC),
            (_tr("Fixed: 0.1 % and 0.1 %"), FillModelKind.FIXED),
            (_tr("Ideal: no cost"), FillModelKind.IDEAL),
        ],
    )


def fill_words(kind: FillModelKind) -> str:
    """Return what a fill model does, in a line."""
    texts = {
        FillModelKind.REALISTIC: _tr("Slippage about 2 bp, delay, market impact, partial fills, fees"),
        FillModelKind.FIXED: _tr("0.1 % slippage and 0.1 % fee on every fill"),
        FillModelKind.IDEAL: _tr("Every fill at the price shown: too good to be true"),
    }
    return texts[kind]


def hours_choice() -> QComboBox:
    """Return the trading hours; own ones can be typed."""
    made = chooser(
        _tr("Trading hours"),
        [(_tr("Always"), "always"), (_tr("New York (XNYS)"), "XNYS"), (_tr("Seoul (XKRX)"), "XKRX")],
    )
    made.setEditable(True)
    return made


def splits_choice() -> QComboBox:
    """Return what becomes of probable splits."""
    return chooser(
        _tr("Stock splits"),
        [(_tr("Warn of them"), "warn"), (_tr("Adjust prices"), "adjust"), (_tr("Take as they are"), "accept")],
    )


def limits_choice() -> QComboBox:
    """Return the risk limits: none, or those of a new session."""
    return chooser(_tr("Risk limits"), [(_tr("None but cash"), False), (_tr("Prudent, as a new session"), True)])

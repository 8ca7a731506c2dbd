"""The choices of the backtest form: fill model, hours, splits, limits, each with what it means."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox

from desktop.domain.sessions import FillModelKind, FillSettings
from desktop.ui.widgets.amount_field import amount_text
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


def fill_words(fills: FillSettings) -> str:
    """Return what a fill model costs, in a line."""
    if fills == FillSettings.of(FillModelKind.IDEAL):
        return _tr("Every fill at the price shown: too good to be true")
    about = _tr("slippage about %1 bp") if fills.slippage_sd_bp else _tr("slippage %1 bp")
    parts = [
        about.replace("%1", amount_text(fills.slippage_mean_bp)) if fills.slippage_max_bp else "",
        _tr("fees %1 % a side").replace("%1", amount_text(fills.fee_percent)),
        _tr("market impact %1 bp").replace("%1", amount_text(fills.impact_bp)) if fills.impact_bp else "",
        _tr("at most %1 % of a bar").replace("%1", amount_text(fills.volume_share * 100)) if fills.volume_share else "",
        _tr("delay") if fills.latency_max_us else "",
    ]
    text = ", ".join(part for part in parts if part)
    return text[:1].upper() + text[1:]


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

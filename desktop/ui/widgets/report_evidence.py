"""What makes a backtest again: version, data, settings, seed, and a button that does it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.domain.evidence import Evidence
from desktop.domain.market import FeedOrigin
from desktop.domain.parameters import in_rule_order
from desktop.domain.sessions import FillSettings
from desktop.domain.strategies import Sizing, SizingKind
from desktop.domain.trials import Trial, tried_variants
from desktop.ui import formats
from desktop.ui.widgets.looks import button, label, look
from desktop.ui.widgets.trials_text import trials_words


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


def fill_words(fills: FillSettings) -> str:
    """Return a fill model with its numbers."""
    text = _tr("%1: slippage %2 bp, fee %3 %")
    for place, value in enumerate((fills.kind.value, f"{fills.slippage_mean_bp:g}", f"{fills.fee_percent:g}"), 1):
        text = text.replace(f"%{place}", value)
    if fills.volume_share:
        text += _tr(", %1 % of the volume at most").replace("%1", f"{(fills.volume_share * 100).normalize():f}")
    return text


class ReportEvidence(QScrollArea):
    """Settings, fingerprints, and whether the result can be had again.

    Signals:
        reproduce_asked: run it again and compare.
        stop_asked: stop that.
        use_asked: take its strategy, data and settings into the form.
    """

    reproduce_asked = Signal()
    use_asked = Signal()
    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.verdict = label("", wrap=True, selectable=True)
        self.reproduce = button(_tr("Reproduce"), "primary", tip=_tr("Run it again on the same data and compare"))
        self.stop = button(_tr("Cancel"))
        self.stop.hide()
        self.use = button(_tr("Use these settings"), tip=_tr("Fill the form at the left with them, to change and run"))
        self.use.clicked.connect(self.use_asked)
        self.reproduce.clicked.connect(self.reproduce_asked)
        self.stop.clicked.connect(self.stop_asked)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.reproduce)
        head.addWidget(self.stop)
        head.addWidget(self.use)
        head.addWidget(self.verdict, 1)
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(18)
        self._form.setVerticalSpacing(5)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addLayout(self._form)
        layout.addStretch(1)
        self.setWidget(body)

    def show_evidence(self, evidence: Evidence, *, run_seconds: float = 0.0, trials: Sequence[Trial] = ()) -> None:
        """Show everything that makes a backtest again, and what was tried of its strategy."""
        while self._form.rowCount():
            self._form.removeRow(0)
        for title, value in _lines(evidence, run_seconds, trials):
            text = label(value, wrap=True, selectable=True)
            text.setAccessibleName(title)
            self._form.addRow(label(title, "muted"), text)
        times = evidence.reproduced
        stored = bool(evidence.created_at)
        self.reproduce.setEnabled(stored)
        if not stored:
            self.say(_tr("This run is not stored, so there is nothing to hold a new run against."))
        elif times:
            said = (
                _tr("Reproduced %1 times since, identical each time.") if times > 1 else _tr("Reproduced once since.")
            )
            self.say(said.replace("%1", str(times)), tone="good")
        else:
            self.say(_tr("Stored as evidence. Reproduce runs it again and says whether the result is identical."))

    def say(self, sentence: str, *, tone: str = "") -> None:
        """Show what is to be said about reproducing it."""
        self.verdict.setText(sentence)
        look(self.verdict, tone=tone)

    def show_busy(self, *, busy: bool) -> None:
        """Offer Cancel instead of Reproduce, or the other way round."""
        self.reproduce.setVisible(not busy)
        self.stop.setVisible(busy)
        if busy:
            self.say(_tr("Running it again…"))


def _period(evidence: Evidence) -> str:
    timeframe = evidence.settings.strategy.timeframe
    times = " – ".join(formats.bar_time(at, timeframe) for at in (evidence.began, evidence.ended))
    return f"{times}, {formats.number(evidence.bars, 0)} {_tr('bars')}"


def _sizing(sizing: Sizing, currency: str) -> str:
    text = {
        SizingKind.PERCENT_OF_EQUITY: _tr("%1 % of the equity"),
        SizingKind.FIXED_QUANTITY: _tr("%1 units"),
        SizingKind.FIXED_MONEY: _tr("%1 %2 each time"),
        SizingKind.RISK_PER_TRADE: _tr("so much that the stop costs %1 % of the equity"),
    }[sizing.kind]
    return text.replace("%2", currency).replace("%1", f"{sizing.value.normalize():f}")


def _tried(trials: Sequence[Trial]) -> str:
    if not trials:
        return _tr("None on record: no sweep was run of this strategy")
    text = _tr("%1 in all: the more, the more of a good result is luck")
    return text.replace("%1", formats.number(tried_variants(trials), 0)) + "\n" + trials_words(trials)


def _lines(evidence: Evidence, run_seconds: float, trials: Sequence[Trial]) -> list[tuple[str, str]]:
    settings = evidence.settings
    strategy = settings.strategy
    currency = settings.currency
    data = ", ".join(
        f"{item.symbol}: {PurePath(name).name}" for item, name in zip(settings.instruments, evidence.files, strict=True)
    )
    if settings.origin == FeedOrigin.DEMO:
        data += _tr(" (simulated: counts toward nothing)")
    parameters = ", ".join(f"{name} = {value}" for name, value in in_rule_order(strategy).items())
    protection = ", ".join(
        f"{name} {value} %"
        for name, value in (
            (_tr("stop loss"), strategy.protection.stop_loss),
            (_tr("take profit"), strategy.protection.take_profit),
            (_tr("trailing stop"), strategy.protection.trailing_stop),
        )
        if value is not None
    )
    lines = [
        (_tr("Strategy"), f"{strategy.name}, {_tr('version')} {settings.strategy_version}, {strategy.timeframe}"),
        (_tr("Buy when"), strategy.entry),
        (_tr("Sell when"), strategy.exit or formats.NOTHING),
        (_tr("Parameters"), parameters or formats.NOTHING),
        (_tr("Variants tried"), _tried(trials)),
        (_tr("Sizing"), _sizing(strategy.sizing, currency)),
        (_tr("Protection"), protection or formats.NOTHING),
        (_tr("Data"), data),
        (_tr("Fingerprint"), "\n".join(evidence.fingerprints)),
        (
            _tr("Period"),
            _period(evidence),
        ),
        (_tr("Cash"), formats.money(settings.cash, currency, code=True)),
        (_tr("Equity at the end"), formats.money(evidence.equity, currency, code=True)),
        (_tr("Fills"), fill_words(settings.fills)),
        (_tr("Hours"), settings.hours),
        (_tr("Seed"), str(settings.seed)),
        (_tr("Result"), evidence.digest),
        (_tr("Run by"), f"Assay {evidence.program}"),
    ]
    if evidence.created_at:
        lines.append((_tr("Stored"), f"{formats.date_time(evidence.created_at)}, {_tr('as')} {evidence.short_id}"))
    if run_seconds:
        lines.append((_tr("Took"), f"{formats.number(run_seconds, 3)} s"))
    return lines

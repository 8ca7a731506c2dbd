"""The form of a backtest: everything prefilled, each mistake at its field as one types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.domain.errors import FieldError
from desktop.domain.market import TIMEFRAMES
from desktop.domain.money import ZERO
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import FillModelKind, FillSettings
from desktop.domain.strategies import Strategy
from desktop.research.api import BacktestDraft, DataChoice, Lab
from desktop.ui.dialogs.new_session_fields import chosen_hours
from desktop.ui.guard import guarded
from desktop.ui.preferences import Preferences
from desktop.ui.widgets.bars_text import bars_mistake, bars_words
from desktop.ui.widgets.choices import chosen
from desktop.ui.widgets.form_memory import FormMemory
from desktop.ui.widgets.lab_choices import fill_words
from desktop.ui.widgets.lab_fields import BacktestFields
from desktop.ui.widgets.looks import look

_CHECK_MS = 200


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


class BacktestForm(BacktestFields):
    """A backtest as it is filled in: prefilled, judged while one types, run and cancelled.

    Signals:
        run_asked: the draft is right and Run was pressed.
        cancel_asked: Cancel was pressed.
        strategy_changed: another strategy is chosen, or the same one with other parameters.
    """

    run_asked = Signal()
    cancel_asked = Signal()
    strategy_changed = Signal()

    def __init__(self, lab: Lab, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lab = lab
        self._memory = FormMemory(preferences)
        self._memory.restore(self)
        self._kept_data = self._memory.data  # until the prices are known
        self._strategies: list[Strategy] = []
        self._busy = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_CHECK_MS)
        self._timer.timeout.connect(guarded(self.check))
        self._connect()
        self._say_fills()

    # connecting ------------------------------------------------------------------------------------------------
    def _connect(self) -> None:
        self.strategy.currentIndexChanged.connect(guarded(self._on_strategy))
        self.fills.currentIndexChanged.connect(guarded(self._on_fills))
        self.costs.changed.connect(guarded(self._say_fills))
        self.costs.changed.connect(self._later)
        self.data.changed.connect(guarded(self._on_data))
        for box in (self.timeframe, self.currency, self.fills, self.splits, self.limits):
            box.currentIndexChanged.connect(self._later)
        self.hours.editTextChanged.connect(self._later)
        self.period.changed.connect(self._later)
        for amount in (self.cash, self.seed):
            amount.edited.connect(self._later)
        self.run.clicked.connect(guarded(self._on_run))
        self.stop.clicked.connect(self.cancel_asked)

    def _later(self, _: object = None) -> None:
        self._timer.start()

    # filling in ------------------------------------------------------------------------------------------------
    def offer_strategies(self, strategies: Sequence[Strategy], wanted: Strategy | None = None) -> None:
        """List the strategies, keeping what was chosen unless another one is wanted."""
        before = wanted or self.chosen_strategy
        if before is None:  # the first time: that of the last session of the program
            before = next((item for item in strategies if item.name == self._memory.strategy), None)
        self._strategies = list(strategies)
        if wanted is not None and wanted not in self._strategies:
            self._strategies.insert(0, wanted)
        self.strategy.blockSignals(True)
        self.strategy.clear()
        for number, item in enumerate(self._strategies):
            self.strategy.addItem(f"{item.name}  ({item.timeframe})", number)
        self.strategy.blockSignals(False)
        same = next((n for n, item in enumerate(self._strategies) if item == before), None)
        if same is None and before is not None:  # saved meanwhile: the version of that name
            same = next((n for n, item in enumerate(self._strategies) if item.name == before.name), None)
        self.strategy.setCurrentIndex(same or 0)
        self._on_strategy()

    @property
    def chosen_strategy(self) -> Strategy | None:
        """The strategy that is chosen, its own timeframe."""
        number = self.strategy.currentData()
        return self._strategies[number] if isinstance(number, int) else None

    def _on_strategy(self) -> None:
        strategy = self.chosen_strategy
        self.about.setText("" if strategy is None else f"{_tr('Buy when')} {strategy.entry}")
        if strategy is not None:
            self._offer_timeframes(strategy)
        self.strategy_changed.emit()
        self._later()

    def _offer_timeframes(self, strategy: Strategy) -> None:
        self.timeframe.blockSignals(True)
        self.timeframe.clear()
        self.timeframe.addItem(_tr("%1, as the strategy says").replace("%1", strategy.timeframe), strategy.timeframe)
        for name in TIMEFRAMES:
            if name != strategy.timeframe:
                self.timeframe.addItem(name, name)
        self.timeframe.blockSignals(False)
        self._suit_timeframe()

    def _on_data(self) -> None:
        self._suit_timeframe()
        first = self.data.first
        self.period.offer(*((first.first, first.last) if first is not None else (0, 0)))
        if first is not None and first.ref.source.startswith(("series:", "simulated")):
            place = self.currency.findData(first.currency)
            if place < 0:
                self.currency.addItem(first.currency, first.currency)
                place = self.currency.count() - 1
            self.currency.setCurrentIndex(place)
        self._later()

    def _suit_timeframe(self) -> None:
        """Take the bars of the data where the strategy's own cannot be made of them."""
        strategy, first = self.chosen_strategy, self.data.first
        if strategy is None or first is None or first.timeframe not in TIMEFRAMES:
            wanted = strategy.timeframe if strategy is not None else ""
        else:
            coarser = TIMEFRAMES[first.timeframe] > TIMEFRAMES[strategy.timeframe]
            wanted = first.timeframe if coarser else strategy.timeframe
        place = self.timeframe.findData(wanted)
        if place >= 0:
            self.timeframe.setCurrentIndex(place)

    def _on_fills(self) -> None:
        self.costs.show_settings(FillSettings.of(chosen(self.fills, FillModelKind)))
        self._say_fills()

    def _say_fills(self) -> None:
        self.fill_words.setText("" if self.costs.mistake() else fill_words(self.costs.settings()))

    def show_draft(self, draft: BacktestDraft) -> None:
        """Show a backtest that was run."""
        self.offer_strategies(self._strategies, draft.strategy)
        self.data.show_refs(draft.data, draft.strategy.timeframe, draft.currency)
        self.currency.setCurrentIndex(max(0, self.currency.findData(draft.currency)))
        self.limits.setCurrentIndex(int(draft.limits == RiskLimits.prudent()))
        self.period.show_period(draft.begin, draft.end)
        self.cash.set_value(draft.cash)
        self.seed.set_value(Decimal(draft.seed))
        self.fills.setCurrentIndex(max(0, self.fills.findData(draft.fills.kind)))
        self.costs.show_settings(draft.fills)
        self._say_fills()
        self.hours.setEditText(draft.hours)
        place = self.hours.findData(draft.hours)
        if place >= 0:
            self.hours.setCurrentIndex(place)
        self.check()

    # what is asked ---------------------------------------------------------------------------------------------
    def draft(self) -> BacktestDraft | None:
        """Return the backtest as filled in; None without a strategy."""
        strategy = self.chosen_strategy
        if strategy is None:
            return None
        timeframe = str(self.timeframe.currentData() or strategy.timeframe)
        seed = self.seed.value
        whole = seed is not None and seed == seed.to_integral_value()
        return BacktestDraft(
            strategy if timeframe == strategy.timeframe else replace(strategy, timeframe=timeframe),
            self.data.refs,
            self.cash.value or ZERO,
            str(self.currency.currentData()),
            self.costs.settings(),
            chosen_hours(self.hours),
            int(seed) if seed is not None and whole else -1,
            RiskLimits.prudent() if self.limits.currentData() else RiskLimits(),
            str(self.splits.currentData()),
            *self.period.values(),
        )

    def check(self) -> bool:
        """Judge the draft, show each mistake at its field and return whether it is right."""
        self._timer.stop()
        draft = self.draft()
        if draft is None:
            self.rows.show_mistakes({"strategy": _tr("There is no strategy yet. Save one in the strategy editor.")})
            self.run.setEnabled(False)
            return False
        found = {error.field: error.message for error in self._lab.check(draft)}
        if self.period.mistake():
            found["period"] = self.period.mistake()
        if self.costs.mistake():
            found["fills"] = self.costs.mistake()
            self.show_costs.setChecked(True)
        self.period_words.setVisible(draft.begin is not None)
        self._say_bars(draft.strategy.timeframe, found)
        self.rows.show_mistakes(found)
        self.run.setEnabled(not found)
        if self._kept_data is None and self.chosen_strategy is not None:
            self._memory.keep(self, self.chosen_strategy.name)
        return not found

    def _say_bars(self, timeframe: str, found: dict[str, str]) -> None:
        """Say on which bars rules are judged where that is not plain, or that these bars cannot be had."""
        strategy, prices = self.chosen_strategy, self.data.first
        mistake = bars_mistake(timeframe, prices)
        if mistake:
            found.setdefault("timeframe", mistake)
        text = "" if strategy is None or mistake else bars_words(strategy, timeframe, prices)
        self.bars_words.setText(text)
        self.bars_words.setVisible(bool(text))

    def refuse(self, error: Exception) -> None:
        """Show why a run came to nothing, at its field where it has one."""
        field = error.field if isinstance(error, FieldError) else ""
        if isinstance(error, FieldError) and field in self.rows.mistakes:
            self.rows.show_mistakes({field: error.message})
            self.rows.fields[field].setFocus()
        else:
            self.say(str(error))

    def say(self, sentence: str, *, tone: str = "") -> None:
        """Show a sentence above the Run button; empty: none."""
        self.answer.setText(sentence)
        look(self.answer, role="caption" if tone else "error", tone=tone)
        self.answer.setVisible(bool(sentence))

    @property
    def busy(self) -> bool:
        """Whether a backtest runs."""
        return self._busy

    def show_busy(self, *, busy: bool) -> None:
        """Offer Cancel instead of Run, or the other way round."""
        had_focus = self.run.hasFocus() or self.stop.hasFocus()
        self._busy = busy
        self.progress.setValue(0)
        self.progress.setVisible(busy)
        self.run.setVisible(not busy)
        self.stop.setVisible(busy)
        if had_focus:
            (self.stop if busy else self.run).setFocus()

    def show_progress(self, share: float) -> None:
        """Show how much is done."""
        self.progress.setValue(round(share * 1000))

    def offer_data(self, choices: Sequence[DataChoice], wanted: str = "") -> None:
        """List the prices there are, and choose those of a source where one is wanted."""
        kept, self._kept_data = self._kept_data, None
        self.data.offer(choices)
        if kept is not None and not wanted and kept.there(choices):
            self.data.show_refs(kept.refs, kept.timeframe, kept.currency)
            for box, value in ((self.timeframe, kept.timeframe), (self.currency, kept.currency)):
                place = box.findData(value)
                if place >= 0:
                    box.setCurrentIndex(place)
        self.data.choose(wanted)

    def _on_run(self) -> None:
        if self.check():
            self.say("")
            self.run_asked.emit()

"""The fields of risk limits, as used by a new session and by the limits of a running one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.domain.market import SECOND
from desktop.domain.money import ZERO
from desktop.domain.risk import TIERED, RiskLimits
from desktop.ui.dialogs.form import Rows
from desktop.ui.widgets.amount_field import AmountField
from desktop.ui.widgets.looks import label

_WHOLE = Decimal(100)  # per cent


@dataclass(frozen=True, slots=True)
class LimitSpec:
    """One limit: its field in `RiskLimits`, title, unit, and how it is kept (whole number, seconds, a percentage)."""

    name: str
    title: str
    unit: str
    whole: bool = False
    seconds: bool = False
    percent: bool = False


def _tr(text: str) -> str:
    return QCoreApplication.translate("Limits", text)


def limit_specs(currency: str) -> tuple[LimitSpec, ...]:
    """Return every limit in the order shown."""
    equity = _tr("% of equity")
    return (
        LimitSpec("max_risk_per_trade", _tr("Risk per trade"), _tr("% of equity lost at the stop"), percent=True),
        LimitSpec("max_position_size", _tr("Position size"), equity, percent=True),
        LimitSpec("max_allocation", _tr("Total allocation"), equity, percent=True),
        LimitSpec("max_positions", _tr("Positions"), _tr("at most"), whole=True),
        LimitSpec("max_daily_loss", _tr("Daily loss"), _tr("% of the day's first equity"), percent=True),
        LimitSpec("max_order_value", _tr("Order value"), currency),
        LimitSpec("max_orders_per_minute", _tr("Orders per minute"), _tr("at most"), whole=True),
        LimitSpec("price_collar", _tr("Price collar"), _tr("% from the market"), percent=True),
        LimitSpec("max_drift", _tr("Drift of a signal"), _tr("% until it is confirmed"), percent=True),
        LimitSpec("duplicate_window", _tr("Duplicate guard"), _tr("seconds"), seconds=True),
        LimitSpec("max_quote_age", _tr("Oldest quote"), _tr("seconds"), seconds=True),
    )


class LimitFields(QWidget):
    """Every limit as a field; an empty one is switched off."""

    def __init__(self, limits: RiskLimits, currency: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = Rows()
        self.setLayout(self.rows)
        self.fields: dict[str, AmountField] = {}
        self._specs = limit_specs(currency)
        for spec in self._specs:
            field = AmountField(spec.title, step=Decimal(1))
            field.setPlaceholderText(_tr("off"))
            field.setMaximumWidth(110)
            unit = label(spec.unit, "caption")
            unit.setMinimumWidth(150)
            if spec.name == "max_order_value":
                self._money = unit
            self.rows.put(spec.name, spec.title, field, unit)
            self.fields[spec.name] = field
        self._tier_note = label("", "caption", wrap=True)
        self.rows.addRow(self._tier_note)
        self.show_limits(limits)

    def show_limits(self, limits: RiskLimits) -> None:
        """Fill the fields; tiers are kept and said."""
        self._tiers = limits.tiers
        self._tier_note.setText(_tier_text(limits))
        self._tier_note.setVisible(bool(limits.tiers))
        for spec in self._specs:
            value = getattr(limits, spec.name)
            if spec.seconds:
                value = Decimal(value) / SECOND or None
            self.fields[spec.name].set_value(Decimal(value) if value is not None else None)

    def show_currency(self, code: str) -> None:
        """Say in which currency the limits of money are."""
        self._money.setText(code)

    def mistakes(self) -> dict[str, str]:
        """Return what cannot be a limit, by field."""
        found: dict[str, str] = {}
        for spec in self._specs:
            field = self.fields[spec.name]
            value = field.value
            if field.wrong or (value is not None and value <= ZERO):
                found[spec.name] = _tr("A number above zero, or empty for off.")
            elif spec.percent and value is not None and value > _WHOLE:
                found[spec.name] = _tr("At most 100 %; above that it would never act. Empty for off.")
            elif value is not None and spec.whole and value != value.to_integral_value():
                found[spec.name] = _tr("A whole number is needed.")
        return found

    def limits(self) -> RiskLimits:
        """Return the limits of fields without mistakes; a wrong field counts as off."""
        values: dict[str, Decimal | int | None] = {}
        for spec in self._specs:
            value = self.fields[spec.name].value
            if spec.seconds:
                values[spec.name] = int((value or ZERO) * SECOND)
            else:
                values[spec.name] = int(value) if spec.whole and value is not None else value
        return RiskLimits(tiers=self._tiers, **values)  # type: ignore[arg-type]  # one dict for fields of two number types


def _tier_text(limits: RiskLimits) -> str:
    """Return at which equity which limits are tighter."""
    titles = {spec.name: spec.title for spec in limit_specs("")}
    parts = []
    for tier in limits.tiers:
        held = {titles[name]: getattr(tier, name) for name in TIERED if getattr(tier, name) is not None}
        text = ", ".join(f"{title} {Decimal(value):,f}" for title, value in held.items())
        parts.append(_tr("Below an equity of %1: %2.").replace("%1", f"{tier.below:,f}").replace("%2", text))
    return " ".join(parts)

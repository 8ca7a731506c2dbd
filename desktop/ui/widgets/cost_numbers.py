"""What a fill costs, number by number: slippage, fee, market impact, share of the volume."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.domain.money import ZERO
from desktop.domain.sessions import FillModelKind, FillSettings
from desktop.ui.widgets.amount_field import AmountField
from desktop.ui.widgets.looks import label


def _tr(text: str) -> str:
    return QCoreApplication.translate("NewSession", text)


class CostNumbers(QWidget):
    """The numbers of a fill model that can be one's own; what else belongs to the model stays as it is.

    Args:
        columns: Fields beside each other.

    Signals:
        changed: after each change by the user.
    """

    changed = Signal()

    def __init__(self, columns: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base = FillSettings.of(FillModelKind.REALISTIC)
        self.numbers = {
            "slippage_mean_bp": AmountField(_tr("Slippage, basis points"), step=Decimal("0.5")),
            "fee_percent": AmountField(_tr("Fee, %"), step=Decimal("0.01")),
            "impact_bp": AmountField(_tr("Market impact, basis points"), step=Decimal(1)),
            "volume_share": AmountField(_tr("Largest share of the volume, %"), step=Decimal(1)),
        }
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        titles = (_tr("Slippage, bp"), _tr("Fee, %"), _tr("Impact, bp"), _tr("Volume share, %"))
        for place, (title, field) in enumerate(zip(titles, self.numbers.values(), strict=True)):
            row, column = divmod(place, columns)
            grid.addWidget(label(title, "caption"), 2 * row, column)
            grid.addWidget(field, 2 * row + 1, column)
            field.edited.connect(self.changed)
        self.show_settings(self._base)

    def show_settings(self, settings: FillSettings) -> None:
        """Show the numbers of a model."""
        self._base = settings
        for name, field in self.numbers.items():
            value: Decimal = getattr(settings, name)
            field.set_value(value * 100 if name == "volume_share" else value)

    def mistake(self) -> str:
        """Return what cannot be a fill model; empty: nothing."""
        for field in self.numbers.values():
            if field.wrong or (field.value or ZERO) < ZERO:
                return _tr("%1 must be a number, zero or more.").replace("%1", field.accessibleName())
        if (self.numbers["volume_share"].value or ZERO) > 100:
            return _tr("The share of the volume cannot be above 100 %.")
        return ""

    def settings(self) -> FillSettings:
        """Return the model with these numbers; an empty field is zero."""
        values = {name: field.value or ZERO for name, field in self.numbers.items()}
        return self._base.with_costs(
            slippage_bp=values["slippage_mean_bp"],
            fee_percent=values["fee_percent"],
            impact_bp=values["impact_bp"],
            volume_share=values["volume_share"] / 100,
        )

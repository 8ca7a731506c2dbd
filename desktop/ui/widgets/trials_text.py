"""What was tried of a strategy, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication

from desktop.domain.trials import Trial
from desktop.ui import formats
from desktop.ui.widgets.metric_tiles import metric_names

_MOST = 8  # lines


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


def by_family(trials: Sequence[Trial]) -> Mapping[str, Sequence[Trial]]:
    """Return the trials of each family of strategies, in the order given."""
    found: dict[str, list[Trial]] = {}
    for item in trials:
        found.setdefault(item.family, []).append(item)
    return found


def trials_words(trials: Sequence[Trial]) -> str:
    """Return a line for each sweep and walk-forward, newest first; nothing of none."""
    lines = [_line(item) for item in trials[:_MOST]]
    if len(trials) > _MOST:
        lines.append(_tr("and %1 more").replace("%1", str(len(trials) - _MOST)))
    return "\n".join(lines)


def _line(item: Trial) -> str:
    ranges = "; ".join(f"{name} {values}" for name, values in item.ranges.items())
    text = f"{formats.date_time(item.at)}  {item.kind}: "
    text += _tr("%1 variants (%2) on %3, best by %4")
    parts = (formats.number(item.tried, 0), ranges, ", ".join(item.files), metric_names().get(item.metric, item.metric))
    for place, value in enumerate(parts, 1):
        text = text.replace(f"%{place}", value)
    if item.deflated is not None:
        text += _tr(", deflated Sharpe ratio %1").replace("%1", formats.ratio(item.deflated))
    return text

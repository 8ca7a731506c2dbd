"""Indicators that may remember for ever, as machines: one step per bar, from the origin of the series on.

Ratchets (a stop that only rises), adaptive smoothing (which may stand still) and running extremes have no window after
which the past no longer counts, so they take every bar. A step costs about a microsecond.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

from desktop.rules.tail_adaptive import Jurik, SmoothedStrength, VariableAverage
from desktop.rules.tail_cycles import (
    Drawdown,
    FisherTransform,
    GannHighLow,
    QuantitativeEstimation,
    SchaffTrendCycle,
    Sequential,
    SineWave,
)
from desktop.rules.tail_filters import (
    ExponentialDecay,
    HoltWinters,
    HoltWintersChannel,
    LaguerreStrength,
    McGinley,
    SuperSmoother,
)
from desktop.rules.tail_smoothing import Values
from desktop.rules.tail_trends import (
    Aberration,
    ArcherAverages,
    ArcherBalance,
    Chandelier,
    Choppiness,
    Detrended,
    KrollStop,
    PrettyGood,
    ProfitMaximizer,
    Ribbons,
    Thermometer,
    TripleRate,
    VolumeOscillator,
)


class Machine(Protocol):
    """An indicator that takes bar after bar."""

    @property
    def step(self) -> Callable[..., Values]:
        """Take a bar's inputs and return the output or outputs on it; NaN is unknown."""


MACHINES: Mapping[str, Callable[..., Machine]] = MappingProxyType(
    {
        "aberration": Aberration,
        "amat": ArcherAverages,
        "aobv": ArcherBalance,
        "ce": Chandelier,
        "chop": Choppiness,
        "cksp": KrollStop,
        "drawdown": Drawdown,
        "dsp": Detrended,
        "ebsw": SineWave,
        "edecay": ExponentialDecay,
        "fisher": FisherTransform,
        "hilo": GannHighLow,
        "hwc": HoltWintersChannel,
        "hwma": HoltWinters,
        "jma": Jurik,
        "kvo": VolumeOscillator,
        "lrsi": LaguerreStrength,
        "mcgd": McGinley,
        "mmar": Ribbons,
        "pgo": PrettyGood,
        "pmax": ProfitMaximizer,
        "qqe": QuantitativeEstimation,
        "rsx": SmoothedStrength,
        "ssf": SuperSmoother,
        "stc": SchaffTrendCycle,
        "td_seq": Sequential,
        "thermo": Thermometer,
        "trixh": TripleRate,
        "vidya": VariableAverage,
    }
)

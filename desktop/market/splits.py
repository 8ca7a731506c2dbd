"""Stock splits in recorded bars: found, offered, and adjusted when the user wants it. Never silently traded through.

A split moves the price by a plain ratio between two days, the price stays at its new level, and about as much money
is traded as before. A crash moves it by any ratio and much more money is traded; a wrong price in the recording comes
back.
Ratios nearer to 1 than 3:2 cannot be told apart from a bad night and are not looked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import log

import numpy as np
import numpy.typing as npt

from desktop.domain.history import Split, SplitWarning
from desktop.domain.instruments import AssetClass, Instrument
from desktop.domain.market import DAY, MINUTE
from desktop.market.history import History
from desktop.rules.columns import Columns, FloatArray

#: Ratios that occur: n new shares for one, one for n, and 3:2 and 5:2.
_WHOLE = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 100)
RATIOS = tuple(Fraction(n) for n in _WHOLE) + tuple(Fraction(1, n) for n in _WHOLE) + (Fraction(3, 2), Fraction(5, 2))
_LEAST_FALL, _LEAST_RISE = 1.3, 0.65  # close to close: what can be a split at all
_NEAR, _NEAR_SMALL = log(1.04), log(1.02)  # how far from the ratio the night may have moved the price
_LEVEL_BARS = 5
_MOST_TURNOVER, _MOST_TURNOVER_SMALL = 4.0, 2.0  # times a usual day
_USUAL_DAYS = 20
_MOST_LOOKED_AT = 200  # in one series: prices that jump more often are no share's
_MOST_DECIMALS = 12
_INT64 = 1 << 62
_NIGHT = 30 * MINUTE  # nothing splits while it is traded


def find_splits(columns: Columns, instrument: Instrument) -> tuple[Split, ...]:
    """Return the probable splits in bars of any timeframe, oldest first. A millisecond for a million bars."""
    if len(columns) < 2 or instrument.asset_class is not AssetClass.SHARE:
        return ()
    close = columns.close
    moved = close[:-1] / close[1:]
    candidates = np.flatnonzero((moved > _LEAST_FALL) | (moved < _LEAST_RISE)) + 1
    if len(candidates):
        candidates = candidates[_likely(columns, candidates)]
    found = (_split_at(columns, index) for index in candidates[:_MOST_LOOKED_AT].tolist())
    return tuple(split for split in found if split is not None)


def _likely(columns: Columns, at: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Return which bars come after a night and lie near a plain ratio: `_split_at` need not look at the others."""
    start, before = columns.start, columns.close[at - 1]
    night = (start[at] // DAY != start[at - 1] // DAY) | (start[at] - start[at - 1] >= _NIGHT)
    levels = np.sort(np.log([float(ratio) for ratio in RATIOS]))
    near = np.zeros(len(at), dtype=np.bool_)
    for after in (columns.open[at], columns.close[at]):
        moved = np.log(before / after)
        above = np.clip(np.searchsorted(levels, moved), 1, len(levels) - 1)
        near |= np.minimum(np.abs(moved - levels[above - 1]), np.abs(levels[above] - moved)) <= _NEAR
    found: npt.NDArray[np.bool_] = night & near
    return found


def pending_splits(
    columns: Columns, instrument: Instrument, *, decided: Collection[int] = (), accept: bool = False
) -> SplitWarning | None:
    """Return a warning about probable splits that nobody has decided on; to be asked before every run on the bars.

    Args:
        columns: The bars.
        instrument: What they are of.
        decided: Times (`Split.at`) of splits the user has accepted as they are (`SeriesInfo.accepted`).
        accept: The user runs on the bars as they are, whatever is in them.

    Returns:
        The warning; None: there is no such split, or it was accepted.
    """
    if accept:
        return None
    left = tuple(split for split in find_splits(columns, instrument) if split.at not in decided)
    return SplitWarning(instrument.symbol, left) if left else None


def _split_at(columns: Columns, index: int) -> Split | None:
    start, close = columns.start, columns.close
    apart = int(start[index] - start[index - 1])
    if int(start[index]) // DAY == int(start[index - 1]) // DAY and apart < _NIGHT:
        return None
    before = float(close[index - 1])
    # The first print may still be from before the split: then the bar's close tells the new level.
    opened, closed = float(columns.open[index]), float(close[index])
    after = opened if abs(log(opened / closed)) < abs(log(opened / before)) else closed
    ratio = min(RATIOS, key=lambda item: abs(log(before / after / item)))
    small = ratio == Fraction(3, 2)
    if abs(log(before / after / ratio)) > (_NEAR_SMALL if small else _NEAR):
        return None
    earlier = float(np.median(close[max(0, index - _LEVEL_BARS) : index]))
    later = float(np.median(close[index : index + _LEVEL_BARS]))
    half = abs(log(ratio)) / 2
    if abs(log(earlier / before)) > half or abs(log(later / after)) > half:  # the price came from there, or went back
        return None
    turnover = _turnover(columns, index)
    if turnover is not None and turnover > (_MOST_TURNOVER_SMALL if small else _MOST_TURNOVER):
        return None
    return Split(int(start[index]), ratio.numerator, ratio.denominator, before, after, turnover)


def _turnover(columns: Columns, index: int) -> float | None:
    """Return the money traded in the day from bar `index` on, as a share of the median day before; None: not known."""
    start, at = columns.start, int(columns.start[index])
    days = []
    for day in range(-2 * _USUAL_DAYS, 1):  # weekends are among them
        first, end = np.searchsorted(start, [at + day * DAY, at + (day + 1) * DAY]).tolist()
        traded = float(columns.close[first:end] @ columns.volume[first:end])
        if traded > 0 or day == 0:
            days.append(traded)
    usual = float(np.median(days[-1 - _USUAL_DAYS : -1])) if len(days) > 1 else 0.0
    return days[-1] / usual if usual > 0 else None


def adjust_splits(columns: Columns, instrument: Instrument, splits: Sequence[Split]) -> tuple[Columns, Instrument]:
    """Return bars on the scale of the newest one, and the instrument with the finer price step they need.

    Prices before a split are divided by its ratio and volumes multiplied with it. The arithmetic is exact, on whole
    price steps, rounded half to even to a step that is at least ten times finer than an old step on the new scale: so
    the prices as traded can be had back. Reverse splits alone need no finer step. Of the first bar after a split, a
    price that is still on the old scale (a late print) is adjusted too.
    """
    if not splits:
        return columns, instrument
    ordered = sorted(splits, key=lambda split: split.at)
    factors = [Fraction(1)]
    for split in reversed(ordered):
        factors.append(factors[-1] * split.ratio)
    factors.reverse()  # of the bars before the first split, before the second ... after the last
    edges = np.searchsorted(columns.start, [split.at for split in ordered]).tolist()
    old = instrument.price_decimals
    finer = max((len(str(factor.numerator)) + 1 for factor in factors if factor.numerator > 1), default=0)
    digits = max(old, min(old + finer, _MOST_DECIMALS))
    segment = np.repeat(np.arange(len(factors)), np.diff([0, *edges, len(columns)]))
    fields = []
    for prices in (columns.open, columns.high, columns.low, columns.close):
        scale = segment.copy()
        scale[_late(prices, columns.close, edges)] -= 1
        fields.append(_scaled(prices, scale, factors, old, digits))
    opened, high, low, close = fields
    high = np.maximum.reduce([opened, high, low, close])  # a late print may have been the high or the low
    low = np.minimum.reduce([opened, high, low, close])
    shares = np.array([float(factor) for factor in factors])[segment]
    adjusted = Columns(columns.start, opened, high, low, close, columns.volume * shares)
    step = instrument.tick if digits == old else Decimal(1).scaleb(-digits)
    return adjusted, replace(instrument, tick=step)


def adjusted_history(history: History) -> History:
    """Return a file of bars adjusted for all its probable splits; its fingerprint says that it was."""
    splits = find_splits(history.columns, history.instrument)
    if not splits:
        return history
    columns, instrument = adjust_splits(history.columns, history.instrument, splits)
    told = adjusted_fingerprint(history.fingerprint, splits)
    return replace(history, columns=columns, instrument=instrument, fingerprint=told)


def adjusted_fingerprint(fingerprint: str, splits: Sequence[Split]) -> str:
    """Return the fingerprint of data that was adjusted for splits: that of the source where there are none."""
    if not splits:
        return fingerprint
    ratios = " ".join(f"{split.new}:{split.old}@{split.at}" for split in sorted(splits, key=lambda split: split.at))
    return hashlib.sha256(f"{fingerprint} adjusted {ratios}".encode()).hexdigest()


def _late(prices: FloatArray, close: FloatArray, edges: Sequence[int]) -> list[int]:
    """Return those first bars after a split whose price is still on the scale of before."""
    found = []
    for index in edges:
        if 0 < index < len(prices):
            price = float(prices[index])
            if abs(log(price / float(close[index]))) > abs(log(price / float(close[index - 1]))):
                found.append(index)
    return found


def _scaled(
    prices: FloatArray, segment: npt.NDArray[np.int64], factors: Sequence[Fraction], old: int, digits: int
) -> FloatArray:
    """Return prices divided by the factor of their segment, exactly, as multiples of the finer step."""
    steps = np.rint(prices * 10.0**old)
    found = np.empty(len(prices))
    for number, factor in enumerate(factors):
        chosen = segment == number
        if factor == 1:
            found[chosen] = prices[chosen]
            continue
        whole = steps[chosen].astype(np.int64)
        times = 10 ** (digits - old) * factor.denominator
        if len(whole) and int(whole.max()) >= _INT64 // times // 2:
            divided = np.array(
                [round(Fraction(int(step) * times, factor.numerator)) for step in whole], dtype=np.float64
            )
        else:
            divided = _divided(whole * times, factor.numerator).astype(np.float64)
        found[chosen] = divided / 10.0**digits
    return found


def _divided(values: npt.NDArray[np.int64], by: int) -> npt.NDArray[np.int64]:
    """Return whole numbers divided by a whole number, rounded half to even."""
    quotient, rest = np.divmod(values, by)
    up = (2 * rest > by) | ((2 * rest == by) & (quotient % 2 == 1))
    found: npt.NDArray[np.int64] = quotient + up
    return found

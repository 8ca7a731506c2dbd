"""The one place that calls TA-Lib, imported when the first indicator runs; what it lacks is in `tail`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from desktop.rules import tail
from desktop.rules.catalogue import FUNCTIONS
from desktop.rules.catalogue_types import Function
from desktop.rules.columns import FloatArray
from desktop.rules.nodes import Indicator
from desktop.rules.operators import NAN, finite


def run_indicator(node: Indicator, inputs: Sequence[FloatArray]) -> tuple[FloatArray, ...]:
    """Run a function over whole columns.

    Every stretch of finite inputs is run by itself: the function starts anew after a gap and never sees a NaN.

    Args:
        node: The function and its arguments.
        inputs: Its series, each of shape (n,).

    Returns:
        Its outputs, each of shape (n,); NaN where unknown.
    """
    row = FUNCTIONS[node.function]
    look_back = row.look_back(node.arguments)
    kernel = _kernel(row, node.arguments)
    count = len(inputs[0])
    known = np.isfinite(inputs[0])
    for column in inputs[1:]:
        known &= np.isfinite(column)
    if count > look_back and known.all():
        return kernel(inputs)
    results = tuple(np.full(count, NAN) for _ in range(max(len(row.outputs), 1)))
    edges = np.flatnonzero(np.diff(np.concatenate(([False], known, [False])).astype(np.int8)))
    begins, ends = edges[0::2], edges[1::2]
    long_enough = ends - begins > look_back
    for begin, end in zip(begins[long_enough].tolist(), ends[long_enough].tolist(), strict=True):
        part = kernel([column[begin:end] for column in inputs])
        for result, values in zip(results, part, strict=True):
            result[begin:end] = values
    return results


def stream_opener(node: Indicator) -> Callable[[Sequence[FloatArray]], Any]:
    """Return a function that opens a stream handle on a history of a function's inputs."""
    row = FUNCTIONS[node.function]
    arguments = node.arguments
    if row.tail:
        return tail.opener(row, arguments)
    import talib

    handle: Callable[..., Any] = getattr(talib.stream, row.talib)
    return lambda history: handle(*history, *arguments)


def _kernel(row: Function, arguments: Sequence[float]) -> tail.Kernel:
    """Return a function of a stretch of finite inputs that gives the outputs, NaN where unknown."""
    if row.tail:
        return tail.whole(row, arguments)
    import talib

    function: Callable[..., Any] = getattr(talib, row.talib)
    look_back = row.look_back(arguments)
    return lambda inputs: _cleaned(function(*inputs, *arguments), look_back)


def _cleaned(result: Any, look_back: int) -> tuple[FloatArray, ...]:
    """Return TA-Lib's outputs as float columns: warm-up and non-finite values unknown."""
    columns: list[FloatArray] = []
    for output in result if isinstance(result, tuple) else (result,):
        if output.dtype.kind == "f":
            columns.append(finite(output))
        else:
            column = output.astype(np.float64)
            column[:look_back] = NAN  # TA-Lib fills the warm-up of whole numbers with zeros
            columns.append(column)
    return tuple(columns)

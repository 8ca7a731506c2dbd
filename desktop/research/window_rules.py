"""Rules judged on a window of bars with the history before it: indicators do not start anew at its edge."""

from __future__ import annotations

from desktop.rules.batch import BatchEvaluator
from desktop.rules.columns import FloatArray
from desktop.rules.nodes import Node, Number, uses_position
from desktop.rules.operators import Masks


class WindowEvaluator(BatchEvaluator):
    """Answers for bars `begin` up to and without `end` as the evaluator of the whole history does.

    What the position has no part in is computed once for the whole history and cut; that looks at no later bar,
    because no function of the rules does.

    Args:
        whole: Evaluates the whole history; shared by all windows.
        begin: First bar of the window.
        end: The bar after its last one.
    """

    def __init__(self, whole: BatchEvaluator, begin: int, end: int) -> None:
        super().__init__(whole.columns.part(begin, end), timeframe=whole.timeframe, zone=whole.clock.zone)
        self._whole, self._cut = whole, slice(begin, end)

    def _values(self, node: Node) -> FloatArray:
        if isinstance(node, Number) or uses_position(node):
            return super()._values(node)
        return self._whole.values(node)[self._cut]

    def _masks(self, node: Node) -> Masks:
        if uses_position(node):
            return super()._masks(node)
        masks = self._whole.condition(node)
        return Masks(masks.true[self._cut], masks.known[self._cut])

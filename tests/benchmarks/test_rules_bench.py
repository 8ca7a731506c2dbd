"""Figures of the rule evaluators, printed with their ratio to plain TA-Lib in the same run; none can fail."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import talib

from desktop.rules.batch import BatchEvaluator
from desktop.rules.columns import Columns
from desktop.rules.compile import compile_rule
from desktop.rules.nodes import Role
from desktop.rules.stream import StreamEvaluator
from tests.rules.series import bars_of, random_columns

RULE = "rsi(14) < 30 and close > sma(200)"


def best(action: Callable[[], object], rounds: int = 5) -> float:
    """Return the shortest time of a few rounds, in seconds."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        action()
        times.append(time.perf_counter() - begin)
    return min(times)


def report(name: str, seconds: float, reference: float, what: str) -> None:
    print(f"\n{name}: {seconds * 1e6:,.2f} us ({what} {reference * 1e6:,.2f} us, ratio {seconds / reference:.2f})")


def test_verdict_per_closed_bar_and_peek_per_quote() -> None:
    columns = random_columns(20_000)
    bars = list(bars_of(columns))
    warm, rest = 1_000, bars[1_000:]
    rule = compile_rule(RULE, role=Role.ENTRY)
    stream = StreamEvaluator(timeframe="1m")
    stream.add(rule)

    def opened() -> tuple[talib.stream.RSI, talib.stream.SMA]:
        return talib.stream.RSI(columns.close[:warm], 14), talib.stream.SMA(columns.close[:warm], 200)

    def plain() -> None:
        rsi, sma = opened()
        for bar in rest:
            rsi.update(bar.close)
            sma.update(bar.close)

    def ours() -> None:
        stream.seed(columns.first(warm))
        for bar in rest:
            stream.update(bar)
            stream.verdict(rule)

    reference = best(plain) / len(rest)
    report("update and verdict per bar", best(ours) / len(rest), reference, "two TA-Lib updates")

    def plain_peek() -> None:
        rsi, sma = opened()
        for bar in rest:
            rsi.peek(bar.close)
            sma.peek(bar.close)

    def our_peek() -> None:
        for bar in rest:
            stream.peek(rule, bar)

    reference = best(plain_peek) / len(rest)
    report("peek per quote", best(our_peek) / len(rest), reference, "two TA-Lib peeks")
    report("peek of a further session", best(lambda: stream.peek(rule, rest[-1])), reference, "two TA-Lib peeks")
    report("explanation", best(lambda: stream.explain(rule)), reference, "two TA-Lib peeks")


def test_batch_over_a_million_bars() -> None:
    columns = random_columns(1_000_000)
    rule = compile_rule("rsi(14) < 30", role=Role.ENTRY)
    reference = best(lambda: talib.RSI(columns.close, 14) < 30)
    ours = best(lambda: BatchEvaluator(columns, timeframe="1m").masks(rule))
    report("batch rsi(14) < 30 of 1M bars", ours, reference, "plain TA-Lib")
    longer = compile_rule(RULE, role=Role.ENTRY)
    plain = best(lambda: (talib.RSI(columns.close, 14) < 30) & (columns.close > talib.SMA(columns.close, 200)))
    ours = best(lambda: BatchEvaluator(columns, timeframe="1m").masks(longer))
    report(f"batch {RULE}", ours, plain, "plain TA-Lib")
    higher = compile_rule('tf("1h", rsi(14)) < 30', role=Role.ENTRY)
    ours = best(lambda: BatchEvaluator(columns, timeframe="1m").masks(higher))
    report("batch tf 1h", ours, reference, "plain TA-Lib")


def test_opening_on_a_long_history() -> None:
    columns = random_columns(1_000_000)
    rule = compile_rule(RULE, role=Role.ENTRY)
    stream = StreamEvaluator(timeframe="1m")
    stream.add(rule)
    reference = best(lambda: (talib.stream.RSI(columns.close, 14), talib.stream.SMA(columns.close, 200)))
    report("seed with 1M bars", best(lambda: stream.seed(columns)), reference, "two TA-Lib opens")


def test_a_sweep_of_variants() -> None:
    columns: Columns = random_columns(100_000)
    batch = BatchEvaluator(columns, timeframe="1m")

    def sweep() -> int:
        total = 0
        for length in range(5, 25):
            for level in range(20, 40, 4):
                values = {"n": length, "level": level}
                total += int(batch.masks(compile_rule("rsi(n) < level", role=Role.ENTRY, parameters=values)).true.sum())
        batch.clear()
        return total

    def plain() -> int:
        return sum(
            int((talib.RSI(columns.close, length) < level).sum())
            for length in range(5, 25)
            for level in range(20, 40, 4)
        )

    assert np.array_equal(sweep(), plain())
    report("sweep, per variant of 100k bars", best(sweep, 3) / 100, best(plain, 3) / 100, "plain TA-Lib each time")


def test_compiling() -> None:
    seconds = best(lambda: compile_rule(RULE, role=Role.ENTRY), 50)
    report("compile", seconds, best(lambda: compile(RULE, "rule", "eval"), 50), "Python's own compile")

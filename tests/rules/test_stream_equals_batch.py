"""Batch and stream give the same bits, for every function, with and without gaps in the numbers."""

from __future__ import annotations

import random

import numpy as np
import pytest

from desktop.rules.batch import BatchEvaluator
from desktop.rules.catalogue import FUNCTIONS, signature
from desktop.rules.catalogue_types import AVERAGES, Function
from desktop.rules.columns import Columns
from desktop.rules.compile import Rule, compile_rule
from desktop.rules.explain import verdict_of
from desktop.rules.nodes import Column, Compare, Elementwise, Indicator, Node, Number, Output, Role, Verdict
from desktop.rules.stream import StreamEvaluator
from tests.rules.series import bars_of, random_columns, same_bits

FROM_TALIB = [row for row in FUNCTIONS.values() if row.talib]
IDS = [row.name for row in FROM_TALIB]


def rule_of(text: str, timeframe: str = "1m") -> Rule:
    return compile_rule(text, role=Role.ENTRY, timeframe=timeframe)


def run(rule: Rule, columns: Columns, timeframe: str = "1m", zone: str = "UTC") -> dict[Node, list[float]]:
    """Feed bar by bar; return the values of every node of the rule, and of every peek one bar ahead."""
    stream = StreamEvaluator(timeframe=timeframe, zone=zone)
    stream.add(rule)
    nodes = [node for node, cell in stream._graph.cells.items() if node == cell.node]
    seen: dict[Node, list[float]] = {node: [] for node in nodes}
    for bar in bars_of(columns, timeframe):
        before = [cell.value for cell in stream._graph.order]
        peeked = stream.peek(rule, bar)
        assert [cell.value for cell in stream._graph.order] == pytest.approx(before, nan_ok=True, rel=0, abs=0)
        stream.update(bar)
        if not rule.timeframes:  # a forming bar closes no higher bar
            assert stream.verdict(rule) is peeked
            for cell in stream._graph.order:
                assert same_bits(np.array([cell.value]), np.array([cell.peeked]))
        for node in nodes:
            seen[node].append(stream.value(node))
    return seen


def assert_equal(rule: Rule, columns: Columns, timeframe: str = "1m", zone: str = "UTC") -> None:
    batch = BatchEvaluator(columns, timeframe=timeframe, zone=zone)
    for node, values in run(rule, columns, timeframe, zone).items():
        if isinstance(node, Indicator):
            continue  # its outputs are compared
        assert same_bits(np.array(values), batch.values(node)), node
    masks = batch.masks(rule)
    assert not (masks.true & ~masks.known).any()
    assert_seed_equals_feeding(rule, columns, timeframe, zone)


def assert_seed_equals_feeding(rule: Rule, columns: Columns, timeframe: str, zone: str) -> None:
    cut = len(columns) * 2 // 3
    fed, seeded = (StreamEvaluator(timeframe=timeframe, zone=zone) for _ in range(2))
    fed.add(rule)
    seeded.add(rule)
    seeded.seed(columns.first(cut))
    bars = list(bars_of(columns, timeframe))
    for bar in bars[:cut]:
        fed.update(bar)
    for place in range(cut - 1, len(bars)):
        if place >= cut:
            fed.update(bars[place])
            seeded.update(bars[place])
        assert fed.verdict(rule) is seeded.verdict(rule)
        for one, other in zip(fed._graph.order, seeded._graph.order, strict=True):
            assert same_bits(np.array([one.value]), np.array([other.value])), one.node


def gappy() -> Node:
    """A series that is unknown on the first three bars of every ninety: 0 / 0."""
    remainder = Elementwise("//", (Elementwise("%", (Column("time"), Number(90.0, "90"))), Number(3.0, "3")))
    return Elementwise("+", (Column("close"), Elementwise("/", (Number(0.0, "0"), remainder))))


def nodes_of(row: Function, chance: random.Random, *, with_gaps: bool) -> list[Node]:
    values: list[float] = []
    for argument in row.arguments:
        if argument.average:
            values.append(chance.choice(list(AVERAGES.values())))
        elif argument.whole:
            values.append(chance.randint(max(int(argument.low), 2), 9))
        else:
            values.append(chance.uniform(max(argument.low, 0.02), min(argument.high, 0.9)))
    if row.name == "mavp":
        values[:2] = [2, 9]
    inputs: list[Node] = []
    for item in row.inputs:
        if row.name in {"acos", "asin"}:  # defined from -1 to 1 only
            part = Elementwise("%", (Column("close"), Number(3.0, "3")))
            inputs.append(Elementwise("-", (part, Number(1.0, "1"))))
            continue
        series: Node = Column(item.default) if item.default else Elementwise("+", (Column("hour"), Number(2.0, "2")))
        inputs.append(gappy() if with_gaps and item.given and item.default else series)
    indicator = Indicator(row.name, tuple(inputs), tuple(values))
    return [Output(indicator, place) for place in range(max(len(row.outputs), 1))]


@pytest.mark.parametrize("with_gaps", [False, True], ids=["whole", "with gaps"])
@pytest.mark.parametrize("row", FROM_TALIB, ids=IDS)
def test_every_function_gives_the_same_bits_in_stream_and_batch(row: Function, *, with_gaps: bool) -> None:
    chance = random.Random(row.name)
    columns = random_columns(220, seed=len(row.name))
    if not with_gaps:
        for name in ("open", "high", "low", "close"):
            getattr(columns, name)[150:185] = columns.close[150]  # the price does not move
        columns.volume[160:200] = 0.0
    if with_gaps:
        for place in (40, 41, 90):
            columns.high[place] = np.nan
            columns.volume[place] = np.inf
            columns.close[place + 3] = -np.inf
    rule = rule_of("close > 0")
    for _ in range(2):
        for node in nodes_of(row, chance, with_gaps=with_gaps):
            built = Rule(
                text="built by a test",
                root=Compare(">", node, Number(0.0, "0")),
                role=rule.role,
                timeframe="1m",
                look_back=0,
                smoothing=0,
                columns=rule.columns,
                timeframes=(),
                uses_position=False,
                parameters=frozenset(),
                clauses=(),
                indicators=(),
            )
            assert_equal(built, columns)
            known = BatchEvaluator(columns, timeframe="1m").condition(built.root).known
            assert known.any()


FORMULAS = [
    "rsi(14) < 30 and close > sma(50)",
    "30 < rsi(5) <= 70 or not close != open",
    "macd(3, 6, 4).signal > 0 and bbands(20, 2).lower < close",
    "crosses_above(close, sma(10)) or crosses_below(sma(rsi(4), 3), 50)",
    "highest(close, 5) == close and lowest(3) < prev(low, 2) and highest(close, 1) > 0",
    "change(close, 3) > 0.5 and prev(close > open, 2)",
    "abs(change(close)) > 0.2 and max(open, close, hl2) - min(open, close) < 2",
    "close // 7 % 3 == 1 and (close - 100) ** 3 > -5 and (close - 100) ** 0.5 < 2 and -close ** 2 < 0",
    "close / (minute % 4) > 3 and ln(change(close)) < 0 and sma(ln(change(close)), 3) < 1",
    "between(rsi(5), 40, 60) and time_between('09:30', '11:00') and weekday < 5 and time >= '9:15'",
    "hour == 9 or minute > 30 and ohlc4 > hlc3",
    'tf("5m", rsi(3)) > 50 and tf("15m", close > sma(2)) and close > tf("1h", high)',
    'sma(tf("5m", close), 4) < close or tf("1h", tf("4h", volume)) > 0 or tf("1d", close) > 0',
    'prev(tf("5m", close)) < tf("1m", close) and tf("1w", volume) > 3',
    "tf('5m', supertrend(3, 2).trend) == 1 or cdldoji() != 0 and vwap() > close",
]


@pytest.mark.parametrize("gaps", [False, True], ids=["every minute", "missing bars"])
@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_give_the_same_bits_in_stream_and_batch(text: str, *, gaps: bool) -> None:
    assert_equal(rule_of(text), random_columns(400, seed=7, gaps=gaps), zone="America/New_York")


def test_verdicts_are_those_of_the_masks() -> None:
    rule = rule_of("rsi(5) < 40 or close > sma(30)")
    columns = random_columns(100)
    masks = BatchEvaluator(columns, timeframe="1m").masks(rule)
    stream = StreamEvaluator(timeframe="1m")
    stream.add(rule)
    for place, bar in enumerate(bars_of(columns)):
        stream.update(bar)
        expected = Verdict.UNKNOWN
        if masks.known[place]:
            expected = Verdict.TRUE if masks.true[place] else Verdict.FALSE
        assert stream.verdict(rule) is expected
        assert verdict_of(stream.value(rule.root)) is expected


def test_every_signature_of_the_table_compiles() -> None:
    for row in FROM_TALIB:
        if row.name in {"highest", "lowest", "mavp"}:
            continue
        text = signature(row)
        call = (
            text[: text.index("(")]
            + "("
            + ", ".join(
                part.split("=")[1] if "=" in part else part
                for part in text[text.index("(") + 1 : -1].split(", ")
                if part
            )
            + ")"
        )
        call = call.replace(", up, ", ", 2, ")
        output = f".{row.outputs[0]}" if row.outputs else ""
        assert rule_of(f"{call}{output} != 0").clauses

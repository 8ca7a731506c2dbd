"""Calls: which series and which settings a function was given, checked against the table."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.rules.catalogue import AVERAGES, FUNCTIONS, NAMES, POSITION_WORDS, WORDS_BY_NAME, number_text, signature
from desktop.rules.catalogue_types import LONGEST, Argument, Function
from desktop.rules.nodes import (
    AllOf,
    AnyOf,
    Between,
    Column,
    Compare,
    Cross,
    Higher,
    Indicator,
    Node,
    Number,
    Output,
    is_condition,
)
from desktop.rules.suggest import nearest
from desktop.rules.text import format_node

if TYPE_CHECKING:
    from desktop.rules.translate import Translator


def translate_call(translator: Translator, call: ast.Call) -> Node:
    """Translate a call of a function with one output."""
    function = _function(translator, call)
    own = _OWN.get(function.name)
    if own is not None:
        _no_keywords(translator, call, function)
        return own(translator, call)
    indicator = _indicator(translator, call, function)
    if function.outputs:
        written = translator.source.written(call)
        translator.fail(
            call,
            f"{function.name} has several outputs: {', '.join(function.outputs)}.",
            f"Write {written}.{function.outputs[0]}",
        )
    return Output(indicator, 0) if isinstance(indicator, Indicator) else indicator


def translate_attribute(translator: Translator, attribute: ast.Attribute) -> Node:
    """Translate `macd(12, 26, 9).signal`: the only attributes are the outputs of functions that have several."""
    call = attribute.value
    if isinstance(call, ast.Name) and call.id in FUNCTIONS and FUNCTIONS[call.id].outputs:
        function = FUNCTIONS[call.id]
        output = attribute.attr if attribute.attr in function.outputs else function.outputs[0]
        translator.fail(attribute, f"{call.id} needs its brackets.", f"Write {signature(function)}.{output}")
    if not isinstance(call, ast.Call):
        translator.fail(
            attribute,
            "A dot stands only after a function with several outputs, as in macd(12, 26, 9).signal.",
        )
    function = _function(translator, call)
    if not function.outputs:
        translator.fail(attribute, f"{function.name} has one output; write it without .{attribute.attr}")
    indicator = _indicator(translator, call, function)
    names = {**dict(zip(function.originals, range(99), strict=False)), **{n: i for i, n in enumerate(function.outputs)}}
    if attribute.attr not in names:
        translator.fail(
            attribute,
            f"{function.name} has no output {attribute.attr}; it has {', '.join(function.outputs)}.",
            nearest(attribute.attr, function.outputs),
        )
    assert isinstance(indicator, Indicator)  # noqa: S101  functions with several outputs are never folded away
    return Output(indicator, names[attribute.attr])


def _function(translator: Translator, call: ast.Call) -> Function:
    name = call.func.id if isinstance(call.func, ast.Name) else None
    if name is None:
        if isinstance(call.func, ast.Attribute):
            translator.fail(call, "Methods are not part of the rule language.", "Write the function by its name alone.")
        translator.fail(call, "Only functions of the rule language can be called.")
    if name in WORDS_BY_NAME:
        example = f"prev({name}, 1)" if name not in POSITION_WORDS else name
        translator.fail(call, f"{name} takes no brackets.", f"Write {name}, or {example} for the bar before.")
    if name not in FUNCTIONS:
        names = [*FUNCTIONS, *(name for name in NAMES if name not in FUNCTIONS)]
        translator.fail(call, f"There is no function {name}.", nearest(name, names))
    return FUNCTIONS[name]


def _no_keywords(translator: Translator, call: ast.Call, function: Function) -> None:
    for word in call.keywords:
        if word.arg == "n" and function.name in {"prev", "change"} and len(call.args) == 1:
            continue
        translator.fail(
            call,
            f"{function.name} takes its values by place, not by name ({word.arg}=).",
            f"Write {function.signature}.",
        )


# --- Functions of TA-Lib -----------------------------------------------------------------------------------------


def _indicator(translator: Translator, call: ast.Call, function: Function) -> Node:
    series, rest = _series(translator, call, function)
    arguments = _settings(translator, call, function, rest)
    if function.name in {"highest", "lowest"} and arguments == (1,):
        return series[0]  # the extreme of one bar is the bar itself; TA-Lib starts at two
    fixed = tuple(Column(item.name) for item in function.inputs if not item.given)
    node = Indicator(function.name, (*series, *fixed), arguments)
    translator.bounded(call, node)
    return node


def _series(translator: Translator, call: ast.Call, function: Function) -> tuple[tuple[Node, ...], list[ast.expr]]:
    """Return the series a call works on, given or by default, and the positional arguments that are left."""
    places = [item for item in function.inputs if item.given]
    given: list[Node] = []
    rest = list(call.args)
    while rest and len(given) < max(len(places), 1):
        node = translator.without_terms(function.name, rest[0])
        if isinstance(node, Number) and function.arguments:
            break
        if not places:
            _refuse_series(translator, rest[0], function)
        given.append(_number_only(translator, function.name, rest.pop(0), node))
    given += _named_series(translator, call, function, len(given))
    if not given and all(item.default for item in places):
        return tuple(Column(item.default or "") for item in places), rest
    if len(given) < len(places):
        translator.fail(call, f"{function.name} needs {len(places)} series.", f"Write {signature(function)}.")
    return tuple(given), rest


def _named_series(translator: Translator, call: ast.Call, function: Function, given: int) -> list[Node]:
    """Return the series that are given by name, as in sma(x=volume), after the ones given by place."""
    places = [item.name for item in function.inputs if item.given]
    named = {word.arg: word.value for word in call.keywords if word.arg in places}
    for name in places[:given]:
        if name in named:
            translator.fail(named[name], f"{function.name} is given {name} twice.")
    wanted = [named[name] for name in places[given:] if name in named]
    return [_number_only(translator, function.name, at, translator.without_terms(function.name, at)) for at in wanted]


def _number_only(translator: Translator, function: str, at: ast.expr, node: Node) -> Node:
    if is_condition(node):
        translator.fail(at, f"{function} works on numbers, but {format_node(node)} is a condition.")
    return node


def _refuse_series(translator: Translator, at: ast.expr, function: Function) -> None:
    fixed = ", ".join(item.name for item in function.inputs)
    message = f"{function.name} takes no series: it always works on {fixed}."
    translator.fail(at, message, f"Write {signature(function)}.")


def _settings(translator: Translator, call: ast.Call, function: Function, rest: list[ast.expr]) -> tuple[float, ...]:
    if len(rest) > len(function.arguments):
        translator.fail(
            rest[len(function.arguments)],
            f"{function.name} takes at most {len(function.arguments)} settings.",
            f"Write {signature(function)}.",
        )
    written: dict[str, ast.expr] = {
        argument.name: expression for argument, expression in zip(function.arguments, rest, strict=False)
    }
    names = {argument.original: argument.name for argument in function.arguments}
    names |= {argument.name: argument.name for argument in function.arguments}
    if len(function.arguments) == 1 and function.arguments[0].name == "length":
        names["n"] = "length"
    series = {item.name for item in function.inputs if item.given}
    for word in call.keywords:
        if word.arg in series:
            continue
        if word.arg is None or word.arg not in names:
            shown = f"{word.arg}=" if word.arg else "**"
            translator.fail(
                call,
                f"{function.name} has no setting {shown}.",
                nearest(word.arg or "", names) or f"Write {signature(function)}.",
            )
        if names[word.arg] in written:
            translator.fail(call, f"{function.name} is given {names[word.arg]} twice.")
        written[names[word.arg]] = word.value
    return _values(translator, call, function, written)


def _values(
    translator: Translator, call: ast.Call, function: Function, written: dict[str, ast.expr]
) -> tuple[float, ...]:
    values: dict[str, float] = {}
    for argument in function.arguments:
        expression = written.get(argument.name)
        if expression is not None:
            values[argument.name] = setting(translator, expression, function.name, argument)
        elif argument.follows:
            values[argument.name] = values[argument.follows]
        elif argument.default is None:
            translator.fail(
                call, f"{function.name} needs {argument.name}, a number of bars.", f"Write {signature(function)}."
            )
        else:
            values[argument.name] = argument.default
    if function.name == "mavp" and values["shortest"] > values["longest"]:
        translator.fail(call, "mavp: shortest is greater than longest.")
    return tuple(values.values())


def setting(translator: Translator, expression: ast.expr, function: str, argument: Argument) -> float:
    """Return the value of one setting of a function.

    Raises:
        RuleError: it is a series, no whole number where one is needed, or out of its range.
    """
    if argument.average:
        kind = _average_kind(translator, expression)
        if kind is not None:
            return kind
    node = translator.without_terms(function, expression)
    if not isinstance(node, Number):
        translator.fail(
            expression,
            f"{argument.name} of {function} must be a number that stays the same, but {format_node(node)} changes from "
            "bar to bar.",
        )
    value = node.value
    if argument.average and value not in AVERAGES.values():
        translator.fail(expression, f"{argument.name} of {function} is one of {', '.join(AVERAGES)}.")
    if argument.whole and value != int(value):
        translator.fail(expression, f"{argument.name} of {function} must be a whole number, not {node.text}.")
    if not argument.low <= value <= argument.high:
        low, high = number_text(argument.low), number_text(argument.high)
        translator.fail(
            expression, f"{argument.name} of {function} must be from {low} to {high}, not {node.text[:20]}."
        )
    return int(value) if argument.whole else value


def _average_kind(translator: Translator, expression: ast.expr) -> float | None:
    if isinstance(expression, ast.Constant) and isinstance(expression.value, str):
        name = expression.value
    elif isinstance(expression, ast.Name) and expression.id in AVERAGES:
        name = expression.id
    else:
        return None
    if name not in AVERAGES:
        translator.fail(expression, f"There is no average {name[:20]!r}.", f"There are {', '.join(AVERAGES)}.")
    return AVERAGES[name]


# --- Functions of our own ----------------------------------------------------------------------------------------


def _operands(translator: Translator, call: ast.Call, low: int, high: int) -> list[ast.expr]:
    function = FUNCTIONS[call.func.id] if isinstance(call.func, ast.Name) else None
    assert function is not None  # noqa: S101  found by name before
    if not low <= len(call.args) <= high:
        count = f"{low}" if low == high else f"{low} to {high}"
        translator.fail(
            call, f"{function.name} takes {count} values, not {len(call.args)}.", f"Write {function.signature}."
        )
    return call.args


_BARS_AGO = Argument("n", "n", 1, 1, LONGEST)


def _ago(translator: Translator, call: ast.Call, name: str) -> tuple[ast.expr, Node, int]:
    operand, *rest = _operands(translator, call, 1, 2)
    node = translator.without_terms(name, operand)
    if isinstance(node, Number):
        translator.fail(
            operand,
            f"{name} needs something that changes from bar to bar, not {node.text}.",
            f"Write {FUNCTIONS[name].signature}.",
        )
    rest += [word.value for word in call.keywords]
    bars = int(setting(translator, rest[0], name, _BARS_AGO)) if rest else 1
    return operand, node, bars


def _prev(translator: Translator, call: ast.Call) -> Node:
    _, node, bars = _ago(translator, call, "prev")
    return translator.previous(call, node, bars)


def _change(translator: Translator, call: ast.Call) -> Node:
    operand, node, bars = _ago(translator, call, "change")
    return translator.change(call, _number_only(translator, "change", operand, node), bars)


def _abs(translator: Translator, call: ast.Call) -> Node:
    (operand,) = _operands(translator, call, 1, 1)
    return translator.folded(call, "abs", (translator.number(operand, "What abs is given"),))


def _extreme(name: str) -> Callable[[Translator, ast.Call], Node]:
    def translate(translator: Translator, call: ast.Call) -> Node:
        operands = _operands(translator, call, 2, 20)
        numbers = tuple(translator.number(operand, f"What {name} is given") for operand in operands)
        return translator.folded(call, name, numbers)

    return translate


def _cross(*, above: bool) -> Callable[[Translator, ast.Call], Node]:
    def translate(translator: Translator, call: ast.Call) -> Node:
        name = "crosses_above" if above else "crosses_below"
        sides = [
            _number_only(translator, name, operand, translator.without_terms(name, operand))
            for operand in _operands(translator, call, 2, 2)
        ]
        if all(isinstance(side, Number) for side in sides):
            translator.fail(call, "Two fixed numbers never cross.")
        return translator.bounded(call, Cross(above, sides[0], sides[1]))

    return translate


def _between(translator: Translator, call: ast.Call) -> Node:
    operand, low, high = _operands(translator, call, 3, 3)
    node = translator.number(operand, "What between is given")
    with_time = node == Column("time")
    limits = [
        translator.time_of_day(limit)
        if with_time and isinstance(limit, ast.Constant) and isinstance(limit.value, str)
        else translator.number(limit, "A limit of between")
        for limit in (low, high)
    ]
    if isinstance(node, Number) and all(isinstance(limit, Number) for limit in limits):
        translator.fail(call, "This compares fixed numbers, so it never changes.")
    first, last = limits
    if isinstance(first, Number) and isinstance(last, Number) and first.value > last.value:
        translator.fail(low, f"The lower limit {first.text} is above the upper one {last.text}.")
    return Between(node, first, last)


def _time_between(translator: Translator, call: ast.Call) -> Node:
    first, last = (translator.time_of_day(operand) for operand in _operands(translator, call, 2, 2))
    if first == last:
        translator.fail(call, "The two times are the same, so no bar lies between them.")
    time = Column("time")
    parts = (Compare(">=", time, first), Compare("<", time, last))
    return AllOf(parts) if first.value < last.value else AnyOf(parts)  # past midnight when the first is later


def _tf(translator: Translator, call: ast.Call) -> Node:
    timeframe, expression = _operands(translator, call, 2, 2)
    if not (isinstance(timeframe, ast.Constant) and isinstance(timeframe.value, str)):
        translator.fail(timeframe, "The first value of tf is a timeframe in quotes.", 'Write tf("1h", x).')
    node = translator.inside_timeframe(timeframe, timeframe.value, expression)
    if isinstance(node, Number):
        translator.fail(expression, "tf needs something that changes from bar to bar.")
    if timeframe.value == translator.timeframe:
        return node  # the rule's own timeframe: nothing is higher about it
    return Higher(timeframe.value, node)


_OWN: dict[str, Callable[[Translator, ast.Call], Node]] = {
    "prev": _prev,
    "change": _change,
    "abs": _abs,
    "min": _extreme("min"),
    "max": _extreme("max"),
    "crosses_above": _cross(above=True),
    "crosses_below": _cross(above=False),
    "between": _between,
    "time_between": _time_between,
    "tf": _tf,
}

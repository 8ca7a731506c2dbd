"""Calls: which series and which settings a function was given, checked against the table."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from desktop.rules.arguments import number_only, setting
from desktop.rules.catalogue import FUNCTIONS, NAMES, POSITION_WORDS, REFUSED, WORDS_BY_NAME, signature
from desktop.rules.catalogue_types import Function
from desktop.rules.nodes import Column, Indicator, Node, Number, Output
from desktop.rules.own_functions import OWN_FUNCTIONS
from desktop.rules.suggest import nearest

if TYPE_CHECKING:
    from desktop.rules.translate import Translator


def translate_call(translator: Translator, call: ast.Call) -> Node:
    """Translate a call of a function with one output."""
    function = _function(translator, call)
    own = OWN_FUNCTIONS.get(function.name)
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
    withheld = dict(function.refused).get(attribute.attr)
    if withheld is not None:
        translator.fail(
            attribute,
            f"{function.name} has no output {attribute.attr} in rules: {withheld}.",
            f"It has {', '.join(function.outputs)}.",
        )
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
    if name in REFUSED:
        refusal = REFUSED[name]
        translator.fail(call, f"There is no function {name} in rules. {refusal.reason}", refusal.instead)
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


def _indicator(translator: Translator, call: ast.Call, function: Function) -> Node:
    if function.tail and translator.on_quotes:
        translator.fail(
            call,
            f"{function.name} is judged at bar close only, but this strategy is judged on every quote.",
            f'Set evaluate to "bar", or take it from a higher timeframe: tf("1h", {function.name}(...)).',
        )
    series, rest = _series(translator, call, function)
    arguments = _settings(translator, call, function, rest)
    if function.name in {"highest", "lowest"} and arguments == (1,):
        return series[0]  # the extreme of one bar is the bar itself; TA-Lib starts at two
    fixed = tuple(Column(item.name) for item in function.inputs if not item.given)
    if function.name == "squeeze_pro" and not arguments[3] > arguments[4] > arguments[5]:
        translator.fail(call, "squeeze_pro: wide has to be greater than normal, and normal greater than narrow.")
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
        given.append(number_only(translator, function.name, rest.pop(0), node))
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
    return [number_only(translator, function.name, at, translator.without_terms(function.name, at)) for at in wanted]


def _refuse_series(translator: Translator, at: ast.expr, function: Function) -> None:
    fixed = ", ".join(item.name for item in function.inputs)
    message = f"{function.name} takes no series: it always works on {fixed}."
    translator.fail(at, message, f"Write {signature(function)}.")


def _settings(translator: Translator, call: ast.Call, function: Function, rest: list[ast.expr]) -> tuple[float, ...]:
    most = len(function.arguments)
    if len(rest) > most:
        translator.fail(
            rest[most],
            f"{function.name} takes at most {most} {'setting' if most == 1 else 'settings'}.",
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

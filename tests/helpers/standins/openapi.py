"""Requests and answers against Alpaca's official OpenAPI documents; they are beside the data and not shipped."""

from __future__ import annotations

import functools
import json
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from jsonschema import Draft202012Validator, FormatChecker

_HERE = Path(__file__).resolve()
_DOCUMENTS = ("alpaca-trading-api.json", "alpaca-market-data-api.json")


def folder() -> Path:
    """Return where the documents are: ASSAY_SPECS, or `shared/specs` beside the checkout."""
    given = os.environ.get("ASSAY_SPECS")
    return Path(given) if given else _HERE.parents[4] / "shared" / "specs"


def missing() -> str:
    """Return why nothing can be checked; empty: it can."""
    lost = [name for name in _DOCUMENTS if not (folder() / name).exists()]
    return f"Alpaca's OpenAPI documents are not in {folder()} (ASSAY_SPECS names another folder)" if lost else ""


_FORMATS = FormatChecker(formats=["uuid", "date"])


@_FORMATS.checks("date-time", raises=ValueError)
def _is_time(value: object) -> bool:
    return not isinstance(value, str) or bool(datetime.fromisoformat(value))


class Contract:
    """What the official documents allow; everything that departs is kept in `violations`."""

    def __init__(self) -> None:
        self.violations: list[str] = []
        self.checked: dict[str, int] = {}  # "METHOD path of the document" -> how often
        self._paths = _paths(folder())

    def check(self, request: web.Request, body: bytes, answer: web.Response) -> None:
        """Compare one request and its answer with the document."""
        found = next(
            ((name, path) for name, expression, path in self._paths if expression.fullmatch(request.path)), None
        )
        method = request.method.lower()
        if found is None or method not in found[1]["methods"]:
            self._say(request, "is not in the document")
            return
        name, path = found
        operation = path["methods"][method]
        self.checked[f"{request.method} {name}"] = self.checked.get(f"{request.method} {name}", 0) + 1
        if answer.status < 400:
            self._check_query(request, operation)
            if operation["body"] is not None:
                self._validate(request, operation["body"], json.loads(body), "request")
        self._check_answer(request, operation, answer)

    def _check_query(self, request: web.Request, operation: dict[str, Any]) -> None:
        known = {one["name"]: one for one in operation["parameters"] if one["in"] == "query"}
        for name, value in request.query.items():
            if name not in known:
                self._say(request, f"has a parameter {name!r} that the document does not know")
                continue
            allowed = known[name]["schema"].get("enum")
            if allowed and value not in allowed:
                self._say(request, f"has {name}={value!r}, not one of {allowed}")
        for name, one in known.items():
            if one.get("required") and name not in request.query:
                self._say(request, f"does not have the parameter {name!r}")

    def _check_answer(self, request: web.Request, operation: dict[str, Any], answer: web.Response) -> None:
        status = str(answer.status)
        if status in operation["answers"] or answer.status < 400:
            if status not in operation["answers"]:
                self._say(request, f"was answered {status}, which the document does not know")
            elif operation["answers"][status] is not None:
                self._validate(request, operation["answers"][status], json.loads(answer.text or "null"), "answer")

    def _validate(self, request: web.Request, validator: Draft202012Validator, value: Any, what: str) -> None:
        for error in validator.iter_errors(value):
            self._say(request, f"{what}: {error.json_path}: {error.message[:300]}")

    def _say(self, request: web.Request, words: str) -> None:
        self.violations.append(f"{request.method} {request.path_qs} {words}")


@functools.cache
def _paths(where: Path) -> list[tuple[str, re.Pattern[str], dict[str, Any]]]:
    """Return the documents' paths, fixed ones before those with a variable."""
    found: list[tuple[str, re.Pattern[str], dict[str, Any]]] = []
    for name in _DOCUMENTS:
        document = json.loads((where / name).read_text(encoding="utf-8"))
        for path, item in document["paths"].items():
            expression = re.compile(re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path)))
            methods = {
                method: _operation(document, item, operation)
                for method, operation in item.items()
                if method in {"get", "post", "put", "patch", "delete"}
            }
            found.append((path, expression, {"methods": methods}))
    return sorted(found, key=lambda one: "{" in one[0])


def _operation(document: dict[str, Any], item: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    parameters = [_resolved(document, one) for one in [*item.get("parameters", []), *operation.get("parameters", [])]]
    parameters = [{**one, "schema": _resolved(document, one.get("schema", {}))} for one in parameters]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answers = {}
    for status, answer in operation["responses"].items():
        content = _resolved(document, answer).get("content", {}).get("application/json", {})
        answers[status] = _validator(document, content["schema"], strict=False) if "schema" in content else None
    asked = None if body is None else _validator(document, body, strict=True)
    return {"parameters": parameters, "body": asked, "answers": answers}


def _validator(document: dict[str, Any], schema: dict[str, Any], *, strict: bool) -> Draft202012Validator:
    """Return a validator of one schema with the document's components; a strict one knows every property."""
    components = document["components"]["schemas"]
    whole = {"components": {"schemas": {name: _plain(one, strict=strict) for name, one in components.items()}}}
    return Draft202012Validator({**_plain(schema, strict=strict), **whole}, format_checker=_FORMATS)


def _resolved(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in value:
        target: Any = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        value = target
    return value


def _plain(schema: Any, *, strict: bool) -> Any:
    """Return a schema of OpenAPI 3.0 as JSON Schema: `nullable` as a type.

    `oneOf` counts as `anyOf`: the document's two kinds of activities require nothing, so that each fits both.
    """
    if isinstance(schema, list):
        return [_plain(one, strict=strict) for one in schema]
    if not isinstance(schema, dict):
        return schema
    skipped = {"nullable", "example", "examples", "x-examples", "description", "title", "default"}
    plain = {key: _plain(value, strict=strict) for key, value in schema.items() if key not in skipped}
    if "oneOf" in plain:
        plain["anyOf"] = plain.pop("oneOf")
    if strict and isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        plain.setdefault("additionalProperties", False)
    if schema.get("nullable") is True:
        return {"anyOf": [plain, {"type": "null"}]}
    return plain

"""What the library raises, as sentences; never with an address, a header or a body that could hold a signature."""

from __future__ import annotations

import json
import re
from contextlib import suppress

from desktop.domain.errors import EnvironmentFault

_BODY = re.compile(r"\{.*\}", re.DOTALL)
_MOST_TEXT = 200


def is_library_fault(error: BaseException) -> bool:
    """Whether the library raised it on purpose."""
    return "BaseError" in names_of(error)


def names_of(error: BaseException) -> frozenset[str]:
    """Return the names of an error's class and of all it derives from: the library is not imported to ask."""
    return frozenset(kind.__name__ for kind in type(error).__mro__ if kind.__module__.startswith("ccxt"))


def code_of(error: BaseException) -> str:
    """Return the exchange's own code of a refusal; empty: it gave none."""
    found = _answer(error)
    for key in ("sCode", "code"):
        if found.get(key) not in (None, ""):
            return str(found[key])
    return ""


def words_of(error: BaseException) -> str:
    """Return what the exchange itself said, shortened; empty: nothing fit to be shown."""
    found = _answer(error)
    for key in ("msg", "sMsg", "message", "error_details", "preview_failure_reason"):
        if isinstance(found.get(key), str) and found[key]:
            return str(found[key])[:_MOST_TEXT]
    errors = found.get("error")
    if isinstance(errors, list) and errors:
        return str(errors[0])[:_MOST_TEXT]
    return "" if found or "://" in str(error) else str(error).partition(" ")[2][:_MOST_TEXT]


def _answer(error: BaseException) -> dict[str, object]:
    found = _BODY.search(str(error))
    if found is not None:
        with suppress(ValueError):
            held = json.loads(found[0])
            if isinstance(held, dict):
                return held
    return {}


def fault_of(title: str, error: BaseException) -> EnvironmentFault:
    """Return a failed read of public data as a sentence."""
    names = names_of(error)
    if "RestrictedLocation" in names or "PermissionDenied" in names or "restricted location" in str(error):
        said = f"{title} refuses to serve this place. Choose the prices of another exchange."
    elif "DDoSProtection" in names or "RateLimitExceeded" in names:
        said = f"{title} says that it was asked too often. It is asked again more slowly; prices come when it answers."
    elif "RequestTimeout" in names:
        said = (
            f"{title} cannot be reached: it did not answer in time. Look at your network; it is tried again by itself."
        )
    elif "BadSymbol" in names:
        said = f"{title} does not have this pair."
    elif "NetworkError" in names:
        said = (
            f"{title} cannot be reached. Look at your network; nothing is traded on prices that do not come, "
            "and it is tried again by itself."
        )
    elif "OperationFailed" in names:
        said = f"{title} does not answer requests now (maintenance or overload). It is tried again by itself."
    else:
        words = words_of(error)
        said = f"{title} refuses" + (f": {words.rstrip('.')}." if words else ".") + " It is tried again by itself."
    return EnvironmentFault(said)

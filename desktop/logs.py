"""Structured logs: one JSON object a line, rotated, and redacted before anything is written (A3)."""

from __future__ import annotations

import logging
import logging.handlers
import re
from typing import TYPE_CHECKING, Any

from desktop.companions import without

with without("rich"):  # what it draws on terminals with; our records are JSON
    import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from pathlib import Path

MAX_BYTES = 5_000_000
KEPT = 5
HIDDEN = "[hidden]"
HANDLER = "assay"
SECRET_NAMES = re.compile(r"(secret|password|passwd|token|api[_-]?key|authorization|credential|private)", re.IGNORECASE)
SECRET_TEXT = re.compile(
    r"(?i)\b(secret|password|passwd|token|api[_-]?key|authorization|apca-api-[a-z-]+)(\"?\s*[=:]\s*\"?)(?:bearer\s+)?([^\s\"',;}]+)"
)

_hidden: set[str] = set()  # secrets that were read from the keyring: never to be written, whatever they stand beside
SHORTEST_SECRET = 6  # characters; anything shorter would black out innocent words


def hide(secret: str) -> None:
    """Never write this text to a log from now on."""
    if len(secret) >= SHORTEST_SECRET:
        _hidden.add(secret)


def redact(value: Any, name: str = "") -> Any:
    """Return `value` without secrets: by the name it stands under, and by what looks like name=value inside texts."""
    if name and SECRET_NAMES.search(name):
        return HIDDEN
    if isinstance(value, str):
        for secret in _hidden:
            value = value.replace(secret, HIDDEN)
        return SECRET_TEXT.sub(rf"\1\2{HIDDEN}", value)
    if isinstance(value, dict):
        return {key: redact(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redact(item) for item in value]
    return value


def _redact_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: redact(value, key) for key, value in event.items()}


def configure_logs(directory: Path | None, *, level: int = logging.INFO) -> None:
    """Send every log record, ours and the libraries', to `directory`/assay.log; None: keep quiet but for errors."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact_event,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler: logging.Handler
    if directory is None:
        handler = logging.StreamHandler()
        level = logging.ERROR
    else:
        directory.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            directory / "assay.log", maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8", delay=True
        )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(default=str),
            ],
        )
    )
    root = logging.getLogger()
    for old in tuple(root.handlers):
        if old.name == HANDLER:
            root.removeHandler(old)
            old.close()
    handler.name = HANDLER  # so that a second call replaces it
    root.addHandler(handler)
    root.setLevel(level)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module."""
    found: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return found

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.logs import HIDDEN, configure_logs, logger, redact

CANARY = "canary-7f3a"


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    configure_logs(tmp_path)
    yield tmp_path / "assay.log"
    for handler in [item for item in root.handlers if item not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_each_record_is_one_json_object(lines: Path) -> None:
    logger("engine").info("session started", session="s1")
    logging.getLogger("library").warning("odd %s", "thing")
    first, second = (json.loads(line) for line in lines.read_text().splitlines())
    assert first["event"] == "session started"
    assert first["session"] == "s1"
    assert second["event"] == "odd thing"
    assert second["logger"] == "library"


def test_no_secret_reaches_the_log_by_name_text_or_exception(lines: Path) -> None:
    log = logger("broker")
    log.info("connect", api_key=CANARY, nested={"password": CANARY, "list": [{"token": CANARY}]})
    address = f"https://example/?token={CANARY}&x=1"
    log.warning(address)
    logging.getLogger("aiohttp").error("Authorization: Bearer %s", CANARY)
    error = ValueError(f"secret={CANARY} refused")
    log.error("failed", exc_info=error)
    text = lines.read_text()
    assert CANARY not in text
    assert text.count(HIDDEN) >= 6


def test_redaction_leaves_ordinary_values_alone() -> None:
    assert redact({"symbol": "SPY", "price": 3.5, "items": ("a", 1)}) == {
        "symbol": "SPY",
        "price": 3.5,
        "items": ["a", 1],
    }


def test_without_a_folder_only_errors_are_shown(lines: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(None)
    logger("x").info("quiet")
    logger("x").error("loud")
    assert "quiet" not in capsys.readouterr().err

"""Every event and setting is documented; rule functions are held by tests/rules."""

from dataclasses import fields
from typing import get_args

import pytest

from desktop.brokers.registry import BROKERS
from desktop.config import Settings
from desktop.domain.accounts import ARM_WORD, LOST_WORD
from desktop.domain.events import Fact
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import FillSettings, SessionSettings
from desktop.domain.validation import Prerequisite
from desktop.resources import resource_path


def text_of(name: str) -> str:
    return resource_path(f"help/{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("fact", get_args(Fact), ids=lambda fact: fact.__name__)
def test_every_event_is_documented(fact: type) -> None:
    assert f"`{fact.__name__}`" in text_of("events")


def test_nothing_is_documented_as_an_event_that_is_none() -> None:
    rows = [line for line in text_of("events").splitlines() if line.startswith("| `")]
    named = {line.split("`")[1] for line in rows}
    assert named == {fact.__name__ for fact in get_args(Fact)}


@pytest.mark.parametrize("kind", [SessionSettings, RiskLimits, FillSettings, Settings], ids=lambda kind: kind.__name__)
def test_every_setting_is_documented(kind: type) -> None:
    text = text_of("settings")
    missing = [field.name for field in fields(kind) if f"`{field.name}`" not in text]
    assert missing == []


def test_nothing_is_documented_as_a_setting_that_is_none() -> None:
    known = {field.name for kind in (SessionSettings, RiskLimits, FillSettings, Settings) for field in fields(kind)}
    rows = [line.split("|")[1] for line in text_of("settings").splitlines() if line.startswith("| `")]
    named = {name.strip("` ") for row in rows for name in row.split(",")}
    assert named == known


def test_the_pages_of_the_help_name_what_the_editor_has() -> None:
    text = text_of("editor")
    for word in ("Samples", "Ctrl+Space", "quick test", "Judge on", "high_since_entry"):
        assert word in text or word in text_of("strategies"), word


def test_the_help_on_live_trading_names_what_the_window_asks_and_shows() -> None:
    text = text_of("live")
    for item in Prerequisite:
        assert f"| {item.value.capitalize()} |" in text, item
    for word in (ARM_WORD, LOST_WORD, "RELEASE", "Reconcile now", "Adopt…", "Ignore…", "External", "Other Assay"):
        assert word in text, word
    for entry in BROKERS.values():
        assert entry.choice.title.partition(" (crypto)")[0] in text, entry.choice.title

"""What the window is told of live sessions: the worst of the accounts' links, and sums of their own."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from types import SimpleNamespace

from desktop.domain.broker import AccountRef, LinkState
from desktop.domain.money import ZERO
from desktop.domain.sessions import SessionSettings
from desktop.engine.portfolio import portfolios
from desktop.engine.status import _broker_lamp, stranded
from desktop.engine.views import Health
from tests.helpers import live_rows


def test_without_an_account_the_broker_is_simulated() -> None:
    assert _broker_lamp(()).text == "simulated"


def test_the_lamp_is_that_of_the_worst_account() -> None:
    good = live_rows.account()
    lamp = _broker_lamp((good,))
    assert (lamp.health, lamp.text) == (Health.OK, "connected")
    other = dataclasses.replace(live_rows.lost(), ref=AccountRef("binance", "spot"))
    lamp = _broker_lamp((good, other))
    assert (lamp.health, lamp.text) == (Health.BAD, "lost (1 of 2)")
    assert "binance/spot is not connected; it is tried again by itself. the network is unreachable." in lamp.detail


def test_an_account_that_is_not_reconciled_yet_is_waited_for() -> None:
    lamp = _broker_lamp((live_rows.account(ready=False),))
    assert (lamp.health, lamp.text) == (Health.WAITING, "connecting")
    assert "is being reconciled" in lamp.detail
    assert _broker_lamp((live_rows.account(state=LinkState.REFUSED, ready=False),)).health is Health.BAD


class _Session:
    """What a portfolio asks of a session, flat."""

    def __init__(self, settings: SessionSettings, equity: str) -> None:
        self.settings, self.day_start = settings, Decimal(equity)
        ledger = SimpleNamespace(realised=ZERO, fees=ZERO)
        core = SimpleNamespace(
            equity=Decimal(equity), cash=Decimal(equity), holdings=SimpleNamespace(ledger=ledger), positions={}
        )
        self.unit = SimpleNamespace(core=core)


def test_money_at_brokers_is_never_added_to_simulated_money() -> None:
    sessions = [_Session(live_rows.TWIN, "100000"), _Session(live_rows.LIVE, "1000"), _Session(live_rows.LIVE, "500")]
    found = portfolios(sessions)  # type: ignore[arg-type]  # as far as it is asked
    assert [(item.currency, item.live, item.value) for item in found] == [
        ("USD", True, Decimal(1500)),
        ("USD", False, Decimal(100_000)),
    ]


def test_a_live_session_that_failed_is_said_on_the_banner() -> None:
    failed = SimpleNamespace(failed=True, settings=live_rows.LIVE, note="The keyring is locked.")
    paper = SimpleNamespace(failed=True, settings=live_rows.TWIN, note="An error.")
    well = SimpleNamespace(failed=False, settings=live_rows.LIVE, note="")
    assert _broker_lamp((), "Dip live does not trade.").health is Health.BAD
    assert stranded([paper, well]) == ""  # type: ignore[list-item]  # as far as they are asked
    said = stranded([paper, failed, failed])  # type: ignore[list-item]  # as above
    assert said == (
        "Dip live does not trade on alpaca/main (and 1 more): what it holds there is not looked after. "
        "The keyring is locked."
    )

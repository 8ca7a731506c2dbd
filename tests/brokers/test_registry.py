from __future__ import annotations

import pytest

from desktop.brokers.registry import BROKERS, Surroundings, broker_entry, check_fields, open_broker
from desktop.domain.broker import AccountRef
from desktop.domain.broker_errors import BrokerNotFoundError
from desktop.domain.errors import FieldError
from tests.helpers.fake_clock import FakeClock


def test_an_unknown_broker_is_named_with_those_there_are() -> None:
    with pytest.raises(BrokerNotFoundError, match="alpaca-paper, alpaca, binance, kraken, coinbase, okx") as caught:
        broker_entry("ibkr")
    assert caught.value.broker_id == "ibkr"


@pytest.mark.parametrize("broker_id", list(BROKERS))
def test_each_broker_says_what_it_needs_and_opens_unconnected(broker_id: str) -> None:
    entry = broker_entry(broker_id).choice
    assert entry.title
    assert entry.help
    assert any(field.secret for field in entry.fields)
    fields = {field.name: "CANARY0123456789" for field in entry.fields}
    ref = AccountRef(broker_id, "main")
    broker = open_broker(ref, fields, Surroundings(FakeClock(), url="http://127.0.0.1:9"))
    assert broker.ref == ref
    assert broker.abilities.real_money is entry.real_money
    assert "CANARY" not in repr(broker)


def test_credentials_are_checked_before_anything_is_opened() -> None:
    entry = broker_entry("alpaca").choice
    with pytest.raises(FieldError, match="fill in the Secret key"):
        check_fields(entry, {"key_id": "AK1"})
    with pytest.raises(FieldError, match="copy it again") as caught:
        check_fields(entry, {"key_id": "AK1", "secret": "canary secret"})
    assert "canary" not in str(caught.value).replace("secret: ", "")
    with pytest.raises(FieldError, match="takes no such field"):
        check_fields(entry, {"key_id": "AK1", "secret": "x", "pin": "1"})

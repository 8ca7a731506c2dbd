"""What is stored of an account at a broker: its state beside the sessions', its records in a chain of their own."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from desktop.domain.accounts import AccountLimits, AccountRecord, record_id
from desktop.domain.broker import AccountRef
from desktop.domain.codec import from_json, to_json
from desktop.domain.events import Warned
from desktop.ports import Batch
from desktop.store.storage import Storage

REF = AccountRef("alpaca", "main")
KEY = record_id(REF)


def test_an_account_is_stored_beside_the_sessions_and_is_none_of_them(tmp_path: Path) -> None:
    record = AccountRecord(AccountLimits(max_allocation=Decimal(80)), {"SPY": Decimal("3.5")}, 17, 19_000)
    with Storage.open(tmp_path / "data") as storage:
        assert storage.account_state(KEY) is None
        storage.commit(Batch(KEY, 1, state=to_json(AccountRecord()), sync_full=True)).result()
        storage.commit(Batch(KEY, 2, state=to_json(record), sync_full=True)).result()
        assert storage.session_ids() == []
        assert storage.load(KEY) is None
        assert storage.last_message_time() == 0
    with Storage.open(tmp_path / "data") as storage:
        assert from_json(AccountRecord, storage.account_state(KEY)) == record


def test_an_accounts_records_are_a_chain_of_their_own_that_verifies(tmp_path: Path) -> None:
    with Storage.open(tmp_path / "data") as storage:
        for number in range(3):
            fact = Warned(KEY, number, "external order", f"SPY: order {number} was placed outside this program.")
            storage.commit(Batch(KEY, number, facts=(fact,), state={}, sync_full=True)).result()
        assert [item.sequence for item in storage.audit(session_id=KEY)] == [3, 2, 1]
        assert storage.verify_audit().ok

"""Databases written by every schema there ever was are opened by today's code with all they hold.

When a migration is added, write a database with the schema before it and put it beside the others; never rewrite one.
"""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.store.chain import MIRROR
from desktop.store.schema import NEWEST
from desktop.store.storage import Storage
from tests.store import values as v

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize("number", range(1, NEWEST + 1))
def test_a_database_of_an_old_schema_opens_with_all_it_holds(tmp_path: Path, number: int) -> None:
    shutil.copy(DATA / f"schema-{number}.db", tmp_path / "assay.db")
    shutil.copy(DATA / f"schema-{number}-heads.log", tmp_path / MIRROR)
    with Storage.open(tmp_path) as storage:
        assert storage.health.ok
        assert storage.session_ids() == [v.SESSION]
        loaded = storage.load(v.SESSION)
        assert loaded is not None
        assert loaded.settings == v.SETTINGS
        assert loaded.state["step"] == 3
        assert loaded.feed_position == {"rows": 3}
        assert [order.order_id for order in loaded.orders] == ["s1-1", "s1-2", "s1-3"]
        assert loaded.fills == [v.fill(number) for number in (1, 2, 3)]
        assert [bar.close for bar in loaded.bars["SPY"]] == [1.5] * 3
        assert [item.quantity for item in storage.reader().positions()] == [Decimal(30)]
        assert [item.name for item in storage.strategies()] == ["Dip"]
        assert storage.settings() == {"resume": True}
        assert storage.verify_audit().findings == ()

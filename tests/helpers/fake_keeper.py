"""Accounts of brokers in memory, for the window's tests and pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from desktop.brokers.registry import BROKERS, broker_entry, check_fields
from desktop.domain.broker import AccountInfo, AccountRef, BrokerChoice
from desktop.domain.broker_errors import CredentialsRefused
from desktop.domain.errors import FieldError, NotFound


class FakeKeeper:
    """Accepts the secret that `accepts` says."""

    def __init__(self, *refs: AccountRef) -> None:
        self.kept: dict[AccountRef, dict[str, str]] = {ref: {"secret": "right"} for ref in refs}
        self.locked = ""
        self.accepts = "right"

    def choices(self) -> Sequence[BrokerChoice]:
        return tuple(item.choice for item in BROKERS.values())

    async def problem(self) -> str:
        return self.locked

    async def accounts(self) -> Sequence[AccountRef]:
        return sorted(self.kept, key=lambda ref: ref.key)

    async def save(self, ref: AccountRef, fields: Mapping[str, str]) -> None:
        if not ref.account:
            raise FieldError("account", "name it with 1 to 60 characters.")
        check_fields(broker_entry(ref.broker_id).choice, fields)
        self.kept[ref] = dict(fields)

    async def delete(self, ref: AccountRef) -> None:
        del self.kept[ref]

    async def test(self, ref: AccountRef, fields: Mapping[str, str] | None = None) -> AccountInfo:
        if fields is None:
            if ref not in self.kept:
                raise NotFound("account with credentials", ref.key)
            fields = self.kept[ref]
        if fields.get("secret") != self.accepts:
            raise CredentialsRefused(
                "Alpaca does not accept this key. Nothing was stored. Copy it again, and see that it belongs to the "
                "paper account."
            )
        return AccountInfo(
            ref, "PA31X4", "USD", Decimal("100250.75"), Decimal(98_000), Decimal("196000.5"), Decimal(100_000), 1
        )

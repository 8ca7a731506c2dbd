"""Backtests kept as evidence, as research asks for them. Implements `desktop.ports.EvidenceStore`."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.domain.errors import NotFound
from desktop.domain.evidence import Evidence, EvidenceDetail
from desktop.domain.trials import Trial
from desktop.store.backtests import read_backtest, read_backtests, read_detail
from desktop.store.storage import Storage
from desktop.store.trials import read_trials


class StoredEvidence:
    """The backtests of one storage. Every call blocks: off the loop only."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def save(self, evidence: Evidence, detail: EvidenceDetail) -> Evidence:
        """Keep a backtest, or record that it came to the same again; returns what is stored now.

        Raises:
            EvidenceDiffers: the same run came to something else before; that stays.
            StorageFault: the disk does not take it.
        """
        return self._storage.save_backtest(evidence, detail)

    def all(self) -> Sequence[Evidence]:
        """Return every stored backtest, newest first."""
        return self._storage.read(read_backtests).result()

    def get(self, key: str) -> Evidence:
        """Return one (NotFound: there is none)."""
        found = self._storage.read(lambda reader: read_backtest(reader, key)).result()
        if found is None:
            raise NotFound("backtest", key, "The history of backtests lists those that are stored.")
        return found

    def detail(self, key: str) -> EvidenceDetail:
        """Return fills, trades and curve of one (NotFound: there is none)."""
        return self._storage.read(lambda reader: read_detail(reader, key)).result()

    def delete(self, key: str) -> None:
        """Delete one; a record of it stays in the audit trail.

        Raises:
            NotFound: there is none.
            StorageFault: it cannot be written.
        """
        self._storage.delete_backtest(self.get(key))

    def save_trial(self, trial: Trial) -> None:
        """Record that variants of a strategy were tried (StorageFault: the disk does not take it)."""
        self._storage.record_trial(trial)

    def trials(self) -> Sequence[Trial]:
        """Return what was tried of all strategies, newest first."""
        return self._storage.read(read_trials).result()

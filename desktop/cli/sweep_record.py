"""What `assay sweep` tried, on record beside what the window tried: the more, the more of the best is luck."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from desktop.domain.errors import StorageFault
from desktop.domain.sessions import SessionSettings
from desktop.domain.trials import Trial, tried_variants
from desktop.research.sweep import SweepResult
from desktop.research.trial import trial_of_sweep, trial_of_walk
from desktop.research.walk_forward import WalkForwardResult

if TYPE_CHECKING:
    from desktop.store.storage import Storage

_UNKEPT = "What was tried is not on record. Give --data-dir DIR to count it among the variants tried of this strategy."


def recorded(
    storage: Storage | None,
    feed: str,
    swept: SweepResult | None,
    walked: WalkForwardResult | None,
    fingerprints: tuple[str, ...],
) -> dict[str, Any]:
    """Put on record what was tried, if there is a place for it.

    Args:
        storage: Of the data directory; None: none was named.
        feed: Where the prices came from, as the evidence says it.
        swept: What came of a sweep; None: it was a walk-forward.
        walked: Likewise.
        fingerprints: Of the data of each symbol.

    Returns:
        "kept"; "tried_in_all", variants tried of this strategy with those before (null where nothing is kept), and
        the "sentence" that says it.
    """
    trial = _trial(swept, walked, feed, fingerprints)
    if storage is None or trial is None or not trial.tried:
        return {"kept": False, "tried_in_all": None, "sentence": _UNKEPT}
    from desktop.store.evidence_store import StoredEvidence  # noqa: PLC0415 - only with a data directory

    evidence = StoredEvidence(storage)
    try:
        evidence.save_trial(trial)
    except StorageFault as error:
        return {"kept": False, "tried_in_all": None, "sentence": f"What was tried is not on record. {error}"}
    count = tried_variants(item for item in evidence.trials() if item.family == trial.family)
    sentence = (
        f"On record: {count:,} variants of this strategy have been tried by now. The more, the more of a good result "
        "is luck; the same ranges on the same data count once."
    )
    return {"kept": True, "tried_in_all": count, "sentence": sentence}


def _trial(
    swept: SweepResult | None, walked: WalkForwardResult | None, feed: str, fingerprints: tuple[str, ...]
) -> Trial | None:
    def found_at(settings: SessionSettings) -> SessionSettings:
        return replace(settings, feed=feed)

    if swept is not None:
        return trial_of_sweep(replace(swept, settings=found_at(swept.settings)), fingerprints)
    if walked is not None:
        return trial_of_walk(replace(walked, settings=found_at(walked.settings)), fingerprints)
    return None

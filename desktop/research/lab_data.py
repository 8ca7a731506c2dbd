"""From what a draft names to what runs: prices read in the process of the job, settings made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Protocol

from desktop.domain.errors import FieldError, NotFound
from desktop.domain.history import SeriesInfo
from desktop.domain.market import FeedOrigin
from desktop.domain.sessions import ExecutionMode, SessionSettings
from desktop.domain.strategy_text import strategy_version
from desktop.feeds.recording import Recording
from desktop.market.calendars import trading_hours
from desktop.market.history import History, read_history
from desktop.market.history_range import cut
from desktop.market.splits import adjusted_history, pending_splits
from desktop.research.api import FILE, SERIES, SIMULATED, BacktestDraft, DataChoice, DataRef
from desktop.research.skip import Progress

REPLAY, HISTORY = "replay:", "history:"  # how the feed of a stored backtest says where its prices came from
PERIOD, _BETWEEN = "period:", ".."  # before it, where only a part of them was taken
_APART = "|"  # between the sources of several symbols
_READING = 0.3  # of a backtest's progress


class SeriesStore(Protocol):
    """The stored series, as a job needs them. Calls block; goes to another process, so it can be pickled."""

    def series(self) -> Sequence[SeriesInfo]: ...

    def get(self, series_id: int) -> SeriesInfo: ...

    def history(self, series_id: int) -> History: ...


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a job needs of the rest of the program; it travels to the job's process.

    Attributes:
        series: The stored series.
        simulated: Returns simulated bars of a symbol and timeframe.
        run_key: Returns the key of a run from its settings and the fingerprints of its data.
        session_of: Returns the session id of a key.
    """

    series: SeriesStore
    simulated: Callable[[str, str], History]
    run_key: Callable[[SessionSettings, Sequence[str]], str]
    session_of: Callable[[str], str]


def symbol_of(path: str) -> str:
    """Return the symbol a file is tested as: the first part of its name, in capitals."""
    return PurePath(path).stem.split("_")[0].upper() or "FILE"


def describe(info: SeriesInfo) -> DataChoice:
    """Return a stored series as a choice."""
    adjusted = " adjusted" if info.adjusted else ""  # first: a narrow list cuts the end off
    return DataChoice(
        DataRef(info.symbol, f"{SERIES}{info.series_id}"),
        f"{info.symbol} {info.timeframe or info.kind}{adjusted}, {info.source}",
        info.kind,
        info.timeframe,
        info.instrument.currency,
        info.first,
        info.last,
        info.rows,
        adjusted=info.adjusted,
    )


def look_at_file(path: str, progress: Progress) -> DataChoice:
    """Return what a file of prices holds: the work of a job (DataFileError: it cannot be read)."""
    symbol = symbol_of(path)
    history = read_history(path, symbol=symbol, progress=lambda _: progress(0.5))
    warning = pending_splits(history.columns, history.instrument)
    return DataChoice(
        DataRef(symbol, f"{FILE}{path}"),
        f"{symbol} {history.timeframe or history.kind}, {PurePath(path).name}",
        history.kind,
        history.timeframe,
        history.instrument.currency,
        history.begin,
        history.end,
        len(history),
        "" if warning is None else warning.sentence,
    )


def read_draft(workshop: Workshop, draft: BacktestDraft, progress: Progress) -> tuple[SessionSettings, Recording, str]:
    """Return settings, data and key of a draft.

    Raises:
        FieldError: the data cannot be tested on together, or has nothing in the period; names the field.
        DataFileError: a file cannot be read.
        NotFound: a series is no longer stored.
    """
    histories, decided = [], {}
    for place, ref in enumerate(draft.data):
        progress(_READING * place / len(draft.data))
        history, accepted = _read(workshop, ref, draft)
        histories.append(history)
        decided[ref.symbol] = accepted
    if len({item.kind for item in histories}) > 1:
        kinds = " and ".join(sorted({item.kind for item in histories}))
        raise FieldError("data", f"holds {kinds}; take one kind at a time.")
    for item in histories:
        if item.instrument.currency != draft.currency:
            raise FieldError(
                "currency",
                f"is {draft.currency}, but {item.symbol} is priced in {item.instrument.currency}. Take the same one.",
            )
    zone = trading_hours(draft.hours).zone
    found = (
        pending_splits(item.columns, item.instrument, decided=decided[item.symbol], accept=draft.splits == "accept")
        for item in histories
    )
    recording = Recording(
        tuple(histories),
        tuple(item.instrument for item in histories),
        draft.strategy.timeframe,
        {item.symbol: zone for item in histories},
        tuple(warning for warning in found if warning is not None),
    )
    settings = settings_of(draft, recording)
    key = workshop.run_key(settings, recording.fingerprints)
    return replace(settings, session_id=workshop.session_of(key)), recording, key


def _read(workshop: Workshop, ref: DataRef, draft: BacktestDraft) -> tuple[History, tuple[int, ...]]:
    """Return the prices of one symbol and the times of splits that were accepted in them."""
    accepted: tuple[int, ...] = ()
    if ref.source.startswith(FILE):
        history = read_history(ref.source.removeprefix(FILE), symbol=ref.symbol, currency=draft.currency)
    elif ref.source.startswith(SERIES):
        number = int(ref.source.removeprefix(SERIES))
        history, accepted = workshop.series.history(number), workshop.series.get(number).accepted
    elif ref.source == SIMULATED:
        history = workshop.simulated(ref.symbol, draft.strategy.timeframe)
    else:
        raise NotFound("data", ref.source, "Choose a stored series or a file.")
    whole = adjusted_history(history) if draft.splits == "adjust" else history  # on the scale of the newest price
    return cut(whole, draft.begin, draft.end), accepted


def settings_of(draft: BacktestDraft, recording: Recording) -> SessionSettings:
    """Return the settings of a draft's session, its id still empty."""
    return SessionSettings(
        session_id="",
        name=draft.strategy.name,
        strategy=draft.strategy,
        strategy_version=strategy_version(draft.strategy),
        instruments=recording.instruments,
        cash=draft.cash,
        currency=draft.currency,
        mode=ExecutionMode.AUTO,
        feed=feed_of([ref.source for ref in draft.data], draft.begin, draft.end),
        origin=FeedOrigin.DEMO if any(ref.source == SIMULATED for ref in draft.data) else FeedOrigin.REPLAY,
        limits=draft.limits,
        hours=draft.hours,
        fills=draft.fills,
        seed=draft.seed,
        benchmark=recording.instruments[0].symbol,
    )


def feed_of(sources: Sequence[str], begin: int | None = None, end: int | None = None) -> str:
    """Return how a stored backtest says where its prices came from; `draft_of` reads it.

    Args:
        sources: Of each symbol, in the session's order (`DataRef.source`).
        begin: µs UTC from which rows were taken; None: all.
        end: µs UTC before which they were taken; None: all.
    """
    if begin is not None or end is not None:
        between = _BETWEEN.join("" if at is None else str(at) for at in (begin, end))
        return f"{PERIOD}{between}{_APART}{feed_of(sources)}"
    if all(source.startswith(FILE) and ("," not in source or len(sources) == 1) for source in sources):
        return REPLAY + ",".join(source.removeprefix(FILE) for source in sources)  # as a replay says it
    return HISTORY + _APART.join(sources)


def draft_of(settings: SessionSettings, *, splits: str = "warn") -> BacktestDraft:
    """Return the draft that a stored backtest was made of.

    Raises:
        NotFound: its settings do not say where its prices are.
    """
    feed, begin, end = _period_of(settings.feed)
    sources = sources_of(settings)
    if len(sources) != len(settings.instruments):
        raise NotFound("data of the backtest", feed, "Run it from its strategy on data you choose.")
    refs = tuple(DataRef(item.symbol, source) for item, source in zip(settings.instruments, sources, strict=True))
    return BacktestDraft(
        settings.strategy, refs, settings.cash, settings.currency, settings.fills, settings.hours, settings.seed,
        settings.limits, splits, begin, end,
    )  # fmt: skip


def sources_of(settings: SessionSettings) -> list[str]:
    """Return where the prices of each symbol came from (`DataRef.source`); nothing where the feed does not say it."""
    feed, _, _ = _period_of(settings.feed)
    alone = len(settings.instruments) == 1  # the path of a single file may hold what parts several
    if feed.startswith(HISTORY):
        named = feed.removeprefix(HISTORY)
        return [named] if alone else named.split(_APART)
    if feed.startswith(REPLAY):
        paths = feed.removeprefix(REPLAY)
        return [FILE + path for path in ([paths] if alone else paths.split(","))]
    return []


def _period_of(feed: str) -> tuple[str, int | None, int | None]:
    """Return the feed of a stored backtest without its period, and the period."""
    if not feed.startswith(PERIOD):
        return feed, None, None
    between, _, rest = feed.removeprefix(PERIOD).partition(_APART)
    begin, _, end = between.partition(_BETWEEN)
    return rest, int(begin) if begin else None, int(end) if end else None


def read_again(
    workshop: Workshop, settings: SessionSettings, fingerprints: Sequence[str], progress: Progress
) -> tuple[SessionSettings, Recording]:
    """Return the data of a stored backtest under its own settings: steps and lots as they were.

    Raises:
        NotFound: the data is no longer where it was.
        FieldError: it is not the data it was.
    """
    names = ""
    for splits in ("warn", "adjust"):
        _, recording, _ = read_draft(workshop, draft_of(settings, splits=splits), progress)
        if tuple(recording.fingerprints) == tuple(fingerprints):
            recording.instruments = settings.instruments
            return settings, recording
        names = ", ".join(Path(item.path).name for item in recording.histories)
    raise FieldError(
        "data",
        f"{names} has changed since the backtest was stored, so it cannot be reproduced. The stored result stays; "
        "bring the old data back, or run a new backtest on the new data.",
    )

"""What a session is: settings, states and the literal table of its legal moves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from desktop.domain.errors import FieldError
from desktop.domain.instruments import Instrument
from desktop.domain.market import SECOND
from desktop.domain.money import ONE, ZERO
from desktop.domain.risk import RiskLimits
from desktop.domain.strategies import Strategy


class SessionState(StrEnum):
    """Where a session is in its life."""

    CREATED = "CREATED"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    RECOVERING = "RECOVERING"
    STOPPED = "STOPPED"
    FAILED = "FAILED"


_S = SessionState
SESSION_MOVES: MappingProxyType[SessionState, frozenset[SessionState]] = MappingProxyType(
    {
        _S.CREATED: frozenset({_S.RUNNING, _S.STOPPED, _S.FAILED}),
        _S.RUNNING: frozenset({_S.PAUSED, _S.RECOVERING, _S.STOPPED, _S.FAILED}),
        _S.PAUSED: frozenset({_S.RUNNING, _S.RECOVERING, _S.STOPPED, _S.FAILED}),
        _S.RECOVERING: frozenset({_S.RUNNING, _S.PAUSED, _S.STOPPED, _S.FAILED}),
        _S.STOPPED: frozenset({_S.RUNNING}),
        _S.FAILED: frozenset({_S.RECOVERING, _S.STOPPED}),
    }
)


class ExecutionMode(StrEnum):
    """Who decides that a signal becomes an order."""

    MANUAL = "manual"  # the user, for entries and rule exits
    SEMI_AUTO = "semi-auto"  # the user for entries; rule exits go at once
    AUTO = "auto"


class StopChoice(StrEnum):
    """What a stop does with working orders and positions."""

    KEEP = "keep"
    CANCEL = "cancel"
    FLATTEN = "flatten"


INSTRUMENT_HOURS = "instrument"  # hours of a session: each instrument's own
SIMULATED = "simulated"  # the broker of a session that fills its own orders
PAPER_ACCOUNTS = frozenset({"alpaca-paper"})  # brokers where orders are real and money is not


class FillModelKind(StrEnum):
    """The named fill models of X2."""

    IDEAL = "ideal"
    FIXED = "fixed"
    REALISTIC = "realistic"


@dataclass(frozen=True, slots=True)
class FillSettings:
    """Numbers of a fill model; the three named ones come from `FillSettings.of`. Basis points: 1 bp = 0.01 %."""

    kind: FillModelKind = FillModelKind.REALISTIC
    slippage_mean_bp: Decimal = ZERO
    slippage_sd_bp: Decimal = ZERO
    slippage_max_bp: Decimal = ZERO
    latency_mean_us: int = 0
    latency_sd_us: int = 0
    latency_min_us: int = 0
    latency_max_us: int = 0
    impact_bp: Decimal = (
        ZERO  # at an order as large as the bar's or quote's volume; grows with the square root of the share
    )
    volume_share: Decimal = ZERO  # largest share of the bar's or quote's volume an order gets; 0 = all
    fee_percent: Decimal = ZERO

    @classmethod
    def of(cls, kind: FillModelKind) -> FillSettings:
        """Return the settings of a named model (X2)."""
        if kind is FillModelKind.IDEAL:
            return cls(kind=kind)
        if kind is FillModelKind.FIXED:
            ten = Decimal(10)
            return cls(kind=kind, slippage_mean_bp=ten, slippage_max_bp=ten, fee_percent=Decimal("0.1"))
        return cls(
            kind=kind,
            slippage_mean_bp=Decimal(2),
            slippage_sd_bp=Decimal(1),
            slippage_max_bp=Decimal(5),
            latency_mean_us=10_000,
            latency_sd_us=2_000,
            latency_min_us=5_000,
            latency_max_us=15_000,
            impact_bp=Decimal(10),
            volume_share=Decimal("0.1"),
            fee_percent=Decimal("0.1"),
        )

    def with_costs(
        self,
        *,
        slippage_bp: Decimal | None = None,
        fee_percent: Decimal | None = None,
        impact_bp: Decimal | None = None,
        volume_share: Decimal | None = None,
    ) -> FillSettings:
        """Return the model with costs of one's own; None: as it is.

        Args:
            slippage_bp: Mean slippage, basis points; its bound follows where it is lower.
            fee_percent: Of each fill's value.
            impact_bp: Market impact of an order as large as the bar's or quote's volume, basis points.
            volume_share: Largest share of that volume an order gets, a fraction; 0 = all.
        """
        mean = self.slippage_mean_bp if slippage_bp is None else slippage_bp
        return replace(
            self,
            slippage_mean_bp=mean,
            slippage_max_bp=max(self.slippage_max_bp, mean),
            fee_percent=self.fee_percent if fee_percent is None else fee_percent,
            impact_bp=self.impact_bp if impact_bp is None else impact_bp,
            volume_share=self.volume_share if volume_share is None else volume_share,
        )


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """Everything a session was started with (S6). Immutable: a changed limit is a command on record."""

    session_id: str
    name: str
    strategy: Strategy
    strategy_version: str  # content hash
    instruments: tuple[Instrument, ...]  # in the configured order of symbols
    cash: Decimal = Decimal(10_000)
    currency: str = "USD"
    mode: ExecutionMode = ExecutionMode.MANUAL
    feed: str = "simulator"  # simulator | replay:FILE | later ccxt:binance, alpaca
    origin: str = "demo"  # FeedOrigin: where the prices come from
    broker: str = SIMULATED
    account: str = "paper"
    limits: RiskLimits = field(default_factory=RiskLimits)
    hours: str = "always"  # always | XNYS | XKRX | 09:00-15:30@Asia/Seoul; "instrument" takes each instrument's own
    fills: FillSettings = field(default_factory=lambda: FillSettings.of(FillModelKind.REALISTIC))
    seed: int = 1
    tick_interval: int = SECOND  # µs
    benchmark: str = ""
    signal_ttl: int = 60 * SECOND  # µs an unanswered entry signal lives
    capital_allocation: Decimal = ONE  # share of the cash the session may use; always 1 on paper

    def __post_init__(self) -> None:
        if not self.instruments:
            raise FieldError("symbols", "name at least one symbol.")
        if len({item.symbol for item in self.instruments}) != len(self.instruments):
            raise FieldError("symbols", "a symbol is named twice.")
        if not self.cash.is_finite() or self.cash <= ZERO:
            raise FieldError("cash", "must be an amount above zero.")
        for item in self.instruments:
            if item.currency != self.currency:
                raise FieldError(
                    "symbols",
                    f"{item.symbol} is priced in {item.currency}, the session in {self.currency}. "
                    "One currency per session.",
                )

    @property
    def is_live(self) -> bool:
        """Whether its orders leave the process for a broker; how it trades is chosen by it in `build_unit` alone."""
        return self.broker != SIMULATED

    @property
    def real_money(self) -> bool:
        """Whether its orders move money: they go to a broker, and not to its own paper account."""
        return self.is_live and self.broker not in PAPER_ACCOUNTS

    def hours_of(self, symbol: str) -> str:
        """Return the trading hours of one of its symbols (KeyError: not one of them), never "instrument"."""
        return self.instrument(symbol).calendar if self.hours == INSTRUMENT_HOURS else self.hours

    def instrument(self, symbol: str) -> Instrument:
        """Return the instrument of a symbol of this session (KeyError: not one of them)."""
        for item in self.instruments:
            if item.symbol == symbol:
                return item
        raise KeyError(symbol)

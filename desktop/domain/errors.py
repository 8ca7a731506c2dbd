"""Errors as sentences: what happened, what was protected, what to do next.

Three kinds, told apart by their base class: the user's mistake, the environment, and our own bug.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


class AssayError(Exception):
    """Base of everything Assay raises on purpose."""


class UserMistake(AssayError):
    """Input that cannot be right; nothing was changed. Exit status 2 on the command line."""


class EnvironmentFault(AssayError):
    """Disk, database, network, keyring or clock: outside the program and outside the user's input."""


class ProgramBug(AssayError):
    """A state that our own code must never reach."""


class EvidenceDiffers(ProgramBug):
    """A backtest that was stored as evidence came to something else when it was run again.

    Attributes:
        evidence: Its id as people are shown it.
    """

    def __init__(self, evidence: str, *, strategy: str, before: str, after: str) -> None:
        self.evidence = evidence
        super().__init__(
            f"STORED EVIDENCE {evidence} DIFFERS. The backtest of {strategy} came to {before}; the same strategy, "
            f"data, options and seed come to {after}. What was stored is unchanged, and the difference is on record. "
            "Trust neither result until it is explained: please report it with both."
        )


class RuleError(UserMistake):
    """A formula that cannot be compiled.

    Attributes:
        message: The sentence without its position.
        column: 1-based character column in the text as typed; 0 when it concerns the whole text.
        suggestion: What was probably meant ("did you mean sma?"); empty when nothing comes near.
    """

    def __init__(self, message: str, *, column: int = 0, suggestion: str = "") -> None:
        self.message, self.column, self.suggestion = message, column, suggestion
        place = f"column {column}: " if column else ""
        super().__init__(f"{place}{message}" + (f" {suggestion}" if suggestion else ""))


class FieldError(UserMistake):
    """A setting with a value out of its range; names the field so that a dialog can show it there."""

    def __init__(self, field: str, message: str) -> None:
        self.field, self.message = field, message
        super().__init__(f"{field}: {message}")


class IllegalMove(UserMistake):
    """A change of state that the table of legal moves does not hold; nothing was changed."""

    def __init__(self, what: str, now: str, wanted: str, legal: tuple[str, ...]) -> None:
        self.what, self.now, self.wanted, self.legal = what, now, wanted, legal
        options = ", ".join(legal) if legal else "none, this state is final"
        super().__init__(
            f"{what} is {now} and cannot become {wanted}. Possible from here: {options}. Nothing was changed."
        )


class NotFound(UserMistake):
    """Something was named that does not exist."""

    def __init__(self, kind: str, name: str, hint: str = "") -> None:
        self.kind, self.name = kind, name
        super().__init__(f"There is no {kind} {name!r}." + (f" {hint}" if hint else ""))


class PositionNotFound(NotFound):
    """A close or change was asked for a symbol that the session does not hold."""

    def __init__(self, symbol: str, session: str) -> None:
        self.symbol, self.session = symbol, session
        super().__init__(
            "open position in",
            symbol,
            f"Session {session} holds none, so there is nothing to close. No order was sent.",
        )


class InsufficientCash(UserMistake):
    """The session cannot pay for the order."""

    def __init__(self, *, symbol: str, needed: Decimal, available: Decimal, currency: str) -> None:
        self.symbol, self.needed, self.available, self.currency = symbol, needed, available, currency
        super().__init__(
            f"{symbol}: the order needs {needed:,f} {currency} but only {available:,f} {currency} is free. "
            "No order was sent. Lower the quantity or cancel a working order."
        )


class InsufficientPosition(UserMistake):
    """More was to be sold than is held and not already being sold."""

    def __init__(self, *, symbol: str, needed: Decimal, available: Decimal) -> None:
        self.symbol, self.needed, self.available = symbol, needed, available
        super().__init__(
            f"{symbol}: the order sells {needed:,f} but only {available:,f} is held and free. "
            "No order was sent. Lower the quantity or cancel a working sell order."
        )


class DataFileError(UserMistake):
    """A file of market data or settings that cannot be used; says the row where there is one."""

    def __init__(self, path: str, message: str, *, row: int = 0) -> None:
        self.path, self.message, self.row = path, message, row
        super().__init__(f"{path}" + (f", row {row}" if row else "") + f": {message}")


class StorageFault(EnvironmentFault):
    """The database cannot take a write: no new order leaves, cancels still work."""


class NewerDatabase(EnvironmentFault):
    """The data directory was written by a newer Assay; it is left untouched."""


class AlreadyRunning(EnvironmentFault):
    """Another Assay owns this data directory."""

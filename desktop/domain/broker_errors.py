"""What can go wrong at a broker. Which of them it is decides whether an order may exist there."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.domain.errors import EnvironmentFault, NotFound, UserMistake


class BrokerNotFoundError(NotFound):
    """No broker has this id."""

    def __init__(self, broker_id: str, known: Sequence[str]) -> None:
        self.broker_id, self.known = broker_id, tuple(known)
        super().__init__("broker", broker_id, f"There are {', '.join(known)}. Nothing was started.")


class BrokerFault(EnvironmentFault):
    """Something at the broker or on the way to it."""


class NotSent(BrokerFault):
    """The request certainly did not reach the broker: nothing exists there; it may be tried again under the same id.

    No connection, refused before it was written, or over the rate limit.
    """

    def __init__(self, message: str, *, retry_after: float = 0.0) -> None:
        self.retry_after = retry_after  # seconds to wait; 0 = not said
        super().__init__(message)


class OutcomeUnknown(BrokerFault):
    """The request left and no answer came (time-out, 5xx, broken connection): the order may or may not exist.

    Never "failed": it is asked for by its client order id and never sent again.
    """


class OrderRefused(BrokerFault):
    """The broker said no: the order does not exist there. `code` is the broker's own."""

    def __init__(self, message: str, *, code: str = "") -> None:
        self.code = code
        super().__init__(message)


class CredentialsRefused(BrokerFault):
    """The broker does not accept the credentials (expired, revoked, wrong, of the other endpoint)."""


class KeyringFault(EnvironmentFault):
    """The operating system's keyring is locked, missing or refuses: live is refused, nothing is kept elsewhere."""


class DamagedCredentials(KeyringFault):
    """What the keyring holds cannot be understood: waiting helps nothing, the user has to replace it."""


class PreRequisiteNotMetError(UserMistake):
    """A live session was asked for and its prerequisites do not all hold; no session was created.

    Attributes:
        failed: Name and sentence of each that failed.
    """

    def __init__(self, failed: Sequence[tuple[str, str]]) -> None:
        self.failed = tuple(failed)
        reasons = " ".join(f"{name}: {sentence}" for name, sentence in failed)
        super().__init__(f"This strategy may not trade live yet. {reasons} No session was created.")

"""One request to an exchange: whether it left, what came back, and which of our errors that is.

The library's own classes of errors do not say whether an order may exist. Its methods are watched instead: `fetch`
tells that a request left, the handlers of errors tell the status and headers of the answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from desktop.domain.broker_errors import BrokerFault, CredentialsRefused, NotSent, OrderRefused, OutcomeUnknown
from desktop.exchanges.faults import code_of, names_of, words_of
from desktop.net.budget import RateBudget, Use, retry_after

T = TypeVar("T")

_LIMITED = frozenset({418, 429})
_CONNECTING = frozenset({"ClientConnectorError", "ClientConnectorDNSError", "gaierror", "ClientConnectorSSLError"})
_CREDENTIALS = frozenset({"-1002", "-1022", "-2014", "-2015", "50105", "50111", "50113", "50119"})
_NOBODY_KNOWS = frozenset({"-1006", "-1007"})
_CLOCK = "-1021"
_DUPLICATE = ("Duplicate order", "Duplicated client order ID", "DuplicateOrderId", "51016")


class DuplicateOrder(OrderRefused):
    """The exchange has an order of this id already."""


class OrderMissing(OrderRefused):
    """The exchange has no such order, or it is done."""


@dataclass(slots=True)
class _Trace:
    """What became of one call."""

    left: bool = False  # a request was handed to the network
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)


_TRACE: ContextVar[_Trace | None] = ContextVar("crypto_call", default=None)


def watch(exchange: Any) -> None:
    """Let an exchange tell of its requests and answers."""
    fetch, errors = exchange.fetch, exchange.handle_errors

    async def watched_fetch(*args: Any, **kwargs: Any) -> Any:
        trace = _TRACE.get()
        if trace is not None:
            trace.left = True
        return await fetch(*args, **kwargs)

    def watched_errors(code: int, reason: str, url: str, method: str, headers: Any, *rest: Any) -> Any:
        trace = _TRACE.get()
        if trace is not None:
            trace.status, trace.headers = code, {str(key): str(value) for key, value in dict(headers or {}).items()}
        return errors(code, reason, url, method, headers, *rest)

    exchange.fetch, exchange.handle_errors = watched_fetch, watched_errors


class Caller:
    """Makes the calls of one account within its rate limit, of which the last part is kept for cancels."""

    def __init__(self, title: str, budget: RateBudget, pause: Callable[[float], Awaitable[object]]) -> None:
        self._title, self._budget, self._pause = title, budget, pause

    async def read(self, what: str, call: Callable[[], Awaitable[T]]) -> T:
        """Ask; `what` names it in the sentence.

        Raises:
            CredentialsRefused: they are not accepted.
            OrderMissing: there is no such order.
            BrokerFault: no answer, or a refusal.
        """
        wait = self._budget.wait(Use.READ)
        if wait:
            await self._pause(wait)
        answer, error, trace = await self._traced(call)
        if error is None:
            return answer
        raise self._of_read(error, trace, what) from None

    async def send(self, what: str, use: Use, call: Callable[[], Awaitable[T]]) -> T:
        """Send something that changes an order, once.

        Raises:
            NotSent, OutcomeUnknown, OrderRefused, CredentialsRefused: as in `ports.brokers.Broker`.
        """
        wait = self._budget.wait(use)
        if wait:
            raise NotSent(
                f"{self._title} is not asked more often for the moment. {_opening(what)} was not sent; it is tried "
                "again by itself.",
                retry_after=wait,
            )
        answer, error, trace = await self._traced(call)
        if error is None:
            return answer
        raise self._of_send(error, trace, what) from None

    async def _traced(self, call: Callable[[], Awaitable[T]]) -> tuple[T, None, _Trace] | tuple[Any, Exception, _Trace]:
        trace = _Trace()
        before = _TRACE.set(trace)
        self._budget.took()
        try:
            return await call(), None, trace
        except Exception as error:  # noqa: BLE001 - each is told apart by what is known of the request
            if trace.status in _LIMITED:
                self._budget.shut(retry_after(trace.headers))
            return None, error, trace
        finally:
            _TRACE.reset(before)

    def _of_read(self, error: Exception, trace: _Trace, what: str) -> BrokerFault:
        names = names_of(error)
        if _concerns_credentials(error, trace):
            return self.refused_credentials()
        if "OrderNotFound" in names:
            return OrderMissing(f"{self._title} has no such order.", code=code_of(error))
        words = words_of(error) or ("no answer" if trace.status is None else f"status {trace.status}")
        return BrokerFault(
            f"{self._title} did not answer the question for {what}: {words.rstrip('.')}. It is asked again later."
        )

    def _of_send(self, error: Exception, trace: _Trace, what: str) -> BrokerFault:
        names, code, status = names_of(error), code_of(error), trace.status
        if status in _LIMITED or (names & {"DDoSProtection", "RateLimitExceeded"} and code not in _CREDENTIALS):
            return NotSent(
                f"{self._title} takes no more requests for the moment. {_opening(what)} was not sent; it is tried "
                "again by itself.",
                retry_after=retry_after(trace.headers),
            )
        if _concerns_credentials(error, trace):
            return self.refused_credentials()
        if not trace.left:
            return self._unsent(error, what)
        if status is None and type(error.__cause__).__name__ in _CONNECTING:
            return NotSent(f"{self._title} cannot be reached. {_opening(what)} was not sent.")
        refused = status is not None and status < 500 and status != 408 and "BaseError" in names
        if not refused or code in _NOBODY_KNOWS or (names & {"OperationFailed"} and code != _CLOCK):
            return OutcomeUnknown(
                f"{self._title} gave no answer that says whether it took {what}. It is looked up and never sent again."
            )
        return self._refusal(error, code, what)

    def _unsent(self, error: Exception, what: str) -> BrokerFault:
        """Return the error for what never left: the library itself refused it, or failed."""
        if "ExchangeError" in names_of(error):
            return OrderRefused(f"{what.capitalize()} cannot be placed at {self._title} as it is. Nothing was sent.")
        return NotSent(f"{_opening(what)} could not be made into a request to {self._title}. Nothing was sent.")

    def _refusal(self, error: Exception, code: str, what: str) -> OrderRefused:
        words = words_of(error).rstrip(".") or "no reason given"
        text = str(error)
        if any(sign in text for sign in _DUPLICATE):
            return DuplicateOrder(f"{self._title} has {what} already.", code=code)
        if "OrderNotFound" in names_of(error):
            return OrderMissing(f"{self._title} has no such order that still works: {words}.", code=code)
        if code == _CLOCK:
            words = "the clock of this computer differs from the exchange's; set it and try again"
        return OrderRefused(f"{self._title} refused {what}: {words}.", code=code)

    def refused_credentials(self) -> CredentialsRefused:
        """Return the error for credentials that are not accepted."""
        return CredentialsRefused(
            f"{self._title} does not accept the API key of this account: it is wrong, revoked, expired, or may not "
            "trade from here. Nothing is sent until it is replaced; open orders stay as they are."
        )


def _concerns_credentials(error: BaseException, trace: _Trace) -> bool:
    if code_of(error) in _CREDENTIALS or trace.status == 401:
        return True
    return "AuthenticationError" in names_of(error)


def concerns_credentials(error: BaseException | None) -> bool:
    """Whether a stream was refused because of its credentials; the library may stumble over that with another error."""
    while error is not None:
        if _concerns_credentials(error, _Trace()):
            return True
        error = error.__cause__ or error.__context__
    return False


def _opening(what: str) -> str:
    return what[:1].upper() + what[1:]

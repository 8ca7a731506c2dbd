"""What Alpaca's answers mean: refused, credentials, too many requests, or nobody knows."""

from __future__ import annotations

from desktop.domain.broker_errors import BrokerFault, CredentialsRefused, NotSent, OrderRefused, OutcomeUnknown
from desktop.net.budget import retry_after
from desktop.net.http import Answer

_TOLD = 300  # characters of Alpaca's own words that are passed on


class DuplicateOrder(OrderRefused):
    """An order with this client id is at Alpaca already."""


def refused_credentials(*, live: bool) -> CredentialsRefused:
    """Return the error for credentials that are not accepted."""
    kind = "live" if live else "paper"
    return CredentialsRefused(
        f"Alpaca does not accept the credentials of this {kind} account: they are wrong, revoked, or those of the "
        "other kind of account. Nothing is sent until they are replaced; open orders stay as they are at Alpaca."
    )


def code_of(answer: Answer) -> str:
    """Return Alpaca's own error code; empty: it gave none."""
    return str(answer.data.get("code") or "") if isinstance(answer.data, dict) else ""


def words_of(answer: Answer) -> str:
    """Return what Alpaca says in its own words."""
    said = answer.data.get("message") if isinstance(answer.data, dict) else None
    return " ".join(str(said).split())[:_TOLD] if said else f"status {answer.status}"


def concerns_credentials(answer: Answer) -> bool:
    """Whether an answer refuses the caller and not the request: 403 says both, only its code tells."""
    if answer.status == 401:
        return True
    return answer.status == 403 and isinstance(answer.data, dict) and code_of(answer) in {"", "40110000"}


def of_order(answer: Answer, *, live: bool, what: str) -> BrokerFault:
    """Return the error for an order, a change or a cancel that was not granted; `what` names it in the sentence."""
    if answer.status == 429:
        return NotSent(
            f"Alpaca takes no more requests for the moment. {opening(what)} was not sent; it is tried again by itself.",
            retry_after=retry_after(answer.headers),
        )
    if concerns_credentials(answer):
        return refused_credentials(live=live)
    if answer.status in range(400, 500) and answer.status != 408:
        code, words = code_of(answer), words_of(answer)
        if "client_order_id" in words and "unique" in words:
            return DuplicateOrder(f"Alpaca has {what} already.", code=code)
        return OrderRefused(f"Alpaca refused {what}: {words}.", code=code or str(answer.status))
    return OutcomeUnknown(
        f"Alpaca answered {what} with status {answer.status}, which does not say whether it was taken. "
        "It is looked up and never sent again."
    )


def of_read(answer: Answer, *, live: bool, what: str) -> BrokerFault:
    """Return the error for a question that was not answered; `what` names it in the sentence."""
    if concerns_credentials(answer):
        return refused_credentials(live=live)
    return BrokerFault(f"Alpaca did not answer the question for {what}: {words_of(answer)}. It is asked again later.")


def opening(what: str) -> str:
    """Return what a sentence is about as its first words."""
    return what[:1].upper() + what[1:]

"""Facts about means of payment and accounts at providers; nothing personal stands in them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from faktura.domain.events import Event, EventType
from faktura.domain.payment_accounts import PaymentAccount
from faktura.domain.payment_means import PaymentMeans
from faktura.kernel.ids import id_within
from faktura.services.accounting_events import ledger_id
from faktura.services.outbox import announce
from faktura.store.events import next_sequences
from faktura.store.facts import Facts, write_facts
from faktura.store.transaction import Tx

_MEANS = "payment_means"
_ACCOUNT = "payment_account"


def means_events(
    tx: Tx, means: Sequence[PaymentMeans], numbers: Mapping[UUID, str], change: str
) -> list[Event]:
    """One event for each of these means; `numbers` are the customers', `change` what happened.

    The caller holds the customers' locks.
    """
    sequences = next_sequences(tx, [one.id for one in means])
    return [
        Event(
            EventType.PAYMENT_MEANS_CHANGED,
            _MEANS,
            one.id,
            sequences[one.id],
            {
                "customerNumber": numbers[one.customer_id],
                "method": one.method,
                "account": one.instance,
                "state": one.state,
                "reason": one.reason,
                "change": change,
            },
        )
        for one in means
    ]


def tell_of_account(tx: Tx, account: PaymentAccount, change: str) -> None:
    """Tell that an account was changed; the caller holds the tenant's lock."""
    own = id_within(ledger_id(tx), f"{_ACCOUNT}:{account.instance}")
    data: dict[str, object] = {
        "account": account.instance,
        "provider": account.provider,
        "state": account.state,
        "problem": account.problem,
        "change": change,
    }
    told = Event(
        EventType.PROVIDER_ACCOUNT_CHANGED, _ACCOUNT, own, next_sequences(tx, [own])[own], data
    )
    write_events(tx, [told])


def write_events(tx: Tx, events: Sequence[Event]) -> None:
    """Write events alone, under a seal of their own; nothing for none."""
    if events:
        announce(tx, write_facts(tx, Facts(events=list(events))))

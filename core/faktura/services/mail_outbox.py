"""Mails are asked for with the fact that they tell of: one row a fact and use, in its transaction (P48).

A mail is written and sent later, outside of it. Asked for again, by whom ever and however often, a
fact has the row that it had.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from faktura.domain.mails import MailAsk
from faktura.domain.tenants import Tenant
from faktura.kernel.outbox_terms import MailUse
from faktura.services.mail_facts import asks_of
from faktura.services.mail_pump import start_sending
from faktura.store.events import SealedEvent
from faktura.store.mails import last_place, write_mails
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx

_NOTHING: Mapping[str, object] = {}


def mails_for(tx: Tx, tenant: Tenant, events: Sequence[SealedEvent]) -> int:
    """Ask for the mails of one seal's events that the tenant has not switched off; how many are new."""
    asks = [one for one in asks_of(tx, events) if one.use not in tenant.mail.off]
    if not asks:
        return 0
    new = write_mails(tx, asks, place=events[0].seal_seq)
    if new:
        start_sending(tx)
    return new


def ask_for_mail(  # noqa: PLR0913 - what a row of its own says
    tx: Tx,
    use: MailUse,
    fact: str,
    *,
    lane: str,
    customer_id: UUID | None = None,
    document_id: UUID | None = None,
    given: Mapping[str, object] = _NOTHING,
) -> bool:
    """Ask for one mail beside the events, in the transaction of its fact; whether it is a new one.

    `fact` names the fact, the same however often it is asked; `given` is what the text says of it.
    Nothing is written of a use that the tenant has switched off.
    """
    ask = MailAsk(use, fact, lane, customer_id, document_id, given)
    return ask_for_mails(tx, [ask]) == 1


def ask_for_mails(tx: Tx, asks: Sequence[MailAsk]) -> int:
    """The same for many at once; how many are new."""
    off = read_tenant(tx).mail.off
    wanted = [one for one in asks if one.use not in off]
    if not wanted:
        return 0
    new = write_mails(tx, wanted, place=last_place(tx))
    if new:
        start_sending(tx)
    return new

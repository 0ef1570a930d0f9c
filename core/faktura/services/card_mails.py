"""Customers hear that their card expires before something fails by it (F087)."""

from datetime import timedelta
from uuid import UUID

from faktura.domain.mails import MailAsk
from faktura.kernel.clock import local_date
from faktura.kernel.outbox_terms import MailUse
from faktura.services.mail_outbox import ask_for_mails
from faktura.store.expiring_means import expiring_cards
from faktura.store.mail_documents import newest_documents
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx

_CARDS_AT_ONCE = 500


def write_of_cards(tx: Tx, after: UUID | None) -> UUID | None:
    """Ask for mails of the next cards that expire soon; gives where to go on, None at the end.

    A card and its last day are written of once, however often this runs.
    """
    tenant = read_tenant(tx)
    today = local_date(tx.clock, tenant.time_zone)
    last = today + timedelta(days=tenant.mail.card_days)
    cards = expiring_cards(tx, today, last, after=after, limit=_CARDS_AT_ONCE)
    # The page for means of payment lies behind a document's link.
    documents = newest_documents(tx, {customer_id for _, customer_id, *_ in cards})
    ask_for_mails(
        tx,
        [
            MailAsk(
                MailUse.CARD_EXPIRING,
                f"means:{means_id.hex}:{expires_on}",
                number,
                customer_id,
                documents.get(customer_id),
                {"name": label, "expiresOn": str(expires_on)},
            )
            for means_id, customer_id, number, label, expires_on in cards
        ],
    )
    return cards[-1][0] if len(cards) == _CARDS_AT_ONCE else None

"""A customer is sent the way to the page where they keep their means of payment (F089, F121)."""

from dataclasses import dataclass
from uuid import UUID

from faktura.kernel.errors import Conflict, Misconfigured
from faktura.kernel.outbox_terms import MailUse
from faktura.services.mail_outbox import ask_for_mail
from faktura.store.customers import read_customer
from faktura.store.mail_documents import newest_documents
from faktura.store.mails import mail_of_fact
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class SentAccess:
    """The mail that brings the link."""

    customer: str
    mail_id: UUID


def send_access(tx: Tx, customer_number: str, public_url: str | None) -> SentAccess:
    """Ask for the mail with the link; each time it is asked for, another one is sent.

    Raises NotFound, Misconfigured without an address of ours, Conflict for a customer who has no
    document yet and where such mails are switched off.
    """
    customer = read_customer(tx, customer_number)
    if public_url is None:
        raise Misconfigured(
            "nobody said by which address browsers find us, and the link leads there",
            place="FAKTURA_PUBLIC_URL",
            mend="Set it, e.g. to https://billing.example.com",
        )
    document = newest_documents(tx, [customer.id]).get(customer.id)
    if document is None:
        raise Conflict(
            f"{customer.number} has no invoice yet, and the page lies behind the newest one",
            place="customerNumber",
            mend="Send it once the first invoice is issued",
        )
    fact = f"access:{tx.new_id().hex}"
    if not ask_for_mail(
        tx,
        MailUse.PORTAL_ACCESS,
        fact,
        lane=customer.number,
        customer_id=customer.id,
        document_id=document,
    ):
        raise Conflict(
            "mails for PORTAL_ACCESS are switched off",
            mend="Run: faktura mails settings --on PORTAL_ACCESS",
        )
    return SentAccess(customer.number, mail_of_fact(tx, fact, MailUse.PORTAL_ACCESS))

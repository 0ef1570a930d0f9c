"""The request that an attempt sends, frozen with it: repeated to the letter or not at all (P26)."""

from datetime import date, timedelta

from faktura.domain.attempts import Attempt
from faktura.domain.customers import Customer
from faktura.domain.means_choice import Chosen
from faktura.domain.payment_means import PaymentMeans
from faktura.domain.tenants import Tenant
from faktura.kernel.payment_terms import AttemptChannel
from faktura.plugin import AttemptReference, CollectRequest
from faktura.services.payment_means import reference_of_means
from faktura.store.payable import DocumentState
from faktura.store.transaction import Tx

# Whoever opened an attempt sends it within this time; later somebody else does.
LEFT_BEHIND = timedelta(minutes=2)


def new_attempt(
    tx: Tx, tenant: Tenant, document: DocumentState, customer: Customer, chosen: Chosen, on: date
) -> Attempt:
    """An attempt for what is open of a document now; `on` is when it is to be debited."""
    now, own = tx.now(), tx.new_id()
    request = CollectRequest(
        attempt=own,
        tenant=tenant.key,
        amount=document.open.decimal,
        currency=document.open.currency,
        method=chosen.method,
        means=reference_of_means(chosen.means),
        invoice_number=document.number,
        customer_number=customer.number,
        customer_name=customer.name,
        description=f"{tenant.seller.legal_name} {document.number}",
        created_at=now,
        due_on=on,
    )
    return Attempt(
        own,
        document.id,
        document.customer_id,
        chosen.account.instance,
        chosen.method,
        AttemptChannel.BACKGROUND,
        document.open,
        request.model_dump_json(),
        on,
        now,
        means_id=chosen.means.id,
        fingerprint=fingerprint_of(chosen.means),
        next_check_at=now + LEFT_BEHIND,
    )


def fingerprint_of(means: PaymentMeans) -> str:
    """What tells a means from all others, whoever saved it twice: the provider's word, or our id."""
    return means.fingerprint or f"means:{means.id.hex}"


def request_of(attempt: Attempt) -> CollectRequest:
    """The frozen request of an attempt that we made; one on a page has another kind of request."""
    return CollectRequest.model_validate_json(attempt.request)


def reference_of(attempt: Attempt) -> AttemptReference:
    """The attempt as its provider is asked about it."""
    return AttemptReference(
        request=request_of(attempt),
        reference=attempt.reference or "",
        first_sent_at=attempt.first_sent_at,
        last_sent_at=attempt.last_sent_at,
    )

"""What a customer's page is asked for at a provider, and what is kept of the page (payments 1.8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.domain.customers import Customer
from faktura.domain.documents import DocumentRecord
from faktura.domain.payment_means import PaymentMeans
from faktura.domain.tenants import Tenant
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptChannel, AttemptState
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import Embedded, PageRequest
from faktura.store.codec import from_json, to_json

# Providers keep a page open for half an hour at least; an hour is long enough to find a card.
PAGE_LENGTH = timedelta(minutes=60)
# Stands in an address for the id of the page that leads back there.
PAGE_ID = "{page}"
# A page that ends sooner is not worth going back to.
_WORTH_REUSING = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer asks for on a document's page: `amount` is what they saw as open.

    `save` says that the means may be used for later invoices. The browser comes back to `return_url`.
    """

    method: PaymentMethod
    save: bool
    amount: Money
    return_url: str


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as its attempt keeps it, as JSON text; `url` is the provider's, else it is in ours.

    `result` is what the provider's fields gave, since `result_at`: from then on it may be charged
    and is not closed. Of a page that is `closing` no result is taken any more.
    """

    reference: str
    url: str = ""
    embedded: Embedded | None = None
    customer: str = ""
    result: str | None = None
    result_at: datetime | None = None
    closing: bool = False


def kept_page(attempt: Attempt) -> KeptPage | None:
    """The attempt's page; None while it is not known whether it was opened."""
    return None if attempt.page is None else from_json(attempt.page, KeptPage)


def page_text(page: KeptPage) -> str:
    """The page as it is kept."""
    return to_json(page, KeptPage)


def page_request(attempt: Attempt) -> PageRequest:
    """The frozen request of an attempt on a page."""
    return from_json(attempt.request, PageRequest)


def request_text(request: PageRequest) -> str:
    """The request as it is frozen."""
    return to_json(request, PageRequest)


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose page it is: the document, its customer, what is saved of theirs, and whom they pay."""

    tenant: Tenant
    record: DocumentRecord
    customer: Customer
    means: tuple[PaymentMeans, ...]

    def at(self, instance: str) -> str:
        """What the provider calls the customer, as it was told last; empty where it was not."""
        return _last(one.details.customer for one in self.means if one.instance == instance)

    def request(
        self, attempt_id: UUID, instance: str, wish: Wish, now: datetime, amount: Money | None
    ) -> PageRequest:
        """What is asked for; without an amount a means of payment is saved and nothing is paid."""
        customer, seller = self.customer, self.tenant.seller
        return PageRequest(
            attempt=attempt_id,
            tenant=self.tenant.key,
            amount=None if amount is None else amount.decimal,
            currency=self.record.currency,
            method=wish.method,
            save=wish.save,
            invoice_number=self.record.number,
            customer_number=customer.number,
            customer_name=customer.name,
            customer_email=customer.email,
            customer=self.at(instance),
            language=customer.language,
            description=f"{self.record.number} {seller.trading_name or seller.legal_name}",
            return_url=wish.return_url.replace(PAGE_ID, str(attempt_id)),
            created_at=now,
            expires_at=now + PAGE_LENGTH,
        )


def is_under_way(attempt: Attempt) -> bool:
    """Whether a live attempt may be taking the money now: then nobody else may pay (P42).

    A page that waits for its customer is not, nor is a payment that they must confirm: both can
    be called off.
    """
    if attempt.channel is not AttemptChannel.PAGE:
        return attempt.state is not AttemptState.ACTION_NEEDED
    page = kept_page(attempt)
    return attempt.state is AttemptState.PENDING or (
        page is not None and page.result_at is not None
    )


def is_for(attempt: Attempt, wish: Wish, instance: str, now: datetime) -> bool:
    """Whether the page of a live attempt is the one that is asked for, and open for long enough."""
    if attempt.channel is not AttemptChannel.PAGE:
        return False
    request, page = page_request(attempt), kept_page(attempt)
    asked = (wish.method, wish.amount, instance, wish.save)
    return (
        asked == (attempt.method, attempt.amount, attempt.instance, request.save)
        and (page is None or not page.closing)
        and now + _WORTH_REUSING < request.expires_at
    )


def is_over(attempt: Attempt, now: datetime) -> bool:
    """Whether the page must be closed by now."""
    return now >= page_request(attempt).expires_at


def _last(texts: Iterable[str]) -> str:
    found = [text for text in texts if text]
    return found[-1] if found else ""

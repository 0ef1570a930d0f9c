"""What letters begin with: the parties as they are today, the day, the currency of the account."""

from collections.abc import Collection
from datetime import date

from faktura.domain.customers import Customer
from faktura.domain.snapshot import buyer_snapshot, seller_snapshot
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FieldMissing, NotFound
from faktura.plugin import LetterHead
from faktura.services.document_parties import buyer_party, seller_party


def letter_head(tenant: Tenant, customer: Customer, written_on: date, currency: str) -> LetterHead:
    """The head of a letter to a customer; nothing of it is frozen: letters are no documents."""
    return LetterHead(
        language=customer.language,
        seller=seller_party(seller_snapshot(tenant.seller)),
        customer=buyer_party(buyer_snapshot(customer)),
        customer_number=customer.number,
        written_on=written_on,
        currency=currency,
    )


def currency_of_letter(customer: Customer, used: Collection[str], asked: str | None) -> str:
    """The currency that is asked for, or the only one: a letter has one.

    Raises FieldMissing where there are several to choose from, NotFound for one that is not used.
    """
    known = ", ".join(sorted(used))
    if asked is not None:
        if asked not in used:
            raise NotFound(
                f"customer {customer.number} has nothing in {asked}",
                place="currency",
                mend=f"Use one of {known}" if known else "",
            )
        return asked
    if len(used) > 1:
        raise FieldMissing(
            f"customer {customer.number} has several currencies: {known}",
            place="currency",
            mend="Name the one that the letter is to be about",
        )
    (only,) = used
    return only

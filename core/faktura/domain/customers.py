"""Customers: who is billed."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.payment_terms import PaymentTerm
from faktura.domain.tax import Buyer
from faktura.domain.vat_checks import VatChecked
from faktura.kernel.terms import PaymentMethod, RecipientUse


@dataclass(frozen=True, slots=True)
class Recipient:
    """An e-mail address and what is sent to it (F085, F126)."""

    email: str
    use: RecipientUse = RecipientUse.INVOICE


@dataclass(frozen=True, slots=True)
class Mandate:
    """A SEPA mandate: reference, debtor IBAN, day of signature."""

    reference: str
    iban: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class Customer:
    """A person or company; a company's `name` is its legal name, a person's the full name.

    `debtor_account` is the personal account in accounting. `payment_term` None means the tenant's.
    `tax_number` (BT-32) names a partner whom we credit; it never stands on an invoice. `debited_by` is
    the account at a provider that holds the customer's mandate in place of one of ours. `vat_checked` is
    the last decisive check of a VAT id, perhaps of an earlier one.
    """

    id: UUID
    number: str
    name: str
    is_business: bool
    address: Address
    debtor_account: str
    email: str = ""
    contact: ContactPerson | None = None
    recipients: tuple[Recipient, ...] = ()
    eu_tax_id: str = ""
    tax_number: str = ""
    register_number: str = ""
    leitweg_id: str = ""
    language: str = "de"
    payment_method: PaymentMethod = PaymentMethod.TRANSFER
    payment_term: PaymentTerm | None = None
    mandate: Mandate | None = None
    document_format: str | None = None
    order_reference: str = ""
    debited_by: str = ""
    # Kept apart from the record: two records are the same whatever was checked.
    vat_checked: VatChecked | None = field(default=None, compare=False)

    @property
    def buyer(self) -> Buyer:
        """The customer as the tax decision sees them."""
        return Buyer(self.address.country, self.is_business, self.eu_tax_id)

    def recipients_for(self, use: RecipientUse) -> tuple[str, ...]:
        """Addresses of that use, else the customer's own address."""
        named = tuple(r.email for r in self.recipients if r.use is use)
        return named or ((self.email,) if self.email else ())

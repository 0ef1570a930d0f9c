"""The format of customer files (docs/imports.md)."""

from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.customers import Customer, Mandate, Recipient
from faktura.domain.payment_terms import PaymentTerm
from faktura.kernel.errors import FieldMissing
from faktura.kernel.terms import IntervalUnit, PaymentMethod, RecipientUse
from faktura.services.imports.checks import Fields, ours
from faktura.services.imports.text_fields import (
    Country,
    DebtorAccount,
    Filled,
    FormatName,
    Iban,
    Language,
    LeitwegId,
    Line,
    Mail,
    MandateReference,
    Number,
    VatId,
)
from faktura.services.imports.value_fields import (
    Count,
    Day,
    Flag,
    PaymentMethodWord,
    RecipientUseWord,
    UnitWord,
)


class AddressFields(Fields):
    """`billingAddress`: the country decides the tax, so it is never assumed."""

    street: Line = ""
    zip_code: Line = ""
    city: Line = ""
    country: Country
    extra: Line = ""
    care_of: Line = ""


class ContactFields(Fields):
    """`contactPerson`."""

    name: Line = ""
    phone: Line = ""
    email: Mail | None = None
    shown: Flag = True

    @property
    def person(self) -> ContactPerson:
        """The contact person."""
        return ContactPerson(self.name, self.phone, self.email or "", self.shown)


class RecipientFields(Fields):
    """One of `recipients`."""

    email: Mail
    use: RecipientUseWord = RecipientUse.INVOICE

    @property
    def recipient(self) -> Recipient:
        """The recipient."""
        return Recipient(self.email, self.use)


class MandateFields(Fields):
    """`mandate`: a signed SEPA mandate."""

    reference: MandateReference
    iban: Iban
    signed_on: Day

    @property
    def mandate(self) -> Mandate:
        """The mandate."""
        return Mandate(self.reference, self.iban, self.signed_on)


class PaymentTermFields(Fields):
    """`duePeriod` and `dueUnit`, both or neither (F011)."""

    due_period: Count | None = None
    due_unit: UnitWord | None = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if (self.due_period is None) != (self.due_unit is None):
            lacking = "duePeriod" if self.due_period is None else "dueUnit"
            raise ours(
                FieldMissing(
                    "duePeriod and dueUnit go together", place=lacking, mend="Give both or neither"
                )
            )
        return self

    @property
    def payment_term(self) -> PaymentTerm | None:
        """The payment term; None means that of the next wider owner."""
        if self.due_period is None:
            return None
        return PaymentTerm(self.due_period, self.due_unit or IntervalUnit.DAY)


class CustomerFields(PaymentTermFields):
    """One customer."""

    customer_number: Number | None = None
    name: Filled
    is_business: Flag
    billing_address: AddressFields
    contact_person: ContactFields | None = None
    email: Mail | None = None
    recipients: tuple[RecipientFields, ...] = Field(default=(), strict=False)
    eu_tax_id: VatId | None = None
    register_number: Line = ""
    leitweg_id: LeitwegId | None = None
    language: Language = "de"
    payment_method: PaymentMethodWord = PaymentMethod.TRANSFER
    debtor_account: DebtorAccount | None = None
    mandate: MandateFields | None = None
    document_format: FormatName | None = None
    order_reference: Line = ""

    def customer(self, new_id: UUID, number: str, debtor_account: str) -> Customer:
        """The customer with the numbers that were given or drawn."""
        contact, mandate = self.contact_person, self.mandate
        return Customer(
            new_id,
            number,
            self.name,
            self.is_business,
            Address(**self.billing_address.model_dump()),
            debtor_account,
            self.email or "",
            None if contact is None else contact.person,
            tuple(recipient.recipient for recipient in self.recipients),
            self.eu_tax_id or "",
            self.register_number,
            self.leitweg_id or "",
            self.language,
            self.payment_method,
            self.payment_term,
            None if mandate is None else mandate.mandate,
            self.document_format,
            self.order_reference,
        )

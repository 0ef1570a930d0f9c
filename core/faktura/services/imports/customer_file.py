"""The format of customer files (docs/imports.md)."""

from typing import Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

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
    """A postal address; an invoice needs street, zip code and city."""

    street: Line = Field(default="", description="Street and number.")
    zip_code: Line = Field(default="", description="Postal code.")
    city: Line = Field(default="", description="Town.")
    country: Country = Field(
        description="ISO 3166, two letters; Greece is GR. Decides the tax, so it is never assumed."
    )
    extra: Line = Field(default="", description="A further line, such as a building.")
    care_of: Line = Field(default="", description="Printed directly below the name (F055).")


class ContactFields(Fields):
    """A person to talk to."""

    name: Line = Field(default="", description="Full name.")
    phone: Line = Field(default="", description="Telephone number, as it is to be printed.")
    email: Mail | None = Field(default=None, description="The person's own address.")
    shown: Flag = Field(default=True, description="Whether invoices print the name (F056).")

    @property
    def person(self) -> ContactPerson:
        """The contact person."""
        return ContactPerson(self.name, self.phone, self.email or "", self.shown)


class RecipientFields(Fields):
    """An e-mail address and what is sent to it (F085, F126)."""

    email: Mail = Field(description="The address.")
    use: RecipientUseWord = Field(default=RecipientUse.INVOICE, description="What is sent to it.")

    @property
    def recipient(self) -> Recipient:
        """The recipient."""
        return Recipient(self.email, self.use)


class MandateFields(Fields):
    """A signed SEPA mandate."""

    reference: MandateReference = Field(
        description="1 to 35 of the SEPA characters; no slash first, last or double (F103)."
    )
    iban: Iban = Field(description="The debtor's IBAN; its check digits must be right.")
    signed_on: Day = Field(description="Day of signature.")

    @property
    def mandate(self) -> Mandate:
        """The mandate."""
        return Mandate(self.reference, self.iban, self.signed_on)


class PaymentTermFields(Fields):
    """`duePeriod` and `dueUnit`, both or neither (F011)."""

    model_config = ConfigDict(
        json_schema_extra={
            "dependentRequired": {"duePeriod": ["dueUnit"], "dueUnit": ["duePeriod"]}
        }
    )

    due_period: Count | None = Field(
        default=None,
        description="Payment term: so many `dueUnit` after the invoice date, 0 to 1000; 0 days is at"
        " once. Left out: that of the customer, else the tenant. With `dueUnit` or not at all (F011).",
    )
    due_unit: UnitWord | None = Field(
        default=None, description="Unit of `duePeriod`; with it or not at all (F011)."
    )

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
    """One customer: who is billed."""

    customer_number: Number | None = Field(
        default=None,
        description="1 to 36 of A-Z a-z 0-9 . _ -, with any prefix; left out: the next of the range"
        " (F062, F063).",
    )
    name: Filled = Field(description="A company's legal name, a person's full name.")
    is_business: Flag = Field(description="Whether it is a company; decides the tax abroad.")
    billing_address: AddressFields = Field(description="Where invoices go; its country is taxed.")
    contact_person: ContactFields | None = Field(default=None, description="Whom to talk to.")
    email: Mail | None = Field(
        default=None, description="For everything that no recipient of its own is named for."
    )
    recipients: tuple[RecipientFields, ...] = Field(
        default=(),
        strict=False,
        description="Addresses of their own for what is sent (F085, F126).",
    )
    eu_tax_id: VatId | None = Field(
        default=None,
        description="VAT id of the European Union, in the form of its country; Greece is EL.",
    )
    tax_number: Line = Field(
        default="",
        description="Given by the tax office; stands only on credit notes to the partner (BT-32).",
    )
    register_number: Line = Field(default="", description="Of the commercial register.")
    leitweg_id: LeitwegId | None = Field(
        default=None, description="Leitweg-ID of a public buyer (BT-10)."
    )
    language: Language = Field(default="de", description="Language of documents: de or en.")
    payment_method: PaymentMethodWord = Field(
        default=PaymentMethod.TRANSFER, description="How the customer pays."
    )
    debtor_account: DebtorAccount | None = Field(
        default=None,
        description="Personal account in accounting: 5 to 9 digits, the first 1 to 6. Left out: the"
        " next free one. Fixed once it has transactions.",
    )
    mandate: MandateFields | None = Field(default=None, description="Needed for SEPA_DEBIT.")
    document_format: FormatName | None = Field(
        default=None, description="Format of documents; left out: the tenant's."
    )
    order_reference: Line = Field(
        default="", description="The customer's own reference for orders (BT-13)."
    )
    debited_by: Line = Field(
        default="",
        description="For SEPA_DEBIT without a mandate of ours: the account at a provider that has one.",
    )

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
            self.tax_number,
            self.register_number,
            self.leitweg_id or "",
            self.language,
            self.payment_method,
            self.payment_term,
            None if mandate is None else mandate.mandate,
            self.document_format,
            self.order_reference,
            self.debited_by,
        )

"""Customers and their accounts as the API shows them."""

from datetime import date
from typing import Self

from pydantic import Field

from faktura.domain.customers import Customer
from faktura.flows.simulated_date import Simulated
from faktura.kernel.terms import AccountFact, IntervalUnit, PaymentMethod
from faktura.services.customers import AccountRow, AccountView
from faktura.web.api.replies import Answer
from faktura.web.api.resources.parties import (
    AddressAnswer,
    ContactAnswer,
    MandateAnswer,
    RecipientAnswer,
)
from faktura.web.api.shapes import AmountText, Day, Moment


class CustomerAnswer(Answer):
    """A customer: who is billed. `duePeriod` null means the tenant's payment term."""

    customer_number: str = Field(description="What names the customer everywhere.")
    name: str = Field(description="A company's legal name, a person's full name.")
    is_business: bool = Field(description="Whether it is a company; decides the tax abroad.")
    billing_address: AddressAnswer = Field(description="Where invoices go; its country is taxed.")
    contact_person: ContactAnswer | None = Field(description="Whom to talk to.")
    email: str | None = Field(
        description="For everything that no recipient of its own is named for."
    )
    recipients: tuple[RecipientAnswer, ...] = Field(
        description="Addresses of their own for what is sent (F085, F126)."
    )
    eu_tax_id: str | None = Field(description="VAT id of the European Union.")
    tax_number: str = Field(
        description="Given by the tax office; stands only on credit notes to the partner (BT-32)."
    )
    register_number: str = Field(description="Of the commercial register.")
    leitweg_id: str | None = Field(description="Leitweg-ID of a public buyer (BT-10).")
    language: str = Field(description="Language of documents: de or en.")
    payment_method: PaymentMethod = Field(description="How the customer pays.")
    due_period: int | None = Field(description="So many `dueUnit` after the invoice date (F011).")
    due_unit: IntervalUnit | None = Field(description="Unit of `duePeriod`.")
    debtor_account: str = Field(description="The personal account in accounting.")
    mandate: MandateAnswer | None = Field(description="The signed SEPA mandate.")
    document_format: str | None = Field(
        description="Format of documents as the customer wants it; null: XRechnung with a"
        " Leitweg-ID, else the tenant's, else ZUGFeRD for companies and PDF for consumers."
    )
    order_reference: str = Field(description="The customer's own reference for orders (BT-13).")
    debited_by: str = Field(description="The account at a provider that holds the mandate.")

    @classmethod
    def of(cls, customer: Customer) -> Self:
        """The answer."""
        term, contact, mandate = customer.payment_term, customer.contact, customer.mandate
        return cls(
            customer_number=customer.number,
            name=customer.name,
            is_business=customer.is_business,
            billing_address=AddressAnswer.of(customer.address),
            contact_person=None if contact is None else ContactAnswer.of(contact),
            email=customer.email or None,
            recipients=tuple(RecipientAnswer.of(one) for one in customer.recipients),
            eu_tax_id=customer.eu_tax_id or None,
            tax_number=customer.tax_number,
            register_number=customer.register_number,
            leitweg_id=customer.leitweg_id or None,
            language=customer.language,
            payment_method=customer.payment_method,
            due_period=None if term is None else term.period,
            due_unit=None if term is None else term.unit,
            debtor_account=customer.debtor_account,
            mandate=None if mandate is None else MandateAnswer.of(mandate),
            document_format=customer.document_format,
            order_reference=customer.order_reference,
            debited_by=customer.debited_by,
        )


class CustomerTodayAnswer(CustomerAnswer):
    """A customer, and the day on which they live."""

    simulated_date: Day | None = Field(
        description="The customer's own today, in a sandbox; null is the real day (O23)."
    )

    @classmethod
    def on(cls, customer: Customer, simulated: date | None) -> Self:
        """The answer."""
        known = CustomerAnswer.of(customer)
        return cls(
            **{name: getattr(known, name) for name in CustomerAnswer.model_fields},
            simulated_date=simulated,
        )


class SimulatedDateAnswer(Answer):
    """What happened to a customer on the way to the day on which they live now."""

    customer_number: str = Field(description="The customer.")
    simulated_date: Day = Field(description="The customer's today from now on.")
    invoices: int = Field(description="How many documents were issued.")
    quarantined: int = Field(description="How many contracts could not be billed and wait.")
    ended: int = Field(description="How many contracts ended.")
    renewed: int = Field(description="How many renewals took effect.")
    dunning_notices: int = Field(description="How many notices were written.")

    @classmethod
    def of(cls, done: Simulated) -> Self:
        """The answer."""
        return cls(
            customer_number=done.number,
            simulated_date=done.on,
            invoices=done.documents,
            quarantined=done.quarantined,
            ended=done.ended,
            renewed=done.renewed,
            dunning_notices=done.notices,
        )


class TransactionAnswer(Answer):
    """A fact on the customer's account (F090-F092); positive amounts are owed by the customer."""

    currency: str = Field(description="ISO 4217; each currency has an account of its own.")
    no: int = Field(description="Counts the account's transactions in the order of recording.")
    fact: AccountFact = Field(description="What happened.")
    value_date: Day = Field(description="The day from which it counts.")
    recorded_at: Moment = Field(description="When it was entered.")
    text: str = Field(description="What it is about, for people.")
    source: str = Field(description="The number or id of what it came from.")
    amount: AmountText = Field(description="What it adds to the balance.")
    balance: AmountText = Field(description="The balance after it, in the order asked for.")
    remittance: str | None = Field(description="The payer's own text.")

    @classmethod
    def of(cls, row: AccountRow) -> Self:
        """The answer."""
        one = row.transaction
        return cls(
            currency=one.amount.currency,
            no=one.no,
            fact=one.fact,
            value_date=one.value_date,
            recorded_at=row.recorded_at,
            text=one.text,
            source=one.source,
            amount=one.amount,
            balance=row.balance,
            remittance=one.remittance,
        )


class AccountAnswer(Answer):
    """The account of a customer in one currency."""

    currency: str = Field(description="ISO 4217.")
    balance: AmountText = Field(description="What is owed by the customer; negative is credit.")

    @classmethod
    def of(cls, account: AccountView) -> Self:
        """The answer."""
        return cls(
            currency=account.balance.currency,
            balance=account.balance,
        )


class AccountsAnswer(Answer):
    """The accounts of a customer, one for each currency that was ever used."""

    customer_number: str = Field(description="Whose accounts they are.")
    accounts: tuple[AccountAnswer, ...] = Field(description="One for each currency.")

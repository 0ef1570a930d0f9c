"""What a notice charges, as a document of kind DUNNING: owed and settled like any other (F084).

It has no lines and no VAT: interest, flat sum and fee are damages for default, not the price of a
supply (§ 1 Abs. 1 Nr. 1 UStG). It is posted as other revenue and never dunned itself (§ 289 BGB).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from faktura.domain.charts import account_of
from faktura.domain.customers import Customer
from faktura.domain.document_kinds import KINDS
from faktura.domain.dunning import Notice
from faktura.domain.journal import Entry, Leg, checked
from faktura.domain.snapshot import Snapshot
from faktura.domain.tenants import Tenant
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.rounding import split
from faktura.kernel.terms import DocumentKind, EntryKind, IntervalUnit, PaymentMethod, Side, Slot

RULES = KINDS[DocumentKind.DUNNING]


@dataclass(frozen=True, slots=True)
class Charges:
    """The document of a notice's charges; `fees` are fee and flat sums, in minor units."""

    id: UUID
    number: str
    customer: Customer
    issued_on: date
    due_on: date
    currency: str
    fees: int
    interest: int

    @property
    def amount(self) -> Money:
        """All that it charges."""
        return Money(self.fees + self.interest, self.currency)

    @property
    def title(self) -> str:
        """What stands on the customer's account."""
        return f"{RULES.title} {self.number}"

    @property
    def source(self) -> str:
        """The key of its journal entry, and where its account transaction comes from."""
        return f"{RULES.key}:{self.number}"

    @property
    def service(self) -> Period:
        """The day of the notice: nothing is supplied."""
        return Period(self.issued_on, self.issued_on + timedelta(days=1))


def charges_of(notice: Notice, document_id: UUID, number: str, customer: Customer) -> Charges:
    """The document of what a notice charges; it charges something."""
    return Charges(
        document_id,
        number,
        customer,
        notice.dunned_on,
        notice.pay_by,
        notice.currency,
        notice.fee + notice.flat,
        notice.interest,
    )


def charges_entry(tenant: Tenant, charges: Charges) -> Entry:
    """Receivable to fees and to interest, each on an account of its own, without VAT."""
    receivables = account_of(tenant.chart, tenant.accounts, Slot.RECEIVABLES)
    debtor = charges.customer.debtor_account
    owed = Leg(Slot.RECEIVABLES, receivables, Side.DEBIT, charges.amount.minor, debtor)
    earned = [
        Leg(slot, account_of(tenant.chart, tenant.accounts, slot), Side.CREDIT, minor)
        for slot, minor in (
            (Slot.DUNNING_FEES, charges.fees),
            (Slot.DUNNING_INTEREST, charges.interest),
        )
        if minor
    ]
    return checked(
        Entry(
            charges.source,
            EntryKind.DUNNING,
            charges.issued_on,
            charges.currency,
            f"{charges.title} {charges.customer.name}",
            (owed, *earned),
            charges.id,
            charges.customer.id,
        )
    )


@dataclass(frozen=True, slots=True)
class Waiver:
    """What of a notice's charges is given up; `fees` and `interest` are what was charged, all of it."""

    key: str
    document_id: UUID
    number: str
    customer: Customer
    amount: Money
    value_date: date
    fees: int
    interest: int


def waiver_entry(tenant: Tenant, waiver: Waiver) -> Entry:
    """Fees and interest back, in the proportion in which they were charged, to the receivable."""
    parts = split(waiver.amount, [waiver.fees, waiver.interest])
    given_up = [
        Leg(slot, account_of(tenant.chart, tenant.accounts, slot), Side.DEBIT, part.minor)
        for slot, part in zip((Slot.DUNNING_FEES, Slot.DUNNING_INTEREST), parts, strict=True)
        if part
    ]
    receivables = account_of(tenant.chart, tenant.accounts, Slot.RECEIVABLES)
    debtor = waiver.customer.debtor_account
    owed = Leg(Slot.RECEIVABLES, receivables, Side.CREDIT, waiver.amount.minor, debtor)
    return checked(
        Entry(
            waiver.key,
            EntryKind.DUNNING_WAIVED,
            waiver.value_date,
            waiver.amount.currency,
            f"Erlass {waiver.number}",
            (*given_up, owed),
            waiver.document_id,
            waiver.customer.id,
        )
    )


def charges_snapshot(charges: Charges, seller: Snapshot, buyer: Snapshot) -> Snapshot:
    """The frozen head, in the form of every other document's (P23); there is no VAT in it."""
    return {
        "seller": seller,
        "buyer": buyer,
        "contractNumber": "",
        "internalIdentifier": "",
        "orderReference": "",
        "headerText": "",
        "footerText": "",
        # No mandate covers them: nothing of it is collected.
        "paymentMethod": PaymentMethod.TRANSFER.value,
        "paymentTerm": {
            "duePeriod": (charges.due_on - charges.issued_on).days,
            "dueUnit": IntervalUnit.DAY.value,
        },
        "vat": [],
        "format": None,
    }

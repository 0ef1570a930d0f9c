"""Opening items: what another system left open when its customers came here (P54).

An opening item is a document of kind OPENING without lines: it is claimed and settled like any
other one, but it is no revenue and is never rendered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from faktura.domain.charts import account_of
from faktura.domain.customers import Customer
from faktura.domain.document_kinds import DOCUMENT_RANGES, KINDS
from faktura.domain.journal import Entry, Leg, checked
from faktura.domain.numbering import NumberFormat
from faktura.domain.snapshot import Snapshot, buyer_snapshot, seller_snapshot
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FakturaError, NumberTaken, OutOfRange
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import DocumentKind, IntervalUnit, Side, Slot

RULES = KINDS[DocumentKind.OPENING]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpeningItem:
    """An open document of another system; `amount` is gross, negative for a credit.

    `number` is the one that it has there: customers name it when they pay.
    """

    id: UUID
    customer: Customer
    number: str
    issued_on: date
    due_on: date
    amount: Money
    text: str = ""

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
        """The day of issue: what was rendered is known elsewhere."""
        return Period(self.issued_on, self.issued_on + _DAY)


def opening_faults(item: OpeningItem, today: date) -> Iterator[FakturaError]:
    """It was issued by now, was due no earlier, and something is open of it."""
    if item.issued_on > today:
        yield OutOfRange(
            f"{item.issued_on} is in the future (P54)",
            place="issuedOn",
            mend="An opening item was issued already",
        )
    if item.due_on < item.issued_on:
        yield OutOfRange(
            f"{item.due_on} lies before issuedOn {item.issued_on}",
            place="dueOn",
            mend="Use that day or a later one",
        )
    if not item.amount:
        yield OutOfRange(
            "nothing is open of it", place="amount", mend="Leave out what is settled already"
        )


def to_be_given(
    number: str, ranges: Iterable[tuple[str, NumberFormat, int]]
) -> Iterator[FakturaError]:
    """Whether a range of documents would give the number one day (P22).

    Each range has its name, a format and the counter that it gives next.
    """
    for name, written, following in ranges:
        digits = number.removeprefix(written.prefix)
        if name not in DOCUMENT_RANGES or not (digits.isascii() and digits.isdigit()):
            continue
        if int(digits) >= following and written.write(int(digits)) == number:
            yield NumberTaken(
                f"the range {name} is going to give “{number}” itself (P22)",
                place="number",
                mend="Start the range behind it, or give the number another prefix",
            )


def opening_entry(tenant: Tenant, item: OpeningItem) -> Entry:
    """Receivables against the opening balances: 9008 in both charts; a credit the other way round."""
    debit = item.amount.minor > 0
    side = Side.DEBIT if debit else Side.CREDIT
    minor = abs(item.amount.minor)
    receivables = account_of(tenant.chart, tenant.accounts, Slot.RECEIVABLES)
    balances = account_of(tenant.chart, tenant.accounts, Slot.OPENING_BALANCE)
    return checked(
        Entry(
            item.source,
            RULES.entry,
            item.issued_on,
            item.amount.currency,
            f"{item.title} {item.customer.name}",
            (
                Leg(Slot.RECEIVABLES, receivables, side, minor, item.customer.debtor_account),
                Leg(Slot.OPENING_BALANCE, balances, side.other, minor),
            ),
            item.id,
            item.customer.id,
        )
    )


def opening_snapshot(tenant: Tenant, item: OpeningItem) -> Snapshot:
    """The frozen head, in the form of every other document's (P23); there is no VAT in it."""
    return {
        "seller": seller_snapshot(tenant.seller),
        "buyer": buyer_snapshot(item.customer),
        "contractNumber": "",
        "internalIdentifier": "",
        "orderReference": "",
        "headerText": item.text,
        "footerText": "",
        "paymentMethod": item.customer.payment_method.value,
        "paymentTerm": {
            "duePeriod": (item.due_on - item.issued_on).days,
            "dueUnit": IntervalUnit.DAY.value,
        },
        "vat": [],
        "format": None,
    }

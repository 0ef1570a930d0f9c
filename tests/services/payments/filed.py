"""A company that collects over its own bank: RE-000001 35.70, RE-000002 100.00, RE-000003 297.50.

It is 1 October 2026, 8:00 in Berlin. The invoices are due on Thursday, 15 October: with two TARGET
days of lead their debits are handed in until Tuesday, 13 October, 10:00.
"""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, cast

from lxml import etree
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import moved, statement
from typing_extensions import override

from faktura.domain.attempts import Attempt
from faktura.domain.debit_files import KeptFile
from faktura.domain.payment_accounts import PaymentAccount
from faktura.domain.payment_means import PaymentMeans
from faktura.flows.collecting import Collected, Till, Wanted, collect
from faktura.flows.debit_files import Debits, Filing, Made
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Offer, Registry
from faktura.kernel.clock import FixedClock
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import BankTransaction
from faktura.services.debit_files import Cancelling, FileView, cancel_file, hand_in, show_file
from faktura.services.imports.mandate_fields import NewMandateFields
from faktura.services.mandates import create_mandate
from faktura.services.payment_accounts import pause_account
from faktura.store.attempts import AttemptFilter, list_attempts
from faktura.store.customers import read_customer, replace_customers
from faktura.store.documents import document_id
from faktura.store.payment_accounts import write_account
from faktura.store.payment_means import find_mandate, read_means, rewrite_means
from faktura.store.tasks import TaskFilter, find_tasks
from faktura_sepa.adapter import SepaAdapter

TODAY = date(2026, 10, 1)
SIGNED = date(2026, 1, 15)
IBANS = ("DE89370400440532013000", "DE75512108001245126199", "AT611904300234573201")
NAMESPACE = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"}


@dataclass
class FiledScene(BankScene):
    """Every customer signed a mandate, M-1 to M-3, and the account `sepa` collects by them."""

    settings: dict[str, object] = field(default_factory=dict)
    mandates: list[PaymentMeans] = field(init=False, default_factory=list)

    @override
    def __post_init__(self) -> None:
        super().__post_init__()
        methods = frozenset({PaymentMethod.SEPA_DEBIT})
        with self.database.write(self.tenant.id) as tx:
            write_account(tx, PaymentAccount("sepa", "sepa", methods))
        for no, customer in enumerate(self.customers, 1):
            self.sign(customer.number, f"M-{no}", IBANS[no - 1])

    def sign(self, customer_number: str, reference: str, iban: str, **more: Any) -> None:
        """The customer signs a mandate, and pays by it from now on."""
        given = NewMandateFields(
            customerNumber=customer_number, reference=reference, iban=iban, signedOn=SIGNED, **more
        )
        with self.database.write(self.tenant.id) as tx:
            made = create_mandate(tx, self.tenant, given)
            customer = read_customer(tx, customer_number)
            replace_customers(tx, [replace(customer, payment_method=PaymentMethod.SEPA_DEBIT)])
        self.mandates.append(made.means)

    @property
    def clock(self) -> FixedClock:
        """The scene's clock."""
        return cast("FixedClock", self.database.clock)

    def until(self, moment: datetime) -> None:
        """The clock goes on to that moment."""
        self.clock.advance(moment - self.clock.now())

    @property
    def debits(self) -> Debits:
        """Fresh adapters each time, as in a process of its own."""
        registry = Registry(payments={"sepa": Offer("sepa", "sepa", SepaAdapter)})
        own = Installation(file={"sepa": self.settings})
        adapters = Adapters(registry, NothingKept(), self.clock, own)
        return Debits(self.database, self.bank.content, adapters, self.tenant)

    @property
    def filing(self) -> Filing:
        """The account that writes files."""
        (found,) = self.debits.filings()
        return found

    def collect(self, on: date | None = None) -> Collected:
        """A run of collections."""
        today = self.clock.now().date()
        till = Till(self.database, self.debits.adapters, self.tenant)
        return asyncio.run(collect(till, Wanted(on or today)))

    def november(self) -> None:
        """The second month is billed and collected: due on Sunday the 15th, so on the 16th."""
        self.bill_november()
        self.until(datetime(2026, 11, 2, 7, tzinfo=UTC))
        self.collect()

    def make(self, until: date | None = None) -> Made:
        """Files of what waits."""
        return self.debits.make(self.filing, until)

    def made(self) -> KeptFile:
        """The one file of all that is due."""
        self.collect()
        (file,) = self.make().files
        return file

    def hand_in(self, no: int = 1) -> FileView:
        """The bank has it."""
        with self.database.write(self.tenant.id) as tx:
            return hand_in(tx, "sepa", no)

    def cancel(self, no: int = 1, *, refused: bool = False, numbers: tuple[str, ...] = ()) -> None:
        """It is cancelled."""
        with self.database.write(self.tenant.id) as tx:
            cancel_file(tx, "sepa", no, Cancelling("wrong day", refused, numbers))

    def view(self, no: int = 1) -> FileView:
        """The file as it stands now."""
        with self.database.read(self.tenant.id) as tx:
            return show_file(tx, "sepa", no)

    def attempts(self, number: str) -> list[Attempt]:
        """The attempts of a document, oldest first."""
        with self.database.read(self.tenant.id) as tx:
            wanted = AttemptFilter(document_id=document_id(tx, number))
            return [one for one, _ in reversed(list_attempts(tx, wanted))]

    def states(self, *numbers: str) -> list[str]:
        """How the last attempt of each document stands."""
        return [self.attempts(number)[-1].state.value for number in numbers]

    def mandate(self, no: int) -> PaymentMeans:
        """A mandate as it is now, counted from 1."""
        with self.database.read(self.tenant.id) as tx:
            return read_means(tx, self.mandates[no - 1].id)

    def rename_holder(self, reference: str, holder: str) -> None:
        """The account is held by another name than was written down."""
        with self.database.write(self.tenant.id) as tx:
            means = find_mandate(tx, self.tenant.seller.creditor_id, reference)
            assert means is not None
            assert means.mandate is not None
            mandate = replace(means.mandate, holder=holder)
            rewrite_means(tx, [replace(means, details=replace(means.details, mandate=mandate))])

    def pause(self) -> None:
        """A person pauses the account."""
        with self.database.write(self.tenant.id) as tx:
            pause_account(tx, "sepa", "holidays")

    def tasks(self) -> list[tuple[str, str]]:
        """Kind and problem of the open tasks."""
        with self.database.read(self.tenant.id) as tx:
            return [(one.kind.value, one.problem) for one in find_tasks(tx, TaskFilter(done=False))]

    def credit(self, amount: str, *lines: str, name: str = "credit.txt", **more: Any) -> None:
        """The bank credits an amount on 15 October."""
        given: dict[str, Any] = {"on": date(2026, 10, 15), "gvc": "171", **more}
        self.statement(moved(amount, *lines, **given), name=name)

    def statement(self, *movements: BankTransaction, name: str) -> None:
        """A statement of our bank."""
        self.upload(statement(*movements), name=name)


def read(content: bytes, path: str) -> list[str]:
    """The texts of the elements at a path of the file, in their order."""
    found = etree.fromstring(content).iterfind(f".//p:{path.replace('/', '/p:')}", NAMESPACE)
    return [one.text or "" for one in found]

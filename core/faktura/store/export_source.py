"""What an exporter may ask for, streamed out of one transaction: every call sees the same state."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import select

from faktura.domain.customers import Customer
from faktura.domain.payment_terms import PaymentTerm
from faktura.domain.tenants import Tenant
from faktura.kernel.money import Money
from faktura.kernel.terms import DocumentKind, IntervalUnit
from faktura.plugin import (
    AccountBalanceData,
    AccountData,
    BookedDocument,
    DebtorData,
    JournalEntryData,
)
from faktura.store.codec import from_json
from faktura.store.export_balances import month_ends, standing_on
from faktura.store.export_entries import Selection, conditions_of
from faktura.store.journal import entries_where
from faktura.store.streams import streamed
from faktura.store.tables import customer, document, journal_entry
from faktura.store.transaction import Tx

T = TypeVar("T")

_DAYS = {IntervalUnit.DAY: 1, IntervalUnit.WEEK: 7}


@dataclass(frozen=True, slots=True)
class StoredSource:
    """The plugin's ExportSource of a selection; to be closed before its transaction ends.

    `all_accounts` lists the tenant's accounts with their names; `amiss` is by how much a customer's
    account differs from the journal, in minor units by (debtor, currency): nothing where all is well.
    """

    tx: Tx
    tenant: Tenant
    wanted: Selection
    all_accounts: Callable[[], Iterable[tuple[str, str]]]
    amiss: Callable[[], Mapping[tuple[str, str], int]]
    _given: list[Generator[Any, None, None]] = field(default_factory=list)

    def close(self) -> None:
        """End what an exporter asked for and did not read to its end: it may have refused."""
        for rows in self._given:
            rows.close()

    def entries(self) -> Iterator[JournalEntryData]:
        """The selected entries by (accounting date, seq), each with the link to its document."""
        conditions = conditions_of(self.tx, self.wanted)
        return self._kept(entries_where(self.tx, conditions, self.wanted.target))

    def accounts(self) -> Iterator[AccountData]:
        """All accounts, by number."""
        for number, name in self.all_accounts():
            yield AccountData(number=number, name=name)

    def debtors(self) -> Iterator[DebtorData]:
        """The customers of the selected entries, by account."""
        return self._kept(self._debtors())

    def documents(self) -> Iterator[BookedDocument]:
        """The documents that the selected entries concern, by number."""
        return self._kept(self._documents())

    def balances(self) -> Iterator[AccountBalanceData]:
        """Balances of all entries on the day before the first, then at each month's end."""
        return self._kept(self._balances())

    def _kept(self, rows: Generator[T, None, None]) -> Iterator[T]:
        self._given.append(rows)
        return rows

    def _debtors(self) -> Generator[DebtorData, None, None]:
        e, c = journal_entry.c, customer.c
        named = select(e.customer_id).where(
            *conditions_of(self.tx, self.wanted), e.customer_id.is_not(None)
        )
        query = (
            select(c.data)
            .where(c.tenant_id == self.tx.tenant_id, c.id.in_(named))
            .order_by(c.debtor_account)
        )
        for row in streamed(self.tx, query):
            yield _debtor(from_json(row.data, Customer), self.tenant.payment_term)

    def _documents(self) -> Generator[BookedDocument, None, None]:
        d, c, e = document.c, customer.c, journal_entry.c
        named = select(e.document_id).where(
            *conditions_of(self.tx, self.wanted), e.document_id.is_not(None)
        )
        columns = d.number, d.kind, d.issued_on, d.due_on, d.currency, d.net, d.tax, d.gross
        query = (
            select(*columns, d.content_hash, c.number.label("customer_number"))
            .join(customer, (c.tenant_id == d.tenant_id) & (c.id == d.customer_id))
            .where(d.tenant_id == self.tx.tenant_id, d.id.in_(named))
            .order_by(d.number)
        )
        for row in streamed(self.tx, query):
            yield _document(row)

    def _balances(self) -> Generator[AccountBalanceData, None, None]:
        amiss = self.amiss()
        for on in month_ends(self.wanted.start, self.wanted.end):
            yield from standing_on(self.tx, on, amiss)


def _document(row: Any) -> BookedDocument:
    return BookedDocument(
        number=row.number,
        kind=DocumentKind(row.kind),
        issued_on=row.issued_on,
        due_on=row.due_on,
        customer_number=row.customer_number,
        currency=row.currency,
        net=Money(row.net, row.currency).decimal,
        vat=Money(row.tax, row.currency).decimal,
        gross=Money(row.gross, row.currency).decimal,
        sha256=row.content_hash.hex(),
    )


def _debtor(owner: Customer, usual: PaymentTerm) -> DebtorData:
    """A customer's record; a person's whole name is the last name, as nobody said how to part it."""
    address, contact, mandate = owner.address, owner.contact, owner.mandate
    term = owner.payment_term or usual
    days = _DAYS.get(term.unit)
    return DebtorData(
        account=owner.debtor_account,
        customer_number=owner.number,
        company=owner.name if owner.is_business else "",
        last_name="" if owner.is_business else owner.name,
        street=address.street,
        additional=", ".join(part for part in (address.care_of, address.extra) if part),
        postcode=address.zip_code,
        city=address.city,
        country=address.country,
        vat_id=owner.eu_tax_id,
        email=owner.email,
        phone=contact.phone if contact else "",
        iban=mandate.iban if mandate else "",
        mandate=mandate.reference if mandate else "",
        due_days=None if days is None else term.period * days,
    )

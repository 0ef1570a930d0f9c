"""One document with all that a reader asks about it, in as few statements as it takes.

The statements are built once: building one anew costs more than running it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from sqlalchemy import bindparam, exists, select

from faktura.domain.documents import DocumentRecord
from faktura.domain.payment_state import PaymentState, payment_state
from faktura.domain.standing_allocations import standing_numbers
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact, TaxCategory
from faktura.store.document_contracts import BilledContract, contracts_of_documents
from faktura.store.document_links import LinkedDocument, named_by, naming, taken_back
from faktura.store.documents import (
    Rendering,
    line_from_row,
    no_document,
    record_from_row,
    rendering_from_row,
)
from faktura.store.prepared import Prepared
from faktura.store.tables import (
    account_transaction,
    allocation,
    contract,
    customer,
    document,
    document_line,
    document_link,
    dunning_level,
    open_item,
    project,
    rendering,
)
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class TaxRow:
    """A row of the document's VAT table; without a reason the text is empty."""

    category: TaxCategory
    rate: Decimal
    taxable: Money
    tax: Money
    reason: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """What counted for the document: a payment, or negative what took it back (`reverses_no`)."""

    no: int
    fact: AccountFact
    value_date: date
    amount: Money
    movement_id: UUID | None
    reverses_no: int | None


@dataclass(frozen=True, slots=True)
class InvoiceDetails:
    """An issued document with its owner, what settled it, and which files of it are stored.

    Of the files of one format the newest is last. `contract_numbers` are all that it bills;
    `contract_number` is None where they are several. `names` are earlier documents that it
    follows, `named_by` later ones that follow it. `dunning_level` is 0 where it was never dunned (F083).
    """

    record: DocumentRecord
    customer_number: str
    contract_number: str | None
    project_key: str | None
    run_id: UUID | None
    open: Money
    settlements: tuple[Settlement, ...]
    renderings: tuple[Rendering, ...]
    contract_numbers: tuple[str, ...] = ()
    names: tuple[LinkedDocument, ...] = ()
    named_by: tuple[LinkedDocument, ...] = ()
    taken_back: PaymentState | None = None
    dunning_level: int = 0

    @property
    def taxes(self) -> tuple[TaxRow, ...]:
        """The VAT table as it was frozen."""
        currency = self.record.currency
        return tuple(
            TaxRow(
                TaxCategory(row["category"]),
                Decimal(row["rate"]),
                Money(row["taxable"], currency),
                Money(row["tax"], currency),
                row["reason"] or "",
            )
            for row in cast("list[dict[str, Any]]", self.record.snapshot["vat"])
        )

    def state(self, on: date) -> PaymentState:
        """Where its payment stands on a local day, or how it was taken back."""
        standing = standing_numbers((one.no, one.reverses_no) for one in self.settlements)
        written_off = any(
            one.fact is AccountFact.WRITE_OFF and one.no in standing for one in self.settlements
        )
        return self.taken_back or payment_state(
            self.record.gross, self.open, self.record.due_on, on, written_off=written_off
        )


_TENANT = bindparam("tenant", type_=document.c.tenant_id.type)
_DOCUMENT = bindparam("document", type_=document.c.id.type)

_HEAD = Prepared(
    select(
        document,
        customer.c.number.label("customer_number"),
        contract.c.number.label("contract_number"),
        contract.c.project_id,
        project.c.key.label("project_key"),
        open_item.c.open,
        dunning_level.c.level.label("dunning_level"),
        exists()
        .where(
            allocation.c.tenant_id == document.c.tenant_id,
            allocation.c.document_id == document.c.id,
        )
        .label("has_settlements"),
        exists()
        .where(
            rendering.c.tenant_id == document.c.tenant_id,
            rendering.c.document_id == document.c.id,
        )
        .label("has_renderings"),
        exists()
        .where(
            document_link.c.tenant_id == document.c.tenant_id,
            document_link.c.document_id == document.c.id,
        )
        .label("names_others"),
        exists()
        .where(
            document_link.c.tenant_id == document.c.tenant_id,
            document_link.c.original_id == document.c.id,
        )
        .label("is_named"),
    )
    .join(
        customer,
        (customer.c.tenant_id == document.c.tenant_id) & (customer.c.id == document.c.customer_id),
    )
    .outerjoin(
        contract,
        (contract.c.tenant_id == document.c.tenant_id) & (contract.c.id == document.c.contract_id),
    )
    .outerjoin(
        project,
        (project.c.tenant_id == contract.c.tenant_id) & (project.c.id == contract.c.project_id),
    )
    .outerjoin(
        open_item,
        (open_item.c.tenant_id == document.c.tenant_id)
        & (open_item.c.document_id == document.c.id),
    )
    .outerjoin(
        dunning_level,
        (dunning_level.c.tenant_id == document.c.tenant_id)
        & (dunning_level.c.document_id == document.c.id),
    )
    .where(document.c.tenant_id == _TENANT, document.c.number == bindparam("number"))
)

_LINES = Prepared(
    select(document_line)
    .where(document_line.c.tenant_id == _TENANT, document_line.c.document_id == _DOCUMENT)
    .order_by(document_line.c.no)
)

_SETTLEMENTS = Prepared(
    select(
        allocation.c.no,
        allocation.c.amount,
        allocation.c.movement_id,
        allocation.c.reverses_no,
        account_transaction.c.fact,
        account_transaction.c.value_date,
    )
    .join(
        account_transaction,
        (account_transaction.c.tenant_id == allocation.c.tenant_id)
        & (account_transaction.c.customer_id == allocation.c.customer_id)
        & (account_transaction.c.currency == allocation.c.currency)
        & (account_transaction.c.no == allocation.c.transaction_no),
    )
    .where(allocation.c.tenant_id == _TENANT, allocation.c.document_id == _DOCUMENT)
    .order_by(allocation.c.no)
)

_RENDERINGS = Prepared(
    select(rendering)
    .where(rendering.c.tenant_id == _TENANT, rendering.c.document_id == _DOCUMENT)
    .order_by(rendering.c.format, rendering.c.rendered_at, rendering.c.rule_set)
)


def invoice_details(tx: Tx, number: str, projects: Collection[UUID] | None) -> InvoiceDetails:
    """The document of that number, if its contract is of one of `projects` (None: all of them).

    Two statements, one more where something settled it, one more where it was rendered, one more
    where it has no contract of its own. Raises NotFound.
    """
    heads = _HEAD.rows(tx, tenant=tx.tenant_id, number=number)
    contracts = _contracts(tx, heads[0]) if heads else ()
    if not heads or not _is_visible(contracts, projects):
        raise no_document(number)
    head = heads[0]
    of = {"tenant": tx.tenant_id, "document": head.id}
    currency = head.currency
    lines = [line_from_row(row, currency) for row in _LINES.rows(tx, **of)]
    return InvoiceDetails(
        record_from_row(head, tuple(lines)),
        head.customer_number,
        head.contract_number,
        contracts[0].project_key if contracts else None,
        head.run_id,
        Money(head.open or 0, currency),
        _settlements(tx, of, currency) if head.has_settlements else (),
        _renderings(tx, of) if head.has_renderings else (),
        tuple(one.number for one in contracts),
        tuple(named_by(tx, head.id)) if head.names_others else (),
        tuple(naming(tx, head.id)) if head.is_named else (),
        taken_back(tx, [head.id]).get(head.id) if head.is_named else None,
        head.dunning_level or 0,
    )


def _contracts(tx: Tx, head: Any) -> tuple[BilledContract, ...]:
    if head.contract_id is None:
        return contracts_of_documents(tx, [head.id]).get(head.id, ())
    return (BilledContract(head.contract_number, head.project_id, head.project_key),)


def _is_visible(contracts: tuple[BilledContract, ...], projects: Collection[UUID] | None) -> bool:
    return projects is None or any(one.project_id in projects for one in contracts)


def _settlements(tx: Tx, of: dict[str, Any], currency: str) -> tuple[Settlement, ...]:
    return tuple(
        Settlement(
            row.no,
            AccountFact(row.fact),
            row.value_date,
            Money(row.amount, currency),
            row.movement_id,
            row.reverses_no,
        )
        for row in _SETTLEMENTS.rows(tx, **of)
    )


def _renderings(tx: Tx, of: dict[str, Any]) -> tuple[Rendering, ...]:
    return tuple(rendering_from_row(row) for row in _RENDERINGS.rows(tx, **of))

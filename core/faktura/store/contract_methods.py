"""How the contracts of documents are paid now, whatever was printed when they were issued (P43)."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from faktura.domain.customers import Customer
from faktura.kernel.terms import ContractState, PaymentMethod
from faktura.store.batches import in_batches
from faktura.store.codec import from_json
from faktura.store.contracts import contract_from_row, read_contracts
from faktura.store.document_contracts import contracts_of_documents
from faktura.store.tables import contract, customer, document
from faktura.store.transaction import Tx

_OVER = (ContractState.ENDED, ContractState.VOIDED)
Named = tuple[UUID, PaymentMethod | None]


def methods_of_documents(tx: Tx, document_ids: Sequence[UUID]) -> dict[UUID, tuple[Named, ...]]:
    """The contracts that each document bills, with the method each names for itself.

    A document of no contract is absent.
    """
    found = {document_id: (named,) for document_id, named in _of_one_contract(tx, document_ids)}
    shared = contracts_of_documents(tx, [one for one in document_ids if one not in found])
    numbers = sorted({one.number for contracts in shared.values() for one in contracts})
    by_number = {one.number: (one.id, one.payment_method) for one in read_contracts(tx, numbers)}
    return found | {
        document_id: tuple(by_number[one.number] for one in contracts)
        for document_id, contracts in shared.items()
    }


def _of_one_contract(tx: Tx, document_ids: Iterable[UUID]) -> Iterable[tuple[UUID, Named]]:
    for batch in in_batches(document_ids):
        rows = tx.connection.execute(
            select(document.c.id.label("document_id"), contract)
            .join(
                contract,
                (contract.c.tenant_id == document.c.tenant_id)
                & (contract.c.id == document.c.contract_id),
            )
            .where(document.c.tenant_id == tx.tenant_id, document.c.id.in_(batch))
        )
        for row in rows:
            one = contract_from_row(row)
            yield row.document_id, (one.id, one.payment_method)


def billed_currencies(tx: Tx) -> set[str]:
    """The currencies of all contracts that go on."""
    c = contract.c
    return set(
        tx.connection.execute(
            select(c.currency).distinct().where(c.tenant_id == tx.tenant_id, c.state.not_in(_OVER))
        ).scalars()
    )


def contract_paid_by(tx: Tx, method: PaymentMethod, currency: str) -> str | None:
    """The number of a contract in that currency that goes on and is paid so; None without one."""
    c = contract.c
    rows = tx.connection.execute(
        select(contract, customer.c.data.label("customer"))
        .join(customer, (customer.c.tenant_id == c.tenant_id) & (customer.c.id == c.customer_id))
        .where(c.tenant_id == tx.tenant_id, c.currency == currency, c.state.not_in(_OVER))
        .order_by(c.number)
    )
    for row in rows:
        own = contract_from_row(row).payment_method
        if (own or from_json(row.customer, Customer).payment_method) is method:
            return str(row.number)
    return None

"""For each open document, what collects it now: account, means, or the reason why nothing does."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from faktura.domain.customers import Customer
from faktura.domain.means_choice import (
    Chosen,
    Debtor,
    NotCollectable,
    Owed,
    Terms,
    choose_one,
    method_of,
)
from faktura.domain.payment_accounts import AccountLimits
from faktura.domain.payment_means import PaymentMeans
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.terms import PaymentMethod
from faktura.store.collectable import states_of
from faktura.store.contract_methods import methods_of_documents
from faktura.store.customers import read_customers_by_id
from faktura.store.payable import DocumentState
from faktura.store.payment_accounts import list_accounts
from faktura.store.payment_means import means_of_customers
from faktura.store.transaction import Tx


def owed_of(tx: Tx, documents: Sequence[DocumentState]) -> list[Owed]:
    """These documents with the contracts that they bill, in the order given."""
    named = methods_of_documents(tx, [one.id for one in documents])
    return [Owed(one.id, one.customer_id, one.open, named.get(one.id, ())) for one in documents]


def choose(
    tx: Tx, tenant: Tenant, owed: Sequence[Owed], limits: Mapping[str, AccountLimits]
) -> list[Chosen | NotCollectable]:
    """What collects each of these documents, in the order given; nothing is left out.

    `limits` are the accounts' by instance (`limits_of`), read before the transaction: adapters read
    their settings by themselves.
    """
    ids = {one.customer_id for one in owed}
    customers, means = read_customers_by_id(tx, ids), means_of_customers(tx, ids)
    debtors = {of: _debtor(customers[of], means.get(of, ())) for of in ids}
    terms = Terms(
        list_accounts(tx), limits, tenant.seller.creditor_id, local_date(tx.clock, tenant.time_zone)
    )
    return [choose_one(one, debtors[one.customer_id], terms) for one in owed]


def left_to_transfer(tx: Tx, document_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these documents their customers pay by transfer as of now: nobody collects them."""
    owed = owed_of(tx, list(states_of(tx, document_ids).values()))
    customers = read_customers_by_id(tx, {one.customer_id for one in owed})
    return {
        one.document_id
        for one in owed
        if method_of(one, _debtor(customers[one.customer_id], ())) is PaymentMethod.TRANSFER
    }


def _debtor(customer: Customer, means: Sequence[PaymentMeans]) -> Debtor:
    mandate = None if customer.mandate is None else customer.mandate.reference
    return Debtor(customer.payment_method, customer.is_business, mandate, means)

"""Means of payment that customers let us keep on a page, used for their later invoices (F089)."""

from dataclasses import replace

from faktura.domain.attempts import Attempt
from faktura.domain.customers import Customer
from faktura.domain.payment_means import PaymentMeans
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import Conflict
from faktura.kernel.payment_terms import MeansState
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import SavedMeans
from faktura.services.customer_events import CustomerChange, changed_customers
from faktura.services.payment_events import write_events
from faktura.services.payment_means import save_means
from faktura.store.customers import read_customers_by_id, replace_customers
from faktura.store.tasks import ask_once
from faktura.store.transaction import Tx


def keep_saved(
    tx: Tx, attempt: Attempt, saved: SavedMeans, provider_customer: str
) -> PaymentMeans | None:
    """Keep a means of the attempt's customer and collect their later invoices by it.

    The caller holds the customer's lock. A payment is never refused for its means: what cannot be
    kept is None, and a person is asked.
    """
    customer = read_customers_by_id(tx, [attempt.customer_id])[attempt.customer_id]
    try:
        means = save_means(
            tx, customer.id, attempt.instance, saved, provider_customer=provider_customer
        )
    except Conflict as refused:
        _ask(tx, customer, f"cannot be kept for customer {customer.number}: {refused.problem}")
        return None
    if means.state is not MeansState.ACTIVE or customer.payment_method is saved.method:
        return means
    changed = replace(customer, payment_method=saved.method)
    if saved.method is PaymentMethod.SEPA_DEBIT and customer.mandate is None:
        # An invoice that is debited names whose mandate it is: here the provider's.
        changed = replace(changed, debited_by=attempt.instance)
    replace_customers(tx, [changed])
    write_events(tx, changed_customers(tx, [CustomerChange(customer, changed)]))
    return means


def _ask(tx: Tx, customer: Customer, what: str) -> None:
    ask_once(
        tx,
        TaskKind.PAYMENT_UNEXPECTED,
        f"customer {customer.number}",
        f"The means of payment that was saved on a page {what}. The customer's payment method stays"
        f" {customer.payment_method}: change it, or tell them",
    )

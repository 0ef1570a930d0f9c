"""The double's books against ours: charged once, booked to the cent, nothing forgotten."""

from faktura.domain.attempts import LIVE, Attempt
from faktura.flows.collecting import Till
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptState
from faktura.kernel.terms import AccountFact
from faktura.store.accounts import read_account, read_open_items
from faktura.store.attempts import AttemptFilter, list_attempts
from faktura.store.customers import list_customers
from faktura.store.tasks import TaskFilter, find_tasks
from faktura.testing.double_store import DoubleStore


def problems(till: Till, store: DoubleStore) -> list[str]:
    """What the audit finds; nothing where all is well."""
    audit = store.audit()
    found = [f"charged twice: {one}" for one in audit.twice]
    found += [f"violation: {one}" for one in audit.violations]
    booked = _booked(till)
    if str(audit.taken) != str(booked):
        found.append(f"taken {audit.taken}, booked {booked}")
    return found + _stuck(till)


def attempts_of(till: Till) -> list[Attempt]:
    with till.database.read(till.tenant.id) as tx:
        return [one for one, _ in list_attempts(tx, AttemptFilter())]


def _booked(till: Till) -> object:
    """What all accounts say was paid."""
    total = Money.zero("EUR")
    with till.database.read(till.tenant.id) as tx:
        for customer in list_customers(tx):
            for one in read_account(tx, customer.id, "EUR"):
                if one.fact is AccountFact.PAYMENT:
                    total -= one.amount
    return total.decimal if total else 0


def _stuck(till: Till) -> list[str]:
    """Attempts that wait for nothing and nobody, and documents that nobody tries."""
    with till.database.read(till.tenant.id) as tx:
        tasks = " ".join(one.problem for one in find_tasks(tx, TaskFilter(done=False)))
        open_ids = {one.document_id: one.number for one in read_open_items(tx)}
    attempts = attempts_of(till)
    waiting = (AttemptState.PENDING, AttemptState.ACTION_NEEDED)
    found = [
        f"{open_ids.get(one.document_id)} is {one.state} without a task"
        for one in attempts
        if one.state in LIVE and one.state not in waiting and one.id.hex not in tasks
    ]
    tried = {one.document_id for one in attempts}
    return found + [f"{no} was never tried" for of, no in open_ids.items() if of not in tried]

"""Looking before billing: what a contract or a whole run would issue, without writing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from faktura.domain.billing_plan import BillableContract
from faktura.domain.invoices import draft_summary
from faktura.domain.tenants import Tenant
from faktura.services.billing import chunks_of, decide, preview_contract
from faktura.services.issuing import Desk, Formats
from faktura.store.billable import due_contracts, read_chunk, view_of
from faktura.store.billing import Scope
from faktura.store.catalogue import read_catalogue
from faktura.store.contracts import read_contract
from faktura.store.database import Database

Summary = dict[str, object]


@dataclass(frozen=True, slots=True)
class Preview:
    """The invoices a contract would get, as plain data, and its next due day."""

    invoices: list[Summary]
    next_due_on: date | None


def preview_of(database: Database, tenant: Tenant, number: str, on: date) -> Preview:
    """What falls due on a contract until that day, complete or not; raises what has no price."""
    with database.read(tenant.id) as tx:
        view = view_of(tx, read_contract(tx, number).id, read_catalogue(tx))
    drafts, plan = preview_contract(tenant, view, on)
    return Preview([draft_summary(draft) for draft in drafts], plan.next_due_on)


def preview_run(
    database: Database, tenant: Tenant, formats: Formats, on: date, *, scope: Scope
) -> Iterator[Summary]:
    """Every invoice a run would issue, and a row with `problem` for each contract it would hold."""
    with database.read(tenant.id) as tx:
        catalogue = read_catalogue(tx)
        chunks, _, _ = chunks_of(due_contracts(tx, scope, on))
        for chunk in chunks:
            desk = Desk(tenant, formats)
            for view in read_chunk(tx, scope, chunk, on, catalogue):
                yield from _rows(desk, view, on)


def _rows(desk: Desk, view: BillableContract, on: date) -> list[Summary]:
    outcome = decide(desk, [view], on)
    problems: list[Summary] = [
        {
            "contractNumber": view.contract.number,
            "customerNumber": view.customer.number,
            "problem": str(error),
        }
        for _, error in outcome.failures
    ]
    return problems or [draft_summary(ready.draft) for ready in outcome.prepared]

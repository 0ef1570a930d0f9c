"""Looking before billing: what a contract or a whole run would issue, without writing."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from faktura.domain.billing_plan import BillableContract
from faktura.domain.invoices import draft_summary
from faktura.domain.tenants import Tenant
from faktura.services.billing import billing_chunks
from faktura.services.issuing import Desk, Formats
from faktura.services.run_decisions import decide, preview_contract, preview_shared
from faktura.services.visible_contracts import visible_contract
from faktura.store.billable import due_contracts, read_chunk, read_page, view_of
from faktura.store.billing import Scope
from faktura.store.catalogue import read_catalogue
from faktura.store.database import Database
from faktura.store.transaction import Tx

Summary = dict[str, object]


@dataclass(frozen=True, slots=True)
class Preview:
    """The invoices a contract would get, as plain data, and its next due day."""

    invoices: list[Summary]
    next_due_on: date | None


@dataclass(frozen=True, slots=True)
class Page:
    """Where a page of a preview goes on, behind this contract number, and how many contracts it has."""

    after: str | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A page's invoices; `next_after` is the number of its last contract, None at the end."""

    rows: list[Summary]
    next_after: str | None


def preview_of(
    database: Database,
    tenant: Tenant,
    number: str,
    on: date,
    projects: Collection[UUID] | None = None,
) -> Preview:
    """What falls due on a contract until that day, complete or not; raises what has no price.

    With collective invoices it is shown on the documents that it shares with the customer's other
    contracts (F053). Raises NotFound for a contract outside `projects` (None: all).
    """
    with database.read(tenant.id) as tx:
        contract = visible_contract(tx, number, projects)
        view = view_of(tx, contract.id)
        beside = _beside(tx, view, on) if tenant.collective_invoices else []
    drafts, plan = preview_contract(tenant, view, on)
    if beside:
        drafts = preview_shared(tenant, view, beside, on)
    return Preview([draft_summary(draft) for draft in drafts], plan.next_due_on)


def _beside(tx: Tx, view: BillableContract, on: date) -> list[BillableContract]:
    """The other contracts that a run of that day could bill on a document with this one."""
    contract = view.contract
    scope = Scope(frozenset({contract.project_id}), contract.customer_id)
    due = read_page(tx, scope, on, None, None)
    return [other for other in due if other.contract.id != contract.id]


def preview_run(
    database: Database, tenant: Tenant, formats: Formats, on: date, *, scope: Scope
) -> Iterator[Summary]:
    """Every invoice a run would issue, and a row with `problem` for each contract it would hold."""
    with database.read(tenant.id) as tx:
        catalogue = read_catalogue(tx)
        chunks = billing_chunks(due_contracts(tx, scope, on)).chunks
        for chunk in chunks:
            views = read_chunk(tx, scope, chunk, on, catalogue)
            yield from _rows(Desk(tenant, formats), views, on)


def preview_page(
    database: Database,
    tenant: Tenant,
    formats: Formats,
    on: date,
    scope: Scope,
    page: Page,
) -> PreviewPage:
    """A page of what a run would issue, in the order in which it would, and of what it would hold.

    Contracts that come to no invoice count for the page too. With collective invoices a page goes
    on to the last contract of its last customer. Raises NotFound for an `after` outside the scope's
    projects.
    """
    with database.read(tenant.id) as tx:
        after = None if page.after is None else visible_contract(tx, page.after, scope.projects)
        views = read_page(tx, scope, on, after, page.limit + 1)
        rest = views[page.limit :]
        views = views[: page.limit]
        if rest and tenant.collective_invoices:
            last = views[-1].contract
            views += read_page(tx, replace(scope, customer_id=last.customer_id), on, last, None)
            rest = read_page(tx, scope, on, views[-1].contract, 1)
    rows = list(_rows(Desk(tenant, formats), views, on))
    return PreviewPage(rows, views[-1].contract.number if rest else None)


def _rows(desk: Desk, views: Sequence[BillableContract], on: date) -> Iterator[Summary]:
    """Contract by contract; customer by customer where its contracts share documents.

    With the format of each document and what its rules warn about (O16).
    """
    joined = "customer.id" if desk.tenant.collective_invoices else "contract.id"
    for _, own in groupby(views, key=attrgetter(joined)):
        together = list(own)
        outcome = decide(desk, together, on)
        numbers = {view.contract.id: view.contract.number for view in together}
        for ready in outcome.prepared:
            yield {
                **draft_summary(ready.draft),
                "documentFormat": ready.format_id,
                "warnings": [f"{one.term} {one.message}" for one in ready.warnings],
            }
        for contract_id, error in outcome.failures:
            yield {
                "contractNumber": numbers[contract_id],
                "customerNumber": together[0].customer.number,
                "problem": str(error),
                "errorKey": error.code,
            }

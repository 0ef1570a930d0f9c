"""Looking before billing: what a contract or a whole run would issue, without writing."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.billing_plan import BillableContract
from faktura.domain.invoices import draft_summary
from faktura.domain.tenants import Tenant
from faktura.services.billing import chunks_of, decide, preview_contract
from faktura.services.issuing import Desk, Formats
from faktura.services.visible_contracts import visible_contract
from faktura.store.billable import due_contracts, read_chunk, read_page, view_of
from faktura.store.billing import Scope
from faktura.store.catalogue import read_catalogue
from faktura.store.database import Database

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

    Raises NotFound for a contract outside `projects` (None: all).
    """
    with database.read(tenant.id) as tx:
        contract = visible_contract(tx, number, projects)
        view = view_of(tx, contract.id)
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


def preview_page(
    database: Database,
    tenant: Tenant,
    formats: Formats,
    on: date,
    scope: Scope,
    page: Page,
) -> PreviewPage:
    """A page of what a run would issue, in the order in which it would, and of what it would hold.

    Contracts that come to no invoice count for the page too. Raises NotFound for an `after` outside
    the scope's projects.
    """
    with database.read(tenant.id) as tx:
        after = None if page.after is None else visible_contract(tx, page.after, scope.projects)
        views = read_page(tx, scope, on, after, page.limit + 1)
    desk = Desk(tenant, formats)
    rows = [row for view in views[: page.limit] for row in _rows(desk, view, on)]
    more = len(views) > page.limit
    return PreviewPage(rows, views[page.limit - 1].contract.number if more else None)


def _rows(desk: Desk, view: BillableContract, on: date) -> list[Summary]:
    outcome = decide(desk, [view], on)
    problems: list[Summary] = [
        {
            "contractNumber": view.contract.number,
            "customerNumber": view.customer.number,
            "problem": str(error),
            "errorKey": error.code,
        }
        for _, error in outcome.failures
    ]
    return problems or [draft_summary(ready.draft) for ready in outcome.prepared]

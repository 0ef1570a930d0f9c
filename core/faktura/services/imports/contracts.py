"""Contracts from a file: drafts or active ones, with what was billed before (F019, F062, P54)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from faktura.domain.billing_plan import BillableContract
from faktura.domain.contracts import Contract, moved
from faktura.domain.events import Event, EventType
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.periods import Period
from faktura.kernel.terms import ContractState, Origin
from faktura.services.contract_dues import next_due_on
from faktura.services.contract_events import CONTRACT
from faktura.services.event_states import contract_state
from faktura.services.imports.claims import Claims, drawn_loudly
from faktura.services.imports.contract_file import (
    ContractFields,
    articles_named,
    customers_named,
    groups_named,
)
from faktura.services.imports.entries import ImportFile
from faktura.services.imports.new_contract import Drafting, NewContract
from faktura.services.imports.offer import read_offer
from faktura.services.imports.reading import Sheet, alone, read_sheet
from faktura.services.outbox import announce
from faktura.services.payment_accounts import Served, served
from faktura.store.activities import BilledActivity, write_billed, write_open
from faktura.store.catalogue import Project
from faktura.store.commissions import write_commission_rules
from faktura.store.contracts import write_contracts
from faktura.store.discounts import write_discounts
from faktura.store.facts import Facts, write_facts
from faktura.store.numbers import CONTRACT as CONTRACT_NUMBERS
from faktura.store.subscriptions import write_items, write_subscriptions
from faktura.store.taken import Unique
from faktura.store.transaction import Tx

ContractSheet = Sheet[ContractFields]


def read_contract_file(file: ImportFile) -> ContractSheet:
    """What a contract file says; it needs no database and so no transaction."""
    return read_sheet(file, ContractFields)


def create_contract(
    tx: Tx, tenant: Tenant, fields: ContractFields, projects: Collection[UUID] | None = None
) -> Contract:
    """Add one contract, of one of the `projects` (None: any); as `import_contracts` does.

    Raises FieldsRefused with everything that is wrong.
    """
    return import_contracts(tx, tenant, alone(fields), projects)[0]


def import_contracts(
    tx: Tx, tenant: Tenant, sheet: ContractSheet, projects: Collection[UUID] | None = None
) -> list[Contract]:
    """Add the contracts of a file; raises ImportRefused with everything that is wrong with it.

    What was billed elsewhere becomes an activity of origin MIGRATION: it counts as billed, not as
    revenue. Raises NumberTaken where a drawn number exists already.
    """
    placed = [(sheet.spot(entry), entry.fields) for entry in sheet.entries]
    fields = [one for _spot, one in placed]
    offer = read_offer(
        tx,
        customers=(number for one in fields for number in customers_named(one)),
        articles=(number for one in fields for number in articles_named(one)),
        groups=(key for one in fields for key in groups_named(one)),
        projects=projects,
    )
    numbers = Claims(tx, "contractNumber", Unique.CONTRACT_NUMBER)
    numbers.claim_all([(spot, one.contract_number) for spot, one in placed if one.contract_number])
    drafting = Drafting(offer, tenant.currency, tx.new_id)
    drafts = [drafting.draft(one, spot) for spot, one in placed]
    accounts = served(tx)
    for (spot, _), draft in zip(placed, drafts, strict=True):
        with spot.noting():
            _check_method(accounts, draft)
    sheet.findings.refuse_if_any()
    new = [draft for draft in drafts if draft is not None]
    views = _framed(tx, tenant, new, [one.activate for one in fields], numbers)
    _write(tx, tenant, new, views)
    _tell(tx, offer.projects.values(), new, views)
    return [view.contract for view in views]


def _check_method(accounts: Served, draft: NewContract | None) -> None:
    """Raise FieldInvalid where no account collects it as it is to be paid."""
    if draft is not None:
        contract = draft.contract
        accounts.check_contract(
            contract.payment_method, draft.customer.payment_method, contract.currency
        )


def _framed(
    tx: Tx,
    tenant: Tenant,
    new: Sequence[NewContract],
    active: Sequence[bool],
    numbers: Claims,
) -> list[BillableContract]:
    """The contracts with their numbers and states."""
    today = local_date(tx.clock, tenant.time_zone)
    unnumbered = sum(not draft.contract.number for draft in new)
    drawn = iter(drawn_loudly(CONTRACT_NUMBERS, today, unnumbered, numbers))
    views = []
    for draft, activate in zip(new, active, strict=True):
        contract = draft.contract
        if not contract.number:
            contract = replace(contract, number=next(drawn))
        if activate:
            contract = moved(contract, ContractState.ACTIVE)
        views.append(draft.as_billed(contract))
    return views


def _write(
    tx: Tx, tenant: Tenant, new: Sequence[NewContract], views: Sequence[BillableContract]
) -> None:
    write_contracts(tx, [(view.contract, next_due_on(tenant, view)) for view in views])
    write_subscriptions(
        tx, [(draft.contract.id, one) for draft in new for one in draft.subscriptions]
    )
    write_items(tx, [(view.contract.id, item) for view in views for item in view.items])
    write_billed(tx, [billed for view in views for billed in _migrated(tx, view)], None)
    for view in views:
        if view.activities:
            write_open(tx, view.contract.id, view.activities)
    for draft in new:
        write_discounts(tx, draft.contract.id, draft.discounts)
        if draft.commission_rules:
            write_commission_rules(tx, draft.contract.id, draft.commission_rules)


def _migrated(tx: Tx, view: BillableContract) -> list[BilledActivity]:
    """What was billed elsewhere: from the first paid day on, without an amount (P54)."""
    return [
        BilledActivity(
            tx.new_id(),
            view.contract.id,
            item.id,
            item.article.id,
            Origin.MIGRATION,
            Period(item.first_paid_day, until),
            item.quantity,
        )
        for item, until in zip(view.items, view.billed_until, strict=True)
        if until is not None
    ]


def _tell(
    tx: Tx,
    projects: Iterable[Project],
    new: Sequence[NewContract],
    views: Sequence[BillableContract],
) -> None:
    """Each contract came as a draft; some were activated at once."""
    keys = {project.id: project.key for project in projects}
    events = []
    for one, view in zip(new, views, strict=True):
        contract, customer = view.contract, view.customer
        data: dict[str, object] = {
            "number": contract.number,
            "customerNumber": customer.number,
        }
        now = contract_state(contract, customer, keys[contract.project_id], one.commission_rules)
        draft = {**now, "state": ContractState.DRAFT}
        events.append(
            Event(EventType.CONTRACT_CREATED, CONTRACT, contract.id, 1, data, after=draft)
        )
        if contract.state is ContractState.ACTIVE:
            events.append(
                Event(
                    EventType.CONTRACT_ACTIVATED,
                    CONTRACT,
                    contract.id,
                    2,
                    data,
                    after=now,
                    before=draft,
                )
            )
    if events:
        announce(tx, write_facts(tx, Facts(events=events)))

"""Laws of looking ahead: a preview is what the run makes, whatever is joined or paged (F053, F060)."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.builders import (
    COMPANY,
    REDUCED,
    TENANT,
    article,
    contract,
    item,
    one_off,
    taxed,
    view,
)

from faktura.domain.billing_plan import BillableContract, plan_contract
from faktura.domain.charges import Charge
from faktura.domain.collective import sections
from faktura.domain.customers import Customer
from faktura.domain.discounts import ContractDiscount, Discount
from faktura.domain.interim_billing import after_billing, interim_plan, is_owed
from faktura.domain.invoices import DraftDocument, draft_summary
from faktura.domain.pauses import Pause
from faktura.kernel.contract_terms import DiscountScope
from faktura.kernel.periods import Interval, Period
from faktura.kernel.terms import ContractState, IntervalUnit
from faktura.plugin import DocumentFormat
from faktura.services.issuing import Desk
from faktura.services.run_decisions import Outcome, decide

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 150).map(lambda days: FIRST + timedelta(days))
# Few days, so that contracts fall due together.
STARTS = st.sampled_from([FIRST, date(2026, 1, 31), date(2026, 2, 1)])
INTERVALS = st.sampled_from([Interval(count, IntervalUnit.MONTH) for count in (1, 2, 3)])
PRICES = st.decimals(Decimal(0), Decimal(500), places=2).map(str)
CUSTOMERS = (COMPANY, replace(COMPANY, id=UUID(int=101), number="K-101"))


class NoFormats:
    """Nobody asks for a document format."""

    offered: frozenset[str] = frozenset()

    def format_of(self, format_id: str) -> DocumentFormat:
        raise LookupError(format_id)


def written(day: date) -> str:
    """The day as the builders read it."""
    return f"{day:%d.%m.%Y}"


@st.composite
def contracts(draw: st.DrawFn, no: int, customer: Customer) -> BillableContract:
    """A contract with items, what waits, a discount, a pause; sometimes it cannot be billed."""
    start = draw(STARTS)
    frame = contract(
        written(start),
        draw(INTERVALS),
        id=UUID(int=1000 + no),
        number=f"V-{no}",
        customer_id=customer.id,
        project_id=UUID(int=draw(st.sampled_from([400, 401]))),
        in_advance=draw(st.booleans()),
        order_reference=draw(st.sampled_from(["", "", "PO-1"])),
        currency=draw(st.sampled_from(["EUR", "EUR", "EUR", "CHF"])),
        invoice_not_before=draw(st.none() | DAYS),
    )
    items = [
        _item(draw, start, UUID(int=2000 + 10 * no + k)) for k in range(draw(st.integers(0, 2)))
    ]
    waiting = tuple(
        _activity(draw, UUID(int=3000 + 10 * no + k)) for k in range(draw(st.integers(0, 2)))
    )
    found = view(frame, *items, activities=waiting, customer=customer)
    if not draw(st.booleans()):
        return found
    discount = Discount(amount=Decimal(draw(PRICES)))
    whole = ContractDiscount(UUID(int=4000 + no), DiscountScope.CONTRACT, None, discount)
    return replace(found, discounts=(whole,))


def _item(draw: st.DrawFn, start: date, item_id: UUID) -> Any:
    sold = draw(st.sampled_from([article, lambda price: taxed(REDUCED, price)]))(draw(PRICES))
    pause = draw(st.none() | st.tuples(DAYS, st.integers(1, 40)))
    pauses = () if pause is None else (Pause(pause[0], pause[0] + timedelta(pause[1])),)
    percent = draw(st.none() | st.integers(0, 100).map(Decimal))
    return item(
        written(start),
        replace(sold, id=item_id),
        id=item_id,
        quantity=Decimal(draw(st.integers(1, 5))),
        anchor=draw(st.sampled_from([start, date(2026, 2, 15)])),
        discount=None if percent is None else Discount(percent=percent),
        term={"id": item_id, "pauses": pauses},
    )


def _activity(draw: st.DrawFn, activity_id: UUID) -> Any:
    day = draw(DAYS)
    price = draw(st.none() | st.sampled_from([Decimal("-20.00"), Decimal("12.34")]))
    return replace(
        one_off("01.01.2026"),
        id=activity_id,
        service=Period(day, day + timedelta(1)),
        invoice_on=draw(st.none() | DAYS),
        manual=draw(st.booleans()),
        unit_price=price,
    )


@st.composite
def companies(draw: st.DrawFn) -> list[BillableContract]:
    """Up to six contracts of two customers, in the order in which a run bills them."""
    owners = sorted(draw(st.lists(st.sampled_from([0, 1]), min_size=1, max_size=6)))
    return [draw(contracts(no, CUSTOMERS[owner])) for no, owner in enumerate(owners, 1)]


def decided(views: list[BillableContract], on: date, *, joined: bool) -> Outcome:
    """What a run of that day does with contracts."""
    tenant = replace(TENANT, collective_invoices=joined)
    return decide(Desk(tenant, NoFormats()), views, on)


def documents(outcome: Outcome) -> list[DraftDocument]:
    """All drafts, of an amount or none."""
    return [*(ready.draft for ready in outcome.prepared), *outcome.free]


def charged(found: list[DraftDocument]) -> Counter[tuple[object, ...]]:
    """What the lines bill, and for how much."""
    return Counter(
        (charge.contract_id, charge.item_id, charge.activity_id, charge.service, charge.net)
        for draft in found
        for charge in draft.charges
    )


def held(outcome: Outcome) -> Counter[tuple[UUID, str]]:
    """Contracts that are left for a person, and why."""
    return Counter((contract_id, str(error)) for contract_id, error in outcome.failures)


@given(companies(), DAYS, st.booleans())
def test_each_customer_alone_gets_what_all_of_them_together_get(views, on, joined):
    """Which is why a page of a preview, or a chunk of the run, may end behind any customer."""
    whole = decided(views, on, joined=joined)
    parts = [
        decided([one for one in views if one.customer == owner], on, joined=joined)
        for owner in CUSTOMERS
    ]

    assert [draft_summary(one) for one in documents(whole)] == [
        draft_summary(one)
        for one in (
            *chain.from_iterable([ready.draft for ready in part.prepared] for part in parts),
            *chain.from_iterable(part.free for part in parts),
        )
    ]
    assert held(whole) == held(parts[0]) + held(parts[1])
    assert whole.next_due == parts[0].next_due | parts[1].next_due


@given(companies(), DAYS, st.booleans())
def test_every_contract_is_billed_whole_or_held_back_whole(views, on, joined):
    """O19: what is billed is all that its plan says, and of the others nothing is."""
    outcome = decided(views, on, joined=joined)

    failed = {contract_id for contract_id, _ in outcome.failures}
    billed = charged(documents(outcome))
    planned: Counter[tuple[object, ...]] = Counter()
    for one in views:
        if one.contract.id not in failed:
            for invoice in plan_contract(TENANT, one, on).invoices:
                planned += Counter(_key(charge) for charge in invoice.charges)
    assert billed == planned
    assert failed.isdisjoint(outcome.next_due)
    assert failed | outcome.next_due.keys() == {one.contract.id for one in views}


def _key(charge: Charge) -> tuple[object, ...]:
    return charge.contract_id, charge.item_id, charge.activity_id, charge.service, charge.net


@given(companies(), DAYS)
def test_joining_changes_no_line_of_a_contract_that_both_ways_bill(views, on):
    """F053: documents are fewer; what is owed without VAT is the same to the cent."""
    alone, together = (decided(views, on, joined=joined) for joined in (False, True))

    failed = {contract_id for contract_id, _ in (*alone.failures, *together.failures)}

    def of_both(outcome: Outcome) -> Counter[tuple[object, ...]]:
        lines = charged(documents(outcome))
        return Counter({key: n for key, n in lines.items() if key[0] not in failed})

    assert of_both(alone) == of_both(together)


@given(companies(), DAYS)
def test_a_collective_invoice_keeps_contracts_apart_and_projects_too(views, on):
    """F053: one customer, one project, lines by contract number, each in one section."""
    for draft in documents(decided(views, on, joined=True)):
        own = draft.contracts or (draft.contract,)
        assert len({one.project_id for one in own}) == 1
        assert len({(one.customer_id, one.currency, one.order_reference) for one in own}) == 1
        if draft.contracts:
            found = sections(draft)
            assert [one.contract for one in found] == list(draft.contracts)
            assert [one.number for one in own] == sorted({one.number for one in own})
            numbers = [no for one in found for no in range(one.first_line, one.last_line + 1)]
            assert numbers == list(range(1, len(draft.charges) + 1))


@given(contracts(1, COMPANY), DAYS)
def test_interim_billing_leaves_nothing_and_bills_nothing_that_is_not_owed(one, on):
    """F021: asked again there is nothing; a run of that day would have billed no more."""
    owed = replace(one, contract=replace(one.contract, currency="EUR"))

    billed = [charge for part in interim_plan(TENANT, owed, on) for charge in part.charges]
    rest = after_billing(owed, billed)
    run = [c for part in plan_contract(TENANT, owed, on).invoices for c in part.charges]

    assert interim_plan(TENANT, rest, on) == ()
    assert {(c.item_id, c.activity_id, c.service) for c in run if c.item_id} <= {
        (c.item_id, c.activity_id, c.service) for c in billed
    }
    waiting = {each.id for each in owed.activities if is_owed(each, on)}
    assert {c.activity_id for c in billed if c.activity_id} == waiting
    again = plan_contract(TENANT, rest, on)
    assert not any(c.item_id for part in again.invoices for c in part.charges)


@given(
    contracts(1, COMPANY), DAYS, st.sampled_from([ContractState.ACTIVE, ContractState.TERMINATED])
)
def test_interim_billing_bills_alike_in_every_state_in_which_it_may(one, on, state):
    """domain.md: an ended contract is billed for what arrived later as it was before."""
    owed = replace(one, contract=replace(one.contract, currency="EUR", state=state))
    ended = replace(owed, contract=replace(owed.contract, state=ContractState.ENDED))

    assert [part.charges for part in interim_plan(TENANT, owed, on)] == [
        part.charges for part in interim_plan(TENANT, ended, on)
    ]

"""Collective invoices in the run: one document a customer and due day, and who may see it (F053)."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update
from tests.services.billing.asks import dry_run, interim
from tests.services.billing.scene import START, NoFormats, Scene
from tests.services.changes.world import World

from faktura.flows.previews import Page, preview_of, preview_page
from faktura.kernel.errors import NotFound, UnexpectedFailure
from faktura.store import tables
from faktura.store.billing import Scope
from faktura.store.catalogue import Project, read_projects, write_projects
from faktura.store.document_lists import Wanted, list_documents
from faktura.store.drafts import read_drafts
from faktura.store.event_lists import events_of
from faktura.store.invoice_details import invoice_details
from faktura.store.quarantine import read_quarantine

AUG_1, AUG_10, SEP_1 = date(2019, 8, 1), date(2019, 8, 10), date(2019, 9, 1)


@pytest.fixture
def joined(world: World) -> World:
    """The world with collective invoices."""
    world.with_tenant(collective_invoices=True)
    return world


def held(world: World) -> list[tuple[str, str]]:
    """Contract and problem of what the run left for a person."""
    with world.database.read(world.tenant.id) as tx:
        return [(row.contract_number, row.problem) for row in read_quarantine(tx)]


def listed(world: World, **wanted: Any) -> list[tuple[str, tuple[str, ...]]]:
    """Number and contracts of the listed documents."""
    with world.database.read(world.tenant.id) as tx:
        rows = list_documents(tx, Wanted(**wanted))
    return [(row.number, row.contract_numbers) for row in rows]


def changed(world: World, number: str, **columns: object) -> str:
    """The contract with other frame data, as no request gives them."""
    with world.database.write(world.tenant.id) as tx:
        c = tables.contract.c
        tx.connection.execute(update(tables.contract).where(c.number == number).values(**columns))
    return number


def other_project(world: World) -> Project:
    """A second project."""
    new = Project(world.database.new_id(), "other", "Other")
    with world.database.write(world.tenant.id) as tx:
        write_projects(tx, [new])
    return new


def test_the_run_joins_what_falls_due_on_the_same_day(joined: World):
    """30.00 + 60.00 = 90.00, VAT 17.10; V-3 of the 5th stands alone: 30.00 + 5.70."""
    one, two = joined.member(extraTextInvoiceHeader="Hallo"), joined.member("2")
    three = joined.member(start="2019-08-05")

    receipt = joined.bill(AUG_10)

    first, second = joined.documents()
    assert (receipt.totals.contracts, receipt.totals.documents) == (3, 2)
    assert [str(m.decimal) for m in (first.net, first.tax, first.gross)] == [
        "90.00",
        "17.10",
        "107.10",
    ]
    assert str(second.gross.decimal) == "35.70"
    assert (first.contract_id, second.contract_id) == (None, joined.read(three).id)
    assert [
        (s["number"], s["headerText"], s["firstLine"], s["lastLine"]) for s in sections(first)
    ] == [
        (one, "Hallo", 1, 1),
        (two, "", 2, 2),
    ]
    assert joined.balance() == "142.80"
    assert joined.violations() == []


def sections(document: Any) -> list[dict[str, Any]]:
    """The contracts of a document as they are frozen."""
    found: list[dict[str, Any]] = json.loads(json.dumps(document.snapshot["contracts"]))
    return found


def test_two_missed_months_are_two_collective_invoices(joined: World):
    """P5, worked by hand: August and September of 30.00 and 12.50: 42.50 + 8.08 = 50.58 each."""
    one = joined.member()
    two = joined.contract(subscriptions=[{"items": [{"articleNumber": "SEAT", "quantity": "1"}]}])

    joined.bill(SEP_1)

    assert [joined.lines(document) for document in joined.documents()] == [
        [("01.08.2019", "31.08.2019", "30.00"), ("01.08.2019", "31.08.2019", "12.50")],
        [("01.09.2019", "30.09.2019", "30.00"), ("01.09.2019", "30.09.2019", "12.50")],
    ]
    assert [str(document.gross.decimal) for document in joined.documents()] == ["50.58", "50.58"]
    assert [contracts for _, contracts in listed(joined)] == [(one, two), (one, two)]
    assert joined.violations() == []


def test_projects_are_never_mixed_and_see_only_their_own(joined: World):
    """F053: 60.00 of main and 60.00 of other; who reaches one of them sees one document."""
    mine, theirs = ([joined.member(), joined.member()] for _ in range(2))
    other = other_project(joined)
    for number in theirs:
        changed(joined, number, project_id=other.id)
    with joined.database.read(joined.tenant.id) as tx:
        main = read_projects(tx)["main"]

    joined.bill(AUG_1)

    assert [str(document.gross.decimal) for document in joined.documents()] == ["71.40", "71.40"]
    assert [contracts for _, contracts in listed(joined, projects={main.id})] == [tuple(mine)]
    assert [contracts for _, contracts in listed(joined, projects={other.id})] == [tuple(theirs)]
    assert listed(joined, projects=set()) == []
    (number, _), *_ = listed(joined, contract_number=mine[1])
    assert [contracts for _, contracts in listed(joined, contract_number=mine[1])] == [tuple(mine)]
    with joined.database.read(joined.tenant.id) as tx:
        seen = invoice_details(tx, number, {main.id})
        assert (seen.contract_number, seen.contract_numbers) == (None, tuple(mine))
        assert seen.project_key == "main"
        with pytest.raises(NotFound):
            invoice_details(tx, number, {other.id})


def test_subscribers_hear_of_all_its_contracts(joined: World):
    """P48: `contractNumber` is that of a single one."""
    numbers = [joined.member(), joined.member()]
    joined.bill(AUG_1)

    (document,) = joined.documents()
    with joined.database.read(joined.tenant.id) as tx:
        (created,) = events_of(tx, document.id, after=None, limit=9)
    data = dict(created.data)
    assert (data["contractNumber"], data["contractNumbers"]) == (None, numbers)


def test_a_contract_that_fails_is_left_out_and_the_others_are_joined(joined: World):
    """O19: nothing has a price in CHF; 30.00 + 60.00."""
    good = [joined.member(), joined.member("2")]
    poor = changed(joined, joined.member(), currency="CHF")
    seen = dry_run(joined, AUG_1)

    receipt = joined.bill(AUG_1)

    assert receipt.totals.quarantined == 1
    assert [number for number, _ in held(joined)] == [poor]
    assert listed(joined) == [("RE-000001", tuple(good))]
    assert [(row.get("contractNumbers"), "problem" in row) for row in seen] == [
        (good, False),
        (None, True),
    ]


def test_what_a_document_lacks_holds_all_its_contracts_back(joined: World):
    """F044: one draft over both contracts, whose months of August and September wait."""
    numbers = [joined.member(), joined.member()]
    seller = joined.tenant.seller
    joined.with_tenant(seller=replace(seller, iban=""))

    joined.bill(SEP_1)

    assert [number for number, _ in held(joined)] == numbers
    with joined.database.read(joined.tenant.id) as tx:
        drafts = read_drafts(tx)
    assert [json.loads(draft.data)["contractNumbers"] for draft in drafts] == [numbers, numbers]
    assert [json.loads(draft.data)["gross"] for draft in drafts] == ["71.40", "71.40"]
    joined.with_tenant(seller=seller)
    joined.bill(SEP_1)
    with joined.database.read(joined.tenant.id) as tx:
        assert read_drafts(tx) == []
    assert len(joined.documents()) == 2
    assert joined.violations() == []


def test_who_shares_a_document_that_fails_is_left_out_of_all_others(joined: World):
    """A contract gets all of its documents or none; the third one is billed without them.

    V-1 and V-2 are paid by debit without a mandate from September on: V-3 keeps both its months.
    """
    debit = {"paymentMethod": "SEPA_DEBIT"}
    poor = [joined.member(**debit), joined.member(**debit)]
    good = joined.member()

    joined.bill(SEP_1)

    assert [number for number, _ in held(joined)] == poor
    assert [contracts for _, contracts in listed(joined)] == [(good,), (good,)]


def test_a_collective_invoice_of_no_amount_is_none(joined: World):
    """P17: judged over all its contracts; the periods count as billed."""
    free = {"items": [{"articleNumber": "MEMBER", "quantity": "1", "discount": {"percent": "100"}}]}
    joined.contract(subscriptions=[free])
    joined.contract(subscriptions=[free])

    assert dry_run(joined, AUG_1) == []
    receipt = joined.bill(AUG_1)

    assert (receipt.totals.documents, receipt.totals.quarantined) == (0, 0)
    assert joined.bill(AUG_1).planned_contracts == 0
    assert joined.violations() == []


def test_interim_billing_stays_with_its_contract(joined: World):
    """F021: a person asks for one contract; the run then bills the other one alone."""
    one, two = joined.member(), joined.member()

    interim(joined, one, AUG_1)
    joined.bill(AUG_1)

    assert [contracts for _, contracts in listed(joined)] == [(two,), (one,)]


def test_the_preview_of_a_contract_is_the_document_that_it_shares(joined: World):
    """F060: what the run will make, without the contract that has no price."""
    one, two = joined.member(), joined.member("2")
    poor = changed(joined, joined.member(), currency="CHF")

    shown = preview_of(joined.database, joined.tenant, two, AUG_1)

    (invoice,) = shown.invoices
    assert (invoice["contractNumbers"], invoice["gross"]) == ([one, two], "107.10")
    assert shown.next_due_on == SEP_1
    assert poor not in str(shown.invoices)


def test_a_page_of_a_preview_never_cuts_a_document(joined: World):
    """A page of two contracts goes on to the last one of their customer."""
    numbers = [joined.member() for _ in range(3)]
    page = preview_page(
        joined.database, joined.tenant, NoFormats(), AUG_1, Scope(), Page(None, limit=2)
    )

    assert [row["contractNumbers"] for row in page.rows] == [numbers]
    assert page.next_after is None


@pytest.mark.parametrize("joined_too", [False, True])
def test_a_defect_in_one_document_does_not_stop_the_run(scene: Scene, joined_too: bool):
    """O19: a format that nobody can make is one; the other customer is billed, 35.70."""
    scene.tenant = replace(scene.tenant, collective_invoices=joined_too)
    broken = scene.customer(document_format="of-nobody")
    numbers = {scene.contract(broken).number, scene.contract(broken).number}
    scene.contract()

    receipt = scene.bill(START)

    assert (receipt.totals.documents, receipt.totals.quarantined) == (1, 2)
    with scene.database.read(scene.tenant.id) as tx:
        found = read_quarantine(tx)
    assert {one.contract_number for one in found} == numbers
    assert {one.code for one in found} == {UnexpectedFailure.code}
    assert [row[3] for row in scene.documents()] == [3570]

"""Interim billing as an act: one invoice for all that is due on a contract (F021)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import update
from tests.services.billing.asks import dry_interim, interim, totals, waits
from tests.services.billing.scene import NoFormats, Scene
from tests.services.changes.world import World

from faktura.domain.activities import OpenActivity
from faktura.domain.invoices import draft_summary
from faktura.kernel.contract_terms import InvoiceDateReason
from faktura.kernel.errors import FinaliseRefused, NegativeTotal, NotFound, TransitionRefused
from faktura.kernel.periods import Period
from faktura.kernel.terms import Origin
from faktura.services.contract_view import list_contracts, show_contract
from faktura.services.interim_billing import bill_interim
from faktura.services.invoice_dates import InvoiceDateMove, move_invoice_date
from faktura.services.issuing import Desk
from faktura.store import tables
from faktura.store.drafts import read_drafts
from faktura.store.quarantine import read_quarantine

AUG_1, AUG_20, SEP_1 = date(2019, 8, 1), date(2019, 8, 20), date(2019, 9, 1)


def test_a_stub_and_usage_are_billed_on_one_invoice(world: World):
    """F021, F029, worked by hand: the interval 15.08.-14.09. is due, periods are those of months.

    17 of 31 days of 30.00 are 16.45, September is 30.00, 3 x 12.50 are 37.50: 83.95; 19 % of it are
    15.95; 99.90.
    """
    number = world.contract(
        start="2019-08-15",
        subscriptions=[
            {"items": [{"articleNumber": "MEMBER", "quantity": "1", "alignedTo": "2019-09-01"}]}
        ],
    )
    waits(world, number, "SEAT", "3", **{"from": "2019-08-16", "origin": "USAGE"})

    done = interim(world, number, AUG_20)

    assert totals(world, done.documents) == [("83.95", "15.95", "99.90")]
    assert world.lines(world.documents()[0]) == [
        ("15.08.2019", "31.08.2019", "16.45"),
        ("01.09.2019", "30.09.2019", "30.00"),
        ("16.08.2019", "16.08.2019", "37.50"),
    ]
    assert (done.nothing_due, done.next_due_on) == (False, date(2019, 9, 15))
    assert world.balance() == "99.90"
    assert world.violations() == []


def test_all_missed_intervals_go_on_one_invoice_and_the_run_finds_nothing_left(world: World):
    """F021: a run would make an invoice of each (P5)."""
    number = world.member()

    done = interim(world, number, date(2019, 10, 5))
    receipt = world.bill(date(2019, 10, 5))

    assert totals(world, done.documents) == [("90.00", "17.10", "107.10")]
    assert done.documents[0].draft.issued_on == date(2019, 10, 5)
    assert done.next_due_on == date(2019, 11, 1)
    assert (receipt.planned_contracts, world.nets()) == (0, [("INVOICE", "90.00")])


def test_asked_again_it_bills_nothing_twice(world: World):
    """Whoever asks twice is told that nothing is due; no number is spent."""
    number = world.member()
    interim(world, number, AUG_1)

    again = interim(world, number, AUG_1)

    assert (again.documents, again.nothing_due, again.next_due_on) == ((), True, SEP_1)
    assert len(world.documents()) == 1


def test_what_waits_for_a_person_is_billed_and_what_begins_later_is_not(world: World):
    """F001, F040: 12.50 left to a person and 25.00 without a date; 37.50 of September wait."""
    number = world.member()
    world.bill(AUG_1)
    waits(world, number, "SEAT", "1", manual=True)
    waits(world, number, "SEAT", "2")
    waits(world, number, "SEAT", "3", **{"from": "2019-09-02"})

    done = interim(world, number, AUG_20)

    assert totals(world, done.documents) == [("37.50", "7.13", "44.63")]
    assert done.next_due_on == SEP_1


def test_an_ended_contract_is_billed_for_what_arrived_later(world: World):
    """domain.md: no run looks at it; 4 x 12.50 = 50.00."""
    number = world.member()
    world.bill(AUG_1)
    waits(world, number, "SEAT", "4")
    with world.database.write(world.tenant.id) as tx:
        tx.connection.execute(
            update(tables.contract).values(state="ENDED", end=SEP_1, next_due_on=None)
        )

    done = interim(world, number, date(2019, 9, 10))

    assert totals(world, done.documents) == [("50.00", "9.50", "59.50")]
    assert done.next_due_on is None
    assert world.violations() == []


def test_what_was_put_off_is_billed_when_a_person_asks(world: World):
    """F036 holds the run back, not the person."""
    number = world.member()
    put_off = InvoiceDateMove(date(2019, 12, 1), InvoiceDateReason.INDIVIDUAL, "umgebaut")
    with world.database.write(world.tenant.id) as tx:
        move_invoice_date(tx, world.tenant, number, put_off, date(2019, 8, 10))

    done = interim(world, number, AUG_1)

    assert totals(world, done.documents) == [("30.00", "5.70", "35.70")]
    assert done.next_due_on == date(2019, 12, 1)
    assert world.bill(SEP_1).totals.documents == 0


def test_a_draft_and_a_contract_of_others_are_refused(world: World):
    """F005; and nobody learns of a contract in a project that they do not reach."""
    draft = world.member(activate=False)

    with pytest.raises(TransitionRefused, match="F005"):
        interim(world, draft, AUG_1)
    with (
        pytest.raises(NotFound, match=f"there is no contract {draft}"),
        world.database.write(world.tenant.id) as tx,
    ):
        bill_interim(tx, world.desk, draft, AUG_1, projects=set())


def test_what_cannot_be_issued_is_refused_whole(world: World):
    """Nothing is half-applied: no number, no billed period, no waiting activity less."""
    number = world.contract(
        paymentMethod="SEPA_DEBIT",
        subscriptions=[{"items": [{"articleNumber": "MEMBER", "quantity": "1"}]}],
    )

    for ask in (interim, dry_interim):
        with pytest.raises(FinaliseRefused, match="creditor id"):
            ask(world, number, AUG_1)

    assert world.documents() == []
    with world.database.read(world.tenant.id) as tx:
        assert show_contract(tx, number).overview.next_due_on == AUG_1


def test_a_credit_above_what_is_due_is_refused(scene: Scene):
    """P18: never a negative invoice. 30.00 - 50.00 = -20.00, gross -23.80."""
    contract = scene.contract()
    day = contract.start
    credit = OpenActivity(
        scene.database.new_id(),
        scene.article,
        Origin.ONE_OFF,
        Decimal(1),
        Period(day, day.replace(day=16)),
        unit_price=Decimal("-50.00"),
    )
    scene.activity(contract, credit)

    with (
        pytest.raises(NegativeTotal, match=r"-23\.80 EUR"),
        scene.database.write(scene.tenant.id) as tx,
    ):
        bill_interim(tx, Desk(scene.tenant, NoFormats()), contract.number, day)
    assert scene.documents() == []


def test_what_comes_to_no_amount_is_billed_without_a_document(world: World):
    """P17: the period counts as billed; the answer says that something was due."""
    number = world.contract(
        subscriptions=[
            {
                "items": [
                    {
                        "articleNumber": "MEMBER",
                        "quantity": "1",
                        "discount": {"percent": "100"},
                    }
                ]
            }
        ],
    )

    seen = dry_interim(world, number, AUG_1)
    done = interim(world, number, AUG_1)

    assert (seen.drafts, seen.nothing_due) == ((), False)
    assert (done.documents, done.nothing_due, done.next_due_on) == ((), False, SEP_1)
    assert world.violations() == []


def test_what_is_billed_leaves_the_quarantine(world: World):
    """What kept the run from billing it is mended: here, where to transfer to."""
    number = world.member()
    seller = world.tenant.seller
    world.with_tenant(seller=replace(seller, iban=""))
    world.bill(AUG_1)
    with world.database.read(world.tenant.id) as tx:
        held = (len(read_quarantine(tx)), len(read_drafts(tx)))

    world.with_tenant(seller=seller)
    interim(world, number, AUG_1)

    with world.database.read(world.tenant.id) as tx:
        assert (held, len(read_quarantine(tx)), len(read_drafts(tx))) == ((1, 1), 0, 0)


def test_a_dry_run_says_what_the_act_does(world: World):
    """F060: the same document but for its number, and the same day after it."""
    number = world.member("3")
    waits(world, number, "USER", "7", manual=True)

    seen = dry_interim(world, number, date(2019, 9, 3))
    none = world.documents()
    done = interim(world, number, date(2019, 9, 3))

    assert none == []
    assert [draft_summary(one) for one in seen.drafts] == [
        draft_summary(one.draft) for one in done.documents
    ]
    assert (seen.nothing_due, seen.next_due_on) == (done.nothing_due, done.next_due_on)


def test_a_contract_says_when_it_has_unbilled_services(world: World):
    """F021: on 10 August 2019 a period is due, or something waits whose service has begun."""
    due, later = world.member(), world.member(start="2019-08-11")
    waiting, dated, draft = world.member(), world.member(), world.member(activate=False)
    for number in (waiting, dated):
        interim(world, number, AUG_1)
    waits(world, waiting, "SEAT", "1", **{"from": "2019-08-10"})
    waits(world, dated, "SEAT", "1", **{"from": "2019-08-01", "invoiceOn": "2019-08-11"})
    waits(world, later, "SEAT", "1", manual=True)

    with world.database.read(world.tenant.id) as tx:
        told = {one.contract.number: one.unbilled_services for one in list_contracts(tx)}
        shown = show_contract(tx, waiting).overview.unbilled_services

    assert told == {due: True, later: False, waiting: True, dated: False, draft: False}
    assert shown

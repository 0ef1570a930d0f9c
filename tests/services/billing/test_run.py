"""The billing run: what it issues, and that it never issues it twice."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.services.billing.scene import TENANT, Scene

from faktura.domain.activities import OpenActivity
from faktura.domain.addresses import Address
from faktura.kernel.periods import Period
from faktura.kernel.terms import ContractState, Origin
from faktura.store import tables
from faktura.store.drafts import read_drafts
from faktura.store.quarantine import read_quarantine


def test_a_monthly_contract_gets_the_invoice_of_its_month(scene: Scene):
    """F028: start 15.09., first period 15.09. to 14.10.; 30.00 + 19 % = 35.70."""
    scene.contract()

    receipt = scene.bill(date(2026, 9, 15))

    assert receipt.totals.documents == 1
    assert scene.documents() == [("RE-0001", "2026-09-15", "2026-10-15", 3570)]


def test_running_again_issues_nothing_new(scene: Scene):
    """O20: the same day twice is the same documents."""
    scene.contract()
    scene.bill(date(2026, 9, 15))

    again = scene.bill(date(2026, 9, 15))

    assert (again.planned_contracts, again.totals.documents) == (0, 0)
    assert len(scene.documents()) == 1


def test_missed_months_are_billed_as_invoices_of_their_own_in_order(scene: Scene):
    """P5: a late run bills each missed interval separately, dated on the run."""
    scene.contract()

    scene.bill(date(2026, 11, 20))

    assert scene.documents() == [
        ("RE-0001", "2026-09-15", "2026-10-15", 3570),
        ("RE-0002", "2026-10-15", "2026-11-15", 3570),
        ("RE-0003", "2026-11-15", "2026-12-15", 3570),
    ]


def test_every_fact_of_an_invoice_is_written_with_it(scene: Scene):
    """House rule 6: document, lines, account, journal, event, open item and seal belong together."""
    scene.contract()

    scene.bill(date(2026, 9, 15))

    counts = {
        name: scene.count(name)
        for name in (
            "document",
            "document_line",
            "account_transaction",
            "journal_entry",
            "leg",
            "open_item",
            "activity",
            "seal",
            "job",
        )
    }
    assert counts == {
        "document": 1,
        "document_line": 1,
        "account_transaction": 1,
        "journal_entry": 1,
        "leg": 3,
        "open_item": 1,
        "activity": 1,
        "seal": 1,
        "job": 1,
    }


def test_one_poisoned_contract_is_quarantined_and_the_rest_is_billed(scene: Scene):
    """O19: a contract without a price in its currency stops nobody else."""
    scene.contract()
    poisoned = scene.contract(currency="CHF")
    scene.contract()

    receipt = scene.bill(date(2026, 9, 15))

    assert (receipt.totals.documents, receipt.totals.quarantined) == (2, 1)
    with scene.database.read(TENANT.id) as tx:
        (held,) = read_quarantine(tx)
    assert (held.contract_number, held.code) == (poisoned.number, "price_missing")
    assert [number for number, *_ in scene.documents()] == ["RE-0001", "RE-0002"]


def test_an_incomplete_customer_keeps_a_draft_and_spends_no_number(scene: Scene):
    """F044: what is missing is named; the document stays a draft."""
    scene.contract(scene.customer(address=Address("Hauptstr. 1", "", "Hamburg")))
    scene.contract()

    receipt = scene.bill(date(2026, 9, 15))

    assert (receipt.totals.documents, receipt.totals.quarantined) == (1, 1)
    assert [number for number, *_ in scene.documents()] == ["RE-0001"]
    with scene.database.read(TENANT.id) as tx:
        (draft,) = read_drafts(tx)
    assert "customer.billingAddress.zipCode" in draft.missing
    assert '"gross":"35.70"' in draft.data


def test_a_mended_contract_leaves_quarantine_with_the_next_run(scene: Scene):
    """O19: nothing parks for ever."""
    owner = scene.customer(address=Address("Hauptstr. 1", "", "Hamburg"))
    scene.contract(owner)
    scene.bill(date(2026, 9, 15))
    mended = replace(owner, address=Address("Hauptstr. 1", "20095", "Hamburg"))
    with scene.database.write(TENANT.id) as tx:
        from faktura.domain.customers import Customer
        from faktura.store.codec import to_json

        tx.connection.execute(tables.customer.update().values(data=to_json(mended, Customer)))

    receipt = scene.bill(date(2026, 9, 16))

    assert receipt.totals.documents == 1
    with scene.database.read(TENANT.id) as tx:
        assert (read_quarantine(tx), read_drafts(tx)) == ([], [])


def test_a_draft_that_lacks_nothing_any_more_is_not_shown_beside_another_problem(scene: Scene):
    """O19: the drafts say what is missing now, not what was missing once."""
    owner = scene.customer(address=Address("Hauptstr. 1", "", "Hamburg"))
    contract = scene.contract(owner)
    scene.bill(date(2026, 9, 15))
    scene.activity(
        contract,
        OpenActivity(
            scene.database.new_id(),
            scene.article,
            Origin.ONE_OFF,
            Decimal(1),
            Period(date(2026, 9, 15), date(2026, 9, 16)),
            unit_price=Decimal("-40.00"),
        ),
    )

    scene.bill(date(2026, 9, 16))

    with scene.database.read(TENANT.id) as tx:
        (held,) = read_quarantine(tx)
        assert (held.code, read_drafts(tx)) == ("negative_total", [])


@pytest.mark.parametrize("state", [ContractState.DRAFT, ContractState.ENDED, ContractState.VOIDED])
def test_only_active_and_terminated_contracts_are_billed(scene: Scene, state: ContractState):
    """F005-F007: a draft never produces an invoice."""
    scene.contract(state=state)

    assert scene.bill(date(2026, 9, 15)).planned_contracts == 0


def test_a_period_that_costs_nothing_counts_as_billed_without_a_document(scene: Scene):
    """P17: no document for nothing, and the period is not billed later."""
    scene.contract(special_price="0")

    receipt = scene.bill(date(2026, 9, 15))

    assert (receipt.totals.documents, scene.count("activity")) == (0, 1)
    assert scene.bill(date(2026, 9, 16)).planned_contracts == 0


def test_a_run_below_zero_is_quarantined(scene: Scene):
    """P18: never an invoice below zero."""
    contract = scene.contract()
    credit = OpenActivity(
        scene.database.new_id(),
        scene.article,
        Origin.ONE_OFF,
        Decimal(1),
        Period(date(2026, 9, 15), date(2026, 9, 16)),
        unit_price=Decimal("-40.00"),
    )
    scene.activity(contract, credit)

    scene.bill(date(2026, 9, 15))

    with scene.database.read(TENANT.id) as tx:
        (held,) = read_quarantine(tx)
    assert (held.code, scene.documents()) == ("negative_total", [])


def test_a_one_off_goes_with_the_next_regular_invoice_once(scene: Scene):
    """F040: billed exactly once; 30.00 + 12.50 + 19 % = 50.58 (8.075 of tax rounds up)."""
    contract = scene.contract()
    extra = OpenActivity(
        scene.database.new_id(),
        scene.article,
        Origin.ONE_OFF,
        Decimal(1),
        Period(date(2026, 9, 15), date(2026, 9, 16)),
        unit_price=Decimal("12.50"),
        text="Set-up",
    )
    scene.activity(contract, extra)

    scene.bill(date(2026, 9, 15))
    scene.bill(date(2026, 10, 15))

    assert [gross for *_, gross in scene.documents()] == [5058, 3570]


def test_two_contracts_of_a_customer_share_one_account_in_order(scene: Scene):
    """F091: the balance after each transaction, in recording order."""
    owner = scene.customer()
    scene.contract(owner)
    scene.contract(owner, quantity="2")

    scene.bill(date(2026, 9, 15))

    t = tables.account_transaction.c
    with scene.database.read(TENANT.id) as tx:
        rows = tx.connection.execute(
            tables.account_transaction.select()
            .with_only_columns(t.no, t.amount, t.balance_after)
            .order_by(t.no)
        ).all()
    assert [tuple(row) for row in rows] == [(1, 3570, 3570), (2, 7140, 10710)]

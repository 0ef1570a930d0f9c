"""Returned debits: the payment is undone, the fee is a cost, the invoice is open again (F095)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.services.bank.statement_files import moved, returned, statement
from tests.services.company import XRechnung

from faktura.domain.events import EventType
from faktura.domain.line_parts import LinePart
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.terms import AccountFact, Chart
from faktura.services.assignment import assign
from faktura.services.cancelling import Cancelling, cancel_invoice
from faktura.services.correcting import Correcting, correct_invoice
from faktura.services.issuing import Desk

COLLECTED: dict[str, Any] = {
    "end_to_end_id": "RE-000001",
    "gvc": "171",
    "bank_code": "PMNT/IDDT/ESDD",
}


@pytest.mark.parametrize(
    ("chart", "bank", "receivables", "fees"),
    [(Chart.SKR03, "1200", "1400", "4970"), (Chart.SKR04, "1800", "1200", "6855")],
)
def test_a_return_with_a_fee_makes_two_entries_and_opens_the_invoice(
    open_scene, chart, bank, receivables, fees
):
    """G8: 39.20 booked back = 35.70 collected + fee 3.50; the fee is on 4970 or 6855."""
    scene = open_scene(chart=chart, ledger_account=bank)
    scene.upload(statement(moved("35.70", **COLLECTED)))
    assert "RE-000001" not in scene.open()

    report = scene.upload(
        statement(returned("-39.20", original="35.70", end_to_end_id="RE-000001")), name="2.txt"
    )

    assert (report.matched.booked, report.matched.returned, report.matched.open) == (0, 1, 0)
    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert scene.legs("ret:") == [f"D {receivables} 35.70", f"C {bank} 35.70"]
    assert scene.legs("fee:") == [f"D {fees} 3.50", f"C {bank} 3.50"]
    payment, reversal = scene.allocations("RE-000001")
    assert (str(reversal.amount), reversal.reverses_no) == ("-35.70 EUR", payment.no)
    assert scene.violations() == []


def test_a_return_stands_on_the_customers_account_without_the_fee(scene):
    """The customer owes the invoice again; the fee is ours."""
    scene.upload(
        statement(
            moved("35.70", **COLLECTED, on=date(2026, 11, 10)),
            returned("-39.20", "RETOURE RE-000001", original="35.70"),
        )
    )

    facts = [(t.fact, str(t.amount), str(t.balance_after)) for t in scene.account_of(0)]
    assert facts == [
        (AccountFact.INVOICE, "35.70 EUR", "35.70 EUR"),
        (AccountFact.PAYMENT, "-35.70 EUR", "0.00 EUR"),
        (AccountFact.RETURN, "35.70 EUR", "35.70 EUR"),
    ]
    assert scene.account_of(0)[2].remittance == "RETOURE RE-000001"
    assert scene.account_of(0)[2].text == "Rücklastschrift RE-000001"
    assert scene.events("RE-000001")[1:] == [
        (2, EventType.INVOICE_PAYMENT_RECEIVED),
        (3, EventType.CHARGEBACK_RECEIVED),
    ]
    assert [m.state for m in scene.movements()] == [MovementState.BOOKED, MovementState.RETURNED]
    assert scene.violations() == []


def test_a_return_without_a_fee_has_no_entry_for_it(scene):
    """35.70 were collected, 35.70 came back."""
    scene.upload(
        statement(
            moved("35.70", **COLLECTED),
            returned("-35.70", original="35.70", end_to_end_id="RE-000001"),
        )
    )

    assert scene.legs("fee:") == []
    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert scene.waiting() == []


def test_what_a_return_by_its_end_to_end_id_took_on_top_is_the_fee(scene):
    """The bank states no amounts: 39.20 - 35.70 that were collected = 3.50 (banking 2.4)."""
    scene.upload(
        statement(moved("35.70", **COLLECTED), returned("-39.20", end_to_end_id="RE-000001"))
    )

    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert scene.legs("fee:") == ["D 4970 3.50", "C 1200 3.50"]
    assert scene.violations() == []


def test_a_return_that_stands_before_its_payment_waits_for_it(scene):
    """The order of a bank's deliveries is not the order of events (P31)."""
    scene.upload(
        statement(
            returned("-39.20", original="35.70", end_to_end_id="RE-000001", on=date(2026, 11, 12))
        )
    )
    assert scene.waiting() == [("-39.20 EUR", "return-without-payment")]

    report = scene.upload(statement(moved("35.70", **COLLECTED)), name="late.txt")

    assert (report.matched.booked, report.matched.returned) == (1, 1)
    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert scene.waiting() == []


def test_a_return_before_its_payment_on_the_same_day_of_the_same_file_is_booked(scene):
    """A second pass takes what the first could not know yet."""
    scene.upload(
        statement(
            returned("-39.20", original="35.70", end_to_end_id="RE-000001"),
            moved("35.70", **COLLECTED),
        )
    )

    assert scene.waiting() == []
    assert scene.legs("fee:") == ["D 4970 3.50", "C 1200 3.50"]


def test_a_payment_after_the_return_is_not_the_one_that_was_returned(scene):
    """The customer transfers after a failed collection: that money stays."""
    scene.upload(
        statement(
            returned("-39.20", original="35.70", end_to_end_id="RE-000001", on=date(2026, 11, 5)),
            moved("35.70", "RE-000001", on=date(2026, 11, 9)),
        )
    )

    assert scene.waiting() == [("-39.20 EUR", "return-without-payment")]
    assert "RE-000001" not in scene.open()


def test_a_return_seen_twice_counts_once(scene):
    """Two files with the same booking, and a second booking of the same payment."""
    back = returned("-39.20", original="35.70", end_to_end_id="RE-000001", source_ref="R1")
    scene.upload(statement(moved("35.70", **COLLECTED), back))
    report = scene.upload(statement(back, sequence=9), name="again.txt")
    assert (report.imported.new, report.imported.duplicates) == (0, 1)

    scene.upload(
        statement(back.model_copy(update={"source_ref": "R2"}), sequence=10), name="third.txt"
    )

    assert scene.waiting() == [("-39.20 EUR", "return-without-payment")]
    assert len(scene.allocations("RE-000001")) == 2
    assert scene.violations() == []


def test_an_invoice_paid_again_after_its_return_is_settled_again(scene):
    """Pay, return, pay: three facts, each with a number of its own; also all in one run."""
    scene.upload(statement(moved("35.70", **COLLECTED, on=date(2026, 11, 3))))

    scene.upload(
        statement(
            returned("-39.20", original="35.70", end_to_end_id="RE-000001", on=date(2026, 11, 5)),
            moved("35.70", "RE-000001", on=date(2026, 11, 9)),
        ),
        name="2.txt",
    )

    assert "RE-000001" not in scene.open()
    assert [str(a.amount) for a in scene.allocations("RE-000001")] == [
        "35.70 EUR",
        "-35.70 EUR",
        "35.70 EUR",
    ]
    assert scene.violations() == []


def test_a_collective_return_undoes_each_payment_with_its_own_fee(scene):
    """One booking, two details: 38.70 = 35.70 + 3.00 and 101.38 = 100.00 + 1.38."""
    scene.upload(
        statement(
            moved("35.70", **COLLECTED),
            moved("100.00", **{**COLLECTED, "end_to_end_id": "RE-000002"}, detail_index=1),
            returned("-38.70", original="35.70", end_to_end_id="RE-000001"),
            returned("-101.38", original="100.00", end_to_end_id="RE-000002", detail_index=1),
        )
    )

    assert sorted(scene.legs("fee:")) == [
        "C 1200 1.38",
        "C 1200 3.00",
        "D 4970 1.38",
        "D 4970 3.00",
    ]
    assert sorted(scene.open()) == ["RE-000001", "RE-000002", "RE-000003"]


def test_a_return_finds_its_payment_by_an_end_to_end_id_that_is_no_number(scene):
    """The collection named our number, the return repeats only the id of the collection."""
    scene.upload(statement(moved("35.70", "RE-000001", end_to_end_id="COLL-77", gvc="171")))

    scene.upload(
        statement(returned("-35.70", original="35.70", end_to_end_id="COLL-77")), name="2.txt"
    )

    assert scene.open()["RE-000001"] == "35.70 EUR"


def test_a_return_of_one_collection_for_two_invoices_opens_both(scene):
    """One payment, two shares: 135.70 comes back whole."""
    scene.upload(statement(moved("135.70", "RE-000001 RE-000002", end_to_end_id="COLL-8")))

    scene.upload(
        statement(returned("-138.70", original="135.70", end_to_end_id="COLL-8")), name="2.txt"
    )

    assert sorted(scene.open()) == ["RE-000001", "RE-000002", "RE-000003"]
    assert scene.legs("fee:") == ["D 4970 3.00", "C 1200 3.00"]
    assert scene.violations() == []


@pytest.mark.parametrize(
    ("amount", "fields", "rule"),
    [
        # 39.20 is not 35.70 + 4.00.
        ("-39.20", {"original": "35.70", "charges": Decimal("4.00")}, "return-unclear"),
        # More was collected than was booked back.
        ("-30.00", {"original": "35.70"}, "return-unclear"),
        # The original is not what was paid.
        ("-33.50", {"original": "30.00"}, "return-differs"),
        # Nothing says how much of it is the fee, and no bank takes 64.30.
        ("-100.00", {}, "return-differs"),
    ],
)
def test_a_return_whose_amounts_do_not_fit_waits(scene, amount, fields, rule):
    """To the cent: booked = original + fee, and the original is what the payment had settled."""
    scene.upload(
        statement(
            moved("35.70", **COLLECTED), returned(amount, end_to_end_id="RE-000001", **fields)
        )
    )

    assert scene.waiting() == [(f"{amount} EUR", rule)]
    assert "RE-000001" not in scene.open()


def test_a_return_without_ledger_account_waits_in_the_journal(open_scene):
    """F106: the account is opened again, both postings are drafts."""
    scene = open_scene(ledger_account=None)

    scene.upload(
        statement(
            moved("35.70", **COLLECTED),
            returned("-39.20", original="35.70", end_to_end_id="RE-000001"),
        )
    )

    assert scene.count("draft_entry") == 3
    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert scene.violations() == []


def test_a_return_seen_twice_never_takes_back_another_payment(scene):
    """The customer transfers on the day of the return; the same return under a new reference."""
    back = returned("-39.20", original="35.70", end_to_end_id="RE-000001", source_ref="R1")
    scene.upload(statement(moved("35.70", **COLLECTED, on=date(2026, 11, 10)), back))
    scene.upload(statement(moved("35.70", "RE-000001")), name="transfer.txt")

    scene.upload(
        statement(back.model_copy(update={"source_ref": "R2"}), sequence=10), name="again.txt"
    )

    assert scene.waiting() == [("-39.20 EUR", "return-without-payment")]
    assert "RE-000001" not in scene.open()


def test_a_return_of_a_collection_that_a_person_kept_as_credit_waits(scene):
    """Paid by transfer and collected as well: the transfer is not what the bank takes back."""
    scene.upload(
        statement(
            moved("35.70", "RE-000001", on=date(2026, 11, 3)),
            moved("35.70", **COLLECTED, on=date(2026, 11, 4)),
        )
    )
    [collected] = scene.movements(MovementState.OPEN)
    with scene.database.write(scene.tenant.id) as tx:
        assign(tx, scene.tenant, collected.id, ["RE-000001"])

    scene.upload(
        statement(returned("-39.20", original="35.70", end_to_end_id="RE-000001")), name="2.txt"
    )

    assert scene.waiting() == [("-39.20 EUR", "return-without-payment")]
    assert "RE-000001" not in scene.open()


def test_a_return_of_what_was_cancelled_meanwhile_leaves_nothing_open(scene):
    """domain.md: the cancellation's credit of 35.70 pays what the return makes open again."""
    scene.upload(statement(moved("35.70", **COLLECTED)))
    with scene.database.write(scene.tenant.id) as tx:
        cancel_invoice(tx, Desk(scene.tenant, XRechnung()), "RE-000001", Cancelling())
    assert scene.open()["RK-000001"] == "-35.70 EUR"

    scene.upload(
        statement(returned("-39.20", original="35.70", end_to_end_id="RE-000001")), name="2.txt"
    )

    assert {"RE-000001", "RK-000001"}.isdisjoint(scene.open())
    assert str(scene.account_of(0)[-1].balance_after) == "0.00 EUR"
    assert scene.violations() == []


def test_a_return_assigned_by_a_person_uses_the_credit_of_a_correction_first(scene):
    """11.90 of 35.70 were taken back: 23.80 are open after the return, and no credit beside."""
    scene.upload(statement(moved("35.70", **COLLECTED)))
    part = Correcting((LinePart(1, amount=Decimal("10.00")),), "Kulanz")
    with scene.database.write(scene.tenant.id) as tx:
        correct_invoice(tx, Desk(scene.tenant, XRechnung()), "RE-000001", part)
    scene.upload(statement(returned("-35.70", "zurück", end_to_end_id="X")), name="2.txt")
    [back] = scene.movements(MovementState.OPEN)

    with scene.database.write(scene.tenant.id) as tx:
        assign(tx, scene.tenant, back.id, ["RE-000001"])

    assert scene.open()["RE-000001"] == "23.80 EUR"
    assert "RK-000001" not in scene.open()
    assert scene.violations() == []

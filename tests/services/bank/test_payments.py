"""Transfers and collections that name documents: what is booked, and what waits for a person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from tests.services.bank.statement_files import IBAN, moved, statement

from faktura.domain.events import EventType
from faktura.domain.violations import Proof
from faktura.flows.statements import match_open
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.errors import FakturaError
from faktura.kernel.terms import AccountFact
from faktura.services.posting import set_account
from faktura.store.journal import read_drafts
from faktura.store.payable import owners_of, read_document_states, read_paid


def test_one_transfer_that_names_three_invoices_with_their_exact_sum_settles_them(scene):
    """F097, G6: any number of numbers is recognised; 35.70 + 100.00 + 297.50 = 433.20."""
    report = scene.upload(statement(moved("433.20", "RE-000001, RE 000002", "und re-000003 Danke")))

    assert (report.matched.booked, report.matched.open) == (1, 0)
    assert scene.open() == {}
    [movement] = scene.movements()
    assert movement.state is MovementState.BOOKED
    assert movement.rule == "numbers-exact-sum"
    assert [[str(a.amount) for a in scene.allocations(f"RE-00000{no}")] for no in (1, 2, 3)] == [
        ["35.70 EUR"],
        ["100.00 EUR"],
        ["297.50 EUR"],
    ]
    assert scene.legs("pay:") == [
        "D 1200 35.70",
        "C 1400 35.70",
        "D 1200 100.00",
        "C 1400 100.00",
        "D 1200 297.50",
        "C 1400 297.50",
    ]
    assert scene.violations() == []


def test_a_sum_that_is_off_by_a_cent_books_nothing(scene):
    """G6: near is not exact; a person decides."""
    scene.upload(statement(moved("433.21", "RE-000001 RE-000002 RE-000003")))

    assert scene.waiting() == [("433.21 EUR", "overpaid")]
    [movement] = scene.movements()
    assert movement.reason == "0.01 EUR more than is open"
    assert len(scene.open()) == 3
    assert scene.legs("pay:") == []


def test_a_payment_stands_on_the_account_with_both_days_balance_and_the_original_text(scene):
    """F090-F092: value date, day of recording, balance after it, the payer's text untouched."""
    scene.upload(
        statement(moved("35.70", "SVWZ+Re.Nr.", " RE-000001 ", value_on=date(2026, 11, 12)))
    )

    [movement] = scene.movements()
    invoice, payment = scene.account_of(0)
    assert (str(invoice.amount), str(invoice.balance_after)) == ("35.70 EUR", "35.70 EUR")
    assert payment.fact is AccountFact.PAYMENT
    assert payment.value_date == date(2026, 11, 12)
    assert (str(payment.amount), str(payment.balance_after)) == ("-35.70 EUR", "0.00 EUR")
    assert payment.source == f"pay:{movement.id}"
    assert payment.remittance == "SVWZ+Re.Nr.\n RE-000001 "
    assert payment.text == "Zahlung RE-000001"
    assert scene.count("account_transaction") == 4


def test_a_payment_is_told_to_the_outside(scene):
    """INVOICE_PAYMENT_RECEIVED follows INVOICE_CREATED in the document's sequence."""
    scene.upload(statement(moved("35.70", "RE-000001")))

    assert scene.events("RE-000001") == [
        (1, EventType.INVOICE_CREATED),
        (2, EventType.INVOICE_PAYMENT_RECEIVED),
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"end_to_end_id": "RE-000001", "gvc": "171", "bank_code": "PMNT/IDDT/ESDD"},
        {"structured_reference": "RE-000001"},
        {"end_to_end_id": "E2E-RE-000001", "gvc": "192", "detail_index": 2},
    ],
)
def test_a_number_counts_in_the_end_to_end_id_and_in_the_structured_reference(scene, fields):
    """An own collection carries our number as its end-to-end id (GVC 171, 192)."""
    scene.upload(statement(moved("35.70", **fields)))

    assert "RE-000001" not in scene.open()


def test_the_second_payment_of_an_invoice_stays_open(scene):
    """The state counts within a run: what the first settles is not open for the second."""
    scene.upload(
        statement(
            moved("35.70", "RE-000001", source_ref="1"), moved("35.70", "RE-000001", source_ref="2")
        )
    )

    assert scene.waiting() == [("35.70 EUR", "already-paid")]
    assert len(scene.allocations("RE-000001")) == 1


def test_a_payment_of_an_invoice_settled_in_an_earlier_import_stays_open(scene):
    """Also across imports, and the reason names the settled document."""
    scene.upload(statement(moved("35.70", "RE-000001", source_ref="1")))
    scene.upload(statement(moved("35.70", "RE-000001", source_ref="2")), name="second.txt")

    assert scene.waiting() == [("35.70 EUR", "already-paid")]
    assert "RE-000001" in scene.movements(MovementState.OPEN)[0].reason


def test_a_settled_document_beside_an_open_one_keeps_the_movement_open(scene):
    """F097: a full match needs every named document open, whatever the sum of the rest."""
    scene.upload(statement(moved("35.70", "RE-000001", source_ref="1")))
    scene.upload(
        statement(moved("100.00", "RE-000001 RE-000002", source_ref="2")), name="second.txt"
    )

    assert scene.waiting() == [("100.00 EUR", "named-exact")]


def test_credit_that_is_paid_out_settles_the_credit(scene):
    """The debit side: -59.50 names a credit of -59.50 (50.00 and 19 % VAT)."""
    number = scene.issue_credit(scene.customers[0], "50.00")

    scene.upload(statement(moved("-59.50", f"Auszahlung {number}")))

    assert number not in scene.open()
    assert scene.legs("pay:") == ["C 1200 59.50", "D 1400 59.50"]
    assert scene.violations(Proof.LEDGER, Proof.ACCOUNTS) == []


def test_credit_and_invoice_named_together_settle_both_at_their_difference(scene):
    """P38: credit notes may be part of the set; 297.50 - 59.50 = 238.00."""
    number = scene.issue_credit(scene.customers[2], "50.00")

    scene.upload(statement(moved("238.00", f"RE-000003 abzgl. {number}")))

    assert sorted(scene.open()) == ["RE-000001", "RE-000002"]
    assert scene.violations(Proof.LEDGER, Proof.ACCOUNTS) == []


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"gvc": "159"}, "came-back"),
        ({"bank_code": "PMNT/RCDT/RRTN"}, "came-back"),
        ({"gvc": "808", "bank_code": "ACMT/MDOP/CHRG"}, "bank"),
        ({"reversal": True}, "bank"),
        ({"instructed": Decimal("40.00"), "instructed_currency": "USD"}, "named-exact"),
        ({"charges": Decimal("1.50")}, "named-exact"),
    ],
)
def test_other_kinds_of_bookings_settle_nothing_by_themselves(scene, fields, rule):
    """Returns of our own transfers, fees and reversals leave the invoice path; foreign money waits."""
    scene.upload(statement(moved("35.70", "RE-000001", **fields)))

    assert scene.waiting() == [("35.70 EUR", rule)]


def test_another_currency_is_not_mistaken_for_ours(scene):
    """35.70 CHF are not 35.70 EUR."""
    scene.upload(statement(moved("35.70", "RE-000001", currency="CHF")))

    assert scene.waiting() == [("35.70 CHF", "other-currency")]


def test_a_payment_without_ledger_account_waits_in_the_journal_and_is_completed_later(open_scene):
    """F106: the customer's account knows the payment at once, the posting waits as a draft."""
    scene = open_scene(ledger_account=None)

    scene.upload(statement(moved("35.70", "RE-000001")))

    assert "RE-000001" not in scene.open()
    assert scene.legs("pay:") == []
    with scene.database.read(scene.tenant.id) as tx:
        [draft] = read_drafts(tx)
    assert draft.missing == (f"BANK:{IBAN}",)
    assert scene.violations() == []

    with scene.database.write(scene.tenant.id) as tx:
        assert set_account(tx, f"BANK:{IBAN}", "1210").posted == 1
    assert scene.legs("pay:") == ["D 1210 35.70", "C 1400 35.70"]
    assert scene.violations() == []


def test_a_statement_whose_balances_do_not_add_up_is_stored_and_not_booked(scene):
    """P40: something is missing in it or doubled; a person looks first."""
    report = scene.upload(statement(moved("35.70", "RE-000001"), sequence=7, balanced=False))

    assert report.imported.new == 1
    assert report.imported.warnings == (
        "statement 7: its balances do not add up: nothing of it is booked by itself",
    )
    assert scene.waiting() == [("35.70 EUR", "statement-unbalanced")]


def test_deciding_again_adds_no_second_decision_of_the_same_content(scene):
    """Waiting movements are decided with every run; only news is written down."""
    scene.upload(statement(moved("1.00", "Trinkgeld")))
    scene.upload(statement(moved("2.00", "Trinkgeld")), name="second.txt")

    assert scene.count("match_decision") == 2


def test_a_waiting_movement_is_booked_once_its_invoice_exists(scene):
    """Decisions are taken again with every import: 35.70 for November's RE-000004."""
    scene.upload(statement(moved("35.70", "RE-000004", counterparty_name="Unbekannt AG")))
    assert scene.waiting() == [("35.70 EUR", "unknown-number")]
    assert scene.movements()[0].reason == "RE-000004: no such document"

    scene.bill_november()
    scene.upload(statement(), name="empty.txt")

    assert scene.waiting() == []
    assert "RE-000004" not in scene.open()
    assert scene.count("match_decision") == 2


def test_every_document_is_settled_once_when_two_runs_meet(scene):
    """Accounts are locked and read again inside the transaction (P47)."""
    statements = [moved("100.00", "RE-000002", source_ref=str(no)) for no in range(4)]
    scene.upload(statement(*statements, balanced=False))
    scene.trust_statements()

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(match_open, scene.database, scene.tenant) for _ in range(2)]
        booked = sum(run.result().booked for run in runs)

    assert booked == 1
    assert len(scene.allocations("RE-000002")) == 1
    assert scene.violations() == []


def test_an_error_names_the_movement_that_names_an_unknown_currency(scene):
    """Nothing is guessed: an amount in a currency nobody knows refuses the file."""
    with pytest.raises(FakturaError) as refused:
        scene.upload(statement(moved("1.00", currency="XXX", place="entry 3")))

    assert refused.value.place == "november.txt, entry 3"


def test_more_documents_than_a_statement_has_parameters_can_be_asked_for(scene):
    """PostgreSQL takes 65,535: collective payments of one chunk may name more."""
    numbers = [f"RE-{counter:06}" for counter in range(1, 70_001)]

    with scene.database.read(scene.tenant.id) as tx:
        owners = owners_of(tx, numbers)
        states = read_document_states(tx, numbers)
        paid = read_paid(tx, [UUID(int=counter) for counter in range(70_000)])

    assert sorted(owners) == ["RE-000001", "RE-000002", "RE-000003"]
    assert sorted(state.number for state in states) == sorted(owners)
    assert paid == []

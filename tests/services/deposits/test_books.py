"""Deposits in the books: missing accounts, both charts, credit of documents, proofs (F061, F106)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.services.deposits.scene import CONTRACT, DepositScene
from tests.services.verify.books import places, tampering

from faktura.domain.deposits import DepositPosition, DepositRequest, deposit_draft
from faktura.domain.violations import Proof
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import Chart, DocumentKind
from faktura.services.cancelling import Cancelling, cancellable, cancellation
from faktura.services.deposit_settlement import settle_deposits
from faktura.services.issuing import issue
from faktura.services.posting import set_account
from faktura.services.visible_contracts import locked_contracts
from faktura.store import tables
from faktura.store.customers import read_customers_by_id
from faktura.store.documents import read_document
from faktura.store.facts import Facts, FrozenDocument


def test_in_skr04_deposits_have_accounts_of_their_own(database, tmp_path):
    """1495 requested, 3272 and 3260 received, 3806 and 3801 VAT."""
    scene = DepositScene(database, tmp_path / "content", chart=Chart.SKR04, ledger_account="1800")
    scene.request(
        {"articleNumber": "A-4", "net": "100.00"}, {"articleNumber": "A-2", "net": "50.00"}
    )
    scene.pay("172.50", "RE-000004")
    scene.final_over("1000.00")

    assert scene.postings("dep:", "rcv:", "ded:") == [
        "2026-10-01: D 1200 172.50, C 1495 172.50",
        "2026-11-03: D 1495 172.50, C 3272 100.00, C 3260 50.00, C 3806 19.00, C 3801 3.50",
        "2026-10-01: D 3272 100.00, D 3260 50.00, D 3806 19.00, D 3801 3.50, C 1200 172.50",
    ]
    assert scene.violations() == []


def test_a_receipt_that_misses_an_account_waits_for_it(scene):
    """No chart knows where exempt deposits are received: it is a draft, then posted as of its day."""
    scene.net("100.00", article="A-3")
    scene.pay("100.00", "RE-000004", date(2026, 11, 3))

    assert scene.postings("rcv:") == []
    assert scene.violations() == []
    with scene.database.write(scene.tenant.id) as tx:
        assert set_account(tx, "DEPOSITS_RECEIVED:EXEMPT", "1710").posted == 1
    assert scene.postings("rcv:") == ["2026-11-03: D 1593 100.00, C 1710 100.00"]
    assert scene.violations() == []


def test_credit_of_a_cancelled_invoice_pays_a_deposit_and_is_credit_again(scene):
    """35.70 of RE-000001, paid and cancelled beside a deposit of 119.00: VAT of 5.70 is due."""
    scene.pay("35.70", "RE-000001")
    with scene.database.write(scene.tenant.id) as tx:
        contract = locked_contracts(tx, [CONTRACT])[0]
        owner = read_customers_by_id(tx, [contract.customer_id])[contract.customer_id]
        position = DepositPosition(
            scene.company.articles["A-4"], Money(10_000, "EUR"), is_gross=False
        )
        on = date(2026, 10, 1)
        request = DepositRequest((position,), on, Period(on, date(2026, 10, 2)))
        given = Cancelling(reason="Irrtum")
        drafts = [
            cancellation(tx, scene.desk, cancellable(tx, "RE-000001"), given),
            deposit_draft(scene.tenant, contract, owner, request),
        ]
        prepared = [scene.desk.prepare(draft) for draft in drafts]
        credit, deposit = issue(tx, scene.tenant, prepared, on=on, run_id=None)

    assert scene.postings("rcv:") == ["2026-10-01: D 1593 35.70, C 1718 30.00, C 1776 5.70"]
    assert scene.open()[deposit.number] == "83.30 EUR"
    assert scene.violations(Proof.LEDGER, Proof.ACCOUNTS) == []

    scene.cancel(deposit.number)

    assert scene.open()[credit.number] == "-35.70 EUR"
    assert deposit.number not in scene.open()
    assert scene.balance("1593", "1718") == {"1593": Decimal(0), "1718": Decimal(0)}
    assert scene.violations(Proof.LEDGER, Proof.ACCOUNTS) == []


def corrected(scene, number, share):
    """Settle a correction of that share of a deposit, before it is written."""
    with scene.database.write(scene.tenant.id) as tx:
        original = cancellable(tx, number)
        whole = cancellation(tx, scene.desk, original, Cancelling(reason="Teil"))
        part = replace(whole, kind=DocumentKind.CORRECTION, gross=Money(share, "EUR"))
        facts = Facts([FrozenDocument(tx.new_id(), "X", part, "", (), None)])
        settle_deposits(tx, scene.tenant, facts, {}, part.issued_on)
        return facts.allocations


def test_a_deposit_that_is_paid_is_not_corrected_in_part(scene):
    """Which of its money would be released? It is cancelled, and the right one issued."""
    scene.net("100.00")
    assert corrected(scene, "RE-000004", -5_950) == []
    scene.pay("119.00", "RE-000004")

    with pytest.raises(TransitionRefused, match=r"not corrected in part \(F061\)"):
        corrected(scene, "RE-000004", -5_950)


def test_verify_finds_a_receipt_without_its_vat_and_a_vat_without_its_receipt(scene):
    """Whoever writes allocations by another way, or takes them away, is found."""
    scene.net("100.00")
    scene.pay("119.00", "RE-000004")
    entry = tables.journal_entry

    with tampering(scene.database, scene.tenant) as tx:
        tx.connection.execute(
            entry.update().where(entry.c.kind == "DEPOSIT_RECEIVED").values(kind="PAYMENT")
        )
        assert "deposit RE-000004" in places(tx)
    with tampering(scene.database, scene.tenant) as tx:
        tx.connection.execute(
            tables.allocation.delete().where(tables.allocation.c.entry_key.startswith("pay:"))
        )
        assert "deposit RE-000004" in places(tx)


def test_positions_of_a_final_invoice_have_costs_of_their_own(scene):
    """60/40 of 1,000.00, frozen with the line; the deposit's postings know no cost centre."""
    costs = [{"costCentre": "100", "percent": "60"}, {"costCentre": "200", "percent": "40"}]
    position = {"articleNumber": "A-4", "quantity": "1", "unitPrice": "1000.00", "costs": costs}

    issued = scene.final(positions=[position])

    with scene.database.read(scene.tenant.id) as tx:
        (line,) = read_document(tx, issued.number).lines
    assert [(one.centre, str(one.percent)) for one in line.costs] == [("100", "60"), ("200", "40")]
    assert scene.postings(f"inv:{issued.number}", f"fin:{issued.number}") == [
        "2026-10-01: D 1400 1190.00, C 8400 600.00, C 8400 400.00, C 1776 190.00"
    ]

"""Payments and refunds that a person records, and takes back, on both databases (F106, P25, P37)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from tests.services.accounting.money import MoneyScene
from tests.services.bank.statement_files import IBAN, OTHER_IBAN, moved, returned, statement
from tests.services.waiting import until_it_waits

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.events import EventType
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.errors import (
    Conflict,
    CurrencyMismatch,
    NotFound,
    OutOfRange,
    TransitionRefused,
)
from faktura.services.imports.payment_fields import MoneyFields
from faktura.services.manual_payments import record_credit
from faktura.services.posting import set_account
from faktura.services.setting_unpaid import SettingUnpaid, set_unpaid
from faktura.store import tables
from faktura.store.bank_accounts import write_bank_account
from faktura.store.database import Database
from faktura.store.journal import read_drafts


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> MoneyScene:
    """Three invoices; the bank account is 1200."""
    return MoneyScene(database, tmp_path / "content")


def account(scene: MoneyScene, customer: int = 0):
    """The account of a customer as it was recorded."""
    return [(t.fact.value, str(t.amount), str(t.balance_after)) for t in scene.account_of(customer)]


def test_partial_payments_and_what_is_too_much(scene: MoneyScene):
    """35.70: 10.00 and 30.00 come; 4.30 are credit, and the books say the same."""
    first = scene.record("RE-000001", "10.00", text="1. Rate")
    second = scene.record("RE-000001", "30.00")

    assert (first.parts[0][0], str(first.parts[0][1]), str(first.credit)) == (
        "RE-000001", "10.00 EUR", "0.00 EUR",
    )  # fmt: skip
    assert (str(second.parts[0][1]), str(second.credit)) == ("25.70 EUR", "4.30 EUR")
    assert "RE-000001" not in scene.open()
    assert account(scene) == [
        ("INVOICE", "35.70 EUR", "35.70 EUR"), ("PAYMENT", "-10.00 EUR", "25.70 EUR"),
        ("PAYMENT", "-25.70 EUR", "0.00 EUR"), ("PAYMENT", "-4.30 EUR", "-4.30 EUR"),
    ]  # fmt: skip
    paid = scene.account_of(0)[1]
    assert (paid.value_date, paid.remittance) == (date(2026, 10, 20), "1. Rate")
    assert paid.source == f"pay:manual:{first.reference}"
    assert [event for _, event in scene.events("RE-000001")][1:] == [
        EventType.INVOICE_PAYMENT_RECEIVED, EventType.INVOICE_PAYMENT_RECEIVED,
    ]  # fmt: skip
    assert str(scene.record("RE-000001", "1.00").credit) == "1.00 EUR"
    assert scene.violations() == []


def test_a_reference_is_recorded_once(scene: MoneyScene):
    """The same content again writes nothing; other content is refused."""
    first = scene.record("RE-000001", "40.00", reference="B-7", text="Danke")
    rows = scene.count("account_transaction")

    again = scene.record("RE-000001", "40.00", reference="B-7", text="Danke")

    assert (again.repeated, again.parts, again.credit) == (True, first.parts, first.credit)
    for act in (
        lambda: scene.record("RE-000001", "40.01", reference="B-7", text="Danke"),
        lambda: scene.record("RE-000001", "40.00", reference="B-7"),
        lambda: scene.record(
            "RE-000001", "40.00", reference="B-7", text="Danke", valueDate="2026-10-21"
        ),
        lambda: scene.record("RE-000002", "40.00", reference="B-7", text="Danke"),
        lambda: scene.credit("K-1", "40.00", reference="B-7", text="Danke"),
        lambda: scene.refund("K-1", "4.30", reference="B-7"),
    ):
        with pytest.raises(Conflict, match="B-7"):
            act()
    assert scene.count("account_transaction") == rows
    credited = scene.credit("K-2", "5.00", reference="C-1")
    assert (scene.credit("K-2", "5.00", reference="C-1").repeated, credited.repeated) == (
        True,
        False,
    )


def test_without_a_ledger_account_it_is_a_draft(scene: MoneyScene):
    """F106: the entry and what takes it back wait, and are completed together."""
    with scene.database.write(scene.tenant.id) as tx:
        other = BankAccount(tx.new_id(), OTHER_IBAN, "Werk GmbH", "EUR", None, None)
        write_bank_account(tx, other)
    key = f"BANK:{OTHER_IBAN}"

    done = scene.record("RE-000001", "35.70", account=OTHER_IBAN, reference="B-1")

    assert done.missing == (key,)
    assert scene.record("RE-000001", "35.70", account=OTHER_IBAN, reference="B-1").repeated
    scene.undo("B-1")
    with scene.database.write(scene.tenant.id) as tx:
        assert len(list(read_drafts(tx))) == 2
        assert set_account(tx, key, "1210").posted == 2
    assert scene.legs("pay:manual:B-1") == ["D 1210 35.70", "C 1400 35.70"]
    assert scene.legs("unp:manual:B-1") == ["C 1210 35.70", "D 1400 35.70"]
    assert scene.violations() == []


def test_what_was_recorded_is_taken_back_once(scene: MoneyScene):
    """P25: reversed on the account, in the journal and for the document; it is open again."""
    scene.record("RE-000001", "40.00", reference="B-7")

    assert scene.undo("B-7", date="2026-10-25") == ("RE-000001",)

    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert account(scene)[3:] == [
        ("SET_UNPAID", "35.70 EUR", "31.40 EUR"), ("SET_UNPAID", "4.30 EUR", "35.70 EUR"),
    ]  # fmt: skip
    undone = scene.account_of(0)[3]
    assert (undone.value_date, undone.remittance) == (date(2026, 10, 25), "Irrtum")
    assert scene.events("RE-000001")[-1][1] == EventType.INVOICE_SET_UNPAID
    with pytest.raises(Conflict, match="taken back already"):
        scene.undo("B-7")
    with pytest.raises(Conflict, match="recorded and taken back"):
        scene.record("RE-000001", "40.00", reference="B-7")
    with pytest.raises(NotFound):
        scene.undo("B-8")
    assert scene.violations() == []


def test_setting_unpaid_takes_recorded_money_back_whole(scene: MoneyScene):
    """F065: as it does with a bank movement; nothing waits afterwards."""
    scene.record("RE-000001", "40.00")
    scene.upload(statement(moved("100.00", "RE-000002")))
    with scene.database.write(scene.tenant.id) as tx:
        given = SettingUnpaid("Falsch", date(2026, 10, 25))
        assert set_unpaid(tx, scene.tenant, "RE-000001", given) == ("RE-000001",)

    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert account(scene)[-1] == ("SET_UNPAID", "4.30 EUR", "35.70 EUR")
    assert scene.movements(MovementState.OPEN) == []
    assert scene.violations() == []


def test_a_returned_debit_undoes_recorded_money(scene: MoneyScene):
    """F095: a person names the document; invariant 15: the debtor owes as before the payment."""
    scene.record("RE-000001", "35.70", reference="B-1")
    scene.upload(statement(returned("-39.20", "?", original="35.70")))

    scene.assign("RE-000001")

    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert str(scene.account_of(0)[-1].balance_after) == "35.70 EUR"
    with pytest.raises(Conflict, match="taken back already"):
        scene.undo("B-1")
    assert scene.violations() == []


def test_refunds_are_never_more_than_the_credit(scene: MoneyScene):
    """P37: 4.30 are free; a cancelled invoice that was paid has 100.00."""
    scene.record("RE-000001", "40.00", reference="B-7")
    with pytest.raises(TransitionRefused, match=r"4\.30 EUR"):
        scene.refund("K-1", "4.31")
    done = scene.refund("K-1", "4.30", reference="R-1")
    assert (str(done.credit), done.parts) == ("4.30 EUR", ())
    assert scene.refund("K-1", "4.30", reference="R-1").repeated
    with pytest.raises(TransitionRefused):
        scene.refund("K-1", "0.01")
    with pytest.raises(Conflict, match="P37"):
        scene.undo("B-7")

    scene.record("RE-000002", "100.00")
    cancelled = scene.cancel("RE-000002").number
    with pytest.raises(TransitionRefused, match=r"100\.00 EUR"):
        scene.refund("K-2", "100.01", invoiceNumber="RE-000002")
    with pytest.raises(Conflict):
        scene.refund("K-1", "1.00", invoiceNumber="RE-000002")
    part = scene.refund("K-2", "60.00", invoiceNumber="RE-000002", reference="R-2")
    assert [(number, str(amount)) for number, amount in part.parts] == [(cancelled, "60.00 EUR")]
    assert scene.refund("K-2", "60.00", invoiceNumber="RE-000002", reference="R-2").repeated
    assert scene.refund("K-2", "40.00", invoiceNumber=cancelled).parts[0][0] == cancelled
    assert cancelled not in scene.open()
    assert scene.events(cancelled)[-1][1] == EventType.INVOICE_REFUNDED
    assert scene.undo("R-2") == (cancelled,)
    assert scene.open()[cancelled] == "-60.00 EUR"
    assert scene.violations() == []


def test_what_cannot_be_meant_is_refused_by_name(scene: MoneyScene):
    """No account of ours, another currency, a far day, money for a document that is credit."""
    with pytest.raises(NotFound):
        scene.record("RE-000001", "1.00", account=OTHER_IBAN)
    with pytest.raises(NotFound):
        scene.record("RE-000099", "1.00")
    with pytest.raises(OutOfRange, match="month ahead"):
        scene.record("RE-000001", "1.00", valueDate="2026-11-02")
    with scene.database.write(scene.tenant.id) as tx:
        tx.connection.execute(tables.bank_account.update().values(currency="CHF"))
    with pytest.raises(CurrencyMismatch):
        scene.record("RE-000001", "1.00")
    with scene.database.write(scene.tenant.id) as tx:
        tx.connection.execute(tables.bank_account.update().values(currency="EUR"))
    scene.record("RE-000002", "100.00")
    with pytest.raises(TransitionRefused, match="credit"):
        scene.record(scene.cancel("RE-000002").number, "1.00")


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.postgres
def test_a_reference_that_comes_twice_at_once_is_recorded_once(scene: MoneyScene):
    """The second waits for the first, then sees that the reference stands for something else."""
    given = MoneyFields.model_validate(
        {"amount": "1.00", "account": IBAN, "valueDate": "2026-10-20", "reference": "B-1"}
    )
    with ThreadPoolExecutor(1) as other:
        with scene.database.write(scene.tenant.id) as tx:
            record_credit(tx, scene.tenant, "K-1", given)
            second = other.submit(scene.credit, "K-2", "1.00", reference="B-1")
            until_it_waits(scene.database, second)
        with pytest.raises(Conflict, match="B-1"):
            second.result(30)

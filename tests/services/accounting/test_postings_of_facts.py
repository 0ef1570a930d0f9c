"""The legs of every fact in both charts, each fact through its public service (datev.md, 2.1).

An account is written `SKR03|SKR04`. S is the debit side, H the credit side.
"""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from tests.services.accounting.money import MoneyScene
from tests.services.bank.statement_files import moved, returned, statement
from tests.services.company import RUN, bill

from faktura.domain.addresses import ContactPerson
from faktura.domain.line_parts import LinePart
from faktura.flows.imports import import_file
from faktura.kernel.terms import Chart
from faktura.services.correcting import Correcting, correct_invoice
from faktura.services.credit_notes import (
    CorrectingCredit,
    correct_credit_note,
    create_credit_note,
)
from faktura.services.imports.credit_note_file import CreditNoteFields
from faktura.services.imports.entries import ImportFile
from faktura.services.opening_items import import_opening_items, read_opening_file
from faktura.store.database import Database

CONTACT = ContactPerson("Pia Partner", "+49 40 333444", "pia@partner.example")


def invoices(scene: MoneyScene) -> None:
    """K-4 buys at 19 and at 7 per cent: 30.00 + 9.90 and 5.70 + 0.69 of VAT."""
    scene.company.contract(scene.company.customer(), "A-1", "A-2")
    bill(scene.database, scene.tenant, RUN)


def paid(scene: MoneyScene) -> None:
    """A transfer names its invoice."""
    scene.pay("35.70", "RE-000001")


def unpaid(scene: MoneyScene) -> None:
    """It was somebody else's."""
    scene.set_unpaid("RE-000001")


def returned_debit(scene: MoneyScene) -> None:
    """Collected, then returned: the bank keeps 3.50."""
    scene.upload(statement(moved("35.70", "RE-000001", end_to_end_id="E-2")), name="b.txt")
    back = returned("-39.20", original="35.70", end_to_end_id="E-2")
    scene.upload(statement(back), name="c.txt")


def correction(scene: MoneyScene) -> None:
    """100.00 of the 250.00 were not delivered."""
    part = Correcting((LinePart(1, amount=Decimal("100.00")),), "Kulanz")
    with scene.database.write(scene.tenant.id) as tx:
        correct_invoice(tx, scene.desk, "RE-000003", part)


def opening(scene: MoneyScene) -> None:
    """An item of another system."""
    item = {
        "customerNumber": "K-1", "number": "ALT-17", "issuedOn": "2026-08-15",
        "dueOn": "2026-09-14", "amount": "119.00",
    }  # fmt: skip
    file = ImportFile("balances.json", json.dumps([item]).encode())
    import_file(scene.database, scene.tenant, file, read_opening_file, import_opening_items)


def commission(scene: MoneyScene) -> None:
    """A partner is credited 100.00 and 19.00 of VAT; then that is taken back."""
    partner = scene.company.customer(eu_tax_id="DE136695976", contact=CONTACT)
    scene.company.contract(partner, "A-1")
    position = {
        "articleNumber": "A-1", "quantity": "2", "unitPrice": "50.00", "from": "2026-10-01",
        "until": "2026-11-01",
    }  # fmt: skip
    given = {"partnerNumber": "K-5", "contractNumber": "V-5", "positions": [position]}
    with scene.database.write(scene.tenant.id) as tx:
        fields = CreditNoteFields.model_validate(given)
        number = create_credit_note(tx, scene.desk, fields).number
    with scene.database.write(scene.tenant.id) as tx:
        correct_credit_note(tx, scene.desk, number, CorrectingCredit("Falscher Monat"))


FACTS = (
    ("invoices, one of two rates", invoices, [
        "INVOICE: S 1400|1200 35.70, H 8400|4400 30.00, H 1776|3806 5.70",
        "INVOICE: S 1400|1200 100.00, H 8100|4100 100.00",
        "INVOICE: S 1400|1200 297.50, H 8400|4400 250.00, H 1776|3806 47.50",
        "INVOICE: S 1400|1200 46.29, H 8400|4400 30.00, H 8300|4300 9.90, H 1776|3806 5.70, H 1771|3801 0.69",
    ]),
    ("payment", paid, ["PAYMENT: S 1200|1800 35.70, H 1400|1200 35.70"]),
    ("set unpaid", unpaid, ["SET_UNPAID: H 1200|1800 35.70, S 1400|1200 35.70"]),
    ("payment, returned with a fee", returned_debit, [
        "PAYMENT: S 1200|1800 35.70, H 1400|1200 35.70",
        "RETURN: S 1400|1200 35.70, H 1200|1800 35.70",
        "RETURN_FEE: S 4970|6855 3.50, H 1200|1800 3.50",
    ]),
    ("partial payment", lambda s: s.record("RE-000003", "97.50", reference="P-1"), [
        "PAYMENT: S 1200|1800 97.50, H 1400|1200 97.50",
    ]),
    ("taken back", lambda s: s.undo("P-1"), [
        "SET_UNPAID: H 1200|1800 97.50, S 1400|1200 97.50",
    ]),
    ("partial payment again", lambda s: s.record("RE-000003", "97.50"), [
        "PAYMENT: S 1200|1800 97.50, H 1400|1200 97.50",
    ]),
    ("over-payment", lambda s: s.record("RE-000002", "150.00"), [
        "PAYMENT: S 1200|1800 100.00, H 1400|1200 100.00",
        "PAYMENT: S 1200|1800 50.00, H 1400|1200 50.00",
    ]),
    ("refund of credit", lambda s: s.refund("K-2", "50.00", reference="R-1"), [
        "REFUND: S 1400|1200 50.00, H 1200|1800 50.00",
    ]),
    ("refund taken back", lambda s: s.undo("R-1"), [
        "SET_UNPAID: H 1400|1200 50.00, S 1200|1800 50.00",
    ]),
    ("correction", correction, [
        "CORRECTION: H 1400|1200 119.00, S 8400|4400 100.00, S 1776|3806 19.00",
    ]),
    # Of 178.50 that are left, 28.50 are VAT: 81.00 x 28.50 / 178.50 = 12.93.
    ("write-off of a rest", lambda s: s.write_off("RE-000003"), [
        "WRITE_OFF: S 2406|6936 68.07, S 1776|3806 12.93, H 1400|1200 81.00",
    ]),
    ("recovery", lambda s: s.recover("RE-000003"), [
        "RECOVERY: H 2406|6936 68.07, H 1776|3806 12.93, S 1400|1200 81.00",
    ]),
    ("write-off of two rates", lambda s: s.write_off("RE-000004"), [
        "WRITE_OFF: S 2406|6936 30.00, S 1776|3806 5.70, S 2401|6931 9.90, S 1771|3801 0.69, H 1400|1200 46.29",
    ]),
    ("cancellation", lambda s: s.cancel("RE-000002"), [
        "CORRECTION: H 1400|1200 100.00, S 8100|4100 100.00",
    ]),
    ("refund of a cancellation", lambda s: s.refund("K-2", "100.00", invoiceNumber="RE-000002"), [
        "REFUND: S 1400|1200 100.00, H 1200|1800 100.00",
    ]),
    ("opening item", opening, ["OPENING: S 1400|1200 119.00, H 9008|9008 119.00"]),
    ("write-off of an opening item", lambda s: s.write_off("ALT-17"), [
        "WRITE_OFF: S 2400|6930 119.00, H 1400|1200 119.00",
    ]),
    ("deposit", lambda s: s.net("100.00"), ["DEPOSIT: S 1400|1200 119.00, H 1593|1495 119.00"]),
    ("deposit paid", lambda s: s.record("RE-000005", "119.00"), [
        "PAYMENT: S 1200|1800 119.00, H 1400|1200 119.00",
        "DEPOSIT_RECEIVED: S 1593|1495 119.00, H 1718|3272 100.00, H 1776|3806 19.00",
    ]),
    ("final invoice", lambda s: s.final_over("1000.00"), [
        "INVOICE: S 1400|1200 1190.00, H 8400|4400 1000.00, H 1776|3806 190.00",
        "DEPOSIT_DEDUCTED: S 1718|3272 100.00, S 1776|3806 19.00, H 1400|1200 119.00",
    ]),
    # 1,190.00 - 119.00 that were received: of what is open 900.00 are net and 171.00 are VAT.
    ("write-off of a final invoice", lambda s: s.write_off("RE-000006"), [
        "WRITE_OFF: S 2406|6936 900.00, S 1776|3806 171.00, H 1400|1200 1071.00",
    ]),
    ("credit note and its correction", commission, [
        "CREDIT_NOTE: H 1400|1200 119.00, S 4760|6770 100.00, S 1576|1406 19.00",
        "CREDIT_NOTE: S 1400|1200 119.00, H 4760|6770 100.00, H 1576|1406 19.00",
    ]),
)  # fmt: skip


@pytest.mark.parametrize(("chart", "bank"), [(Chart.SKR03, "1200"), (Chart.SKR04, "1800")])
def test_every_fact_has_its_legs(database: Database, tmp_path: Path, chart: Chart, bank: str):
    """Each fact posts exactly these entries, and the books hold after all of them."""
    scene = MoneyScene(database, tmp_path / "content", chart, bank)
    wrong = []
    for name, act, expected in FACTS:
        act(scene)
        posted = scene.posted()
        if posted != [_of(chart, line) for line in expected]:
            wrong.append((name, posted))

    assert wrong == []
    assert scene.violations() == []


def _of(chart: Chart, line: str) -> str:
    words = []
    for word in line.split(" "):
        skr03, bar, skr04 = word.partition("|")
        words.append(skr04 if bar and chart is Chart.SKR04 else skr03)
    return " ".join(words)

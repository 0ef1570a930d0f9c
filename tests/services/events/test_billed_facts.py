"""What subscribers are told of documents: the head of each, and corrections by their own name."""

from datetime import date
from pathlib import Path

import pytest
from tests.event_bodies import told
from tests.services.company import opened
from tests.services.documents.correction_scene import CorrectionScene

from faktura.services.cancelling import Cancelling, cancel_invoice


@pytest.fixture
def scene(database_url: str, tmp_path: Path):
    """A company with one invoice over 46.29, cancelled on the day after."""
    database = opened(database_url)
    scene = CorrectionScene(database, tmp_path)
    customer = scene.company.customer()
    scene.company.contract(customer, "A-1", "A-2")
    scene.bill()
    with scene.write() as tx:
        cancel_invoice(tx, scene.desk, "RE-000001", Cancelling(reason="Falscher Kunde"))
    yield scene
    database.close()


def bodies(scene: CorrectionScene, *types: str):
    """The bodies of these facts."""
    with scene.database.read(scene.company.tenant.id) as tx:
        return told(tx, *types)


def test_an_invoice_is_told_with_its_head(scene):
    """Frozen amounts; what is open is as of now: the cancellation settled it."""
    (body,) = bodies(scene, "INVOICE_CREATED")

    assert (body["sequence"], body["object"]["type"]) == (1, "invoice")
    assert body["object"]["number"] == "RE-000001"
    assert body["data"]["gross"] == "46.29"
    assert body["data"]["invoice"] == {
        "number": "RE-000001",
        "kind": "INVOICE",
        "issuedOn": "2026-10-01",
        "dueOn": "2026-10-15",
        "currency": "EUR",
        "net": "39.90",
        "tax": "6.39",
        "gross": "46.29",
        "open": "0.00",
        "dunningLevel": 0,
    }


def test_a_cancellation_is_told_as_a_correction_and_on_what_it_takes_back(scene):
    """INVOICECORRECTION_CREATED of the new document, INVOICE_CANCELLED of the old one."""
    (created,) = bodies(scene, "INVOICECORRECTION_CREATED")
    (cancelled,) = bodies(scene, "INVOICE_CANCELLED")

    assert created["object"]["number"] == "RK-000001"
    assert (created["data"]["kind"], created["data"]["corrects"]) == ("CANCELLATION", ["RE-000001"])
    assert created["data"]["invoice"]["gross"] == "-46.29"
    assert date.fromisoformat(created["data"]["dueDate"]) >= date(2026, 10, 1)
    assert (cancelled["sequence"], cancelled["data"]["correction"]) == (2, "RK-000001")


def test_no_correction_is_told_as_an_invoice(scene):
    """Whoever counts invoices by INVOICE_CREATED counts no correction."""
    assert [body["object"]["number"] for body in bodies(scene, "INVOICE_CREATED")] == ["RE-000001"]

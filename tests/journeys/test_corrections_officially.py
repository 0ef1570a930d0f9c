"""What corrects an invoice passes the rules of its receivers, as XRechnung (F066, F110, P18)."""

from datetime import date
from pathlib import Path

from tests.journeys.official_rules import official_rules
from tests.services.changes.world import World, open_world
from tests.services.company import XRechnung

from faktura.domain.line_parts import LinePart
from faktura.kernel.terms import DocumentKind
from faktura.services.correcting import Correcting, correct_invoice
from faktura.services.invoice_view import invoice_document

AUG_1, AUG_10 = date(2019, 8, 1), date(2019, 8, 10)


def _changed(world: World) -> None:
    """An upgrade with its correction, a partial correction, a cancellation."""
    number = world.member(discounts=[{"percent": "10", "reason": "Treue"}])
    world.bill(AUG_1)
    world.upgrade(
        number,
        AUG_10,
        date="2019-08-10",
        items=[{"currentArticleNumber": "MEMBER", "quantity": "2"}],
        note="Erweiterung",
    )
    rebill = world.documents()[-1].number
    with world.database.write(world.tenant.id) as tx:
        given = Correcting((LinePart(2),), "Kulanz", AUG_10)
        correct_invoice(tx, world.desk, rebill, given)
    other = world.member("3")
    world.bill(AUG_10)
    world.cancel(world.documents()[-1].number, AUG_10)
    world.terminate(other, AUG_10, end="2019-08-21", toTheDay=True, extraordinary=True)


def test_corrections_and_cancellations_break_no_official_rule(tmp_path: Path):
    """XSD, CEN and KoSIT: 381 with positive amounts, 384 with negative quantities, BG-3."""
    world = open_world(f"sqlite:///{tmp_path / 'books.db'}")
    _changed(world)
    documents = world.documents()
    world.database.close()
    writer = XRechnung().cii
    written = {one.number: writer.render(invoice_document(one)) for one in documents}

    with official_rules() as official:
        broken = {number: official.broken_by(xml) for number, xml in written.items()}

    assert {one.kind for one in documents} == {
        DocumentKind.INVOICE,
        DocumentKind.CORRECTION,
        DocumentKind.CANCELLATION,
    }
    assert {number: found for number, found in broken.items() if found} == {}

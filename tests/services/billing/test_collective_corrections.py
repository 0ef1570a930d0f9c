"""What is taken back of a collective invoice, by a change or as a whole (F053, F064, F071)."""

from datetime import date
from typing import Any

import pytest
from tests.services.changes.world import World

from faktura.services.cancelling import Cancelling, cancel_invoice
from faktura.store.catalogue import read_projects
from faktura.store.document_lists import Wanted, list_documents

AUG_1, AUG_10 = date(2019, 8, 1), date(2019, 8, 10)


@pytest.fixture
def joined(world: World) -> World:
    """The world with collective invoices."""
    world.with_tenant(collective_invoices=True)
    return world


def listed(world: World, **wanted: Any) -> list[tuple[str, tuple[str, ...]]]:
    """Number and contracts of the listed documents."""
    with world.database.read(world.tenant.id) as tx:
        rows = list_documents(tx, Wanted(**wanted))
    return [(row.number, row.contract_numbers) for row in rows]


def test_a_change_takes_back_the_lines_of_its_own_contract(joined: World):
    """F071 on a collective invoice: -30.00 of the second contract, whose half month is 8.71 + 42.58."""
    one, two = joined.member(), joined.member()
    joined.bill(AUG_1)

    joined.upgrade(
        two,
        AUG_10,
        date="2019-08-10",
        items=[{"currentArticleNumber": "MEMBER", "quantity": "2"}],
    )

    _, correction, rebill = joined.documents()
    assert joined.nets() == [("INVOICE", "60.00"), ("CORRECTION", "-30.00"), ("INVOICE", "51.29")]
    assert correction.snapshot["contractNumber"] == two
    assert correction.lines[0].derivation["reversed"] == {"document": "RE-000001", "line": 2}
    assert rebill.contract_id == joined.read(two).id
    # 71.40 less the credit of 35.70, which pays its own invoice first.
    assert joined.open_items() == {"RE-000001": "35.70", rebill.number: "61.04"}
    assert listed(joined, contract_number=one) == [("RE-000001", (one, two))]
    assert joined.violations() == []


def test_a_cancelled_collective_invoice_is_billed_again_as_one(joined: World):
    """F064: 384 over both contracts, seen by who saw the original; the next run joins them again."""
    numbers = (joined.member(), joined.member())
    joined.bill(AUG_1)
    with joined.database.write(joined.tenant.id) as tx:
        cancel_invoice(tx, joined.desk, "RE-000001", Cancelling())

    joined.bill(AUG_10)

    _, cancelled, again = joined.documents()
    assert [str(document.gross.decimal) for document in joined.documents()] == [
        "71.40",
        "-71.40",
        "71.40",
    ]
    with joined.database.read(joined.tenant.id) as tx:
        main = read_projects(tx)["main"]
    assert {contracts for _, contracts in listed(joined, projects={main.id})} == {numbers}
    sections: Any = cancelled.snapshot["contracts"]
    assert [one["number"] for one in sections] == list(numbers)
    assert again.contract_id is None
    assert joined.violations() == []

"""What the database refuses harms only the customer it belongs to (O19)."""

from datetime import date

import pytest
from tests.services.billing.scene import TENANT, Scene

from faktura.domain.customers import Customer
from faktura.kernel.errors import WriteRefused
from faktura.store import tables
from faktura.store.bulk import bulk_write
from faktura.store.quarantine import read_quarantine

_DAY = date(2026, 9, 15)


def _refuse_documents_of(scene: Scene, customer: Customer) -> None:
    """A trigger stands in for any defect that only the database notices."""
    begins = "CREATE TRIGGER poison BEFORE INSERT ON document"
    if scene.database.is_postgresql:
        when = f"WHEN (NEW.customer_id = '{customer.id}')"
        body = "$$ BEGIN RAISE EXCEPTION 'poisoned'; END $$"
        statements = [
            f"CREATE FUNCTION poisoned() RETURNS trigger LANGUAGE plpgsql AS {body}",
            f"{begins} FOR EACH ROW {when} EXECUTE FUNCTION poisoned()",
        ]
    else:
        when = f"WHEN NEW.customer_id = X'{customer.id.hex}'"
        statements = [f"{begins} {when} BEGIN SELECT RAISE(ABORT, 'poisoned'); END"]
    with scene.database.write(TENANT.id) as tx:
        for statement in statements:
            tx.connection.exec_driver_sql(statement)


def test_a_customer_the_database_refuses_is_quarantined_and_the_chunk_goes_on(scene: Scene):
    """Each other customer is billed, numbers have no gap, and the run is done."""
    scene.contract()
    poisoned = scene.customer()
    held = [scene.contract(poisoned), scene.contract(poisoned)]
    scene.contract()
    _refuse_documents_of(scene, poisoned)

    receipt = scene.bill(_DAY)

    assert (receipt.totals.documents, receipt.totals.quarantined) == (2, 2)
    assert receipt.totals.chunks_done == 1
    assert [number for number, *_ in scene.documents()] == ["RE-0001", "RE-0002"]
    with scene.database.read(TENANT.id) as tx:
        rows = read_quarantine(tx)
    assert sorted(row.contract_number for row in rows) == sorted(one.number for one in held)
    assert {row.code for row in rows} == {"write_refused"}
    assert all("poisoned" in row.problem for row in rows)


def test_a_row_that_breaks_a_constraint_is_a_named_error(scene: Scene):
    """Neither the driver's nor the library's error leaves the store."""
    row = (TENANT.id, scene.project.id, "other", "Other", False)

    with pytest.raises(WriteRefused), scene.database.write(TENANT.id) as tx:
        bulk_write(tx, tables.project, [row])

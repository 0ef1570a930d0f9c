"""Links of documents: one each, kept for good, and what their pages say by then (F089)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services.company import XRechnung, settle
from tests.services.payments.pay_scene import CARD, Scene, build, copied, pay_scene

from faktura.domain.pay_links import PayState
from faktura.kernel.errors import NotFound
from faktura.services.cancelling import Cancelling, cancel_invoice
from faktura.services.imports.entries import Form
from faktura.services.imports.payment_fields import WriteOffFields
from faktura.services.imports.validation import fields_of
from faktura.services.issuing import Desk
from faktura.services.pay_links import link_for, linked_document, pay_link
from faktura.services.write_offs import write_off


@pytest.fixture
def scene(database_url: str, tmp_path: Path) -> Iterator[Scene]:
    """The company."""
    build(database_url)
    made = pay_scene(database_url, tmp_path, {"double": frozenset({CARD})})
    yield made
    made.app.close()


@pytest.fixture
def lite(migrated_file: Path, tmp_path: Path) -> Iterator[Scene]:
    """The company on SQLite."""
    made = pay_scene(copied(migrated_file, tmp_path), tmp_path, {"double": frozenset({CARD})})
    yield made
    made.app.close()


def test_a_document_has_one_link_for_good(scene):
    """Asked for by number or by id; another document has another one."""
    with scene.app.database.write(scene.tenant.id) as tx:
        first = pay_link(tx, "RE-000001")
        again = link_for(tx, first.document_id)
        other = pay_link(tx, "RE-000002")
        opened = linked_document(tx, first.token)

    assert first.token == again == scene.token()
    assert first.token.startswith("1.")
    assert len(first.token) == 34
    assert other.token != first.token
    assert opened == first.document_id


def test_a_token_opens_nothing_in_another_tenant(scene):
    """Nor does one that nobody has."""
    token = scene.token()

    with scene.app.database.read(scene.tenant.id + 1) as tx, pytest.raises(NotFound):
        linked_document(tx, token)
    with scene.app.database.read(scene.tenant.id) as tx, pytest.raises(NotFound):
        linked_document(tx, f"1.{'A' * 32}")
    with scene.app.database.write(scene.tenant.id) as tx, pytest.raises(NotFound):
        pay_link(tx, "RE-999999")


def test_the_page_follows_the_document(lite):
    """A part is paid, the rest is given up; the other document is cancelled: the links still open."""
    before = lite.view()
    settle(lite.app.database, lite.tenant, "RE-000001", 7_000)
    partly = lite.view()
    with lite.app.database.write(lite.tenant.id) as tx:
        fields = fields_of(WriteOffFields, {"reason": "Bagatelle"}, Form.TEXT)
        write_off(tx, lite.tenant, "RE-000001", fields)
        cancel_invoice(tx, Desk(lite.tenant, XRechnung()), "RE-000002", Cancelling())

    assert (before.state, str(before.open.decimal)) == (PayState.PAYABLE, "71.40")
    assert (partly.state, str(partly.open.decimal)) == (PayState.PAYABLE, "1.40")
    assert lite.view().state is PayState.NOTHING
    assert lite.view("RE-000002").state is PayState.CANCELLED

"""The ledger's hash: the same story on both databases, another with any cent, day or number changed."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.services.company import bill, opened, settle, small_company
from tests.services.simulation.test_invariants import Pinned
from tests.services.verify.books import kept_books, tampering

from faktura.domain.tenants import Tenant
from faktura.store.database import Database
from faktura.store.tenants import create_tenant
from faktura.testing.simulation.ledger_hash import ledger_hash

BOOKS = "8928a1d504dca727853838d61d69e45209c5886d5766c4af7c01018d49283b51"


@pytest.fixture(scope="module")
def books(tmp_path_factory) -> Iterator[tuple[Database, Tenant]]:
    """Two months of books on SQLite."""
    database = opened(f"sqlite:///{tmp_path_factory.mktemp('hash')}/books.db")
    yield database, kept_books(database)
    database.close()


def test_the_same_books_have_the_same_hash_on_both_databases(books, database):
    """Literal: whoever changes the canonical form must know that old receipts say another hash."""
    tenant = kept_books(database)

    assert ledger_hash(database, tenant.id) == BOOKS


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE document SET gross = gross + 1 WHERE number = 'RE-000017'",
        "UPDATE document SET number = 'RE-000018' WHERE number = 'RE-000017'",
        "UPDATE document SET due_on = '2026-11-16' WHERE number = 'RE-000017'",
        "UPDATE document_line SET quantity = quantity + 1 WHERE no = 1",
        "UPDATE document_line SET tax_rate = tax_rate + 1 WHERE no = 1",
        "UPDATE account_transaction SET value_date = '2026-10-21' WHERE fact = 'RETURN'",
        "UPDATE account_transaction SET amount = amount - 1 WHERE fact = 'RETURN'",
        "UPDATE journal_entry SET value_date = '2026-10-21' WHERE seq = 5",
        "UPDATE leg SET account = '8401' WHERE account = '8400' AND entry_seq = 1",
        "UPDATE leg SET side = 'C' WHERE side = 'D' AND entry_seq = 1",
        "UPDATE allocation SET amount = amount + 1 WHERE no = 3",
        "DELETE FROM allocation WHERE no = 3",
    ],
)
def test_whatever_the_ledger_says_is_in_its_hash(books, change):
    """A cent, a day, a number, an account: each gives another hash."""
    database, tenant = books
    with tampering(database, tenant) as tx:
        assert tx.connection.exec_driver_sql(change).rowcount > 0
        changed = ledger_hash(Pinned(tx), tenant.id)  # type: ignore[arg-type]

    assert changed != ledger_hash(database, tenant.id)


def test_ids_and_moments_are_not_in_it(books):
    """What only one machine knows: ids, the moment of recording, hashes of seals."""
    database, tenant = books
    with tampering(database, tenant) as tx:
        for change in (
            "UPDATE document SET recorded_at = recorded_at + 5, seal_seq = seal_seq + 100",
            "UPDATE document SET run_id = NULL, content_hash = x'00'",
            "UPDATE account_transaction SET source = 'pay:other', recorded_at = recorded_at + 7",
            "UPDATE allocation SET movement_id = NULL, entry_key = 'other'",
            "UPDATE journal_entry SET entry_key = entry_key || 'x', text = 'other'",
        ):
            assert tx.connection.exec_driver_sql(change).rowcount > 0
        changed = ledger_hash(Pinned(tx), tenant.id)  # type: ignore[arg-type]

    assert changed == ledger_hash(database, tenant.id)


def test_the_hash_of_one_tenant_says_nothing_of_another(database):
    """A second company's books change nothing of the first one's."""
    first = small_company(database)
    bill(database, first)
    settle(database, first, "RE-000001", 3000)
    before = ledger_hash(database, first.id)
    with database.write(0) as tx:
        other = create_tenant(tx, replace(first, key="other"))

    assert ledger_hash(database, first.id) == before
    assert ledger_hash(database, other.id) != before

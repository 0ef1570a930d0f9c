"""Each proof of `faktura verify` names the place where the books contradict themselves."""

import pytest
from tests.services.company import XRechnung
from tests.services.verify.books import kept_books, proved, tampering, violations

from faktura.domain.sealing import fact_digest
from faktura.domain.violations import Proof, Violation
from faktura.flows.documents import Documents, render_documents
from faktura.flows.verification import verify
from faktura.services.documents import Selection
from faktura.store.blobs import DirectoryStore
from faktura.store.fact_tables import EVENTS
from faktura.store.tables import bank_account, bank_upload, event, rendering

DOCUMENT_1 = "(SELECT id FROM document WHERE number = 'RE-000001')"
DOCUMENT_3 = "(SELECT id FROM document WHERE number = 'RE-000003')"


@pytest.fixture
def tenant(database):
    """The tenant whose books are in the database."""
    return kept_books(database)


def said(database, tenant, *changes: str) -> list[tuple[str, str, str]]:
    """What the proofs say about the books after these changes."""
    with tampering(database, tenant) as tx:
        for change in changes:
            tx.connection.exec_driver_sql(change)
        return [(found.proof.value, found.place, found.problem) for found in violations(tx)]


def test_whole_books_hold(database, tenant):
    """Invoices, part payments, a return and unallocated credit."""
    assert said(database, tenant) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            f"UPDATE open_item SET open = open + 1 WHERE document_id = {DOCUMENT_1}",
            ("PROJECTIONS", "open_item of document RE-000001", "it is not the document's amount less what is allocated to it"),
        ),
        (
            "UPDATE contract SET next_due_on = '2026-12-24' WHERE number = 'V-1'",
            ("PROJECTIONS", "contract V-1", "next_due_on is 2026-12-24, the plan says 2026-12-01"),
        ),
        (
            "UPDATE chain_head SET entry_seq = entry_seq + 1",
            ("SEALS", "chain_head", "the journal ends at 22, the chain's head says 23"),
        ),
        (
            "UPDATE number_range SET next = 20 WHERE name = 'INVOICE'",
            ("NUMBERS", "number_range INVOICE, number RE-000018", "2 numbers are missing from here"),
        ),
        (
            "UPDATE number_range SET next = 17 WHERE name = 'INVOICE'",
            ("NUMBERS", "number_range INVOICE, number RE-000018", "it would be given again: next is 17"),
        ),
        (
            "UPDATE number_range SET prefix = 'R' WHERE name = 'INVOICE'",
            ("NUMBERS", "document RE-000001", "no range gave this number on 2026-10-01"),
        ),
    ],
)  # fmt: skip
def test_a_projection_or_counter_that_is_not_true_is_named(database, tenant, change, expected):
    """These rows may be rewritten, so no seal covers them: they are derived again."""
    found = said(database, tenant, change)

    assert expected in found


def test_a_settled_document_must_not_be_open(database, tenant):
    """An open item without a document, and one that is missing."""
    missing = said(database, tenant, f"DELETE FROM open_item WHERE document_id = {DOCUMENT_1}")
    stray = said(
        database,
        tenant,
        "UPDATE open_item SET document_id = customer_id WHERE number = 'RE-000001'",
    )

    assert missing[0][1] == "account of customer K-1"
    assert ("PROJECTIONS", "open_item of document RE-000001") in {row[:2] for row in missing}
    assert [row[1] for row in stray].count("open_item of document RE-000001") == 2


def test_a_gap_and_an_overlap_of_periods_are_named(database, tenant):
    """No gap, no overlap among the activities of an item that are not reversed."""
    november = "service_start = '2026-11-01' AND item_id IN (SELECT id FROM subscription_item WHERE"
    of_v1 = "contract_id = (SELECT id FROM contract WHERE number = 'V-1'))"
    gap = said(
        database,
        tenant,
        f"UPDATE activity SET service_start = '2026-11-05' WHERE {november} {of_v1}",
    )
    overlap = said(
        database,
        tenant,
        f"UPDATE activity SET service_start = '2026-10-30' WHERE {november} {of_v1}",
    )

    assert [row[2] for row in gap if row[0] == "PERIODS"] == [
        "a gap from 2026-11-01 until before 2026-11-05"
    ]
    assert [row[2] for row in overlap if row[0] == "PERIODS"] == [
        "an overlap from 2026-10-30 until before 2026-11-01"
    ]
    assert ("DOCUMENTS", "document_line 1 of document RE-000010") in {row[:2] for row in gap}


def test_a_first_period_that_is_gone_is_a_gap(database, tenant):
    """An item is billed from its first paid day on."""
    found = said(
        database,
        tenant,
        f"DELETE FROM activity WHERE document_id = {DOCUMENT_1}",
    )

    assert [row[2] for row in found if row[0] == "PERIODS"] == [
        "a gap from 2026-10-01 until before 2026-11-01"
    ]


def test_an_activity_without_its_line_is_named(database, tenant):
    """What is billed stands on a document."""
    found = said(
        database, tenant, f"UPDATE activity SET line_no = 9 WHERE document_id = {DOCUMENT_1}"
    )

    assert [row[2] for row in found] == [
        "0 activities bill its period and amount, not one",
        "its document has no such line",
    ]


def test_an_unbalanced_entry_is_named_with_its_difference(database, tenant):
    """Debits equal credits, in every entry and in the ledger."""
    found = said(
        database, tenant, "UPDATE leg SET minor = minor + 1 WHERE entry_seq = 1 AND no = 2"
    )

    assert ("LEDGER", "journal_entry inv:RE-000001", "its 3 legs differ by -1") in found
    assert ("LEDGER", "ledger in EUR", "debits and credits differ by -0.01 EUR") in found


def test_receivables_that_differ_from_the_account_are_named(database, tenant):
    """Account = open items = receivables, for each customer; a whole entry of a wrong debtor."""
    found = said(
        database,
        tenant,
        "UPDATE leg SET debtor = '99999' WHERE debtor = '10001'",
    )

    accounts = [row[1:] for row in found if row[0] == "ACCOUNTS"]
    assert accounts == [
        (
            "account of customer K-1",
            "receivables of 0.00 EUR and drafts of 0.00 EUR are not its balance of 112.80 EUR",
        ),
        ("debtor 99999", "receivables of 112.80 EUR belong to no account"),
    ]


def test_an_allocation_of_more_than_was_paid_is_named(database, tenant):
    """A transaction never counts for more than it brought."""
    found = said(
        database,
        tenant,
        f"UPDATE allocation SET amount = 5000 WHERE document_id = {DOCUMENT_3}",
    )

    assert (
        "ACCOUNTS",
        "account_transaction 3 of customer K-3",
        "50.00 EUR of it is allocated, it brought 30.00 EUR",
    ) in found


def test_an_allocation_to_another_customers_document_is_named(database, tenant):
    """A payment counts for its own customer's documents."""
    found = said(
        database,
        tenant,
        f"UPDATE allocation SET document_id = {DOCUMENT_1}, no = 9"
        f" WHERE document_id = {DOCUMENT_3}",
    )

    assert ("ACCOUNTS", "allocation 9 of document RE-000001") in {row[:2] for row in found}


def test_rows_that_make_no_sense_are_violations_and_no_crash(database, tenant):
    """A proof that cannot be finished proves nothing, and says so."""
    documents = said(
        database,
        tenant,
        "UPDATE document SET snapshot = '{' WHERE number = 'RE-000002'",
        "UPDATE document SET snapshot = '{}' WHERE number = 'RE-000003'",
        f"UPDATE document_line SET derivation = '{{}}' WHERE document_id = {DOCUMENT_1}",
    )
    drafts = said(
        database,
        tenant,
        "UPDATE contract SET interval_unit = 'MOON' WHERE number = 'V-1'"
        if not database.is_postgresql
        else "UPDATE tenant SET data = '{}'",
    )

    problems = [problem for proof, _, problem in documents if proof == "DOCUMENTS"]
    assert any("it cannot be read" in problem for problem in problems)
    assert any("its VAT table cannot be read" in problem for problem in problems)
    assert any("its derivation cannot be read" in problem for problem in problems)
    assert [row[0] for row in drafts] == ["PROJECTIONS"]
    assert drafts[0][2].startswith("the proof broke off")


def test_totals_that_do_not_follow_from_the_lines_are_named(database, tenant):
    """VAT table and totals from the lines; lines from quantity, price and derivation."""
    found = said(
        database,
        tenant,
        f"UPDATE document_line SET quantity = quantity * 2 WHERE document_id = {DOCUMENT_1}",
        "UPDATE document SET service_end = '2026-12-01' WHERE number = 'RE-000001'",
        f"UPDATE document_line SET tax_rate = 0, no = 7 WHERE document_id = {DOCUMENT_3}",
    )

    assert ("DOCUMENTS", "document_line 1 of document RE-000001",
            "quantity × price / base is 120.00 EUR, the line says 60.00 EUR") in found  # fmt: skip
    assert (
        "DOCUMENTS", "document RE-000001", "its service period is not that of its lines"
    ) in found  # fmt: skip
    assert (
        "DOCUMENTS", "document RE-000003", "its lines are not numbered from 1 without a gap"
    ) in found  # fmt: skip


def test_a_document_that_is_not_claimed_on_the_account_is_named(database, tenant):
    """Its gross amount stands on its customer's account, once."""
    found = said(
        database,
        tenant,
        f"UPDATE account_transaction SET document_id = NULL WHERE document_id = {DOCUMENT_3}",
    )

    assert (
        "ACCOUNTS",
        "document RE-000003",
        "its amount stands 0 times on its customer's account, not once",
    ) in found


def test_a_tenant_without_a_chain_is_named(database, tenant):
    """The head is where the next seal is chained to."""
    found = said(database, tenant, "DELETE FROM chain_head")

    assert found == [
        ("SEALS", "chain_head", "the tenant has no chain of seals"),
        ("LOCKS", "chain_head", "months are locked to None, not to 2026-09-30"),
    ]


def test_a_fact_that_was_added_behind_the_core_is_found(database, tenant):
    """With a right hash, but under a seal that does not count it."""
    with tampering(database, tenant) as tx:
        tx.connection.exec_driver_sql(
            "INSERT INTO event SELECT tenant_id, object_id, sequence + 100, object_type, type,"
            " occurred_at, data, content_hash, seal_seq FROM event WHERE sequence = 2"
        )
        found = [violation.problem for violation in violations(tx)]

    assert "its content does not match its hash" in found
    assert any("facts were sealed" in problem for problem in found)


def test_a_changed_fact_with_a_fitting_hash_is_found_by_its_seal(database, tenant):
    """Whoever writes the hash anew cannot write the seal's."""
    with tampering(database, tenant) as tx:
        row = tx.connection.execute(
            event.select().where(event.c.sequence == 2).order_by(event.c.seal_seq)
        ).fetchall()[0]
        values = [getattr(row, column.name) for column in EVENTS.sealed]
        forged = [*values[:-1], "{}"]
        tx.connection.execute(
            event.update()
            .where(event.c.object_id == row.object_id, event.c.sequence == 2)
            .values(data="{}", content_hash=fact_digest(forged))
        )
        found = violations(tx)

    assert found == [
        Violation(Proof.SEALS, f"seal {row.seal_seq}", "its facts are not those that were sealed")
    ]


@pytest.fixture
def contents(tmp_path, database, tenant):
    """The content store with the first document as XRechnung, and a bank statement."""
    store = DirectoryStore(tmp_path / "content")
    documents = Documents(database, store, XRechnung(), tenant)
    render_documents(documents, Selection(number="RE-000001"))
    return store


def test_stored_bytes_are_proved_last(database, tenant, contents):
    """Every proof is announced; whole books have no violation."""
    begun: list[Proof] = []

    found = list(verify(database, contents, tenant.id, begun=begun.append))

    assert found == []
    assert begun == list(Proof)


def test_changed_and_missing_bytes_are_named_with_their_document(database, tenant, contents):
    """Stored bytes match their hashes."""
    place = "rendering of document RE-000001 as xrechnung-cii (xrechnung-3.0.2/en16931-1.3.16)"
    (file,) = [path for path in contents.root.rglob("*") if path.is_file()]

    file.write_bytes(file.read_bytes() + b" ")
    changed = proved(database, tenant, contents)
    file.unlink()
    missing = proved(database, tenant, contents)

    assert changed == [Violation(Proof.CONTENTS, place, "the stored bytes do not match their hash")]
    assert missing == [Violation(Proof.CONTENTS, place, "the stored bytes are missing")]


def test_a_wrong_size_and_a_lost_upload_are_named(database, tenant, contents):
    """What a row says about its bytes is true; raw statements are kept."""
    with database.write(tenant.id) as tx:
        tx.connection.execute(rendering.update().values(size=1))
        account_id = tx.new_id()
        tx.connection.execute(
            bank_account.insert().values(
                tenant_id=tenant.id,
                id=account_id,
                iban="DE02120300000000202051",
                holder="Werk GmbH",
                currency="EUR",
            )
        )
        tx.connection.execute(
            bank_upload.insert().values(
                tenant_id=tenant.id,
                bank_account_id=account_id,
                sha256=bytes(32),
                filename="lost.xml",
                format="camt053",
                report="{}",
                imported_at=tx.now(),
            )
        )

    found = proved(database, tenant, contents)

    assert [violation.place.split(" as ")[0] for violation in found] == [
        "rendering of document RE-000001",
        "bank_upload lost.xml",
    ]
    assert found[0].problem.endswith("the row says 1")

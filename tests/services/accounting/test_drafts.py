"""Entries that miss an account wait as drafts and are completed when it is set (F106)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.services.company import bill, settle
from tests.services.verify.books import violations
from tests.services.waiting import until_it_waits

from faktura.domain.bank_accounts import BankAccount
from faktura.kernel.errors import FieldInvalid, NotFound, UnknownTerm
from faktura.services.accounting_events import ledger_id
from faktura.services.posting import account_settings, set_account
from faktura.store.bank_accounts import write_bank_account
from faktura.store.event_lists import events_of
from faktura.store.journal import JournalFilter, read_drafts, read_entries
from faktura.store.sealed_facts import seal_batches
from faktura.store.tenants import read_tenant

IBAN = "DE02120300000000202051"


@pytest.fixture
def tenant(company):
    """An invoice at 16 %, one at 19 %, and a payment into a bank account without ledger account."""
    company.contract(company.customer(), "A-6")
    company.contract(company.customer(), "A-1")
    with company.database.write(company.tenant.id) as tx:
        write_bank_account(tx, BankAccount(tx.new_id(), IBAN, "Werk GmbH", "EUR", None, None))
    bill(company.database, company.tenant)
    settle(company.database, company.tenant, "RE-000002", 3570, account=None)
    return company.tenant


def drafts(database, tenant):
    """What waits, with the keys to set."""
    with database.read(tenant.id) as tx:
        return {draft.key: draft.missing for draft in read_drafts(tx)}


def test_an_entry_without_an_account_waits_and_says_which(database, tenant):
    """Nothing is guessed: 16 per cent is in no chart."""
    assert drafts(database, tenant) == {
        "inv:RE-000001": ("REVENUE:STANDARD:16", "VAT:STANDARD:16"),
        "pay:RE-000002:1": (f"BANK:{IBAN}",),
    }


def test_books_with_drafts_hold(database, tenant):
    """Account = receivables of the journal and of the drafts."""
    with database.read(tenant.id) as tx:
        assert violations(tx) == []


def test_a_draft_that_misses_another_account_still_waits(database, tenant):
    """It is posted when nothing is missing any more."""
    with database.write(tenant.id) as tx:
        done = set_account(tx, "VAT:STANDARD:16", "1775")

    assert (done.posted, done.waiting) == (0, 1)
    assert drafts(database, tenant)["inv:RE-000001"] == ("REVENUE:STANDARD:16",)


def test_completed_entries_keep_their_value_date_and_are_recorded_now(database, tenant):
    """F106: all affected records, under one seal; the fact's date stays."""
    with database.read(tenant.id) as tx:
        seals_before = sum(len(batch) for batch in seal_batches(tx))
    database.clock.advance(timedelta(days=20))

    with database.write(tenant.id) as tx:
        set_account(tx, "VAT:STANDARD:16", "1775")
        done = set_account(tx, "REVENUE:STANDARD:16.0", "8410")

    with database.read(tenant.id) as tx:
        (posted,) = read_entries(tx, JournalFilter(account="8410"))
        seals_after = sum(len(batch) for batch in seal_batches(tx))
        proved = violations(tx)
    assert (done.key, done.posted, done.waiting) == ("REVENUE:STANDARD:16", 1, 0)
    assert posted.key == "inv:RE-000001"
    assert posted.value_date == date(2026, 10, 1)
    assert posted.recorded_at == datetime(2026, 10, 21, 6, tzinfo=UTC)
    assert [(leg.account, str(leg.amount)) for leg in posted.legs] == [
        ("1400", "58.00"),
        ("8410", "50.00"),
        ("1775", "8.00"),
    ]
    # One for each account that was set, its change and what it completes under the same.
    assert seals_after == seals_before + 2
    assert list(drafts(database, tenant)) == ["pay:RE-000002:1"]
    assert proved == []


def test_a_key_without_rate_completes_every_rate_of_the_case(database, tenant):
    """The most specific key wins, a wider one helps where none is set."""
    with database.write(tenant.id) as tx:
        set_account(tx, "VAT:STANDARD", "1776")
        done = set_account(tx, "REVENUE", "8200")

    assert (done.posted, done.waiting) == (1, 0)


def test_a_bank_accounts_ledger_account_completes_its_payments(database, tenant):
    """F099, F106: it is an attribute of the bank account."""
    with database.write(tenant.id) as tx:
        done = set_account(tx, "BANK:de02 1203 0000 0000 2020 51", "1200")
        changed = read_tenant(tx).accounts

    assert (done.key, done.posted) == (f"BANK:{IBAN}", 1)
    assert changed == {}
    assert list(drafts(database, tenant)) == ["inv:RE-000001"]


def test_setting_an_account_that_nothing_misses_posts_nothing(database, tenant):
    """Later postings use it; what changed is told, and who did it; no empty seal is written."""
    with database.write(tenant.id) as tx:
        before = [seal for batch in seal_batches(tx) for seal in batch]
        first = set_account(tx, "REVENUE:OSS", "8320", by="Jo")
        second = set_account(tx, "REVENUE:OSS", "8331", by="Ada")
        same = set_account(tx, "REVENUE:OSS", "8331", by="Ada")
        after = [seal for batch in seal_batches(tx) for seal in batch]
        told = events_of(tx, ledger_id(tx))

    assert [(done.posted, done.waiting) for done in (first, second, same)] == [(0, 0)] * 3
    assert [(one.type, one.data) for one in told] == [
        (
            "ACCOUNTING_CHANGED",
            {"accountKey": "REVENUE:OSS", "old": old, "new": new, "by": by},
        )
        for old, new, by in ((None, "8320", "Jo"), ("8320", "8331", "Ada"))
    ]
    assert len(after) == len(before) + 2


def test_all_keys_are_listed_with_their_source(database, tenant):
    """The chart, what the tenant set, and the bank accounts."""
    with database.write(tenant.id) as tx:
        set_account(tx, "REVENUE:STANDARD:19", "8401")
        rows = {row.key: (row.account, row.source) for row in account_settings(tx)}

    assert rows["REVENUE:STANDARD:19"] == ("8401", "tenant")
    assert rows["VAT:STANDARD:19"] == ("1776", "SKR03")
    assert rows[f"BANK:{IBAN}"] == (None, "bank account")


@pytest.mark.parametrize(
    ("key", "account", "error"),
    [
        ("VAT:STANDARD:16", "12", FieldInvalid),
        ("VAT:STANDARD:16", "14O0", FieldInvalid),
        ("VAT:STANDARD:16", "980", FieldInvalid),
        ("VAT:STANDARD:16", "10001", FieldInvalid),
        ("TAX", "1400", UnknownTerm),
        ("VAT:NORMAL:16", "1400", UnknownTerm),
        ("BANK", "1200", FieldInvalid),
        ("BANK:DE00", "1200", NotFound),
    ],
)
def test_a_key_or_account_that_cannot_be_is_refused(database, tenant, key, account, error):
    """Nothing is changed then."""
    with pytest.raises(error), database.write(tenant.id) as tx:
        set_account(tx, key, account)

    assert len(drafts(database, tenant)) == 2


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.postgres
def test_two_accounts_set_at_once_are_both_set(database, tenant):
    """Neither overwrites the other, and the entry that missed both is posted."""
    with ThreadPoolExecutor(1) as other:
        with database.write(tenant.id) as tx:
            set_account(tx, "VAT:STANDARD:16", "1775")
            second = other.submit(_set, database, tenant, "REVENUE:STANDARD:16", "8316")
            until_it_waits(database, second)
        done = second.result(30)

    assert (done.posted, done.waiting) == (1, 0)
    assert "inv:RE-000001" not in drafts(database, tenant)
    with database.read(tenant.id) as tx:
        assert read_tenant(tx).accounts == {
            "VAT:STANDARD:16": "1775",
            "REVENUE:STANDARD:16": "8316",
        }


def test_a_run_that_began_before_an_account_was_set_posts_with_it(database, tenant):
    """Nobody would set the account again, and its entries would wait for ever (F106)."""
    with database.write(tenant.id) as tx:
        set_account(tx, "VAT:STANDARD:16", "1775")
        set_account(tx, "REVENUE:STANDARD:16", "8316")

    bill(database, tenant, date(2026, 11, 1))

    assert list(drafts(database, tenant)) == ["pay:RE-000002:1"]


def _set(database, tenant, key, account):
    with database.write(tenant.id) as tx:
        return set_account(tx, key, account)

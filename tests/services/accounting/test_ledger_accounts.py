"""Ledger accounts: known by number and name; who changed one is kept (GoBD)."""

from datetime import date

import pytest
from sqlalchemy import update
from tests.services.company import bill, settle

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.numbering import NumberFormat
from faktura.kernel.errors import FieldInvalid, FieldMissing, NotFound, NumberTaken
from faktura.services.accounting_events import ledger_id
from faktura.services.ledger_accounts import (
    KnownAccount,
    account_length,
    add_account,
    all_accounts,
    known_accounts,
    rename_account,
)
from faktura.services.posting import set_account
from faktura.store.bank_accounts import write_bank_account
from faktura.store.event_lists import events_of
from faktura.store.numbers import DEBTOR, start_range
from faktura.store.tables import product_group

IBAN = "DE02120300000000202051"


@pytest.fixture
def tenant(company):
    """An invoice and its payment; accounts of a bank, a product group and a setting."""
    company.contract(company.customer(), "A-1")
    bill(company.database, company.tenant)
    settle(company.database, company.tenant, "RE-000001", 1000, account="1210")
    with company.database.write(company.tenant.id) as tx:
        write_bank_account(tx, BankAccount(tx.new_id(), IBAN, "Werk GmbH", "EUR", None, "1220"))
        set_account(tx, "REVENUE:OSS", "8320")
        set_account(tx, "REVENUE:EXPORT", "8999")
        tx.connection.execute(
            update(product_group)
            .where(product_group.c.tenant_id == tx.tenant_id, product_group.c.key == "standard")
            .values(revenue_account="8777", name="Hosting")
        )
    return company.tenant


def test_every_account_is_known_with_its_name_and_where_it_is_from(database, tenant):
    """The chart's names where the chart has one; what was only posted to is found too."""
    with database.read(tenant.id) as tx:
        known, found = known_accounts(tx), {one.number: one for one in all_accounts(tx)}

    assert known["8400"] == KnownAccount("8400", "Erlöse 19 % USt", "SKR03")
    assert known["8320"] == KnownAccount("8320", "Erlöse EU-Fernverkauf (OSS)", "tenant")
    assert known["8999"] == KnownAccount("8999", "", "tenant")
    assert known["8777"] == KnownAccount("8777", "Erlöse Hosting", "product group")
    assert known["1220"] == KnownAccount("1220", f"Bank {IBAN}", "bank account")
    assert "1210" not in known
    assert found["1210"] == KnownAccount("1210", "", "journal")
    assert {**found, **known} == found
    assert list(found) == sorted(found)


def test_accounts_are_added_and_renamed_and_both_are_told(database, tenant):
    """Old, new, who; an account of the chart gets a name of its own."""
    with database.write(tenant.id) as tx:
        before = len(events_of(tx, ledger_id(tx)))
        add_account(tx, "4711", "Raumkosten", by="Jo")
        rename_account(tx, "4711", "Miete", by="Ada")
        rename_account(tx, "8400", "Erlöse Hosting", by="Ada")
        same = rename_account(tx, "8400", "Erlöse Hosting", by="Ada")
        told = [one.data for one in events_of(tx, ledger_id(tx))][before:]
        known = known_accounts(tx)

    assert told == [
        {"accountName": "4711", "old": None, "new": "Raumkosten", "by": "Jo"},
        {"accountName": "4711", "old": "Raumkosten", "new": "Miete", "by": "Ada"},
        {"accountName": "8400", "old": "Erlöse 19 % USt", "new": "Erlöse Hosting", "by": "Ada"},
    ]
    assert known["4711"] == KnownAccount("4711", "Miete", "own")
    assert known["8400"] == same == KnownAccount("8400", "Erlöse Hosting", "own")


@pytest.mark.parametrize(
    ("number", "name", "error", "problem"),
    [
        ("980", "x", FieldInvalid, "980 has 3 digits, a ledger account has 4"),
        ("471100", "x", FieldInvalid, "471100 has 6 digits, a ledger account has 4"),
        ("10001", "x", FieldInvalid, "10001 is a personal account"),
        ("47-1", "x", FieldInvalid, "“47-1” is not a ledger account"),
        ("4711", " ", FieldMissing, "the account has no name"),
        ("4712", "x", NumberTaken, "there is an account 4712 already: Strom"),
        ("8400", "x", NumberTaken, "there is an account 8400 already: Erlöse 19 % USt"),
        ("8999", "x", NumberTaken, "there is an account 8999 already"),
    ],
)
def test_an_account_that_cannot_be_is_refused(database, tenant, number, name, error, problem):
    """By its number and its name."""
    with database.write(tenant.id) as tx:
        add_account(tx, "4712", "Strom", by="Jo")

    with pytest.raises(error) as refused, database.write(tenant.id) as tx:
        add_account(tx, number, name, by="Jo")

    assert refused.value.problem == problem


def test_an_account_that_nobody_set_up_is_not_renamed(database, tenant):
    """NotFound says how to add it."""
    with pytest.raises(NotFound, match="there is no account 4711"), database.write(tenant.id) as tx:
        rename_account(tx, "4711", "Miete", by="Jo")


def test_ledger_accounts_are_one_digit_shorter_than_debtor_accounts(database, tenant):
    """DATEV: personal accounts are one digit longer."""
    with database.write(tenant.id) as tx:
        before = account_length(tx)
        start_range(
            tx,
            DEBTOR,
            valid_from=date(2026, 10, 1),
            number_format=NumberFormat("", 6),
            first=100_000,
        )
        after = account_length(tx)

    assert (before, after) == (4, 5)

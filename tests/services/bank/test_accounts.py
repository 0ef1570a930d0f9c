"""Bank accounts: checked when they are added."""

import json

import pytest
from sqlalchemy import select
from tests.services.bank.statement_files import IBAN, OTHER_IBAN

from faktura.domain.events import EventType
from faktura.kernel.bank_terms import Notifications
from faktura.kernel.errors import FieldInvalid, FieldMissing, NotFound, NumberTaken, UnknownTerm
from faktura.services.bank_accounts import add_bank_account, bank_account_of, set_notifications
from faktura.store import tables
from faktura.store.bank_accounts import read_bank_accounts


def test_an_account_is_added_in_normal_form_and_found_however_it_is_spaced(scene):
    """IBAN and BIC in upper case without blanks."""
    with scene.database.write(scene.tenant.id) as tx:
        add_bank_account(tx, "de02 5001 0517 0137 0750 30", holder=" Werk GmbH ", bic="inGDdeffxxx")

    with scene.database.read(scene.tenant.id) as tx:
        found = bank_account_of(tx, "DE02 5001 0517 0137 0750 30")
        assert [account.iban for account in read_bank_accounts(tx)] == [IBAN, OTHER_IBAN]
    assert (found.iban, found.bic, found.holder) == (OTHER_IBAN, "INGDDEFFXXX", "Werk GmbH")
    assert (found.currency, found.ledger_account) == ("EUR", None)


@pytest.mark.parametrize(
    ("iban", "fields", "error", "place"),
    [
        ("DE03500105170137075030", {}, FieldInvalid, "iban"),
        (IBAN, {}, NumberTaken, "iban"),
        (OTHER_IBAN, {"holder": " "}, FieldMissing, "holder"),
        (OTHER_IBAN, {"bic": "NOBIC"}, FieldInvalid, "bic"),
        (OTHER_IBAN, {"ledger_account": "12"}, FieldInvalid, "ledgerAccount"),
        (OTHER_IBAN, {"ledger_account": "12000"}, FieldInvalid, "ledgerAccount"),
        (OTHER_IBAN, {"currency": "XXX"}, UnknownTerm, ""),
    ],
)
def test_an_account_that_cannot_be_is_refused(scene, iban, fields, error, place):
    """With the field's name; check digits are checked (ISO 13616)."""
    with scene.database.write(scene.tenant.id) as tx, pytest.raises(error) as refused:
        add_bank_account(tx, iban, **{"holder": "Werk GmbH", **fields})

    assert refused.value.place == place


def test_what_notifications_are_to_an_account_is_said_and_told(scene):
    """DETAILS until somebody says otherwise; saying the same again tells nobody."""
    with scene.database.write(scene.tenant.id) as tx:
        for _ in range(2):
            set_notifications(tx, "DE02 1203 0000 0000 2020 51", Notifications.BOOKINGS, by="Ada")

    event = tables.event.c
    with scene.database.read(scene.tenant.id) as tx:
        assert bank_account_of(tx, IBAN).notifications is Notifications.BOOKINGS
        told = tx.connection.execute(
            select(event.data).where(event.type == EventType.ACCOUNTING_CHANGED)
        ).scalars()
        said = [data for data in map(json.loads, told) if "notifications" in data]
    assert said == [
        {"bankAccount": IBAN, "notifications": "BOOKINGS", "old": "DETAILS", "by": "Ada"}
    ]


def test_of_an_account_that_is_not_there_nothing_is_said(scene):
    """Named as everywhere."""
    with scene.database.write(scene.tenant.id) as tx, pytest.raises(NotFound):
        set_notifications(tx, OTHER_IBAN, Notifications.BOOKINGS, by="Ada")

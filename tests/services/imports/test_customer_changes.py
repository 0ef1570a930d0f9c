"""Customers changed by a file: the whole record anew, nothing of what was issued."""

from datetime import date
from typing import Any

import pytest

from faktura.domain.customers import Customer
from faktura.flows.verification import verify
from faktura.kernel.terms import PaymentMethod
from faktura.services.handing_out import hand_out
from faktura.services.imports.findings import ImportRefused
from faktura.store.blobs import DirectoryStore
from faktura.store.customers import list_customers, read_customer
from faktura.store.documents import count_documents, read_document
from faktura.store.events import events_of_seal
from faktura.store.quarantine import read_quarantine

MOVED: dict[str, Any] = {
    "customerNumber": "K-1",
    "name": "Anna Beck-Holm",
    "isBusiness": True,
    "billingAddress": {"street": "Neu 2", "zipCode": "89073", "city": "Ulm", "country": "AT"},
}
CONTRACT = {
    "contractNumber": "V-1",
    "customerNumber": "K-1",
    "start": "2026-10-15",
    "billingInterval": {"unit": "MONTH"},
    "activate": True,
    "subscriptions": [{"items": [{"articleNumber": "WEB-M", "quantity": "1"}]}],
}


def refusals(house, content):
    """Code and place of everything that is wrong with a file of changes."""
    with pytest.raises(ImportRefused) as refused:
        house.take("changes", content)
    return [(part.code, part.place.removeprefix("changes.json, ")) for part in refused.value.parts]


def test_an_entry_replaces_the_whole_record_but_id_number_and_account(peopled):
    """What is left out has its default: the e-mail address and the card are gone."""
    peopled.take("changes", [{**MOVED, "email": "anna@beck.example", "paymentMethod": "CARD"}])
    before = peopled.read(read_customer, "K-1")

    changed = peopled.take("changes", [MOVED])

    after = peopled.read(read_customer, "K-1")
    assert changed == [after]
    assert (before.email, before.payment_method) == ("anna@beck.example", PaymentMethod.CARD)
    assert (after.email, after.payment_method) == ("", PaymentMethod.TRANSFER)
    assert (after.id, after.number, after.debtor_account) == (before.id, "K-1", "10000")
    assert (after.name, after.is_business) == ("Anna Beck-Holm", True)
    assert (after.address.street, after.address.country) == ("Neu 2", "AT")
    assert peopled.read(read_customer, "K-2").name == "Hafenwerk GmbH"


def test_changes_come_as_csv_too(peopled):
    """The format is that of the import."""
    peopled.take(
        "changes",
        "customerNumber;name;isBusiness;billingAddress.country\nK-2;Hafen AG;WAHR;CH\n",
        suffix="csv",
    )

    found = peopled.read(read_customer, "K-2")
    assert (found.name, found.is_business, found.address.country) == ("Hafen AG", True, "CH")


def test_what_cannot_be_changed_is_named_and_nothing_is_changed(peopled):
    """All or nothing; every error with its place."""
    found = refusals(
        peopled,
        [
            MOVED,
            {**MOVED, "customerNumber": "K-9"},
            {name: value for name, value in MOVED.items() if name != "customerNumber"},
            MOVED,
            {**MOVED, "customerNumber": "K-2", "debtorAccount": "10000"},
        ],
    )

    assert found == [
        ("not_found", "line 1, entry 2, customerNumber"),
        ("field_missing", "line 1, entry 3, customerNumber"),
        ("number_taken", "line 1, entry 4, customerNumber"),
        ("number_taken", "line 1, entry 5, debtorAccount"),
    ]
    assert [one.name for one in peopled.read(list_customers)] == ["Anna Beck", "Hafenwerk GmbH"]


def test_a_debtor_account_changes_only_while_nothing_is_booked_on_it(peopled):
    """One customer has one account in the ledger."""
    before = {**MOVED, "billingAddress": {**MOVED["billingAddress"], "country": "DE"}}
    peopled.take("changes", [{**before, "debtorAccount": "20000"}])
    peopled.take("contracts", [CONTRACT])
    peopled.bill(date(2026, 10, 15))

    found = refusals(peopled, [{**MOVED, "debtorAccount": "30000"}])
    peopled.take("changes", [{**MOVED, "debtorAccount": "20000", "name": "Anna Holm"}])

    assert found == [("conflict", "line 1, entry 1, debtorAccount")]
    kept: Customer = peopled.read(read_customer, "K-1")
    assert (kept.name, kept.debtor_account) == ("Anna Holm", "20000")


def test_issued_documents_keep_what_they_were_issued_with(peopled, tmp_path):
    """P23: the snapshot holds all that is printed, and the chain of seals still holds."""
    peopled.take("contracts", [CONTRACT])
    peopled.bill(date(2026, 10, 15))
    before = peopled.read(read_document, "RE-000001")

    peopled.take("changes", [MOVED])

    after = peopled.read(read_document, "RE-000001")
    assert after == before
    assert after.snapshot["buyer"]["name"] == "Anna Beck"
    assert after.snapshot["buyer"]["address"]["city"] == "Kiel"
    content = DirectoryStore(tmp_path / "content")
    assert list(verify(peopled.database, content, peopled.tenant.id)) == []


def test_a_contract_that_lacked_an_address_is_billed_after_the_change(house):
    """O19: what the quarantine asks for can be filled in."""
    house.take(
        "customers",
        [{"customerNumber": "K-1", "name": "Anna", "isBusiness": False,
          "billingAddress": {"country": "DE"}}],
    )  # fmt: skip
    house.take("contracts", [CONTRACT])
    house.bill(date(2026, 10, 15))
    held = house.read(read_quarantine)

    house.take("changes", [{**MOVED, "isBusiness": False, "billingAddress": {
        "street": "Neu 2", "zipCode": "89073", "city": "Ulm", "country": "DE"}}])  # fmt: skip
    house.bill(date(2026, 10, 15))

    assert len(held) == 1
    assert house.read(read_quarantine) == []
    assert house.read(count_documents) == 1


def test_a_rehearsed_change_writes_nothing(peopled):
    """--dry-run: the same checks, no trace."""
    rehearsed = peopled.take("changes", [MOVED], rehearse=True)

    assert [one.name for one in rehearsed] == ["Anna Beck-Holm"]
    assert peopled.read(read_customer, "K-1").name == "Anna Beck"
    assert peopled.take("changes", "[]") == []


def test_each_change_is_told_under_a_seal_and_counted_on(peopled):
    """P48: the customer's second event, without personal data."""
    peopled.take("changes", [MOVED])
    peopled.take("changes", [{**MOVED, "language": "en"}])

    (first,) = peopled.read(events_of_seal, 3)
    (second,) = peopled.read(events_of_seal, 4)
    assert (first.type, first.sequence) == ("CUSTOMER_CHANGED", 2)
    assert (second.type, second.sequence) == ("CUSTOMER_CHANGED", 3)
    assert peopled.write(hand_out, 3, {"crm": frozenset({"CUSTOMER_CHANGED"})}) == 1

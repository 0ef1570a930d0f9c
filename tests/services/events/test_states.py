"""What subscribers are told of customers, articles and contracts: after and before (F116)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from tests.event_bodies import told

from faktura.services.catalogue_changes import changed_article, locked_article
from faktura.services.contract_changes import changed_contract, locked_contract
from faktura.services.contracts import activate_contracts, void_contract
from faktura.services.customer_changes import changed_customer, locked_customer
from faktura.services.event_states import forget_event_states
from faktura.services.imports.mandate_fields import NewMandateFields
from faktura.services.mandates import create_mandate, revoke_mandate
from faktura.store.tables import event

MOVED = {
    "customerNumber": "K-1",
    "name": "Anna Beck-Holm",
    "isBusiness": False,
    "billingAddress": {"street": "Neu 2", "zipCode": "89073", "city": "Ulm", "country": "DE"},
}
CONTRACT: dict[str, Any] = {
    "contractNumber": "V-1",
    "customerNumber": "K-1",
    "project": "cloud",
    "start": "2026-01-01",
    "billingInterval": {"unit": "MONTH"},
    "subscriptions": [{"items": [{"articleNumber": "WEB-M", "quantity": "1"}]}],
}


def data_of(house, *types: str) -> list[dict[str, Any]]:
    """The data of these facts, in their order."""
    return [body["data"] for body in house.read(told, *types)]


def differing(data: dict[str, Any], now: str, old: str) -> dict[str, tuple[object, object]]:
    """The fields of two states that differ: before and after."""
    return {
        name: (data[old][name], value)
        for name, value in data[now].items()
        if data[old][name] != value
    }


def test_a_new_customer_is_told_as_rest_shows_it(peopled):
    """F116: CUSTOMER_CREATED by an import, with the record."""
    body, _hafenwerk = peopled.read(told, "CUSTOMER_CREATED")

    assert body["sequence"] == 1
    assert body["tenant"] == "nord"
    assert body["object"]["number"] == "K-1"
    assert body["data"]["customerNumber"] == "K-1"
    assert body["data"]["customer"] == {
        "customerNumber": "K-1",
        "name": "Anna Beck",
        "isBusiness": False,
        "billingAddress": {
            "street": "Lindenweg 4",
            "zipCode": "24103",
            "city": "Kiel",
            "country": "DE",
            "extra": "",
            "careOf": "",
        },
        "contactPerson": None,
        "email": None,
        "recipients": [],
        "euTaxId": None,
        "taxNumber": "",
        "registerNumber": "",
        "leitwegId": None,
        "language": "de",
        "paymentMethod": "TRANSFER",
        "duePeriod": None,
        "dueUnit": None,
        "debtorAccount": "10000",
        "mandate": None,
        "documentFormat": None,
        "orderReference": "",
        "debitedBy": "",
    }


def test_a_customer_changed_by_a_file_is_told_with_the_state_before(peopled):
    """F116: `customer` and `oldCustomer`."""
    peopled.take("changes", [MOVED])

    (data,) = data_of(peopled, "CUSTOMER_CHANGED")
    assert differing(data, "customer", "oldCustomer") == {
        "name": ("Anna Beck", "Anna Beck-Holm"),
        "billingAddress": (
            {"street": "Lindenweg 4", "zipCode": "24103", "city": "Kiel", "country": "DE",
             "extra": "", "careOf": ""},
            {"street": "Neu 2", "zipCode": "89073", "city": "Ulm", "country": "DE",
             "extra": "", "careOf": ""},
        ),
    }  # fmt: skip


def test_a_file_that_leaves_a_customer_as_it_is_tells_nothing(peopled):
    """Whoever sends all customers every day would send as many webhooks."""
    peopled.take("changes", [MOVED])
    peopled.take("changes", [MOVED])

    assert len(data_of(peopled, "CUSTOMER_CHANGED")) == 1


def test_a_customer_changed_by_hand_is_told_with_the_state_before(peopled):
    """F116: a merge patch of one field."""

    def patch(tx):
        changed_customer(tx, peopled.tenant, locked_customer(tx, "K-2"), {"language": "en"})

    peopled.write(patch)

    (data,) = data_of(peopled, "CUSTOMER_CHANGED")
    assert data["customerNumber"] == "K-2"
    assert differing(data, "customer", "oldCustomer") == {"language": ("de", "en")}


def test_a_mandate_that_is_signed_and_revoked_changes_the_customer_both_times(peopled):
    """F116, F103: the record names the mandate, then none."""
    seller = replace(peopled.tenant.seller, creditor_id="DE98ZZZ09999999999")
    tenant = replace(peopled.tenant, seller=seller)
    given = NewMandateFields.model_validate(
        {
            "customerNumber": "K-1",
            "iban": "DE02120300000000202051",
            "signedOn": "2026-10-01",
            "reference": "M-1",
        }
    )
    made = peopled.write(create_mandate, tenant, given)
    peopled.write(revoke_mandate, tenant, made.means.id, "moved away")

    mandate = {"reference": "M-1", "iban": "DE02120300000000202051", "signedOn": "2026-10-01"}
    assert [
        differing(data, "customer", "oldCustomer") for data in data_of(peopled, "CUSTOMER_CHANGED")
    ] == [{"mandate": (None, mandate)}, {"mandate": (mandate, None)}]


def test_what_is_kept_for_ever_names_no_person(peopled):
    """The sealed data of the events has numbers only; the states lie beside it."""
    peopled.take("changes", [MOVED])
    peopled.take("contracts", [CONTRACT])

    kept = peopled.read(lambda tx: list(tx.connection.scalars(select(event.c.data))))
    assert [text for text in kept if "Anna" in text or "Lindenweg" in text] == []
    assert len(kept) == 9


def test_a_new_article_and_its_new_prices_are_told(house):
    """F116: ITEM_CREATED and ITEM_CHANGED, the latter with `oldItem`."""
    house.take(
        "prices",
        [{"articleNumber": "WEB-M", "prices": [{"unitPrice": "35", "validFrom": "2027-01-01"}]}],
    )

    created = {data["number"]: data for data in data_of(house, "ITEM_CREATED")}
    (changed,) = data_of(house, "ITEM_CHANGED")
    old = {
        "unitPrice": "30",
        "currency": "EUR",
        "validFrom": None,
        "validUntil": None,
        "fromQuantity": "0",
    }
    assert created["WEB-M"]["item"] == changed["oldItem"]
    assert changed["oldItem"]["project"] == "cloud"
    assert differing(changed, "item", "oldItem") == {
        "prices": ([old], [old, {**old, "unitPrice": "35", "validFrom": "2027-01-01"}])
    }


def test_an_article_changed_by_hand_is_told_with_the_state_before(house):
    """F116: a merge patch of its name."""

    def patch(tx):
        changed_article(tx, locked_article(tx, "USER"), {"name": "Seat"})

    house.write(patch)

    (data,) = data_of(house, "ITEM_CHANGED")
    assert differing(data, "item", "oldItem") == {"name": ("User", "Seat")}


def test_a_contract_comes_as_a_draft_and_is_activated(peopled):
    """F116: by one file both facts, the second one with the draft as the state before."""
    peopled.take("contracts", [{**CONTRACT, "activate": True}])

    created, activated = peopled.read(told, "CONTRACT_CREATED", "CONTRACT_ACTIVATED")
    assert (created["sequence"], activated["sequence"]) == (1, 2)
    assert created["data"]["contract"]["state"] == "DRAFT"
    assert created["data"]["contract"]["project"] == "cloud"
    assert created["data"]["contract"]["customerName"] == "Anna Beck"
    assert differing(activated["data"], "contract", "oldContract") == {"state": ("DRAFT", "ACTIVE")}


def test_acts_on_a_contract_tell_its_state_before(peopled):
    """F116: activated, changed, voided."""
    peopled.take("contracts", [CONTRACT, {**CONTRACT, "contractNumber": "V-2"}])

    def patch(tx):
        changed_contract(
            tx,
            locked_contract(tx, "V-1"),
            {"orderReference": "PO 7", "commissionRules": [
                {"partnerNumber": "K-2", "percent": "5", "due": "INVOICE"}]},
        )  # fmt: skip

    peopled.write(activate_contracts, peopled.tenant, ["V-1"])
    peopled.write(patch)
    peopled.write(void_contract, "V-2")

    (activated,) = data_of(peopled, "CONTRACT_ACTIVATED")
    (changed,) = data_of(peopled, "CONTRACT_CHANGED")
    (voided,) = data_of(peopled, "CONTRACT_VOIDED")
    rule = {"partnerNumber": "K-2", "articleNumber": None, "percent": "5", "due": "INVOICE"}
    assert differing(activated, "contract", "oldContract") == {"state": ("DRAFT", "ACTIVE")}
    assert differing(changed, "contract", "oldContract") == {
        "orderReference": ("", "PO 7"),
        "commissionRules": ([], [rule]),
    }
    assert differing(voided, "contract", "oldContract") == {"state": ("DRAFT", "VOIDED")}


def test_states_are_forgotten_after_thirty_days_and_the_facts_stay(peopled, clock):
    """Personal data is kept for a time; the event names the customer by number for ever."""
    clock.advance(timedelta(days=30, seconds=1))

    forgotten = peopled.write(forget_event_states)

    bodies = peopled.read(told, "CUSTOMER_CREATED")
    assert forgotten == 7
    assert [body["data"] for body in bodies] == [
        {"number": "K-1", "customerNumber": "K-1"},
        {"number": "K-2", "customerNumber": "K-2"},
    ]


def test_states_of_thirty_days_are_kept(peopled, clock):
    """Nothing is forgotten early."""
    clock.advance(timedelta(days=30))

    assert peopled.write(forget_event_states) == 0

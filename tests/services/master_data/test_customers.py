"""One customer: made, found, changed by a merge patch (F055, F062, F063, RFC 7396)."""

from datetime import date
from decimal import Decimal

import pytest
from tests.services.master_data.requests import asked, event_types, refused_parts

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.customers import Mandate, Recipient
from faktura.domain.payment_terms import PaymentTerm
from faktura.kernel.errors import NotFound, NumberTaken
from faktura.kernel.terms import IntervalUnit, PaymentMethod, RecipientUse
from faktura.services.customer_changes import changed_customer, locked_customer
from faktura.services.imports.customer_file import CustomerFields
from faktura.services.imports.customer_record import customer_fields
from faktura.services.imports.customers import create_customer
from faktura.store.customers import list_customers, read_customer

OTTO = {"name": "Otto Lang", "isBusiness": False, "billingAddress": {"country": "AT"}}


def create(house, **changes: object):
    """A customer as a request asks for it."""
    return house.write(create_customer, house.tenant, asked(CustomerFields, {**OTTO, **changes}))


def change(house, number, patch):
    """Lock, then change, as a request does it."""

    def act(tx):
        return changed_customer(tx, house.tenant, locked_customer(tx, number), patch)

    return house.write(act)


def test_one_customer_gets_the_next_number_and_account(peopled):
    """F062: K-000001 is the range's first; 10000 and 10001 belong to the two that are there."""
    taken = [one.debtor_account for one in peopled.read(list_customers)]

    new = create(peopled)

    assert new.number == "K-000001"
    assert new.debtor_account not in taken
    assert peopled.read(read_customer, "K-000001") == new
    assert peopled.read(event_types, 3) == ["CUSTOMER_CREATED"]


def test_all_that_is_wrong_with_one_customer_is_told_at_once(peopled):
    """Places are paths in the object, lists counted from 1; no file and no entry is named."""
    wrong = {
        "customerNumber": "K-1",
        "debtorAccount": peopled.read(read_customer, "K-2").debtor_account,
    }
    unfit = {
        **OTTO,
        "name": " ",
        "billingAddress": {"country": "de"},
        "recipients": [{"email": "a@b.example"}, {"email": "nobody"}],
        "colour": "blue",
    }

    taken = refused_parts(lambda: create(peopled, **wrong))
    misfits = refused_parts(lambda: asked(CustomerFields, unfit))

    assert taken == [("number_taken", "customerNumber"), ("number_taken", "debtorAccount")]
    assert sorted(misfits) == [
        ("field_invalid", "billingAddress.country"),
        ("field_invalid", "recipients.2.email"),
        ("field_missing", "name"),
        ("field_unknown", "colour"),
    ]


def test_a_drawn_number_that_exists_fails_loudly(house):
    """P22: the range was started in front of numbers that were taken from elsewhere."""
    create(house, customerNumber="K-000001")

    with pytest.raises(NumberTaken, match="K-000001"):
        create(house)


def test_customers_are_listed_page_by_page(house):
    """A cursor is the last number seen; what comes behind it is next."""
    for number in ("C", "A", "D", "B"):
        create(house, customerNumber=number)

    first = house.read(list_customers, limit=2)
    second = house.read(list_customers, after="B", limit=2)
    rest = house.read(list_customers, after="D", limit=2)

    assert [one.number for one in first] == ["A", "B"]
    assert [one.number for one in second] == ["C", "D"]
    assert rest == []


@pytest.mark.parametrize(
    ("search", "numbers"),
    [
        ("hafen", ["H-1"]),
        ("h-", ["H-1"]),
        ("Übel", ["U_2"]),
        ("_", ["U_2"]),
        ("%", []),
        ("/", []),
    ],
)
def test_customers_are_searched_by_number_and_name(house, search, numbers):
    """Part of either, A to Z in either case; what steers a pattern is taken as it is written."""
    create(house, customerNumber="H-1", name="Hafenwerk GmbH")
    create(house, customerNumber="U_2", name="Jens Übelacker")

    found = house.read(list_customers, search=search)

    assert [one.number for one in found] == numbers


def test_a_patch_changes_what_it_names(peopled):
    """RFC 7396: objects are merged by field, lists are replaced, null takes away."""
    change(
        peopled,
        "K-1",
        {
            "email": "anna@beck.example",
            "registerNumber": "HRB 1",
            "contactPerson": {"name": "Anna"},
            "mandate": {
                "reference": "M-1",
                "iban": "DE02 1203 0000 0000 2020 51",
                "signedOn": "2026-05-01",
            },
            "recipients": [{"email": "a@beck.example"}],
            "duePeriod": 30,
            "dueUnit": "DAY",
        },
    )

    change(
        peopled,
        "K-1",
        {
            "billingAddress": {"city": "Plön"},
            "contactPerson": {"phone": "0431"},
            "paymentMethod": "SEPA_DEBIT",
            "registerNumber": None,
            "recipients": [{"email": "b@beck.example", "use": "DUNNING"}],
            "dueUnit": "WEEK",
        },
    )

    found = peopled.read(read_customer, "K-1")
    assert found.address == Address("Lindenweg 4", "24103", "Plön", "DE")
    assert found.contact == ContactPerson("Anna", "0431")
    assert found.mandate == Mandate("M-1", "DE02120300000000202051", date(2026, 5, 1))
    assert found.recipients == (Recipient("b@beck.example", RecipientUse.DUNNING),)
    assert found.payment_term == PaymentTerm(30, IntervalUnit.WEEK)
    assert found.payment_method is PaymentMethod.SEPA_DEBIT
    assert (found.email, found.register_number) == ("anna@beck.example", "")
    assert peopled.read(event_types, 3) == ["CUSTOMER_CHANGED"]
    assert peopled.read(event_types, 4) == ["CUSTOMER_CHANGED"]


def test_a_patch_that_changes_nothing_writes_nothing(peopled):
    """No event for a fact that is none."""
    before = peopled.read(read_customer, "K-1")

    unchanged = change(peopled, "K-1", {"name": "Anna Beck", "debtorAccount": None})

    assert unchanged == before
    assert peopled.read(event_types, 3) == []


def test_the_number_of_a_customer_is_fixed(peopled):
    """What other systems know a customer by does not change; naming it again does no harm."""
    renamed = refused_parts(lambda: change(peopled, "K-1", {"customerNumber": "K-9"}))
    removed = refused_parts(lambda: change(peopled, "K-1", {"customerNumber": None}))
    again = change(peopled, "K-1", {"customerNumber": "K-1", "name": "Anna Holm"})

    assert renamed == removed == [("field_invalid", "customerNumber")]
    assert again.name == "Anna Holm"


def test_a_debtor_account_stays_once_it_has_transactions(peopled):
    """What is booked names the account."""
    change(peopled, "K-1", {"debtorAccount": "12345"})
    peopled.take(
        "contracts",
        [
            {
                "customerNumber": "K-1",
                "start": "2026-10-01",
                "billingInterval": {"unit": "MONTH"},
                "activate": True,
                "subscriptions": [{"items": [{"articleNumber": "WEB-M", "quantity": "1"}]}],
            }
        ],
    )
    peopled.bill(date(2026, 10, 1))

    moved = refused_parts(lambda: change(peopled, "K-1", {"debtorAccount": "12346"}))
    other = refused_parts(lambda: change(peopled, "K-2", {"debtorAccount": "12345"}))

    assert moved == [("conflict", "debtorAccount")]
    assert other == [("number_taken", "debtorAccount")]
    assert peopled.read(read_customer, "K-1").debtor_account == "12345"


def test_a_patch_that_does_not_fit_is_refused_whole(peopled):
    """The merged object is held to the rules of a new one."""
    patch = {"name": None, "duePeriod": 5, "billingAddress": {"country": None}, "email": "nobody"}

    found = refused_parts(lambda: change(peopled, "K-1", patch))

    assert sorted(found) == [
        ("field_invalid", "email"),
        ("field_missing", "billingAddress.country"),
        ("field_missing", "name"),
    ]
    assert peopled.read(read_customer, "K-1").name == "Anna Beck"


def test_a_customer_that_does_not_exist_is_not_changed(peopled):
    """The number is named."""
    with pytest.raises(NotFound, match="K-9"):
        change(peopled, "K-9", {"name": "Nobody"})


def test_a_customer_is_written_as_the_fields_it_was_made_of(house):
    """Every field of a request, with the defaults of those that were left out."""
    new = create(house, customerNumber="C-1", debtorAccount="12345", duePeriod=2, dueUnit="WEEK")

    found = customer_fields(new)

    assert found["billingAddress"] == {
        "street": "",
        "zipCode": "",
        "city": "",
        "country": "AT",
        "extra": "",
        "careOf": "",
    }
    assert (found["duePeriod"], found["dueUnit"]) == (2, "WEEK")
    assert (found["contactPerson"], found["mandate"], found["email"]) == (None, None, None)
    assert set(found) == {info.alias for info in CustomerFields.model_fields.values()}
    assert Decimal(str(found["debtorAccount"])) == 12345

"""Customers from files (F002, F055, F056, F062, F063, F085)."""

from datetime import date
from uuid import UUID

import pytest

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.contracts import Contract
from faktura.domain.customers import Mandate, Recipient
from faktura.domain.payment_terms import PaymentTerm
from faktura.kernel.errors import NumberTaken, WriteRefused
from faktura.kernel.periods import Interval
from faktura.kernel.terms import (
    ContractKind,
    ContractState,
    IntervalUnit,
    PaymentMethod,
    RecipientUse,
)
from faktura.services.handing_out import hand_out
from faktura.services.imports.findings import ImportRefused
from faktura.store.contracts import write_contracts
from faktura.store.customers import list_customers, read_customer, write_customers
from faktura.store.events import events_of_seal


def person(**changes: object):
    """The least that a customer needs."""
    return {
        "name": "Anna Beck",
        "isBusiness": False,
        "billingAddress": {"country": "DE"},
    } | changes


def codes(refused):
    """What is wrong and where, without the file's name."""
    return [(part.code, part.place.partition(", ")[2]) for part in refused.value.parts]


def test_every_field_of_a_customer_is_kept(house):
    """docs/imports.md: each field of the format has its place in the record."""
    house.take(
        "customers",
        [
            {
                "customerNumber": "ALT-0815",
                "name": "Hafenwerk GmbH",
                "isBusiness": True,
                "billingAddress": {
                    "street": "Am Kai 9",
                    "zipCode": "20457",
                    "city": "Hamburg",
                    "country": "DE",
                    "extra": "Speicher 3",
                    "careOf": "c/o Reederei Holm",
                },
                "contactPerson": {
                    "name": "Mia Holm",
                    "phone": "+49 40 12",
                    "email": "mia@hafenwerk.example",
                    "shown": False,
                },
                "email": "info@hafenwerk.example",
                "recipients": [
                    {"email": "rechnung@hafenwerk.example"},
                    {"email": "mahnung@hafenwerk.example", "use": "DUNNING"},
                ],
                "euTaxId": "de 123456789",
                "taxNumber": "41/234/56789",
                "registerNumber": "HRB 1234",
                "leitwegId": "04011000-12345-03",
                "language": "en",
                "paymentMethod": "SEPA_DEBIT",
                "duePeriod": 2,
                "dueUnit": "WEEK",
                "debtorAccount": "12345",
                "mandate": {
                    "reference": "M-2024/7",
                    "iban": "DE02 1203 0000 0000 2020 51",
                    "signedOn": "2024-05-01",
                },
                "documentFormat": "xrechnung-cii",
                "orderReference": "PO 7",
            }
        ],
    )

    found = house.read(read_customer, "ALT-0815")

    assert found.name == "Hafenwerk GmbH"
    assert found.is_business
    assert found.address == Address(
        "Am Kai 9", "20457", "Hamburg", "DE", "Speicher 3", "c/o Reederei Holm"
    )
    assert found.contact == ContactPerson(
        "Mia Holm", "+49 40 12", "mia@hafenwerk.example", shown=False
    )
    assert found.email == "info@hafenwerk.example"
    assert found.recipients == (
        Recipient("rechnung@hafenwerk.example", RecipientUse.INVOICE),
        Recipient("mahnung@hafenwerk.example", RecipientUse.DUNNING),
    )
    assert found.eu_tax_id == "DE123456789"
    assert found.tax_number == "41/234/56789"
    assert found.register_number == "HRB 1234"
    assert found.leitweg_id == "04011000-12345-03"
    assert found.language == "en"
    assert found.payment_method is PaymentMethod.SEPA_DEBIT
    assert found.payment_term == PaymentTerm(2, IntervalUnit.WEEK)
    assert found.debtor_account == "12345"
    assert found.mandate == Mandate("M-2024/7", "DE02120300000000202051", date(2024, 5, 1))
    assert found.document_format == "xrechnung-cii"
    assert found.order_reference == "PO 7"


def test_a_csv_says_the_same_as_json(house):
    """Nested names with points, lists with places; `;` or `,`, byte order mark or not."""
    header = (
        "customerNumber;name;isBusiness;billingAddress.street;billingAddress.country;"
        "recipients.1.email;recipients.2.email;recipients.2.use;duePeriod;dueUnit;contactPerson.shown;"
        "taxNumber"
    )
    row = 'C-1;"Meyer; Söhne";true;"Weg ""7""";DE;a@meyer.example;b@meyer.example;DUNNING;30;DAY;false;41 234 56789'
    empty = "C-2;Otto Lang;false;;AT;;;;;;;"

    house.take("customers", f"\ufeff{header}\r\n{row}\r\n{empty}\r\n", suffix="csv")

    first, second = house.read(list_customers)
    assert first.name == "Meyer; Söhne"
    assert first.is_business
    assert first.address == Address('Weg "7"', country="DE")
    assert first.recipients == (
        Recipient("a@meyer.example"),
        Recipient("b@meyer.example", RecipientUse.DUNNING),
    )
    assert first.payment_term == PaymentTerm(30, IntervalUnit.DAY)
    assert first.contact == ContactPerson(shown=False)
    assert (first.tax_number, second.tax_number) == ("41 234 56789", "")
    assert (second.number, second.is_business, second.address.country) == ("C-2", False, "AT")
    assert second.recipients == ()
    assert second.payment_term is None


def test_a_csv_may_use_commas(house):
    """The delimiter is the one the header uses alone."""
    house.take(
        "customers", "name,isBusiness,billingAddress.country\nAnna Beck,false,DE\n", suffix="csv"
    )

    assert [found.name for found in house.read(list_customers)] == ["Anna Beck"]


def test_numbers_and_debtor_accounts_are_drawn_where_none_is_given(house):
    """F062: ranges count on; debtor accounts begin at 10000 and are digits."""
    house.take("customers", [person(), person(customerNumber="ALT-1"), person()])

    found = [(one.number, one.debtor_account) for one in house.read(list_customers)]
    assert found == [("ALT-1", "10001"), ("K-000001", "10000"), ("K-000002", "10002")]


def test_a_number_with_any_prefix_is_taken_and_advances_no_range(house):
    """F063, P22: given numbers and the range know nothing of each other."""
    house.take("customers", [person(customerNumber="K-000009"), person(customerNumber="zz.9_A")])

    house.take("customers", [person()])

    assert [one.number for one in house.read(list_customers)] == ["K-000001", "K-000009", "zz.9_A"]


def test_a_drawn_number_that_exists_collides_loudly(house):
    """P22: the range never skips a number in silence; nothing was drawn afterwards either."""
    house.take("customers", [person(customerNumber="K-000002")])

    with pytest.raises(NumberTaken, match="K-000002"):
        house.take("customers", [person(), person()])

    assert [one.number for one in house.read(list_customers)] == ["K-000002"]
    house.take("customers", [person()])
    assert [one.number for one in house.read(list_customers)] == ["K-000001", "K-000002"]


def test_drawn_debtor_accounts_go_around_given_ones(house):
    """A gap between debtor accounts means nothing, a second use of one would mix two customers."""
    house.take("customers", [person(debtorAccount="10001"), person(), person()])

    found = sorted(one.debtor_account for one in house.read(list_customers))
    assert found == ["10000", "10001", "10002"]


def test_taken_numbers_are_refused_with_their_place(peopled):
    """F063: a number exists once; against the house and within the file."""
    with pytest.raises(ImportRefused) as refused:
        peopled.take(
            "customers",
            [
                person(customerNumber="K-1"),
                person(customerNumber="N-1", debtorAccount="10000"),
                person(customerNumber="N-1", debtorAccount="20000"),
                person(debtorAccount="20000"),
            ],
        )

    assert codes(refused) == [
        ("number_taken", "line 1, entry 1, customerNumber"),
        ("number_taken", "line 1, entry 2, debtorAccount"),
        ("number_taken", "line 1, entry 3, customerNumber"),
        ("number_taken", "line 1, entry 4, debtorAccount"),
    ]


def test_errors_stand_in_the_order_of_the_file(peopled):
    """A person goes through the file once, from top to bottom, whoever found what."""
    with pytest.raises(ImportRefused) as refused:
        peopled.take(
            "customers",
            [person(customerNumber="K-1"), person(), person(customerNumber="K-2"), person(name="")],
        )

    assert codes(refused) == [
        ("number_taken", "line 1, entry 1, customerNumber"),
        ("number_taken", "line 1, entry 3, customerNumber"),
        ("field_missing", "line 1, entry 4, name"),
    ]


def test_one_bad_row_refuses_the_whole_file(house):
    """One transaction per upload: nothing is half-imported."""
    with pytest.raises(ImportRefused):
        house.take("customers", [person(), person(name="")])

    assert house.read(list_customers) == []


def test_a_rehearsal_writes_nothing_and_spends_no_number(house):
    """--dry-run: the same checks, the same answer, no trace."""
    rehearsed = house.take("customers", [person()], rehearse=True)
    imported = house.take("customers", [person()])

    assert [one.number for one in rehearsed] == ["K-000001"]
    assert [one.number for one in imported] == ["K-000001"]
    assert len(house.read(list_customers)) == 1


def test_a_rehearsal_finds_what_the_import_would(peopled):
    """A rehearsal that is kinder than the import would be of no use."""
    with pytest.raises(ImportRefused):
        peopled.take("customers", [person(customerNumber="K-1")], rehearse=True)


def test_an_import_without_entries_does_nothing(house):
    """An empty list is an answer, not an error."""
    assert house.take("customers", "[ ]") == []


def test_a_number_written_meanwhile_by_another_is_named(house, ids):
    """The database has the last word where two imports meet."""
    house.take("customers", [person(customerNumber="ALT-1")])
    known = house.read(read_customer, "ALT-1")

    with pytest.raises(NumberTaken, match="exists already"):
        house.write(write_customers, [known])


def test_only_duplicates_are_called_duplicates(house):
    """A row whose parent is missing is a defect of ours, not a number that is taken."""
    made = Contract(
        UUID(int=1),
        "V-1",
        UUID(int=2),
        UUID(int=3),
        ContractKind.SIMPLE,
        ContractState.DRAFT,
        date(2026, 1, 1),
        Interval(1, IntervalUnit.MONTH),
        date(2026, 1, 1),
    )

    with pytest.raises(WriteRefused):
        house.write(write_contracts, [(made, None)])


def test_each_customer_is_told_to_subscribers_without_personal_data(house):
    """P48: one event a fact, under the transaction's seal, fanned out once it is committed."""
    house.take("customers", [person(), person()])

    assert [found.type for found in house.read(events_of_seal, 2)] == ["CUSTOMER_CREATED"] * 2
    assert house.write(hand_out, 2, {"crm": frozenset({"CUSTOMER_CREATED"})}) == 2


def test_more_than_fifty_errors_are_cut_and_said_so(house):
    """The first fifty are listed; that there are more is said."""
    with pytest.raises(ImportRefused, match="more than 50 errors") as refused:
        house.take("customers", [person(name="") for _ in range(60)])

    assert len(refused.value.parts) == 50

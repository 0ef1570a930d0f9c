"""Discounts of a contract from the day they are given to the documents they are on (F076, F077)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from tests.services.verify.books import violations

from faktura.kernel.errors import (
    FieldInvalid,
    FieldMissing,
    NotFound,
    OutOfRange,
    TransitionRefused,
)
from faktura.kernel.money import Money
from faktura.services.contract_discounts import (
    DiscountState,
    add_contract_discount,
    end_contract_discount,
    list_contract_discounts,
    withdraw_contract_discount,
)
from faktura.services.contract_history import contract_history
from faktura.services.contract_view import contract_activities, show_contract
from faktura.services.contracts import void_contract
from faktura.services.imports.discount_fields import ContractDiscountFields
from faktura.services.imports.entries import Form
from faktura.services.imports.findings import FieldsRefused, ImportRefused
from faktura.services.imports.validation import fields_of
from faktura.store.documents import document_ids, read_documents
from faktura.store.standing import mark_reversed, standing_periods

OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)
# The clock of the house.
TODAY = date(2026, 10, 31)
TENTH = {"percent": "10", "reason": "Treue"}


def contract(*discounts: object, **changes: object):
    """An active contract of one web hosting a month, 30.00, from 1 October 2026."""
    return {
        "contractNumber": "V-1",
        "customerNumber": "K-2",
        "start": "2026-10-01",
        "billingInterval": {"unit": "MONTH"},
        "subscriptions": [{"items": [{"articleNumber": "WEB-M", "quantity": "1"}]}],
        "activate": True,
        "discounts": list(discounts),
    } | changes


def give(house, number="V-1", **values: str):
    """Give a discount from values that are all text, as on the command line."""
    fields = fields_of(ContractDiscountFields, values, Form.TEXT)
    return house.write(add_contract_discount, number, fields)


def listed(house, on=TODAY):
    """The discounts of V-1 on that day."""
    return house.read(list_contract_discounts, "V-1", on)


def states(house, on=TODAY):
    """State and what was taken off, discount by discount."""
    return [(one.state, str(one.taken.decimal), one.used) for one in listed(house, on)]


def documents(house):
    """Net, VAT and gross of each document, in the order of their numbers."""
    return [
        (str(one.net.decimal), str(one.tax.decimal), str(one.gross.decimal))
        for one in house.read(lambda tx: read_documents(tx, document_ids(tx)))
    ]


def changes_told(house):
    """What the contract's history says that changed."""
    return [
        {name: data for name, data in one.data.items() if name.startswith("discount")}
        for one in house.read(contract_history, "V-1")
        if one.type == "CONTRACT_CHANGED"
    ]


def test_a_discount_of_a_file_is_on_the_invoice_and_the_books_hold(peopled):
    """F076, P15: 30.00 less 10 % = 27.00, VAT 5.13; derivations, totals and allocations agree."""
    peopled.take("contracts", [contract(TENTH, {"amount": "2.00", "reason": "Aktion"})])

    peopled.bill(OCTOBER)

    # 27.00 less 2.00 = 25.00; VAT 4.75
    assert documents(peopled) == [("25.00", "4.75", "29.75")]
    assert states(peopled) == [
        (DiscountState.VALID, "3.00", True),
        (DiscountState.VALID, "2.00", True),
    ]
    assert peopled.read(violations) == []


def test_a_discount_of_all_bills_the_period_without_a_document(peopled):
    """P17: nothing is owed, so no document; October is billed, November is next."""
    peopled.take("contracts", [contract({"percent": "100", "validUntil": "2026-11-01"})])

    peopled.bill(OCTOBER)
    after = peopled.read(show_contract, "V-1")
    peopled.bill(NOVEMBER)

    assert after.billable.billed_until == (NOVEMBER,)
    assert after.overview.next_due_on == NOVEMBER
    assert documents(peopled) == [("30.00", "5.70", "35.70")]
    assert states(peopled, NOVEMBER) == [(DiscountState.ENDED, "30.00", True)]
    assert peopled.read(violations) == []


def test_a_discount_for_the_next_invoice_is_granted_once(peopled):
    """F077: October 15.00, November 30.00."""
    peopled.take("contracts", [contract({"percent": "50", "nextInvoice": True})])

    peopled.bill(OCTOBER)
    peopled.bill(NOVEMBER)

    assert documents(peopled) == [("15.00", "2.85", "17.85"), ("30.00", "5.70", "35.70")]
    assert states(peopled) == [(DiscountState.USED, "15.00", True)]


def test_what_was_reversed_is_no_use_any_more(peopled):
    """F077: a discount for the next invoice is granted again once its invoice was taken back."""
    peopled.take("contracts", [contract({"percent": "50", "nextInvoice": True})])
    peopled.bill(OCTOBER)
    contract_id = peopled.read(show_contract, "V-1").overview.contract.id
    (standing,) = peopled.read(standing_periods, contract_id)

    peopled.write(mark_reversed, [(standing.activity_id, UUID(int=1))])
    peopled.bill(NOVEMBER)

    # October again with the discount, then November without; only what stands counts as used.
    assert states(peopled) == [(DiscountState.USED, "15.00", True)]
    assert [net for net, _, _ in documents(peopled)] == ["15.00", "15.00", "30.00"]


def test_a_discount_given_later_counts_from_the_next_period(peopled):
    """October is billed whole; November is 30.00 less 5.00 = 25.00 + 4.75."""
    peopled.take("contracts", [contract()])
    peopled.bill(OCTOBER)

    given = give(
        peopled, amount="5.00", scope="ARTICLE", target="WEB-M", reason="Zur Entschuldigung"
    )
    peopled.bill(NOVEMBER)

    assert documents(peopled) == [("30.00", "5.70", "35.70"), ("25.00", "4.75", "29.75")]
    (line,) = peopled.read(lambda tx: read_documents(tx, document_ids(tx)))[1].lines
    assert line.derivation["discounts"] == [
        {
            "amount": "5.00",
            "total": "5",
            "interval": "2026-11-01",
            "reason": "Zur Entschuldigung",
        }
    ]
    assert given.target == "WEB-M"


def test_each_change_of_a_discount_is_told_in_the_contracts_history(peopled):
    """F077: a later change writes an activity, with what changed."""
    peopled.take("contracts", [contract()])

    given = give(
        peopled, percent="7.5", scope="PRODUCT_GROUP", target="hosting",
        validFrom="2026-11-01", validUntil="2027-11-01", nextInvoice="true",
    )  # fmt: skip
    peopled.write(end_contract_discount, "V-1", given.id, DECEMBER)
    peopled.write(end_contract_discount, "V-1", given.id, DECEMBER)
    peopled.write(withdraw_contract_discount, "V-1", given.id)

    said = {
        "id": str(given.id),
        "scope": "PRODUCT_GROUP",
        "target": "hosting",
        "percent": "7.5",
        "amount": None,
        "validFrom": "2026-11-01",
        "validUntil": "2027-11-01",
        "nextInvoice": True,
        "reason": "Rabatt",
    }
    ended = {**said, "validUntil": "2026-12-01"}
    assert changes_told(peopled) == [
        {"discountAdded": said},
        {"discountEnded": ended},
        {"discountWithdrawn": ended},
    ]
    assert listed(peopled) == []


def test_an_ended_discount_is_not_on_later_periods(peopled):
    """Ended on 01.11.: October 27.00, November 30.00."""
    peopled.take("contracts", [contract(TENTH)])
    peopled.bill(OCTOBER)
    (one,) = listed(peopled)

    ended = peopled.write(end_contract_discount, "V-1", one.discount.id, NOVEMBER)
    peopled.bill(NOVEMBER)

    assert ended.valid_until == NOVEMBER
    assert [net for net, _, _ in documents(peopled)] == ["27.00", "30.00"]


def test_a_discount_stands_ahead_valid_or_ended(peopled):
    """Valid from 01.11. until 01.12., exclusive."""
    peopled.take(
        "contracts",
        [contract({"amount": "1", "validFrom": "2026-11-01", "validUntil": "2026-12-01"})],
    )

    found = [
        listed(peopled, day)[0].state for day in (TODAY, NOVEMBER, date(2026, 11, 30), DECEMBER)
    ]

    assert found == [
        DiscountState.AHEAD,
        DiscountState.VALID,
        DiscountState.VALID,
        DiscountState.ENDED,
    ]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ([], False),
        ([TENTH], True),
        ([{**TENTH, "validFrom": "2027-01-01"}], True),
        # Today is 31 October: the first day on which it no longer counts.
        ([{**TENTH, "validUntil": "2026-10-31"}], False),
        ([{**TENTH, "validUntil": "2026-11-01"}], True),
        ([{**TENTH, "nextInvoice": True}], True),
    ],
)
def test_a_contract_shows_that_it_has_discounts(peopled, given, shown):
    """F076: those that count now or later."""
    peopled.take("contracts", [contract(*given)])

    assert peopled.read(show_contract, "V-1").overview.has_discounts is shown


def test_a_used_discount_for_the_next_invoice_is_shown_no_longer(peopled):
    """F076, F077: it counts no more."""
    peopled.take("contracts", [contract({"percent": "50", "nextInvoice": True})])

    peopled.bill(OCTOBER)

    assert not peopled.read(show_contract, "V-1").overview.has_discounts


def test_what_is_due_is_shown_less_its_discounts(peopled):
    """F059: November 30.00 less 10 % = 27.00, gross 32.13."""
    peopled.take("contracts", [contract(TENTH)])
    peopled.bill(OCTOBER)

    due = peopled.read(contract_activities, peopled.tenant, "V-1", NOVEMBER)[-1]

    assert (due.net, due.gross) == (Money(2700, "EUR"), Money(3213, "EUR"))


@pytest.mark.parametrize(
    ("changes", "error", "place"),
    [
        ({"percent": "10", "amount": "1"}, FieldInvalid, ""),
        ({}, FieldInvalid, ""),
        ({"percent": "100.01"}, FieldInvalid, ""),
        ({"percent": "10", "scope": "ARTICLE", "target": "NIX"}, NotFound, "target"),
        ({"percent": "10", "scope": "PRODUCT_GROUP", "target": "nix"}, NotFound, "target"),
        ({"percent": "10", "scope": "ARTICLE"}, FieldMissing, "target"),
        ({"percent": "10", "target": "WEB-M"}, FieldInvalid, "target"),
        (
            {"percent": "10", "validFrom": "2026-11-01", "validUntil": "2026-11-01"},
            OutOfRange,
            "validUntil",
        ),
    ],
)
def test_a_discount_that_cannot_be_is_refused(peopled, changes, error, place):
    """F076: either per cent or an amount, at most 100 per cent, on something that exists."""
    peopled.take("contracts", [contract()])

    with pytest.raises(FieldsRefused) as refused:
        give(peopled, **changes)

    (part,) = refused.value.parts
    assert (type(part), part.place) == (error, place)
    assert listed(peopled) == []


def test_a_file_names_the_discount_that_is_wrong(peopled):
    """F076: each at its own place; nothing is imported."""
    given = contract(
        TENTH,
        {**TENTH, "scope": "ARTICLE", "target": "NIX"},
        {**TENTH, "scope": "PRODUCT_GROUP", "target": "nix"},
    )

    with pytest.raises(ImportRefused) as refused:
        peopled.take("contracts", [given])

    assert [part.place.partition("discounts.")[2] for part in refused.value.parts] == [
        "2.target",
        "3.target",
    ]
    assert "(F076)" in refused.value.parts[0].problem


def test_an_article_of_another_project_bears_no_discount(peopled):
    """F049: what the contract's project does not sell can never be on its invoices."""
    peopled.take(
        "catalogue",
        {
            "projects": [{"key": "shop", "name": "Shop"}],
            "articles": [
                {
                    "articleNumber": "TIN",
                    "name": "Tin",
                    "productGroup": "hosting",
                    "project": "shop",
                    "unit": "PIECE",
                    "supply": "GOODS",
                    "prices": [{"unitPrice": "1"}],
                }
            ],
        },
    )
    peopled.take("contracts", [contract(project="cloud")])

    with pytest.raises(FieldsRefused) as refused:
        give(peopled, percent="10", scope="ARTICLE", target="TIN")

    (part,) = refused.value.parts
    assert (type(part), part.place) == (FieldInvalid, "target")


def test_discounts_of_a_voided_contract_change_no_more(peopled):
    """F004: its state is final."""
    peopled.take("contracts", [contract(TENTH, activate=False)])
    (one,) = listed(peopled)
    peopled.write(void_contract, "V-1")

    for act in (
        lambda: give(peopled, percent="10"),
        lambda: peopled.write(end_contract_discount, "V-1", one.discount.id, DECEMBER),
        lambda: peopled.write(withdraw_contract_discount, "V-1", one.discount.id),
    ):
        with pytest.raises(TransitionRefused, match="VOIDED"):
            act()


@pytest.mark.parametrize("day", [date(2026, 10, 31), NOVEMBER, date(2027, 1, 2)])
def test_a_discount_ends_after_its_first_day_and_no_later_than_before(peopled, day):
    """Valid from 01.11. until 01.01.: an end on 01.11. or after 01.01. is refused."""
    peopled.take(
        "contracts", [contract({**TENTH, "validFrom": "2026-11-01", "validUntil": "2027-01-01"})]
    )
    (one,) = listed(peopled)

    with pytest.raises(OutOfRange) as refused:
        peopled.write(end_contract_discount, "V-1", one.discount.id, day)

    assert refused.value.place == "validUntil"


def test_a_discount_that_was_used_is_ended_not_withdrawn(peopled):
    """P15: it stands on a document."""
    peopled.take("contracts", [contract(TENTH)])
    peopled.bill(OCTOBER)
    (one,) = listed(peopled)

    with pytest.raises(FieldInvalid, match="P15"):
        peopled.write(withdraw_contract_discount, "V-1", one.discount.id)


def test_a_discount_of_another_contract_is_not_found(peopled):
    """Whatever id is given."""
    peopled.take("contracts", [contract(TENTH), contract(contractNumber="V-2")])
    (one,) = listed(peopled)

    with pytest.raises(NotFound):
        peopled.write(end_contract_discount, "V-2", one.discount.id, DECEMBER)


def test_a_discount_is_read_as_it_was_given(peopled):
    """All its fields, in the order in which discounts were added."""
    peopled.take("contracts", [contract(TENTH)])
    give(
        peopled, amount="12.5", reason="Aktion", scope="PRODUCT_GROUP", target="hosting",
        validFrom="2026-11-01", validUntil="2027-11-01", nextInvoice="yes",
    )  # fmt: skip

    first, second = (view.discount for view in listed(peopled))

    assert (first.discount.percent, first.discount.reason) == (Decimal(10), "Treue")
    assert (second.discount.amount, second.discount.reason) == (Decimal("12.5"), "Aktion")
    assert (second.valid_from, second.valid_until) == (NOVEMBER, date(2027, 11, 1))
    assert (second.scope, second.target, second.next_invoice) == ("PRODUCT_GROUP", "hosting", True)

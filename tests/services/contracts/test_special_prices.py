"""Special prices of an item that runs, and back to the list price (F047, F048)."""

from datetime import date
from uuid import UUID

import pytest

from faktura.kernel.errors import CurrencyMismatch, FieldInvalid, NotFound, TransitionRefused
from faktura.services.contract_history import contract_history
from faktura.services.contract_view import show_contract
from faktura.services.contracts import void_contract
from faktura.services.imports.entries import Form
from faktura.services.imports.findings import FieldsRefused
from faktura.services.imports.price_fields import NewPricesFields
from faktura.services.imports.validation import fields_of
from faktura.services.special_prices import add_special_prices
from faktura.store.documents import document_ids, read_documents

OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)


def contract(article="WEB-M", quantity="1", *, until=None, special=(), **changes: object):
    """An active contract of that article from 1 October 2026; a web hosting costs 30.00."""
    item = {"articleNumber": article, "quantity": quantity, "specialPrices": list(special)}
    if until is not None:
        item["until"] = until
    return {
        "contractNumber": "V-1",
        "customerNumber": "K-2",
        "start": "2026-10-01",
        "billingInterval": {"unit": "MONTH"},
        "subscriptions": [{"items": [item]}],
        "activate": True,
    } | changes


def item_id(house) -> UUID:
    """The id of the contract's only item."""
    (item,) = house.read(show_contract, "V-1").billable.items
    found: UUID = item.id
    return found


def reprice(house, *prices: dict[str, str]):
    """Add special prices to the contract's only item."""
    fields = fields_of(NewPricesFields, {"prices": list(prices)}, Form.REST)
    return house.write(add_special_prices, "V-1", item_id(house), fields)


def nets(house):
    """Net amounts of the documents, in the order of their numbers."""
    return [
        str(one.net.decimal) for one in house.read(lambda tx: read_documents(tx, document_ids(tx)))
    ]


def test_a_special_price_counts_from_the_next_period_until_its_end(peopled):
    """F048: October 30.00 is billed; November 20.00 until 01.12., then 30.00 again."""
    peopled.take("contracts", [contract()])
    peopled.bill(OCTOBER)

    added = reprice(peopled, {"unitPrice": "20.00", "validUntil": "2026-12-01"})
    peopled.bill(DECEMBER)

    assert added.effective_from == NOVEMBER
    assert added.item.billed_until == NOVEMBER
    assert nets(peopled) == ["30.00", "20.00", "30.00"]


def test_a_special_price_of_billed_time_changes_nothing(peopled):
    """Valid until 15.10., October is billed: nothing will ever cost it."""
    peopled.take("contracts", [contract()])
    peopled.bill(OCTOBER)

    added = reprice(peopled, {"unitPrice": "20.00", "validUntil": "2026-10-15"})
    peopled.bill(NOVEMBER)

    assert added.effective_from is None
    assert nets(peopled) == ["30.00", "30.00"]


def test_a_special_price_begins_with_the_first_period_that_starts_in_it(peopled):
    """Valid from 02.11.: November still costs 30.00, December 25.00."""
    peopled.take("contracts", [contract()])

    added = reprice(peopled, {"unitPrice": "25.00", "validFrom": "2026-11-02"})
    peopled.bill(DECEMBER)

    assert added.effective_from == DECEMBER
    assert nets(peopled) == ["30.00", "30.00", "25.00"]


def test_a_tier_that_the_quantity_does_not_reach_decides_nothing(peopled):
    """F047: from 10 on; with 2 of them the list price of 5.00 stays, with 12 it is 3.00."""
    peopled.take("contracts", [contract("USER", "2")])
    few = reprice(peopled, {"unitPrice": "3.00", "fromQuantity": "10"})
    peopled.bill(OCTOBER)

    peopled.take("contracts", [contract("USER", "12", contractNumber="V-2")])
    (item,) = peopled.read(show_contract, "V-2").billable.items
    fields = fields_of(
        NewPricesFields, {"prices": [{"unitPrice": "3.00", "fromQuantity": "10"}]}, Form.REST
    )
    many = peopled.write(add_special_prices, "V-2", item.id, fields)
    peopled.bill(OCTOBER)

    assert (few.effective_from, many.effective_from) == (None, OCTOBER)
    assert nets(peopled) == ["10.00", "36.00"]


def test_a_discount_is_on_the_special_price(peopled):
    """F048, F076: 20.00 less 10 % = 18.00."""
    peopled.take("contracts", [contract(discounts=[{"percent": "10"}])])

    reprice(peopled, {"unitPrice": "20.00"})
    peopled.bill(OCTOBER)

    assert nets(peopled) == ["18.00"]


def test_a_later_special_price_takes_over_from_an_earlier_one(peopled):
    """F047: 25.00 always, 20.00 from 01.11.: of those that fit the latest counts."""
    peopled.take("contracts", [contract(special=[{"unitPrice": "25.00"}])])

    added = reprice(peopled, {"unitPrice": "20.00", "validFrom": "2026-11-01"})
    peopled.bill(NOVEMBER)

    assert added.effective_from == NOVEMBER
    assert nets(peopled) == ["25.00", "20.00"]


def test_a_special_price_ends_a_time_without_price(peopled):
    """USD-M has no price in euro: 30.00 until 01.11., none in November, 28.00 from December."""
    first = {"unitPrice": "30.00", "validUntil": "2026-11-01"}
    peopled.take("contracts", [contract("USD-M", special=[first])])
    peopled.bill(OCTOBER)

    added = reprice(peopled, {"unitPrice": "28.00", "validFrom": "2026-12-01"})

    assert added.effective_from == DECEMBER


def test_an_item_that_ends_before_has_no_effective_day(peopled):
    """It runs until 01.12.; the price begins in 2027."""
    peopled.take("contracts", [contract(until="2026-12-01")])

    added = reprice(peopled, {"unitPrice": "20.00", "validFrom": "2027-01-01"})

    assert added.effective_from is None


def test_new_special_prices_are_told_in_the_contracts_history(peopled):
    """What was agreed and for which item."""
    peopled.take("contracts", [contract()])

    reprice(
        peopled,
        {"unitPrice": "20.00", "validFrom": "2026-11-01", "validUntil": "2026-12-01"},
        {"unitPrice": "15", "fromQuantity": "10"},
    )

    told = peopled.read(contract_history, "V-1")[-1]
    assert told.type == "CONTRACT_CHANGED"
    assert told.data["specialPricesAdded"] == {
        "itemId": str(item_id(peopled)),
        "prices": [
            {
                "unitPrice": "20.00",
                "validFrom": "2026-11-01",
                "validUntil": "2026-12-01",
                "fromQuantity": "0",
            },
            {"unitPrice": "15", "validFrom": None, "validUntil": None, "fromQuantity": "10"},
        ],
    }


@pytest.mark.parametrize(
    ("price", "error", "place"),
    [
        ({"unitPrice": "9", "currency": "USD"}, CurrencyMismatch, "prices.1.currency"),
        ({"unitPrice": "9", "validFrom": "2026-11-01"}, FieldInvalid, "prices.1"),
    ],
)
def test_a_special_price_that_cannot_be_is_refused(peopled, price, error, place):
    """In the contract's currency, and not from the same day as one that there is."""
    present = {"unitPrice": "25.00", "validFrom": "2026-11-01"}
    peopled.take("contracts", [contract(special=[present])])

    with pytest.raises(FieldsRefused) as refused:
        reprice(peopled, price)

    (part,) = refused.value.parts
    assert (type(part), part.place) == (error, place)


def test_an_item_of_no_such_id_is_not_found(peopled):
    """Only items of the contract."""
    peopled.take("contracts", [contract()])
    fields = fields_of(NewPricesFields, {"prices": [{"unitPrice": "1"}]}, Form.REST)

    with pytest.raises(NotFound):
        peopled.write(add_special_prices, "V-1", UUID(int=1), fields)


def test_prices_of_a_voided_contract_change_no_more(peopled):
    """F004: its state is final."""
    peopled.take("contracts", [contract(activate=False)])
    peopled.write(void_contract, "V-1")

    with pytest.raises(TransitionRefused, match="VOIDED"):
        reprice(peopled, {"unitPrice": "1"})

"""New prices from files: added to articles, none is changed (F046-F048)."""

from datetime import date
from decimal import Decimal

import pytest

from faktura.domain.articles import Price
from faktura.services.imports.findings import ImportRefused
from faktura.store.articles import articles_by_number
from faktura.store.catalogue import CurrentCatalogue


def prices_of(house, number):
    """The prices of an article, in their order."""
    return house.read(articles_by_number, [number])[number].article.prices


def web_hosting(catalogue):
    """The article WEB-M of a catalogue."""
    (found,) = [one for one in catalogue.articles.values() if one.number == "WEB-M"]
    return found


def test_prices_are_added_behind_those_that_exist(house):
    """The present price stays valid for what lies before the new one."""
    receipt = house.take(
        "prices",
        [
            {"articleNumber": "WEB-M", "prices": [
                {"unitPrice": "33", "validFrom": "2027-01-01"},
                {"unitPrice": "36", "currency": "CHF"},
            ]},
            {"articleNumber": "SETUP", "prices": [{"unitPrice": "90", "fromQuantity": "10"}]},
        ],
    )  # fmt: skip

    assert (receipt.articles, receipt.prices) == (2, 3)
    assert prices_of(house, "WEB-M") == (
        Price(Decimal(30), "EUR"),
        Price(Decimal(33), "EUR", date(2027, 1, 1)),
        Price(Decimal(36), "CHF"),
    )
    assert prices_of(house, "SETUP")[1].from_quantity == 10


def test_a_new_price_decides_in_the_next_run(house):
    """A catalogue that is held between transactions notices it."""
    current = CurrentCatalogue()
    before = web_hosting(house.read(current.of)).prices

    house.take(
        "prices",
        [{"articleNumber": "WEB-M", "prices": [{"unitPrice": "33", "validFrom": "2027-01-01"}]}],
    )

    after = web_hosting(house.read(current.of)).prices
    assert [price.unit_price for price in before] == [30]
    assert [price.unit_price for price in after] == [30, 33]


def test_prices_may_come_twice_and_as_csv(house):
    """Each file goes on where the one before ended."""
    head = "articleNumber;prices.1.unitPrice;prices.1.validFrom\n"
    house.take("prices", f"{head}WEB-M;33;2027-01-01\n", suffix="csv")
    house.take("prices", f"{head}WEB-M;36;2028-01-01\n", suffix="csv")

    assert [price.unit_price for price in prices_of(house, "WEB-M")] == [30, 33, 36]


def test_prices_that_would_decide_alike_are_refused_whole(house):
    """Against those that exist and within the file; an unknown article is named."""
    with pytest.raises(ImportRefused) as refused:
        house.take(
            "prices",
            [
                {"articleNumber": "SETUP", "prices": [{"unitPrice": "99", "validFrom": "2027-01-01"}]},
                {"articleNumber": "WEB-M", "prices": [{"unitPrice": "31"}]},
                {"articleNumber": "USER", "prices": [{"unitPrice": "7", "validFrom": "2027-01-01"}]},
                {"articleNumber": "WEB-Y", "prices": [
                    {"unitPrice": "310", "validFrom": "2027-01-01"},
                    {"unitPrice": "320", "validFrom": "2027-01-01"},
                ]},
                {"articleNumber": "NONE", "prices": [{"unitPrice": "1"}]},
                {"articleNumber": "SETUP", "prices": [{"unitPrice": "9", "validFrom": "2028-01-01"}]},
                {"articleNumber": "USD-M", "prices": []},
            ],
        )  # fmt: skip

    assert [(part.code, part.place) for part in refused.value.parts] == [
        ("field_invalid", "prices.json, line 1, entry 2, prices.1"),
        ("field_invalid", "prices.json, line 1, entry 3, prices.1"),
        ("field_invalid", "prices.json, line 1, entry 4, prices.2"),
        ("not_found", "prices.json, line 1, entry 5, articleNumber"),
        ("number_taken", "prices.json, line 1, entry 6, articleNumber"),
        ("field_missing", "prices.json, line 1, entry 7, prices"),
    ]
    assert len(prices_of(house, "SETUP")) == 1


def test_rehearsed_prices_are_not_kept(house):
    """--dry-run: the same checks, no trace."""
    house.take(
        "prices",
        [{"articleNumber": "SETUP", "prices": [{"unitPrice": "99", "validFrom": "2027-01-01"}]}],
        rehearse=True,
    )

    assert len(prices_of(house, "SETUP")) == 1

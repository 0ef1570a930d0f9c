"""A credit on a contract: a negative quantity at an agreed price, never a negative price."""

from datetime import date

import pytest

from faktura.kernel.money import Money
from faktura.services.imports.findings import ImportRefused
from faktura.store.documents import read_document


def contract(activity):
    """An active contract of one web hosting a month, with a one-off."""
    return {
        "contractNumber": "V-1",
        "customerNumber": "K-1",
        "start": "2026-10-15",
        "billingInterval": {"unit": "MONTH"},
        "activate": True,
        "subscriptions": [{"items": [{"articleNumber": "WEB-M", "quantity": "1"}]}],
        "activities": [{"articleNumber": "SETUP", "from": "2026-10-20", **activity}],
    }


def test_a_credit_is_a_negative_quantity_at_an_agreed_price(peopled):
    """docs/domain.md: 30.00 less 1 x 10.00 is 20.00, with 19 % 23.80."""
    peopled.take("contracts", [contract({"quantity": "-1", "unitPrice": "10"})])

    peopled.bill(date(2026, 10, 15))

    issued = peopled.read(read_document, "RE-000001")
    assert (issued.net, issued.gross) == (Money(2_000, "EUR"), Money(2_380, "EUR"))


@pytest.mark.parametrize(
    ("activity", "code", "place"),
    [
        ({"quantity": "1", "unitPrice": "-10"}, "out_of_range", "activities.1.unitPrice"),
        ({"quantity": "-1"}, "price_missing", "activities.1.articleNumber"),
    ],
)
def test_a_negative_price_and_a_credit_at_the_list_price_are_refused(
    peopled, activity, code, place
):
    """EN 16931 BR-27: a price is not negative; no tier of the list begins below nothing."""
    with pytest.raises(ImportRefused) as refused:
        peopled.take("contracts", [contract(activity)])

    assert [(part.code, part.place.partition("entry 1, ")[2]) for part in refused.value.parts] == [
        (code, place)
    ]

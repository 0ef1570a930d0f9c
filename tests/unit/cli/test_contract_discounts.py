"""Discounts of contracts on the command line (F076, F077)."""

import json
from uuid import UUID

from tests.unit.cli.test_master_data import company, filled, shown

from faktura.kernel.errors import NotFound

__all__ = ["company", "filled"]


def test_a_discount_is_given_shown_and_on_the_preview(filled):
    """F076: 30.00 less 10 % = 27.00; VAT 5.13; 32.13 gross."""
    filled("contracts", "activate", "V-000001")

    given = filled("contracts", "discount", "V-000001", "--percent", "10", "--reason", "Treue")

    record = shown(filled, "contracts", "show", "V-000001")
    words = filled("contracts", "show", "V-000001").output
    (row,) = record["discounts"]
    assert given.output == f"V-000001 has the discount {row['discountId']}.\n"
    assert {name: value for name, value in row.items() if name != "discountId"} == {
        "scope": "CONTRACT",
        "target": None,
        "percent": "10",
        "amount": None,
        "reason": "Treue",
        "validFrom": None,
        "validUntil": None,
        "nextInvoice": False,
        "state": "VALID",
        "taken": "0.00",
    }
    assert "Discounts" in words
    assert "Treue" in words
    due = shown(filled, "contracts", "activities", "V-000001", "--date", "2026-09-01")
    assert due[-1]["reservedGross"] == "32.13"


def test_a_discount_of_an_article_or_a_product_group(filled):
    """F076: for the next invoice, from a day until before another."""
    one = filled(
        "contracts", "discount", "V-000001", "--amount", "5", "--article", "WEB-M",
        "--next-invoice", "--json",
    )  # fmt: skip
    filled(
        "contracts", "discount", "V-000001", "--percent", "2.5", "--product-group", "hosting",
        "--from", "2026-10-01", "--until", "2027-01-01",
    )  # fmt: skip

    first, second = shown(filled, "contracts", "show", "V-000001")["discounts"]

    assert json.loads(one.output) == {
        "discountId": first["discountId"],
        "contractNumber": "V-000001",
    }
    assert (first["scope"], first["target"], first["amount"], first["nextInvoice"]) == (
        "ARTICLE",
        "WEB-M",
        "5",
        True,
    )
    assert (second["scope"], second["target"], second["validFrom"], second["validUntil"]) == (
        "PRODUCT_GROUP",
        "hosting",
        "2026-10-01",
        "2027-01-01",
    )


def test_a_discount_is_ended_or_withdrawn(filled):
    """What was never used may go without a trace on invoices."""
    filled("contracts", "discount", "V-000001", "--percent", "10")
    (row,) = shown(filled, "contracts", "show", "V-000001")["discounts"]

    ended = filled(
        "contracts", "end-discount", "V-000001", row["discountId"], "--until", "2027-01-01"
    )
    gone = filled("contracts", "withdraw-discount", "V-000001", row["discountId"])

    assert ended.output == "V-000001: the discount counts until before 2027-01-01.\n"
    assert gone.output == "V-000001: the discount is withdrawn.\n"
    assert shown(filled, "contracts", "show", "V-000001")["discounts"] == []


def test_wrong_discounts_are_named(filled):
    """Neither per cent nor amount, no id, two scopes at once, one that is not there."""
    nothing = filled("contracts", "discount", "V-000001")
    no_id = filled("contracts", "end-discount", "V-000001", "xyz", "--until", "2027-01-01")
    both = filled(
        "contracts", "discount", "V-000001", "--percent", "1", "--article", "A",
        "--product-group", "B",
    )  # fmt: skip
    unknown = filled("contracts", "withdraw-discount", "V-000001", str(UUID(int=1)))

    assert nothing.exit_code == no_id.exit_code == 2
    assert nothing.output.endswith("Error: Give --percent or --amount\n")
    assert no_id.output.endswith(
        "“xyz” is no id of a discount; `faktura contracts show NUMBER` lists them\n"
    )
    assert "exclude each other" in both.output
    assert isinstance(unknown.exception, NotFound)

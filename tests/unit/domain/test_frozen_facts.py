"""What is frozen with a document: its head, the derivation of each line, the hashes over facts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.domain.builders import (
    COMPANY,
    SELLER,
    contract,
    day,
    drafts,
    eur,
    item,
    only,
    view,
)

from faktura.domain.addresses import ContactPerson
from faktura.domain.articles import Price
from faktura.domain.customers import Mandate
from faktura.domain.derivation import derivation_of, recomputed_net
from faktura.domain.discounts import Discount
from faktura.domain.invoices import draft_summary
from faktura.domain.sealing import GENESIS, fact_digest, seal_hash, seal_root
from faktura.domain.snapshot import buyer_snapshot, document_snapshot, seller_snapshot
from faktura.kernel.terms import PaymentMethod


def charge_of(frame, sold):
    (charge,) = only(drafts(view(frame, sold), "15.05.2026")).charges
    return charge


def stub(**changes: Any):
    """17 of the 31 days of May."""
    frame = contract("15.05.2026", billing_anchor=day("01.06.2026"))
    return frame, item("15.05.2026", anchor=day("01.06.2026"), **changes)


def test_a_line_is_recomputed_from_its_derivation():
    """O10: the part, the price and its validity, and the days that decide."""
    price = Price(
        Decimal("30.00"), "EUR", day("01.01.2026"), day("01.01.2027"), from_quantity=Decimal(1)
    )
    frame, sold = stub(special_prices=(price,))

    facts = derivation_of(charge_of(frame, sold), frame)

    assert facts == {
        "rule": "round(price × quantity × part) − round(discount)",
        "currency": "EUR",
        "unitPrice": "30.00",
        "quantity": "1",
        "priceSource": "special price",
        "priceDay": "2026-05-15",
        "taxDay": "2026-05-31",
        "taxCase": "STANDARD",
        "taxRate": "19",
        "priceValidFrom": "2026-01-01",
        "priceValidUntil": "2027-01-01",
        "priceFromQuantity": "1",
        "part": [14, 31, 31],
        "convention": "ACTUAL",
    }
    # 30.00 less R(30 x 14/31 = 13.548)
    assert recomputed_net(facts) == eur("16.45")


@pytest.mark.parametrize(
    ("discount", "net"),
    [
        # 3.00 of the whole less 1.36 of the first 14 days (13.55) = 1.64 off 16.45
        (Discount(percent=Decimal(10)), "14.81"),
        # 5.00 less R(2.258) = 2.74 off
        (Discount(amount=Decimal("5.00")), "13.71"),
    ],
)
def test_the_discount_is_part_of_the_derivation(discount, net):
    """O10: a prorated line with a discount is recomputed from its derivation alone."""
    frame, sold = stub(discount=discount)
    charge = charge_of(frame, sold)

    facts = derivation_of(charge, frame)

    assert facts["priceSource"] == "list price"
    assert charge.net == eur(net)
    assert recomputed_net(facts) == eur(net)


def test_a_whole_period_needs_no_part():
    """2 x 30.00 less 10 %: 54.00."""
    frame = contract("15.05.2026")
    sold = item("15.05.2026", quantity=Decimal(2), discount=Discount(percent=Decimal(10)))

    facts = derivation_of(charge_of(frame, sold), frame)

    assert "part" not in facts
    assert recomputed_net(facts) == eur("54.00")


def test_the_head_of_a_document_is_plain_data():
    """P23: parties, terms and the VAT table as text and numbers, the contact only if shown."""
    customer = replace(
        COMPANY,
        contact=ContactPerson("Uwe Kern", "040 1", shown=False),
        mandate=Mandate("M-1", "DE02120300000000202051", date(2026, 10, 1)),
        order_reference="PO-7",
        tax_number="41/234/56789",
    )
    frame = contract("15.05.2026", payment_method=PaymentMethod.SEPA_DEBIT)
    draft = only(drafts(view(frame, item("15.05.2026"), customer=customer), "15.05.2026"))

    buyer = buyer_snapshot(customer)
    head = document_snapshot(draft, seller_snapshot(SELLER), buyer, None)

    assert (buyer["contact"], buyer["phone"]) == (None, "040 1")
    assert (buyer["vatId"], buyer["taxNumber"]) == ("", "41/234/56789")
    assert buyer["mandate"] == {
        "reference": "M-1",
        "iban": "DE02120300000000202051",
        "signedOn": "2026-10-01",
    }
    assert head["orderReference"] == "PO-7"
    assert head["paymentTerm"] == {"duePeriod": 14, "dueUnit": "DAY"}
    assert head["vat"] == [
        {
            "category": "S",
            "rate": "19",
            "taxable": 3_000,
            "tax": 570,
            "reason": "",
            "reasonCode": "",
        }
    ]


def test_the_account_holder_is_the_seller_unless_named():
    """The transfer goes to the legal name, or to whom the account belongs."""
    assert seller_snapshot(SELLER)["accountHolder"] == "Wattwerk Beispiel GmbH"
    assert seller_snapshot(replace(SELLER, account_holder="Bank"))["accountHolder"] == "Bank"


def test_a_shown_contact_is_frozen():
    """F056: the name is printed for a company that shows it; without mandate nothing is frozen."""
    buyer = buyer_snapshot(replace(COMPANY, contact=ContactPerson("Uwe Kern", "1", "u@k.example")))

    assert buyer["contact"] == {"name": "Uwe Kern", "phone": "1", "email": "u@k.example"}
    assert buyer["mandate"] is None


def test_a_fact_has_one_hash_whatever_type_carried_it():
    """O15: a decimal is its scaled integer, bytes are hex, a date its text; another value differs."""
    written = fact_digest(("R-1", 42, None, Decimal("1.5"), b"\x0a", date(2026, 11, 1)))
    read = fact_digest(("R-1", 42, None, 1_500_000, "0a", "2026-11-01"))

    assert written == read
    assert fact_digest(("R-1", 43)) != fact_digest(("R-1", 42))
    assert fact_digest(("R-1",), ("a",)) != fact_digest(("R-1", "a"))


def test_a_seal_covers_its_facts_its_moment_and_the_seal_before():
    """The root does not depend on the reading order; all else changes the hash."""
    one, two = fact_digest(("one",)), fact_digest(("two",))
    root, at = seal_root([one, two]), datetime(2026, 11, 1, tzinfo=UTC)

    first = seal_hash(GENESIS, 1, root, 2, at)

    assert seal_root([two, one]) == root != seal_root([one])
    others = {
        seal_hash(first, 1, root, 2, at),
        seal_hash(GENESIS, 2, root, 2, at),
        seal_hash(GENESIS, 1, root, 3, at),
        seal_hash(GENESIS, 1, root, 2, at + timedelta(seconds=1)),
    }
    assert len({first, *others}) == 5


def test_a_preview_is_plain_data():
    """F060: the next invoice as a person reads it: inclusive ends, prices as text."""
    frame, sold = stub(discount=Discount(amount=Decimal("5.00")))

    summary = draft_summary(only(drafts(view(frame, sold), "15.05.2026")))

    assert (summary["net"], summary["vat"], summary["gross"]) == ("13.71", "2.60", "16.31")
    assert summary["lines"] == [
        {
            "article": "A-1",
            "name": "Grundgebühr",
            "from": "2026-05-15",
            "to": "2026-05-31",
            "quantity": "17",
            "unit": "DAY",
            "price": "30.00",
            "per": "31",
            "discount": "2.74",
            "net": "13.71",
            "vatRate": "19",
            "text": "",
            "contractNumber": "V-300",
        }
    ]

"""Collective invoices: which invoices of a customer become one document (F053)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from tests.unit.domain.builders import (
    COMPANY,
    REDUCED,
    TENANT,
    article,
    buyer_in,
    contract,
    day,
    drafts,
    item,
    lines,
    one_off,
    only,
    taxed,
    totals,
    view,
)

from faktura.domain.billing_plan import BillableContract, PlannedInvoice, plan_contract
from faktura.domain.collective import collective_invoice, grouped, sections
from faktura.domain.customers import Recipient
from faktura.domain.invoices import DraftDocument
from faktura.domain.payment_terms import PaymentTerm
from faktura.domain.snapshot import document_snapshot
from faktura.kernel.terms import PaymentMethod, RecipientUse, Supply


def owed(no: int, start: str = "01.10.2026", sold: Any = None, **frame: Any) -> BillableContract:
    """Contract V-<no>, monthly in advance, with one item at 30.00 unless `sold` says otherwise."""
    fields: dict[str, Any] = {"id": UUID(int=300 + no), "number": f"V-{no}"} | frame
    return view(contract(start, **fields), item(start, sold))


def planned(*views: BillableContract, on: str = "01.10.2026") -> list[PlannedInvoice]:
    """What a run of that day plans, contract by contract."""
    return [invoice for one in views for invoice in plan_contract(TENANT, one, day(on)).invoices]


def documents(*views: BillableContract, on: str = "01.10.2026") -> list[DraftDocument]:
    """The documents of a run of that day."""
    groups = grouped(TENANT, planned(*views, on=on))
    return [collective_invoice(TENANT, group, day(on)) for group in groups]


def contracts(found: list[DraftDocument]) -> list[str]:
    """`V-1 V-2` for each document."""
    return [" ".join(document.contract_numbers) for document in found]


def test_one_contract_alone_gets_the_invoice_that_it_got_before():
    """Nothing but the joining of several is new."""
    alone = owed(1)

    assert documents(alone) == [only(drafts(alone, "01.10.2026"))]
    assert sections(only(drafts(alone, "01.10.2026"))) == []


def test_three_contracts_with_two_rates_are_one_document_with_their_own_texts():
    """F053: 30.00 and 100.00 at 19 %, 9.99 at 7 %; VAT on the sums: 24.70 and 0.70."""
    book = taxed(REDUCED, "9.99", number="A-2", id=UUID(int=202))
    found = documents(
        owed(3, header_text="Drittes"),
        owed(1, sold=book, header_text="Oben", footer_text="Unten", internal_identifier="alt-1"),
        owed(2, sold=article("100.00"), footer_text="Danke"),
    )

    (document,) = found
    assert lines(document) == [
        ("01.10.2026-31.10.2026", "9.99"),
        ("01.10.2026-31.10.2026", "100.00"),
        ("01.10.2026-31.10.2026", "30.00"),
    ]
    assert totals(document) == ("139.99", "25.40", "165.39")
    vat = [(str(row.rate), str(row.taxable.decimal), str(row.tax.decimal)) for row in document.vat]
    assert vat == [("19", "130.00", "24.70"), ("7", "9.99", "0.70")]
    assert document.single_contract is None
    head = document_snapshot(document, {}, {}, None)
    assert (head["contractNumber"], head["headerText"], head["footerText"]) == (None, "", "")
    assert head["contracts"] == [
        {
            "number": "V-1",
            "internalIdentifier": "alt-1",
            "orderReference": "",
            "headerText": "Oben",
            "footerText": "Unten",
            "firstLine": 1,
            "lastLine": 1,
        },
        {
            "number": "V-2",
            "internalIdentifier": "",
            "orderReference": "",
            "headerText": "",
            "footerText": "Danke",
            "firstLine": 2,
            "lastLine": 2,
        },
        {
            "number": "V-3",
            "internalIdentifier": "",
            "orderReference": "",
            "headerText": "Drittes",
            "footerText": "",
            "firstLine": 3,
            "lastLine": 3,
        },
    ]


def test_contracts_of_two_projects_are_two_documents():
    """F053: never across projects. 30.00 + 5.70 = 35.70 and 60.00 + 11.40 = 71.40."""
    other = UUID(int=401)

    found = documents(owed(1, project_id=other), owed(2), owed(3))

    assert contracts(found) == ["V-1", "V-2 V-3"]
    assert [totals(document)[2] for document in found] == ["35.70", "71.40"]


def test_each_missed_month_is_a_collective_invoice_of_its_own():
    """P5, F053: two months of V-1 and V-2, oldest first; V-3 fell due on another day.

    47.40 is 39.83 + 7.57: 30.00 and 9.83 of one contract each.
    """
    small = article("9.83")
    found = documents(
        owed(1, "01.09.2026"),
        owed(2, "01.09.2026", small),
        owed(3, "15.09.2026"),
        on="01.10.2026",
    )

    assert [(f"{doc.service.start}", *contracts([doc]), totals(doc)[2]) for doc in found] == [
        ("2026-09-01", "V-1 V-2", "47.40"),
        ("2026-09-15", "V-3", "35.70"),
        ("2026-10-01", "V-1 V-2", "47.40"),
    ]


def test_intervals_of_a_contract_that_were_put_off_to_one_day_stay_apart():
    """P5 wins: each missed interval is its own invoice, and the first goes with the others."""
    put_off = owed(1, "01.08.2026", invoice_not_before=day("01.09.2026"))

    found = documents(put_off, owed(2, "01.09.2026"), on="01.09.2026")

    assert contracts(found) == ["V-1 V-2", "V-1"]
    assert [str(doc.service.start) for doc in found] == ["2026-08-01", "2026-09-01"]


@pytest.mark.parametrize(
    "frame",
    [
        {"currency": "CHF"},
        {"payment_method": PaymentMethod.CARD},
        {"payment_term": PaymentTerm(30)},
        {"order_reference": "PO-7"},
        {"recipients": (Recipient("b@example.com"),)},
    ],
)
def test_what_stands_once_on_a_document_must_agree(frame: dict[str, Any]):
    """Currency, method, term, order and recipients are of the whole document."""
    francs = replace(article("30.00"), prices=(replace(article().prices[0], currency="CHF"),))
    sold = francs if "currency" in frame else None

    assert contracts(documents(owed(1, sold=sold, **frame), owed(2))) == ["V-1", "V-2"]


def test_what_a_contract_leaves_to_its_customer_agrees_with_what_another_one_says():
    """F011: what counts is what will stand on the document; recipients in any order."""
    both = (Recipient("a@example.com"), Recipient("b@example.com", RecipientUse.DUNNING))
    said = owed(1, payment_method=COMPANY.payment_method, recipients=both)

    assert contracts(documents(said, owed(2, recipients=both[::-1]))) == ["V-1 V-2"]


def test_what_is_not_taxable_stands_alone():
    """BR-O-11: a service to a business in Switzerland; both contracts of it may share one."""
    swiss = buyer_in("CH", is_business=True)
    service, goods = article(), article(supply=Supply.GOODS)

    def of(no: int, sold: Any) -> BillableContract:
        return replace(owed(no, sold=sold), customer=swiss)

    assert contracts(documents(of(1, service), of(2, goods), of(3, service))) == ["V-1 V-3", "V-2"]


def test_lines_of_a_contract_stand_together_with_what_waited_on_it():
    """30.00 and 500.00 of V-1 are lines 1 and 2, V-2 has line 3; conventions are each its own."""
    waited = replace(owed(1), activities=(one_off("02.10.2026"),))

    (document,) = documents(owed(2), waited)

    assert [(s.contract.number, s.first_line, s.last_line) for s in sections(document)] == [
        ("V-1", 1, 2),
        ("V-2", 3, 3),
    ]
    assert [document.contract_of(charge).number for charge in document.charges] == [
        "V-1",
        "V-1",
        "V-2",
    ]
    assert document.place == "contracts V-1, V-2"
    assert sum((charge.quantity for charge in document.charges), Decimal(0)) == 3

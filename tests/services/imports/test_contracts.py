"""Contracts from files (F001-F012, F015-F020, F023-F028, F035, F047, F048, P54)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from faktura.domain.articles import Price
from faktura.domain.customers import Recipient
from faktura.domain.discounts import Discount
from faktura.domain.payment_terms import PaymentTerm
from faktura.kernel.money import Money
from faktura.kernel.periods import Interval, Period
from faktura.kernel.terms import (
    ContractKind,
    ContractState,
    DayCount,
    IntervalUnit,
    Origin,
    PaymentMethod,
    Renewal,
)
from faktura.services.contract_view import ContractQuery, list_contracts, show_contract
from faktura.services.imports.findings import ImportRefused
from faktura.store.billed_activities import read_billed
from faktura.store.catalogue import read_projects
from faktura.store.customers import read_customer
from faktura.store.events import events_of_seal

MONTH = {"unit": "MONTH"}


def contract(items=(), **changes: object):
    """A monthly contract from 1 January 2026 with these items."""
    subscriptions = [{"items": list(items)}] if items else []
    return {
        "customerNumber": "K-1",
        "start": "2026-01-01",
        "billingInterval": MONTH,
        "subscriptions": subscriptions,
        "activate": True,
    } | changes


def item(**changes: object):
    """One web hosting a month."""
    return {"articleNumber": "WEB-M", "quantity": "1"} | changes


def test_every_field_of_a_contract_is_kept(peopled):
    """F008, F011, F016, F017: what a contract says for itself."""
    peopled.take(
        "contracts",
        [
            {
                "contractNumber": "ALT-V1",
                "customerNumber": "K-2",
                "project": "cloud",
                "kind": "SUBSCRIPTION",
                "start": "2026-05-15",
                "billingInterval": {"count": 3, "unit": "MONTH"},
                "alignedTo": "2026-06-01",
                "currency": "EUR",
                "billInAdvance": False,
                "dayCount": "THIRTY_360",
                "paymentMethod": "TRANSFER",
                "duePeriod": 1,
                "dueUnit": "MONTH",
                "internalIdentifier": "crm 4711",
                "extraTextInvoiceHeader": "Kostenstelle 7\nHerr Holm",
                "extraTextInvoiceFooter": "Danke",
                "orderReference": "PO 9",
                "recipients": [{"email": "buch@hafenwerk.example"}],
                "subscriptions": [
                    {
                        "termStart": "2026-05-20",
                        "minimumTerm": {"count": 1, "unit": "YEAR"},
                        "notice": {"count": 3, "unit": "MONTH"},
                        "renewal": "FIXED",
                        "renewalTerm": {"count": 12, "unit": "MONTH"},
                        "paymentStart": "2026-06-01",
                        "items": [
                            {
                                "articleNumber": "WEB-M",
                                "quantity": "2.5",
                                "from": "2026-05-21",
                                "until": "2027-05-01",
                                "alignedTo": "2026-06-05",
                                "specialPrices": [
                                    {"unitPrice": "25", "validUntil": "2026-12-01"},
                                ],
                                "discount": {"percent": "10", "reason": "Treue"},
                            }
                        ],
                    }
                ],
            }
        ],
    )

    details = peopled.read(show_contract, "ALT-V1")
    found = details.overview.contract
    assert found.customer_id == peopled.read(read_customer, "K-2").id
    assert found.project_id == peopled.read(read_projects)["cloud"].id
    assert (found.kind, found.state) == (ContractKind.SUBSCRIPTION, ContractState.DRAFT)
    assert (found.start, found.billing_anchor) == (date(2026, 5, 15), date(2026, 6, 1))
    assert found.interval == Interval(3, IntervalUnit.MONTH)
    assert not found.in_advance
    assert found.day_count is DayCount.THIRTY_360
    assert found.payment_method is PaymentMethod.TRANSFER
    assert found.payment_term == PaymentTerm(1, IntervalUnit.MONTH)
    assert found.internal_identifier == "crm 4711"
    assert found.header_text == "Kostenstelle 7\nHerr Holm"
    assert (found.footer_text, found.order_reference) == ("Danke", "PO 9")
    assert found.recipients == (Recipient("buch@hafenwerk.example"),)
    (sold,) = details.billable.items
    assert (sold.article.number, sold.quantity) == ("WEB-M", Decimal("2.5"))
    assert (sold.start, sold.until) == (date(2026, 5, 21), date(2027, 5, 1))
    assert sold.anchor == date(2026, 6, 5)
    assert sold.special_prices == (Price(Decimal(25), "EUR", None, date(2026, 12, 1)),)
    assert sold.discount == Discount(percent=Decimal(10), reason="Treue")
    terms = sold.subscription
    assert (terms.term_start, terms.payment_start) == (date(2026, 5, 20), date(2026, 6, 1))
    assert terms.minimum_term == Interval(1, IntervalUnit.YEAR)
    assert terms.notice == Interval(3, IntervalUnit.MONTH)
    assert (terms.renewal, terms.renewal_term) == (
        Renewal.FIXED,
        Interval(12, IntervalUnit.MONTH),
    )


def test_what_is_left_out_has_its_default(peopled):
    """F015, F020: in advance, the only project, the tenant's currency, all from the start on."""
    (made,) = peopled.take("contracts", [contract([item()])])

    details = peopled.read(show_contract, "V-000001")
    assert made.number == "V-000001"
    assert made.in_advance
    assert (made.currency, made.day_count) == ("EUR", DayCount.ACTUAL)
    assert made.project_id == peopled.read(read_projects)["cloud"].id
    assert made.state is ContractState.ACTIVE
    (sold,) = details.billable.items
    assert (sold.start, sold.anchor, sold.until) == (date(2026, 1, 1), date(2026, 1, 1), None)
    assert sold.subscription.renewal is Renewal.INDEFINITE


def test_a_draft_is_never_due(peopled):
    """F005, F010: saving does not activate; no run looks at a draft."""
    (made,) = peopled.take("contracts", [contract([item()], activate=False)])

    assert made.state is ContractState.DRAFT
    assert peopled.read(show_contract, made.number).overview.next_due_on is None


NEXT = [
    (contract([item()]), date(2026, 1, 1)),
    (contract([item()], billInAdvance=False), date(2026, 2, 1)),
    (contract([item(**{"from": "2026-03-10"})]), date(2026, 3, 10)),
    (contract([item(billedUntil="2026-10-01")]), date(2026, 10, 1)),
    (contract([item(billedUntil="2026-10-11")]), date(2026, 10, 11)),
    (
        contract(subscriptions=[{"paymentStart": "2026-04-01", "items": [item()]}]),
        date(2026, 4, 1),
    ),
    (
        contract(
            subscriptions=[
                {
                    "renewal": "NONE",
                    "minimumTerm": {"count": 6, "unit": "MONTH"},
                    "items": [item(billedUntil="2026-07-01")],
                }
            ]
        ),
        None,
    ),
    (contract(), None),
    (
        contract(activities=[{"articleNumber": "SETUP", "quantity": "2", "from": "2026-03-10"}]),
        date(2026, 4, 1),
    ),
    (
        contract(
            activities=[
                {
                    "articleNumber": "SETUP",
                    "quantity": "2",
                    "from": "2026-03-10",
                    "invoiceOn": "2026-03-20",
                }
            ]
        ),
        date(2026, 3, 20),
    ),
]


@pytest.mark.parametrize(("given", "due"), NEXT)
def test_the_next_due_day_follows_from_the_plan(peopled, given, due):
    """The projection the run searches by says what the run would find (domain.md)."""
    (made,) = peopled.take("contracts", [given])

    assert peopled.read(show_contract, made.number).overview.next_due_on == due


def test_a_running_contract_is_billed_from_its_bound_on(peopled):
    """F019: start 15.05.2025, billed by hand until 01.01.2026 (exclusive).

    The rest of the period 15.12.-14.01. is a stub of 14 of 31 days, 30.00 x 14/31 = 13.55, then
    come whole periods of 30.00.
    """
    (made,) = peopled.take(
        "contracts",
        [contract([item(billedUntil="2026-01-01")], start="2025-05-15")],
    )

    peopled.bill(date(2026, 2, 1))

    billed = peopled.read(read_billed, made.id)
    assert [(one.origin, one.service, one.net) for one in billed] == [
        (Origin.MIGRATION, Period(date(2025, 5, 15), date(2026, 1, 1)), None),
        (Origin.SUBSCRIPTION, Period(date(2026, 1, 1), date(2026, 1, 15)), 1_355),
        (Origin.SUBSCRIPTION, Period(date(2026, 1, 15), date(2026, 2, 15)), 3_000),
    ]


def test_imported_contracts_are_billed_by_the_next_run(peopled):
    """F001, F006: 30.00 + 2 h x 95.00 = 220.00 net, 261.80 gross on the day that is due."""
    (made,) = peopled.take(
        "contracts",
        [
            contract(
                [item(billedUntil="2026-10-01")],
                activities=[
                    {
                        "articleNumber": "SETUP",
                        "quantity": "2",
                        "from": "2026-09-14",
                        "until": "2026-09-16",
                        "text": "Umzug der Website",
                    }
                ],
            )
        ],
    )

    receipt = peopled.bill(date(2026, 10, 1))

    assert receipt.totals.documents == 1
    billed = peopled.read(read_billed, made.id, [Origin.SUBSCRIPTION, Origin.ONE_OFF])
    assert {(one.article_number, one.net, one.gross) for one in billed} == {
        ("SETUP", 19_000, 22_610),
        ("WEB-M", 3_000, 3_570),
    }
    assert {one.invoice_number for one in billed} == {"RE-000001"}


def test_contracts_are_found_by_customer_and_internal_identifier(peopled):
    """F018: each filter alone, both together, none."""
    peopled.take(
        "contracts",
        [
            contract([item()], contractNumber="V-A", internalIdentifier="crm-1"),
            contract([item()], contractNumber="V-B", internalIdentifier="crm-2"),
            contract(
                [item()],
                contractNumber="V-C",
                internalIdentifier="crm-1",
                customerNumber="K-2",
            ),
        ],
    )

    def found(**wanted: Any):
        return [
            one.contract.number for one in peopled.read(list_contracts, ContractQuery(**wanted))
        ]

    assert found() == ["V-A", "V-B", "V-C"]
    assert found(customer_number="K-1") == ["V-A", "V-B"]
    assert found(internal_identifier="crm-1") == ["V-A", "V-C"]
    assert found(customer_number="K-2", internal_identifier="crm-1") == ["V-C"]


def test_a_contract_file_may_be_a_table(peopled):
    """Lists are written with places: the first item of the first subscription."""
    head = (
        "contractNumber,customerNumber,start,billingInterval.unit,billingInterval.count,activate,"
        "subscriptions.1.items.1.articleNumber,subscriptions.1.items.1.quantity,"
        "subscriptions.1.items.2.articleNumber,subscriptions.1.items.2.quantity"
    )
    row = "V-7,K-1,2026-01-01,MONTH,3,true,WEB-M,1,USER,12"

    peopled.take("contracts", f"{head}\n{row}\n", suffix="csv")

    details = peopled.read(show_contract, "V-7")
    assert details.overview.contract.interval == Interval(3, IntervalUnit.MONTH)
    assert [(one.article.number, one.quantity) for one in details.billable.items] == [
        ("WEB-M", Decimal(1)),
        ("USER", Decimal(12)),
    ]


def test_each_contract_is_told_to_subscribers(peopled):
    """P48: created, and activated where it was, under one seal."""
    peopled.take("contracts", [contract([item()]), contract([item()], activate=False)])

    assert [found.type for found in peopled.read(events_of_seal, 3)] == [
        "CONTRACT_CREATED",
        "CONTRACT_ACTIVATED",
        "CONTRACT_CREATED",
    ]


def test_a_project_is_named_where_there_are_several(peopled):
    """F020: only a single project is preselected."""
    peopled.take("catalogue", {"projects": [{"key": "print", "name": "Print"}]})

    with pytest.raises(ImportRefused) as refused:
        peopled.take("contracts", [contract([item()]), contract([item()], project="print")])

    assert [(part.code, part.place) for part in refused.value.parts] == [
        ("field_missing", "contracts.json, line 1, entry 1, project"),
        # WEB-M is an article of the project “cloud” (F049).
        (
            "field_invalid",
            "contracts.json, line 1, entry 2, subscriptions.1.items.1.articleNumber",
        ),
    ]


def test_a_contract_without_any_project_says_what_to_do(empty_house):
    """The catalogue comes first."""
    empty_house.take(
        "customers",
        [
            {
                "customerNumber": "K-1",
                "name": "Anna Beck",
                "isBusiness": False,
                "billingAddress": {"country": "DE"},
            }
        ],
    )

    with pytest.raises(ImportRefused) as refused:
        empty_house.take("contracts", [contract()])

    assert refused.value.parts[0].mend == "Import a catalogue first"


ITEM = "subscriptions.1.items.1"
BAD = [
    (contract(customerNumber="K-9"), "not_found", "customerNumber"),
    (contract(project="print"), "not_found", "project"),
    (contract(start="2026-02-31"), "date_unreadable", "start"),
    (contract(start="9999-01-01"), "out_of_range", "start"),
    (contract(billingInterval={"count": 0, "unit": "MONTH"}), "out_of_range", "billingInterval.count"),
    (contract(billingInterval={"unit": "QUARTER"}), "unknown_term", "billingInterval.unit"),
    (contract(billingInterval={"count": 1.5, "unit": "MONTH"}), "field_invalid", "billingInterval.count"),
    (contract(currency="XXX"), "unknown_term", "currency"),
    (contract(kind="SUBSCRIPTION"), "field_missing", "subscriptions"),
    (contract([item()], kind="SIMPLE"), "field_invalid", "kind"),
    (contract(subscriptions=[{"items": []}]), "field_missing", "subscriptions.1.items"),
    (contract(subscriptions=[{}]), "field_missing", "subscriptions.1.items"),
    (contract([item(quantity="0")]), "out_of_range", f"{ITEM}.quantity"),
    (contract([item(quantity=0.5)]), "amount_unreadable", f"{ITEM}.quantity"),
    (contract([item(articleNumber="NIX")]), "not_found", f"{ITEM}.articleNumber"),
    (contract([item(articleNumber="WEB-Y")]), "field_invalid", f"{ITEM}.articleNumber"),
    (contract([item(articleNumber="USD-M")]), "price_missing", f"{ITEM}.articleNumber"),
    (
        contract([item()], billingInterval={"unit": "YEAR"}),
        "field_invalid",
        f"{ITEM}.articleNumber",
    ),
    (contract([item(**{"from": "2025-12-31"})]), "out_of_range", f"{ITEM}.from"),
    (contract([item(until="2026-01-01")]), "out_of_range", f"{ITEM}.until"),
    (contract([item(billedUntil="2026-01-01")]), "out_of_range", f"{ITEM}.billedUntil"),
    (
        contract([item(until="2026-06-01", billedUntil="2026-07-01")]),
        "out_of_range",
        f"{ITEM}.billedUntil",
    ),
    (
        contract([item(specialPrices=[{"unitPrice": "1", "currency": "CHF"}])]),
        "currency_mismatch",
        f"{ITEM}.specialPrices.1.currency",
    ),
    (
        contract([item(specialPrices=[{"unitPrice": "1"}, {"unitPrice": "2"}])]),
        "field_invalid",
        f"{ITEM}.specialPrices.2",
    ),
    (contract([item(discount={})]), "field_invalid", f"{ITEM}.discount"),
    (contract([item(discount={"percent": "101"})]), "field_invalid", f"{ITEM}.discount"),
    (
        contract([item(discount={"percent": "1", "amount": "1"})]),
        "field_invalid",
        f"{ITEM}.discount",
    ),
    (
        contract(subscriptions=[{"termStart": "2025-12-01", "items": [item()]}]),
        "out_of_range",
        "subscriptions.1.termStart",
    ),
    (
        contract(subscriptions=[{"paymentStart": "2025-12-01", "items": [item()]}]),
        "out_of_range",
        "subscriptions.1.paymentStart",
    ),
    (
        contract(subscriptions=[{"renewal": "NONE", "items": [item()]}]),
        "field_missing",
        "subscriptions.1.minimumTerm",
    ),
    (
        contract(
            subscriptions=[
                {
                    "renewal": "FIXED",
                    "minimumTerm": {"unit": "YEAR"},
                    "items": [item()],
                }
            ]
        ),
        "field_missing",
        "subscriptions.1.renewalTerm",
    ),
    (
        contract(subscriptions=[{"renewalTerm": {"unit": "YEAR"}, "items": [item()]}]),
        "field_invalid",
        "subscriptions.1.renewalTerm",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("given", "code", "place"), BAD)
def test_a_contract_that_could_not_be_billed_is_refused(peopled, given, code, place):
    """F020-F026: what a run would stumble over is told when it can still be mended."""
    with pytest.raises(ImportRefused) as refused:
        peopled.take("contracts", [given])

    assert [(part.code, part.place) for part in refused.value.parts] == [
        (code, f"contracts.json, line 1, entry 1, {place}")
    ]


ONE_OFF = {"articleNumber": "SETUP", "quantity": "1", "from": "2026-03-10"}
BAD_ACTIVITIES = [
    ({"origin": "SUBSCRIPTION"}, "field_invalid", "activities.1.origin"),
    ({"origin": "MIGRATION"}, "field_invalid", "activities.1.origin"),
    ({"quantity": "0"}, "out_of_range", "activities.1.quantity"),
    ({"until": "2026-03-10"}, "out_of_range", "activities.1.until"),
    ({"manual": True, "invoiceOn": "2026-04-01"}, "field_invalid", "activities.1.invoiceOn"),
    ({"articleNumber": "USD-M"}, "price_missing", "activities.1.articleNumber"),
    ({"unitPrice": "-1"}, "out_of_range", "activities.1.unitPrice"),
]


@pytest.mark.parametrize(("changes", "code", "place"), BAD_ACTIVITIES)
def test_an_activity_that_could_not_be_billed_is_refused(peopled, changes, code, place):
    """F040: a one-off has a quantity, a price, and one way to be billed."""
    with pytest.raises(ImportRefused) as refused:
        peopled.take("contracts", [contract(activities=[{**ONE_OFF, **changes}])])

    assert [(part.code, part.place) for part in refused.value.parts] == [
        (code, f"contracts.json, line 1, entry 1, {place}")
    ]


def test_a_taken_contract_number_is_refused(peopled):
    """F062: a contract number exists once."""
    peopled.take("contracts", [contract(contractNumber="V-1")])

    with pytest.raises(ImportRefused) as refused:
        peopled.take("contracts", [contract(contractNumber="V-1")])

    assert [part.code for part in refused.value.parts] == ["number_taken"]


def test_all_faults_of_one_item_are_told_at_once(peopled):
    """A person mends an item once."""
    with pytest.raises(ImportRefused) as refused:
        peopled.take(
            "contracts",
            [contract([item(articleNumber="SETUP", until="2025-01-01", billedUntil="2025-06-01")])],
        )

    assert [(part.code, part.place.rpartition(", ")[2]) for part in refused.value.parts] == [
        ("field_invalid", f"{ITEM}.articleNumber"),
        ("field_invalid", f"{ITEM}.articleNumber"),
        ("out_of_range", f"{ITEM}.until"),
        ("out_of_range", f"{ITEM}.billedUntil"),
        ("out_of_range", f"{ITEM}.billedUntil"),
    ]


def test_a_special_price_makes_an_article_without_list_price_sellable(peopled):
    """F047: the special price counts; here 7.00 in dollars instead of the list's 30.00."""
    (made,) = peopled.take(
        "contracts",
        [
            contract(
                [item(articleNumber="WEB-M", specialPrices=[{"unitPrice": "7"}])], currency="USD"
            )
        ],
    )

    peopled.bill(date(2026, 1, 1))

    (billed,) = peopled.read(read_billed, made.id)
    assert Money(billed.net, "USD") == Money(700, "USD")

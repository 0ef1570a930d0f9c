"""What a successor has of its predecessor and of a template (F069, F074)."""

from datetime import date

import pytest
from tests.services.changes.world import World

from faktura.domain.addresses import Address
from faktura.domain.customers import Customer
from faktura.services.contract_discounts import list_contract_discounts
from faktura.services.contract_templates import create_template
from faktura.services.contract_view import show_contract
from faktura.services.imports.entries import Form
from faktura.services.imports.template_file import TemplateFields
from faktura.services.imports.validation import fields_of
from faktura.store.customers import write_customers

AUG_1, SEP_1 = date(2019, 8, 1), date(2019, 9, 1)
BUNDLE = {
    "date": "2019-09-01",
    "subscriptions": [{"items": [{"articleNumber": "BUNDLE", "quantity": "1"}]}],
}


@pytest.fixture
def partnered(world: World) -> World:
    """With a second customer, who earns as a partner."""
    with world.database.write(world.tenant.id) as tx:
        partner = Customer(
            tx.new_id(),
            "K-2",
            "Partner GmbH",
            is_business=True,
            address=Address("Nebenstr. 2", "20095", "Hamburg"),
            debtor_account="10002",
        )
        write_customers(tx, [partner])
    return world


def carried(world: World, number: str) -> tuple[list[str], list[str]]:
    """The contract's discounts and commission rules."""
    with world.database.read(world.tenant.id) as tx:
        discounts = list_contract_discounts(tx, number, SEP_1)
        rules = show_contract(tx, number).overview.commission_rules
    return (
        [f"{one.discount.discount.percent}" for one in discounts],
        [f"{one.partner_number} {one.percent}" for one in rules],
    )


@pytest.mark.parametrize(
    ("wanted", "found", "net"),
    [
        ({}, (["10"], ["K-2 5"]), "89.10"),
        ({"inheritDiscounts": False}, ([], ["K-2 5"]), "99.00"),
        ({"inheritCommissionRules": False}, (["10"], []), "89.10"),
    ],
)
def test_discounts_and_commission_rules_go_along_where_that_is_wanted(
    partnered: World, wanted: dict[str, object], found: tuple[list[str], list[str]], net: str
):
    """F074: 99.00 less 10 % is 89.10; each can be left behind."""
    number = partnered.member(
        discounts=[{"percent": "10"}],
        commissionRules=[{"partnerNumber": "K-2", "percent": "5", "due": "INVOICE"}],
    )
    partnered.bill(AUG_1)

    changed = partnered.upgrade_large(number, AUG_1, **BUNDLE, **wanted)
    partnered.bill(SEP_1)

    assert changed.successor is not None
    assert carried(partnered, changed.successor.number) == found
    assert partnered.nets() == [("INVOICE", "27.00"), ("INVOICE", net)]
    assert partnered.violations() == []


def test_a_successor_is_made_from_a_template(world: World):
    """F069: what the template sells, in its interval, for the customer of the old contract."""
    template = fields_of(
        TemplateFields,
        {
            "key": "year",
            "name": "By the year",
            "billingInterval": {"count": 1, "unit": "YEAR"},
            "subscriptions": [{"items": [{"articleNumber": "YEARLY", "quantity": "1"}]}],
        },
        Form.REST,
    )
    with world.database.write(world.tenant.id) as tx:
        create_template(tx, world.tenant, template)
    number = world.member()
    world.bill(AUG_1)

    changed = world.upgrade_large(number, AUG_1, date="2019-09-01", template="year")
    world.bill(SEP_1)

    assert changed.successor is not None
    assert changed.successor.customer_id == world.customer.id
    assert world.nets() == [("INVOICE", "30.00"), ("INVOICE", "365.00")]


def test_a_discount_that_was_for_one_invoice_does_not_go_along_once_it_is_used(world: World):
    """F077: granted on August; the successor's first invoice bears nothing of it."""
    number = world.member(discounts=[{"percent": "50", "nextInvoice": True}])
    world.bill(AUG_1)

    world.upgrade_large(number, AUG_1, **BUNDLE)
    world.bill(SEP_1)

    assert world.nets() == [("INVOICE", "15.00"), ("INVOICE", "99.00")]


def test_a_discount_for_the_next_invoice_is_spent_on_what_is_billed_again(world: World):
    """F077: 9/31 of 30.00 at half the price = 4.35 (8.71 less 4.36); the successor's period is whole."""
    number = world.member()
    world.bill(AUG_1)
    world.discount(number, percent="50", nextInvoice=True)

    world.upgrade_large(number, date(2019, 8, 10), **{**BUNDLE, "date": "2019-08-10"})

    assert world.nets()[1:] == [
        ("CORRECTION", "-30.00"),
        ("INVOICE", "4.35"),
        ("INVOICE", "99.00"),
    ]


def test_an_invoice_that_was_put_off_stays_put_off(world: World):
    """F036: nothing is billed before October, whichever contract goes on."""
    number = world.member()
    world.bill(AUG_1)
    world.put_off(number, date(2019, 10, 1), AUG_1)

    world.upgrade_large(number, AUG_1, **BUNDLE)
    world.bill(SEP_1)
    assert [net for _, net in world.nets()] == ["30.00"]

    world.bill(date(2019, 10, 1))
    assert [net for _, net in world.nets()] == ["30.00", "99.00", "99.00"]

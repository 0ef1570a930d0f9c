"""What is missing is named before a number is spent."""

from dataclasses import replace
from typing import Any

import pytest
from tests.unit.domain.builders import (
    COMPANY,
    SELLER,
    TENANT,
    article,
    buyer_in,
    contract,
    day,
    drafts,
    item,
    only,
    taxed,
    view,
)

from faktura.domain.addresses import Address
from faktura.domain.customers import Mandate
from faktura.domain.finalise import missing_fields
from faktura.domain.subscriptions import SubscriptionItem
from faktura.domain.tax import TaxGroup
from faktura.kernel.terms import PaymentMethod, Supply, TaxCase


def missing(*items: SubscriptionItem, seller=SELLER, customer=COMPANY, **frame: Any):
    tenant = replace(TENANT, seller=seller)
    billable = view(
        contract("01.11.2026", **frame), *(items or [item("01.11.2026")]), customer=customer
    )
    draft = only(drafts(billable, "01.11.2026", tenant))
    return [str(field) for field in missing_fields(tenant, draft)]


def test_a_complete_document_lacks_nothing():
    """§ 14 Abs. 4 UStG and F044 are fulfilled."""
    assert missing() == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"legal_name": ""}, "tenant.seller.legal_name: the seller's name is missing"),
        (
            {"tax_number": "", "vat_id": ""},
            "tenant.seller.tax_number: the seller has neither tax number nor VAT id",
        ),
        (
            {"address": replace(SELLER.address, zip_code="")},
            "tenant.seller.address.zip_code: the post code of the seller is missing",
        ),
        ({"iban": ""}, "tenant.seller.iban: no bank account to transfer to is recorded"),
    ],
)
def test_what_the_seller_lacks_is_named(change, problem):
    """§ 14 Abs. 4 Nr. 1 and 2 UStG: name, address, tax number or VAT id; and where to pay."""
    assert missing(seller=replace(SELLER, **change)) == [problem]


@pytest.mark.parametrize("seller", [replace(SELLER, tax_number=""), replace(SELLER, vat_id="")])
def test_one_tax_number_is_enough_at_home(seller):
    """§ 14 Abs. 4 Nr. 2 UStG: the tax number or the VAT id."""
    assert missing(seller=seller) == []


def test_everything_the_customer_lacks_is_named_at_once():
    """§ 14 Abs. 4 Nr. 1 UStG: a person fills all fields in one go."""
    nobody = replace(COMPANY, name="", address=Address(country="DE"))

    assert missing(customer=nobody) == [
        "customer.name: the customer's name is missing",
        "customer.billingAddress.street: the street of the customer is missing",
        "customer.billingAddress.zipCode: the post code of the customer is missing",
        "customer.billingAddress.city: the city of the customer is missing",
    ]


def test_a_post_box_stands_for_the_street():
    """The extra line is enough to reach somebody."""
    boxed = replace(COMPANY, address=replace(COMPANY.address, street="", extra="Postfach 12 34"))

    assert missing(customer=boxed) == []


def test_a_debit_needs_creditor_id_and_mandate():
    """F044: what the payment method demands; a transfer's bank account is not asked for."""
    by_debit = missing(
        seller=replace(SELLER, creditor_id="", iban=""), payment_method=PaymentMethod.SEPA_DEBIT
    )
    mandate = Mandate("M-1", "DE02120300000000202051", day("01.10.2026"))

    assert by_debit == [
        "tenant.seller.creditor_id: the SEPA creditor id is missing",
        "customer.mandate: the customer has no SEPA mandate",
    ]
    assert (
        missing(customer=replace(COMPANY, mandate=mandate), payment_method=PaymentMethod.SEPA_DEBIT)
        == []
    )


def test_a_debit_by_a_providers_mandate_needs_none_of_ours():
    """The provider is the creditor then; our creditor id and account are not named."""
    debited = replace(COMPANY, debited_by="stripe")

    assert (
        missing(
            customer=debited,
            seller=replace(SELLER, creditor_id="", iban=""),
            payment_method=PaymentMethod.SEPA_DEBIT,
        )
        == []
    )


def test_a_card_needs_no_bank_account():
    """The provider collects."""
    assert missing(seller=replace(SELLER, iban=""), payment_method=PaymentMethod.CARD) == []


@pytest.mark.parametrize("supply", [Supply.SERVICE, Supply.GOODS])
def test_a_supply_without_vat_abroad_needs_the_sellers_vat_id(supply):
    """§ 14a Abs. 1 and 3 UStG: the tax number is not enough."""
    austrian = buyer_in("AT", is_business=True, vat_id="ATU12345675")

    found = missing(
        item("01.11.2026", article(supply=supply)),
        seller=replace(SELLER, vat_id=""),
        customer=austrian,
    )

    assert found == ["tenant.seller.vat_id: a supply without VAT abroad needs the seller's VAT id"]


def test_an_exemption_without_a_reason_is_refused():
    """§ 14 Abs. 4 Nr. 8 UStG: also beside another line that has one."""
    silent = TaxGroup("exempt", TaxCase.EXEMPT)

    assert missing(item("01.11.2026", taxed(silent, "10.00"))) == [
        "taxGroup.reason: the reason of the tax exemption is missing"
    ]


def test_what_is_not_taxable_stands_alone():
    """BR-O-11: a digital service and another one to a consumer in Switzerland are two documents."""
    found = missing(
        item("01.11.2026", article(supply=Supply.DIGITAL)),
        item("01.11.2026", article()),
        customer=buyer_in("CH"),
    )

    said = "lines that are not taxable cannot stand beside taxable ones"
    assert found == [f"contract.items: {said}: put them on a contract of their own"]

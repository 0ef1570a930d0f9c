"""Documents worked out by hand: one for every buyer, and what is refused by name."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.unit.domain.builders import (
    COMPANY,
    EXEMPT,
    REDUCED,
    STANDARD,
    TENANT,
    article,
    buyer_in,
    contract,
    day,
    drafts,
    item,
    only,
    taxed,
    totals,
    view,
)

from faktura.domain.addresses import Address
from faktura.domain.customers import Customer
from faktura.domain.tax import DatedRate, OssRates, TaxGroup
from faktura.kernel.errors import FieldInvalid, FieldMissing, TaxCaseMissing
from faktura.kernel.terms import Supply, TaxCase, TaxCategory

OSS = replace(
    TENANT,
    oss_from=day("01.11.2026"),
    oss_rates={
        "AT": OssRates(
            (DatedRate(day("01.01.2016"), Decimal(20)),),
            (DatedRate(day("01.01.2016"), Decimal(10)),),
        ),
        "DK": OssRates((DatedRate(day("01.01.1992"), Decimal(25)),)),
    },
)
ATU = "ATU12345675"


def bill(customer: Customer, sold=None, tenant=TENANT, start="01.11.2026"):
    """The one invoice for a month from `start` on."""
    billable = view(contract(start), item(start, sold or article("80.00")), customer=customer)
    return only(drafts(billable, start, tenant))


def test_a_business_in_the_union_owes_the_tax_of_a_service():
    """§ 13b: 80.00 without VAT, category AE with the words of § 14a Abs. 1 UStG."""
    invoice = bill(buyer_in("AT", is_business=True, vat_id=ATU))

    (row,) = invoice.vat
    assert totals(invoice) == ("80.00", "0.00", "80.00")
    assert (row.category, row.rate) == (TaxCategory.AE, Decimal(0))
    assert row.reason == "Steuerschuldnerschaft des Leistungsempfängers"
    assert row.reason_code == "VATEX-EU-AE"


def test_goods_to_a_business_in_the_union_are_an_intra_community_supply():
    """§ 6a UStG: 80.00 without VAT, category K."""
    goods = article("80.00", supply=Supply.GOODS)

    invoice = bill(buyer_in("FR", is_business=True, vat_id="FR12345678901"), goods)

    assert totals(invoice) == ("80.00", "0.00", "80.00")
    assert (invoice.vat[0].category, invoice.vat[0].reason_code) == (TaxCategory.K, "VATEX-EU-IC")
    assert invoice.charges[0].tax.case is TaxCase.INTRA_COMMUNITY


def test_goods_to_a_third_country_are_exported():
    """§ 6 UStG: to a Swiss consumer as to a business, category G."""
    goods = article("80.00", supply=Supply.GOODS)

    invoice = bill(buyer_in("CH"), goods)

    assert totals(invoice) == ("80.00", "0.00", "80.00")
    assert (invoice.vat[0].category, invoice.charges[0].tax.case) == (
        TaxCategory.G,
        TaxCase.EXPORT,
    )


@pytest.mark.parametrize(
    ("is_business", "supply"),
    [(True, Supply.SERVICE), (True, Supply.DIGITAL), (False, Supply.DIGITAL)],
)
def test_services_to_a_third_country_are_not_taxable(is_business, supply):
    """§ 3a Abs. 2 and 5 UStG: any service to a business, digital ones to consumers; category O."""
    invoice = bill(buyer_in("US", is_business=is_business), article("80.00", supply=supply))

    assert totals(invoice) == ("80.00", "0.00", "80.00")
    assert (invoice.vat[0].category, invoice.charges[0].tax.country) == (TaxCategory.O, "US")


def test_other_services_to_a_consumer_of_a_third_country_are_taxed_at_home():
    """§ 3a Abs. 1 UStG: 80.00 + 15.20."""
    assert totals(bill(buyer_in("US"))) == ("80.00", "15.20", "95.20")


def test_a_consumer_in_the_union_pays_home_vat_below_the_threshold():
    """§ 3a Abs. 5 Satz 3 UStG: digital, October ends before the threshold is passed: 19 %."""
    digital = article("80.00", supply=Supply.DIGITAL)

    invoice = bill(buyer_in("AT"), digital, OSS, start="01.10.2026")

    assert totals(invoice) == ("80.00", "15.20", "95.20")
    assert invoice.charges[0].tax.country == "DE"


@pytest.mark.parametrize("supply", [Supply.DIGITAL, Supply.GOODS])
def test_a_consumer_in_the_union_pays_the_destinations_vat_from_the_threshold_on(supply):
    """OSS: 20 % for Austria: 80.00 + 16.00."""
    invoice = bill(buyer_in("AT"), article("80.00", supply=supply), OSS)

    assert totals(invoice) == ("80.00", "16.00", "96.00")
    assert (invoice.charges[0].tax.case, invoice.charges[0].tax.country) == (TaxCase.OSS, "AT")
    assert invoice.vat[0].category is TaxCategory.S


@pytest.mark.parametrize(("threshold", "vat"), [("30.11.2026", "16.00"), ("01.12.2026", "15.20")])
def test_the_last_day_of_the_period_decides_about_the_threshold(threshold, vat):
    """November ends on the threshold's day: Austria's 20 %; a day before it: 19 % at home."""
    tenant = replace(OSS, oss_from=day(threshold))

    invoice = bill(buyer_in("AT"), article("80.00", supply=Supply.DIGITAL), tenant)

    assert totals(invoice)[1] == vat


def test_the_destinations_reduced_rate_is_its_own():
    """OSS: reduced at home at 7 %, in Austria at 10 %: 80.00 + 8.00."""
    magazine = taxed(REDUCED, "80.00", supply=Supply.DIGITAL)

    assert totals(bill(buyer_in("AT"), magazine, OSS)) == ("80.00", "8.00", "88.00")


def test_other_services_to_a_consumer_in_the_union_stay_at_home():
    """§ 3a Abs. 1 UStG: the threshold concerns goods and digital services only."""
    assert totals(bill(buyer_in("AT"), None, OSS)) == ("80.00", "15.20", "95.20")


def test_the_home_rate_and_an_equal_rate_abroad_share_a_row():
    """EN 16931 groups by category and rate; the journal keeps the countries apart."""
    bulgaria = replace(
        OSS, oss_rates={"AT": OssRates((DatedRate(day("01.01.2016"), Decimal(19)),))}
    )
    digital = item("01.11.2026", article("10.00", supply=Supply.DIGITAL))
    local = item("01.11.2026", article("10.00"))
    billable = view(contract("01.11.2026"), digital, local, customer=buyer_in("AT"))

    invoice = only(drafts(billable, "01.11.2026", bulgaria))

    assert [(str(row.taxable), str(row.tax)) for row in invoice.vat] == [("20.00 EUR", "3.80 EUR")]


def test_a_small_business_shows_no_vat_to_anybody():
    """§ 19 UStG: 80.00 at home, also for a group at the standard rate."""
    invoice = bill(COMPANY, tenant=replace(TENANT, small_business=True))

    assert totals(invoice) == ("80.00", "0.00", "80.00")
    assert invoice.vat[0].category is TaxCategory.E
    assert invoice.vat[0].reason == "Gemäß § 19 UStG wird keine Umsatzsteuer berechnet."


@pytest.mark.parametrize(
    ("reason", "printed"),
    [
        ("", "Gemäß § 19 UStG wird keine Umsatzsteuer berechnet."),
        ("Kleinunternehmer", "Kleinunternehmer"),
    ],
)
def test_the_tax_group_of_a_small_business_does_the_same(reason, printed):
    """F045: small business may be set as the tax group; it holds abroad as well."""
    group = TaxGroup("tax-free", TaxCase.SMALL_BUSINESS, reason=reason)

    invoice = bill(buyer_in("AT"), taxed(group, "80.00", supply=Supply.DIGITAL), OSS)

    assert totals(invoice) == ("80.00", "0.00", "80.00")
    assert (invoice.charges[0].tax.case, invoice.vat[0].reason) == (TaxCase.SMALL_BUSINESS, printed)


def test_an_exempt_supply_says_why():
    """§ 14 Abs. 4 Nr. 8 UStG: 80.00 without VAT, category E, reason and code of the group."""
    invoice = bill(COMPANY, taxed(EXEMPT, "80.00"))

    assert totals(invoice) == ("80.00", "0.00", "80.00")
    assert (invoice.vat[0].reason, invoice.vat[0].reason_code) == (
        "Steuerfrei nach § 4 Nr. 21 UStG",
        "VATEX-EU-132-1I",
    )


def test_two_reasons_in_one_row_are_both_said():
    """One row per category and rate: the words are joined, a common code does not exist."""
    other = TaxGroup("letting", TaxCase.EXEMPT, reason="Steuerfrei nach § 4 Nr. 12 UStG")
    items = (item("01.11.2026", taxed(EXEMPT, "10.00")), item("01.11.2026", taxed(other, "5.00")))

    invoice = only(drafts(view(contract("01.11.2026"), *items), "01.11.2026"))

    (row,) = invoice.vat
    assert row.reason == "Steuerfrei nach § 4 Nr. 21 UStG; Steuerfrei nach § 4 Nr. 12 UStG"
    assert (str(row.taxable), row.reason_code) == ("15.00 EUR", "")


def test_the_rate_of_nothing_has_a_category_of_its_own():
    """§ 12 Abs. 3 UStG: solar systems at 0 % are category Z, not S (BR-S-5)."""
    solar = TaxGroup("solar", TaxCase.REDUCED, (DatedRate(day("01.01.2023"), Decimal(0)),))

    invoice = bill(COMPANY, taxed(solar, "80.00", supply=Supply.GOODS))

    assert totals(invoice) == ("80.00", "0.00", "80.00")
    assert invoice.vat[0].category is TaxCategory.Z


@pytest.mark.parametrize(
    ("customer", "sold", "case"),
    [
        (COMPANY, taxed(REDUCED, "1.00"), TaxCase.REDUCED),
        (COMPANY, taxed(EXEMPT, "1.00"), TaxCase.EXEMPT),
        (buyer_in("AT", is_business=True, vat_id=ATU), article(), TaxCase.REVERSE_CHARGE),
        (
            buyer_in("AT", is_business=True, vat_id=ATU),
            article(supply=Supply.GOODS),
            TaxCase.INTRA_COMMUNITY,
        ),
        (buyer_in("CH"), article(supply=Supply.GOODS), TaxCase.EXPORT),
        (buyer_in("CH", is_business=True), article(), TaxCase.NOT_TAXABLE),
        (buyer_in("AT"), article(supply=Supply.DIGITAL), TaxCase.OSS),
    ],
)
def test_a_case_that_is_not_set_up_is_refused_by_name(customer, sold, case):
    """domain.md: it is never billed at 19 % silently."""
    standard_only = replace(OSS, tax_cases=frozenset({TaxCase.STANDARD}))

    with pytest.raises(TaxCaseMissing, match=f"the tax case {case} is not set up"):
        bill(customer, sold, standard_only)


def test_small_business_needs_its_case_as_well():
    """The flag alone does not set the case up."""
    with pytest.raises(TaxCaseMissing, match="SMALL_BUSINESS is not set up"):
        bill(
            COMPANY,
            tenant=replace(TENANT, small_business=True, tax_cases=frozenset({TaxCase.STANDARD})),
        )


def test_a_business_in_the_union_without_a_vat_id_is_refused():
    """Neither reverse charge nor 19 % may be guessed."""
    with pytest.raises(FieldMissing, match="business customer in AT has no VAT id"):
        bill(buyer_in("AT", is_business=True))


def test_a_destination_without_rates_is_refused():
    """OSS to Italy, whose rates are not recorded."""
    with pytest.raises(TaxCaseMissing, match="no OSS rates are recorded for IT"):
        bill(buyer_in("IT"), article(supply=Supply.DIGITAL), OSS)


def test_a_destination_without_a_reduced_rate_is_refused():
    """What is reduced at home need not be so there; the standard rate would be a guess."""
    with pytest.raises(TaxCaseMissing, match="OSS REDUCED of DK has no rate"):
        bill(buyer_in("DK"), taxed(REDUCED, "1.00", supply=Supply.DIGITAL), OSS)


def test_an_exemption_is_not_carried_abroad():
    """Exempt by German law, sold to Austrian consumers under OSS: a person decides."""
    with pytest.raises(TaxCaseMissing, match="exempt at home, not for consumers in AT"):
        bill(buyer_in("AT"), taxed(EXEMPT, "1.00", supply=Supply.DIGITAL), OSS)


def test_a_day_before_the_first_rate_is_refused():
    """A period of 2006 ends before the first recorded rate."""
    group = TaxGroup("new", TaxCase.STANDARD, (DatedRate(day("01.01.2007"), Decimal(19)),))

    with pytest.raises(TaxCaseMissing, match="tax group new has no rate for 2006-11-30"):
        bill(COMPANY, taxed(group, "1.00"), start="01.11.2006")


def test_a_customer_without_a_country_is_refused():
    """An unknown country must not count as a third country, without VAT."""
    with pytest.raises(FieldMissing, match="the customer has no country"):
        bill(buyer_in(""))


@pytest.mark.parametrize("country", ["de", "Deutschland", "EL", "XX", "D"])
def test_a_country_that_does_not_exist_is_refused(country):
    """“de” or “EL” would be a third country, to which goods go without VAT."""
    with pytest.raises(FieldInvalid, match=f"“{country}” is not a country"):
        Address(country=country)


def test_a_tax_group_cannot_be_a_case_of_the_buyer():
    """Reverse charge follows from buyer and supply; as a group it would be taxed at a rate."""
    with pytest.raises(FieldInvalid, match="tax group rc cannot be REVERSE_CHARGE"):
        TaxGroup("rc", TaxCase.REVERSE_CHARGE, STANDARD.rates)

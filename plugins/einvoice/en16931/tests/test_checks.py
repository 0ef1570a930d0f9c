"""The pre-checks on their own: exact messages, and one fault giving one finding.

What each rule finds, and that the official rules agree, is tested with the format that uses it.
"""

from decimal import Decimal

import pytest

from faktura.kernel.terms import TaxCategory
from faktura.plugin import Allowance, Finding, InvoiceDocument, Severity, Totals
from faktura.testing.invoices import changed, sample_invoice, sample_line
from faktura_en16931.checks import check
from faktura_en16931.codes import CODE_LIST_VERSION, COUNTRIES, UNITS, VAT_CATEGORIES
from faktura_en16931.payment import is_iban


def found(document: InvoiceDocument) -> list[tuple[str, str]]:
    return [(entry.rule, entry.term) for entry in check(document)]


def test_a_right_document_has_no_finding() -> None:
    """The sample of faktura.testing is right by construction."""
    assert found(sample_invoice()) == []


def test_a_finding_says_what_is_wrong_and_what_to_mend() -> None:
    """plugin.Finding: words of the domain, the term, the rule and the field."""
    document = sample_invoice(lines=(sample_line(unit_code="Stück"),))

    assert list(check(document)) == [
        Finding(
            severity=Severity.ERROR,
            rule="BR-CL-23",
            term="BT-130",
            message="The unit “Stück” is no code of its list",
            mend="article.unit",
        )
    ]


def test_a_line_that_is_a_cent_off_is_told_with_both_amounts() -> None:
    """Stricter than R120: 17 of 31 days at 30.00 are 16.4516, so 16.45."""
    line = sample_line(
        quantity="17", price="30", price_base="31", unit_code="DAY", net=Decimal("16.46")
    )

    messages = [entry.message for entry in check(sample_invoice(lines=(line,)))]

    assert messages == ["Line 1 states 16.46, quantity and price give 16.45"]


def test_a_wrong_total_is_called_by_its_name() -> None:
    """BT-109: a document has seven totals, so which one it is has to be said."""
    wrong = changed(sample_invoice(), "totals.net", Decimal("300.00"))

    assert next(check(wrong)).message == (
        "The net total (BT-109) is stated as 300.00, its parts give 100.00"
    )


def test_a_code_that_may_exist_is_not_called_wrong() -> None:
    """The tables are subsets: XZX has the form of a unit."""
    [finding] = check(sample_invoice(lines=(sample_line(unit_code="XZX"),)))

    assert finding.message == "The unit “XZX” is not among the codes faktura knows"


def test_a_half_cent_is_rounded_away_from_zero() -> None:
    """Rounding happens at the line, the percentage and the VAT of a group, nowhere else."""
    up = sample_line(price="0.125", net=Decimal("0.13"))
    down = sample_line(quantity="-1", price="0.125", net=Decimal("-0.13"), id="2")

    assert found(sample_invoice(lines=(up, down))) == []


def test_one_wrong_decimal_is_one_finding_and_not_ten() -> None:
    """Sums are only judged when every number is exact."""
    document = changed(sample_invoice(), "totals.lines", Decimal("100.001"))

    assert found(document) == [("BR-DEC-09", "BT-106")]


def test_an_amount_too_large_to_be_meant_is_refused() -> None:
    """Amounts stay below 10**12; the arithmetic is never asked about others."""
    document = changed(sample_invoice(), "totals.gross", Decimal("1e30"))

    assert found(document) == [("BR-DEC-14", "BT-112")]


def test_a_third_decimal_is_refused_also_where_the_currency_has_one() -> None:
    """BR-DEC-23: EN 16931 has two decimals, the Kuwaiti dinar has three."""
    line = sample_line(price="1.005", net=Decimal("1.005"))
    document = changed(sample_invoice(), "currency", "KWD")

    assert ("BR-DEC-23", "BT-131") in found(changed(document, "lines", (line,)))


def test_discounts_of_one_group_lower_the_taxable_amount() -> None:
    """BR-S-08 exact: 100.00 - 10.00 + 2.50 = 92.50, not 92.51."""
    entry = {"reason": "x", "vat_category": "S", "vat_rate": "19"}
    document = sample_invoice(
        allowances=(Allowance.model_validate(entry | {"amount": "10"}),),
        charges=(Allowance.model_validate(entry | {"amount": "2.50"}),),
    )
    wrong = changed(document, "vat.0.taxable", Decimal("92.51"))

    assert found(document) == []
    # 92.51 x 19 % rounds to the same tax, so only the taxable amount is wrong.
    assert found(wrong) == [("BR-S-08", "BT-116")]


def test_a_rounding_to_cash_belongs_to_the_amount_due() -> None:
    """BR-CO-16: BT-115 = 119.00 - 19.00 + 0.05."""
    totals = Totals(
        lines=Decimal(100),
        net=Decimal(100),
        vat=Decimal(19),
        gross=Decimal(119),
        prepaid=Decimal(19),
        rounding=Decimal("0.05"),
        due=Decimal("100.05"),
    )

    assert found(sample_invoice(totals=totals)) == []


def test_reverse_charge_accepts_a_registration_number_for_the_vat_id() -> None:
    """BR-AE-02: BT-48 or BT-47."""
    line = sample_line(vat_category="AE", vat_rate="0")
    document = sample_invoice(lines=(line,))

    assert found(document) == [("BR-AE-02", "BT-48")]
    assert found(changed(document, "buyer.registration", document.seller.registration)) == []


def test_a_breakdown_nothing_belongs_to_must_be_empty() -> None:
    """BR-Z-08: a group without lines has no taxable amount."""
    document = sample_invoice(lines=(sample_line(vat_category="Z", vat_rate="0"),))
    both = changed(sample_invoice(), "vat", (*sample_invoice().vat, *document.vat))

    assert ("BR-Z-08", "BT-116") in found(both)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("DE02120300000000202051", True),
        ("CH9300762011623852957", True),
        ("MT84MALT011000012345MTLCAST001S", True),
        ("DE02120300000000202052", False),
        ("DE0212030000000020205", False),
        ("DE02 1203 0000 0000 2020 51", False),
        ("de02120300000000202051", False),
        ("DE٠2120300000000202051", False),
        ("", False),
    ],
)
def test_an_iban_is_judged_by_its_check_digits(text: str, *, valid: bool) -> None:
    """ISO 13616: letters as numbers, the first four signs at the end, modulo 97 is 1."""
    assert is_iban(text) is valid


def test_the_code_tables_know_every_tax_category_of_the_core() -> None:
    """kernel.terms and UNTDID 5305 name the same categories."""
    assert set(VAT_CATEGORIES) == {category.value for category in TaxCategory}


def test_the_code_tables_hold_what_people_confuse() -> None:
    """STK is a cigarette, E34 a gigabyte; XI is Northern Ireland, UK is no country."""
    assert {"H87", "C62", "E34", "MON", "DAY", "HUR", "LS"} <= set(UNITS)
    assert not {"STK", "GB", "MB"} & set(UNITS)
    assert "XI" in COUNTRIES
    assert "UK" not in COUNTRIES
    assert CODE_LIST_VERSION == "2026-06"


@pytest.mark.parametrize(
    ("tax", "gross", "rules"),
    [
        ("190.07", "1190.46", []),
        ("190.08", "1190.47", []),
        ("190.06", "1190.45", ["BR-CO-17"]),
        ("190.09", "1190.48", ["BR-CO-17"]),
    ],
)
def test_vat_is_that_of_the_net_or_what_a_gross_amount_leaves(
    tax: str, gross: str, rules: list[str]
) -> None:
    """1190.47 / 1.19 = 1000.3950 is 1000.39, VAT 190.08; 19 % of 1000.39 is 190.0741."""
    document = sample_invoice(lines=(sample_line(price="1000.39", net=Decimal("1000.39")),))
    document = changed(document, "vat.0.tax", Decimal(tax))
    for field, amount in (("vat", tax), ("gross", gross), ("due", gross)):
        document = changed(document, f"totals.{field}", Decimal(amount))

    assert [rule for rule, _ in found(document)] == rules


def test_more_digits_than_arithmetic_keeps_are_still_seen() -> None:
    """F051: 33 digits would be 100 when rounded to the 28 of a decimal context."""
    price = Decimal("100.000000000000000000000000000001")

    [finding] = check(changed(sample_invoice(), "lines.0.price", price))

    assert (finding.rule, finding.term) == ("faktura-F051", "BT-146")

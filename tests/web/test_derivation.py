"""A line's derivation in words: every fact that can be stored is shown."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from faktura.domain.documents import LineRecord
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import ArticleUnit, TaxCase, TaxCategory
from faktura.web.admin.derivation import Manner, derived
from faktura.web.language import Language

STORED = {
    "rule": "round(price × quantity × part) − round(discount)",
    "currency": "EUR",
    "unitPrice": "31",
    "quantity": "2",
    "priceSource": "special price",
    "priceDay": "2026-10-15",
    "taxDay": "2026-10-31",
    "taxCase": "STANDARD",
    "taxRate": "19",
    "priceValidFrom": "2026-01-01",
    "priceValidUntil": "2027-01-01",
    "priceFromQuantity": "2",
    "part": [14, 31, 31],
    "convention": "ACTUAL",
    "discount": {"percent": "10", "reason": "Treue"},
}


def line(net: int, **changes: object) -> LineRecord:
    """31.00 × 2 × 17/31 = 34.00, less 10 % = 30.60."""
    return LineRecord(
        1, "A-1", "Membership", "", Decimal(2), ArticleUnit.MONTH, Decimal(17), Decimal(1),
        Money(3_400, "EUR"), Money(3_400 - net, "EUR"), Money(net, "EUR"), TaxCase.STANDARD,
        TaxCategory.S, Decimal(19), "DE", Period(date(2026, 10, 15), date(2026, 11, 1)), None,
        {**STORED, **changes},
    )  # fmt: skip


def test_every_stored_fact_is_told():
    """Special price with its validity and tier, the part of the period, the discount, the tax."""
    shown = derived(line(3_060), Language.DE)

    assert shown.calculation == "31,00\xa0€ × 2 × 17/31 − 10\xa0% = 30,60\xa0€"
    assert shown.facts == (
        ("Preis", "Sonderpreis des Vertrags"),
        ("gültig ab", "01.01.2026"),
        ("gültig bis vor", "01.01.2027"),
        ("Staffel ab Menge", "2"),
        ("Preis vom", "15.10.2026"),
        ("Tage des Zeitraums", "15–31 / 31 (ACTUAL)"),
        ("Nachlass", "Treue"),
        ("Umsatzsteuer", "19\xa0% · Regelsatz"),
        ("Steuersatz vom", "31.10.2026"),
    )
    assert shown.holds


def test_a_fixed_discount_is_told_as_an_amount():
    """62.00 − 5.00, both for 17 of 31 days: 34.00 − 2.74."""
    shown = derived(line(3_126, discount={"amount": "5", "reason": ""}), Language.EN)

    assert shown.calculation == "€31.00 × 2 × 17/31 − €5.00 = €31.26"
    assert "discount" not in dict(shown.facts)
    assert shown.holds


def test_several_discounts_are_told_in_their_order():
    """34.00 less 10 % (3.40), less 5 % of 30.60 (1.53), less a share of 10.00: 2.07."""
    line_of_three = line(
        2_700,
        discounts=[
            {"percent": "10", "reason": "Treue"},
            {"percent": "5", "reason": ""},
            {"amount": "2.07", "total": "10", "interval": "2026-10-15", "reason": "Aktion"},
        ],
    )
    stored = {name: fact for name, fact in line_of_three.derivation.items() if name != "discount"}

    shown = derived(replace(line_of_three, derivation=stored), Language.DE)

    assert shown.calculation == (
        "31,00\xa0€ × 2 × 17/31 − 10\xa0% − 5\xa0% − 2,07\xa0€ = 27,00\xa0€"
    )
    assert [value for label, value in shown.facts if label == "Nachlass"] == [
        "Treue",
        "Aktion: Anteil an 10,00\xa0€ je Rechnung, Zeitraum ab 15.10.2026",
    ]
    assert shown.discounts == (
        (Money(340, "EUR"), "Treue"),
        (Money(153, "EUR"), ""),
        (Money(207, "EUR"), "Aktion"),
    )
    assert shown.holds


def test_a_share_without_a_text_says_of_what_it_is_one():
    """34.00 less a share of 7.00."""
    share = {"amount": "7.00", "total": "10", "interval": "2026-10-15", "reason": ""}
    bare = line(2_700, discounts=[share])
    stored = {name: fact for name, fact in bare.derivation.items() if name != "discount"}

    shown = derived(replace(bare, derivation=stored), Language.EN)

    assert dict(shown.facts)["discount"].startswith("share of €10.00 an invoice, interval from ")


def test_each_discount_tells_its_amount_and_its_reason():
    """34.00 less 10 %: 3.40 are 30.60; without a reason the amount alone."""
    assert derived(line(3_060), Language.DE).discounts == ((Money(340, "EUR"), "Treue"),)


def test_a_typed_price_was_agreed():
    """A special price of a deposit or credit note is none of the contract's."""
    manner = Manner(typed_prices=True)

    assert dict(derived(line(3_060), Language.DE, manner).facts)["Preis"] == "vereinbart"
    assert dict(derived(line(3_060), Language.EN, manner).facts)["Price"] == "agreed"
    plain = derived(line(3_060, priceSource="list price"), Language.EN, manner)
    assert dict(plain.facts)["Price"] == "list price"


def test_amounts_taken_back_have_the_sign_that_is_printed():
    """P18: −30.60 is printed as 30.60 where the document prints what it takes off as positive."""
    taken_back = line(-3_060, reversed={"document": "RE-1", "line": 1})
    discounted = derived(line(3_060), Language.DE, Manner(flipped=True))

    plain = derived(taken_back, Language.DE)
    printed = derived(taken_back, Language.DE, Manner(flipped=True))

    calculation = "31,00\xa0€ × 2 × 17/31 − 10\xa0%"
    assert plain.calculation == f"−({calculation}) = −30,60\xa0€"
    assert plain.discounts == ((Money(-340, "EUR"), "Treue"),)
    assert printed.calculation == f"{calculation} = 30,60\xa0€"
    assert printed.discounts == ((Money(340, "EUR"), "Treue"),)
    assert discounted.calculation == f"−({calculation}) = −30,60\xa0€"
    assert plain.holds
    assert printed.holds


def test_a_line_that_does_not_follow_from_its_derivation_says_so():
    """One cent is enough (O10)."""
    assert not derived(line(3_061), Language.DE).holds

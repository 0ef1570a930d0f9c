"""Discounts in derivations: several, allocated, taken back, and those of earlier versions (O10, P15)."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from tests.unit.domain.builders import article, contract, day, drafts, eur, item, only, view

from faktura.domain.derivation import derivation_of, recomputed_net
from faktura.domain.discount_facts import applied_discounts
from faktura.domain.discounts import AppliedDiscount, ContractDiscount, Discount
from faktura.domain.documents import LineRecord
from faktura.domain.explanation import explain
from faktura.kernel.contract_terms import DiscountScope
from faktura.kernel.periods import Period
from faktura.kernel.terms import ArticleUnit, TaxCase, TaxCategory

FACTS = {
    "currency": "EUR",
    "unitPrice": "30.00",
    "quantity": "1",
    "priceSource": "list price",
    "priceDay": "2026-05-15",
    "taxDay": "2026-05-31",
    "taxCase": "STANDARD",
    "taxRate": "19",
}
STUB = {**FACTS, "part": [14, 31, 31], "convention": "ACTUAL"}


def stacked():
    """17 of 31 days of 30.00 with 5.00 a month of its own, 10 % and a share of 3.00 (contract)."""
    frame = contract("15.05.2026", billing_anchor=day("01.06.2026"))
    own = item(
        "15.05.2026",
        anchor=day("01.06.2026"),
        discount=Discount(amount=Decimal("5.00"), reason="Eigen"),
    )
    other = item("15.05.2026", article("10.00"), anchor=day("01.06.2026"), id=UUID(int=601))
    given = (
        ContractDiscount(
            UUID(int=1),
            DiscountScope.CONTRACT,
            None,
            Discount(percent=Decimal(10), reason="Treue"),
        ),
        ContractDiscount(
            UUID(int=2),
            DiscountScope.CONTRACT,
            None,
            Discount(amount=Decimal("3.00"), reason="Aktion"),
        ),
    )
    seen = replace(view(frame, own, other), discounts=given)
    return frame, only(drafts(seen, "15.05.2026")).charges


def recorded(
    facts: dict[str, object], net: str, discount: str, list_net: str = "16.45"
) -> LineRecord:
    """A frozen line of that derivation."""
    return LineRecord(
        1,
        "A-1",
        "Grundgebühr",
        "",
        Decimal(17),
        ArticleUnit.DAY,
        Decimal("30.00"),
        Decimal(31),
        eur(list_net),
        eur(discount),
        eur(net),
        TaxCase.STANDARD,
        TaxCategory.S,
        Decimal(19),
        "DE",
        Period(date(2026, 5, 15), date(2026, 6, 1)),
        None,
        facts,
    )


def test_all_discounts_of_a_line_are_stored_in_order():
    """P15: the share of a fixed amount is kept with the whole amount and its interval.

    12.34 and 4.93 are left by per cents (5.48 of 10.00 less 10 %: 1.00 less 0.45 = 0.55); of 3.00
    the first bears R(3 x 12.34 / 17.27 = 2.1436) = 2.14.
    """
    frame, (charge, _) = stacked()

    facts = derivation_of(charge, frame)

    assert facts["discounts"] == [
        {"amount": "5.00", "reason": "Eigen"},
        {"percent": "10", "reason": "Treue"},
        {"amount": "2.14", "total": "3.00", "interval": "2026-05-01", "reason": "Aktion"},
    ]
    assert "discount" not in facts


def test_a_line_with_several_discounts_is_recomputed_from_its_derivation_alone():
    """O10: 16.45 - 2.74 - 1.37 - 2.14 = 10.20; the other line 5.48 - 0.55 - 0.86 = 4.07."""
    frame, charges = stacked()

    stored = [json.loads(json.dumps(derivation_of(charge, frame))) for charge in charges]

    assert [charge.net for charge in charges] == [eur("10.20"), eur("4.07")]
    assert [recomputed_net(facts) for facts in stored] == [eur("10.20"), eur("4.07")]
    assert [one.amount for one in applied_discounts(stored[0])] == [
        eur("2.74"),
        eur("1.37"),
        eur("2.14"),
    ]


def test_a_line_with_several_discounts_is_explained_in_words():
    """O10: every discount with its text; the share of a fixed amount says of what it is one."""
    frame, (charge, _) = stacked()

    why = explain(recorded(derivation_of(charge, frame), "10.20", "6.25"))

    assert why.calculation == "30.00 EUR × 1 × 17/31 − 5.00 EUR − 10 % − 2.14 EUR = 10.20"
    assert why.holds
    assert (
        "discount: Eigen; discount: Treue; discount: Aktion, the line's share of 3.00 EUR for the"
        " billing interval from 01.05.2026; VAT 19 %" in why.sources
    )


def test_a_share_without_a_text_still_says_of_what_it_is_one():
    """An empty reason is left out, the share is not."""
    share = {"amount": "2.00", "total": "3.00", "interval": "2026-05-01", "reason": ""}

    why = explain(recorded({**STUB, "discounts": [share]}, "14.45", "2.00"))

    assert "; the line's share of 3.00 EUR for the billing interval from 01.05.2026;" in why.sources


@pytest.mark.parametrize(
    ("stored", "net", "calculation"),
    [
        # 16.45 less (3.00 less 1.36 of the first 14 days)
        ({"percent": "10", "reason": "Treue"}, "14.81", "30.00 EUR × 1 × 17/31 − 10 % = 14.81"),
        # 16.45 less 2.74
        ({"amount": "5.00", "reason": ""}, "13.71", "30.00 EUR × 1 × 17/31 − 5.00 EUR = 13.71"),
        # An earlier version took off more than the line cost: 16.45 less 21.94 (21.935)
        ({"amount": "40.00"}, "-5.49", "30.00 EUR × 1 × 17/31 − 40.00 EUR = -5.49"),
    ],
)
def test_derivations_of_earlier_versions_are_still_read(stored, net, calculation):
    """P23: what was issued keeps its derivation for ten years; one discount stood for itself."""
    line = recorded({**STUB, "discount": stored}, net, str(eur("16.45").decimal - Decimal(net)))

    why = explain(line)

    assert (why.calculation, why.holds) == (calculation, True)


def test_a_line_taken_back_gives_its_discounts_back():
    """P15: the frozen allocation, negated."""
    frame, (charge, _) = stacked()
    facts = derivation_of(charge, frame) | {"reversed": {"document": "RE-1", "line": 1}}

    assert [one.amount for one in applied_discounts(facts)] == [
        eur("-2.74"),
        eur("-1.37"),
        eur("-2.14"),
    ]
    assert recomputed_net(facts) == eur("-10.20")


def test_only_a_share_of_an_interval_is_allocated():
    """A per cent of the contract has its interval as well; what it took is computed again."""
    interval = date(2026, 11, 1)
    fixed, percent = Discount(amount=Decimal(1)), Discount(percent=Decimal(1))

    assert AppliedDiscount(fixed, eur("0.50"), UUID(int=1), interval).is_allocated
    assert not AppliedDiscount(fixed, eur("0.50")).is_allocated
    assert not AppliedDiscount(percent, eur("0.50"), UUID(int=1), interval).is_allocated

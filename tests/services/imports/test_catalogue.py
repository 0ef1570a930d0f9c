"""What is sold, from a file (F045-F051)."""

from datetime import date
from decimal import Decimal

import pytest

from faktura.domain.articles import Price
from faktura.domain.tax import DatedRate
from faktura.kernel.terms import ArticleUnit, Supply, TaxCase
from faktura.services.imports.findings import ImportRefused
from faktura.store.articles import SoldArticle, articles_by_number
from faktura.store.catalogue import (
    read_projects,
    read_tax_groups,
)

FULL = {"key": "full", "case": "STANDARD", "rates": [{"validFrom": "2007-01-01", "rate": "19"}]}
HOSTING = {"key": "hosting", "name": "Hosting", "taxGroup": "full"}
ARTICLE = {
    "articleNumber": "A-1",
    "name": "Web hosting",
    "productGroup": "hosting",
    "unit": "MONTH",
    "supply": "SERVICE",
}


def refusals(house, content, suffix="json"):
    """Code and place of everything that is wrong with a catalogue."""
    with pytest.raises(ImportRefused) as refused:
        house.take("catalogue", content, suffix=suffix)
    return [(part.code, part.place.partition(", ")[2]) for part in refused.value.parts]


def test_every_field_of_an_article_is_kept(empty_house):
    """F046-F051: dated prices, tiers, currencies, both descriptions, cost centre, four decimals."""
    receipt = empty_house.take(
        "catalogue",
        {
            "projects": [{"key": "cloud", "name": "Cloud"}],
            "taxGroups": [FULL],
            "productGroups": [{**HOSTING, "revenueAccount": "8401"}],
            "articles": [
                {
                    **ARTICLE,
                    "project": "cloud",
                    "recurring": True,
                    "description": "100 GB\nDaily backup",
                    "htmlDescription": "<b>100 GB</b>",
                    "costCentre": "KST 7",
                    "prices": [
                        {"unitPrice": "0.0004", "validUntil": "2026-01-01"},
                        {"unitPrice": 1, "validFrom": "2026-01-01"},
                        {"unitPrice": "1.10", "currency": "CHF", "fromQuantity": "2.5"},
                    ],
                }
            ],
        },
    )

    article = empty_house.read(articles_by_number, ["A-1"])["A-1"].article
    project = empty_house.read(read_projects)["cloud"]
    assert (receipt.projects, receipt.tax_groups) == (1, 1)
    assert (receipt.product_groups, receipt.articles) == (1, 1)
    assert (article.name, article.unit, article.supply) == (
        "Web hosting",
        ArticleUnit.MONTH,
        Supply.SERVICE,
    )
    assert article.recurring
    assert article.description == "100 GB\nDaily backup"
    assert article.html_description == "<b>100 GB</b>"
    assert article.cost_centre == "KST 7"
    assert article.group.revenue_account == "8401"
    assert article.group.tax_group.case is TaxCase.STANDARD
    assert article.prices == (
        Price(Decimal("0.0004"), "EUR", None, date(2026, 1, 1)),
        Price(Decimal(1), "EUR", date(2026, 1, 1)),
        Price(Decimal("1.10"), "CHF", None, None, Decimal("2.5")),
    )
    assert empty_house.read(articles_by_number, ["A-1"])["A-1"] == SoldArticle(article, project)


def test_small_business_and_exemption_are_tax_groups(empty_house):
    """F045: small business is a tax group of its own; an exemption says why."""
    empty_house.take(
        "catalogue",
        {
            "taxGroups": [
                {"key": "small", "case": "SMALL_BUSINESS"},
                {
                    "key": "courses",
                    "case": "EXEMPT",
                    "reason": "§ 4 Nr. 21 UStG",
                    "reasonCode": "VATEX-EU-132",
                },
                {
                    "key": "books",
                    "case": "REDUCED",
                    "rates": [
                        {"validFrom": "2007-01-01", "rate": "7"},
                        {"validFrom": "2020-07-01", "rate": "5"},
                    ],
                },
            ]
        },
    )

    groups = empty_house.read(read_tax_groups)
    assert groups["small"].case is TaxCase.SMALL_BUSINESS
    assert (groups["courses"].reason, groups["courses"].reason_code) == (
        "§ 4 Nr. 21 UStG",
        "VATEX-EU-132",
    )
    assert groups["books"].rates == (
        DatedRate(date(2007, 1, 1), Decimal(7)),
        DatedRate(date(2020, 7, 1), Decimal(5)),
    )


def test_later_files_build_on_earlier_ones(house):
    """A group or project that exists need not be given again."""
    house.take("catalogue", {"articles": [{**ARTICLE, "articleNumber": "NEW", "project": "cloud"}]})

    assert "NEW" in house.read(articles_by_number, ["NEW"])


def test_what_exists_already_is_refused_by_name(house):
    """Keys and numbers are used once; nothing is overwritten by an import."""
    found = refusals(
        house,
        {
            "projects": [{"key": "cloud", "name": "Again"}],
            "taxGroups": [FULL],
            "productGroups": [HOSTING],
            "articles": [{**ARTICLE, "articleNumber": "WEB-M"}, ARTICLE, ARTICLE],
        },
    )

    assert found == [
        ("number_taken", "projects.1.key"),
        ("number_taken", "taxGroups.1.key"),
        ("number_taken", "productGroups.1.key"),
        ("number_taken", "articles.1.articleNumber"),
        ("number_taken", "articles.3.articleNumber"),
    ]


def test_what_does_not_exist_is_refused_by_name(house):
    """A group, project or tax group that nobody has is not made up."""
    found = refusals(
        house,
        {
            "productGroups": [{"key": "books", "name": "Books", "taxGroup": "reduced"}],
            "articles": [
                {**ARTICLE, "productGroup": "film"},
                {**ARTICLE, "articleNumber": "A-2", "project": "print"},
            ],
        },
    )

    assert found == [
        ("not_found", "productGroups.1.taxGroup"),
        ("not_found", "articles.1.productGroup"),
        ("not_found", "articles.2.project"),
    ]


def an_article(**changes: object):
    """A catalogue of one article with these changes."""
    return {"articles": [{**ARTICLE, **changes}]}


def a_tax_group(**changes: object):
    """A catalogue of one tax group with these changes."""
    return {"taxGroups": [{**FULL, **changes}]}


BAD = [
    (an_article(unit="FORTNIGHT"), "unknown_term", "articles.1.unit"),
    (an_article(supply=None), "field_missing", "articles.1.supply"),
    (an_article(recurring="yes"), "field_invalid", "articles.1.recurring"),
    (an_article(description="x" * 10_001), "out_of_range", "articles.1.description"),
    (an_article(description="a\x08b"), "field_invalid", "articles.1.description"),
    (an_article(prices=[{}]), "field_missing", "articles.1.prices.1.unitPrice"),
    (an_article(prices=[{"unitPrice": "12,50"}]), "amount_unreadable", "articles.1.prices.1.unitPrice"),
    (an_article(prices=[{"unitPrice": "1e3"}]), "amount_unreadable", "articles.1.prices.1.unitPrice"),
    (an_article(prices=[{"unitPrice": 12.5}]), "amount_unreadable", "articles.1.prices.1.unitPrice"),
    (an_article(prices=[{"unitPrice": True}]), "amount_unreadable", "articles.1.prices.1.unitPrice"),
    (an_article(prices=[{"unitPrice": ""}]), "amount_unreadable", "articles.1.prices.1.unitPrice"),
    (an_article(prices=[{"unitPrice": "0.0000001"}]), "too_precise", "articles.1.prices.1.unitPrice"),
    (an_article(prices=[{"unitPrice": "1000000000000"}]), "out_of_range", "articles.1.prices.1.unitPrice"),
    (an_article(prices=[{"unitPrice": "-1"}]), "out_of_range", "articles.1.prices.1.unitPrice"),
    (an_article(prices=[{"unitPrice": "1", "currency": "EURO"}]), "unknown_term", "articles.1.prices.1.currency"),
    (
        an_article(prices=[{"unitPrice": "1", "validFrom": "2026-01-01", "validUntil": "2026-01-01"}]),
        "out_of_range",
        "articles.1.prices.1.validUntil",
    ),
    (an_article(prices=[{"unitPrice": "1"}, {"unitPrice": "2"}]), "field_invalid", "articles.1.prices.2"),
    (a_tax_group(case="REVERSE_CHARGE", rates=[]), "field_invalid", "taxGroups.1.case"),
    (a_tax_group(case="VAT"), "unknown_term", "taxGroups.1.case"),
    (a_tax_group(rates=[]), "field_missing", "taxGroups.1.rates"),
    (a_tax_group(case="EXEMPT"), "field_invalid", "taxGroups.1.rates"),
    (a_tax_group(case="EXEMPT", rates=[]), "field_missing", "taxGroups.1.reason"),
    (
        a_tax_group(rates=[{"validFrom": "2007-01-01", "rate": "190"}]),
        "out_of_range",
        "taxGroups.1.rates.1.rate",
    ),
    (a_tax_group(rates=[*FULL["rates"], *FULL["rates"]]), "field_invalid", "taxGroups.1.rates.2.validFrom"),
    ({"productGroups": [{**HOSTING, "revenueAccount": "84"}]}, "field_invalid", "productGroups.1.revenueAccount"),
    ({"productGroups": [{**HOSTING, "key": "long", "revenueAccount": "84000"}]}, "field_invalid", "productGroups.1.revenueAccount"),
    ({"productGroups": [{**HOSTING, "revenueAccount": "Erlöse"}]}, "field_invalid", "productGroups.1.revenueAccount"),
    ({"productGroups": [{**HOSTING, "revenueAccount": 8401}]}, "field_invalid", "productGroups.1.revenueAccount"),
    ({"article": []}, "field_unknown", "article"),
    ({"articles": {}}, "field_invalid", "articles"),
    ([], "file_unreadable", ""),
]  # fmt: skip


@pytest.mark.parametrize(("content", "code", "place"), BAD)
def test_what_cannot_be_sold_is_refused(house, content, code, place):
    """A wrong price or tax group would reach every invoice."""
    assert refusals(house, content) == [(code, place)]


def test_a_catalogue_is_not_a_table(house):
    """Nested lists in cells would be a guessing game."""
    assert refusals(house, "key,name\n", suffix="csv") == [("file_unreadable", "")]

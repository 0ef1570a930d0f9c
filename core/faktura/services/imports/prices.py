"""New prices for articles that exist: added behind the present ones, none is ever changed (F047)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from faktura.domain.articles import Article, Price
from faktura.domain.events import EventType
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import NotFound
from faktura.services.imports.article_events import tell_of_articles
from faktura.services.imports.claims import Claims
from faktura.services.imports.entries import ImportFile
from faktura.services.imports.price_fields import (
    ArticlePricesFields,
    NewPricesFields,
    checked_prices,
)
from faktura.services.imports.reading import Sheet, alone, read_sheet
from faktura.store.articles import SoldArticle, articles_by_number, lock_articles
from faktura.store.catalogue import append_prices
from faktura.store.transaction import Tx

PriceSheet = Sheet[ArticlePricesFields]


def add_prices_of(tx: Tx, tenant: Tenant, number: str, given: NewPricesFields) -> None:
    """Add prices of one article, as `add_prices`; raises FieldsRefused."""
    fields = ArticlePricesFields.model_construct(article_number=number, prices=given.prices)
    add_prices(tx, tenant, alone(fields))


@dataclass(frozen=True, slots=True)
class PriceReceipt:
    """How many articles got how many prices."""

    articles: int
    prices: int


def read_price_file(file: ImportFile) -> PriceSheet:
    """What a price file says; it needs no database and so no transaction."""
    return read_sheet(file, ArticlePricesFields)


def add_prices(tx: Tx, tenant: Tenant, sheet: PriceSheet) -> PriceReceipt:
    """Add the prices of a file; raises ImportRefused with everything that is wrong with it.

    A price that would be valid like one of the article's own is refused. What is billed keeps the
    price it was billed at.
    """
    numbers = [entry.fields.article_number for entry in sheet.entries]
    lock_articles(tx, numbers)
    articles = articles_by_number(tx, numbers)
    placed = [(sheet.spot(entry), entry.fields) for entry in sheet.entries]
    Claims(tx, "articleNumber", None).claim_all(
        [(spot, one.article_number) for spot, one in placed]
    )
    added = []
    for spot, given in placed:
        with spot.noting():
            article = _sold(articles, given.article_number)
            present = article.prices
            prices = checked_prices(given.prices, tenant.currency, name="prices", present=present)
            added.append((article, prices))
    sheet.findings.refuse_if_any()
    append_prices(tx, added)
    before = {article.id: articles[article.number] for article, _prices in added}
    changed = [_repriced(before[article.id], prices) for article, prices in added]
    tell_of_articles(tx, EventType.ITEM_CHANGED, changed, before)
    return PriceReceipt(len(added), sum(len(prices) for _article, prices in added))


def _repriced(sold: SoldArticle, prices: Sequence[Price]) -> SoldArticle:
    article = sold.article
    return replace(sold, article=replace(article, prices=(*article.prices, *prices)))


def _sold(articles: Mapping[str, SoldArticle], number: str) -> Article:
    if number not in articles:
        raise NotFound(
            f"there is no article “{number}”",
            place="articleNumber",
            mend="Add it to the catalogue first",
        )
    return articles[number].article

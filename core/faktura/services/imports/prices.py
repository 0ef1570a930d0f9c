"""New prices for articles that exist: added behind the present ones, none is ever changed (F047)."""

from dataclasses import dataclass

from faktura.domain.tenants import Tenant
from faktura.kernel.errors import NotFound
from faktura.services.imports.claims import Claims
from faktura.services.imports.entries import ImportFile
from faktura.services.imports.price_fields import ArticlePricesFields, checked_prices
from faktura.services.imports.reading import Sheet, read_sheet
from faktura.store.catalogue import append_prices, read_catalogue
from faktura.store.transaction import Tx

PriceSheet = Sheet[ArticlePricesFields]


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
    articles = read_catalogue(tx).by_number
    numbers = Claims("articleNumber", frozenset())
    added = []
    for entry in sheet.entries:
        number, given = entry.fields.article_number, entry.fields.prices
        with sheet.findings.at(entry.place):
            if number not in articles:
                raise NotFound(
                    f"there is no article “{number}”",
                    place="articleNumber",
                    mend="Import it with: faktura catalogue import",
                )
            numbers.claim(number, entry.place)
            article = articles[number]
            prices = checked_prices(given, tenant.currency, name="prices", present=article.prices)
            added.append((article, prices))
    sheet.findings.refuse_if_any()
    append_prices(tx, added)
    return PriceReceipt(len(added), sum(len(prices) for _article, prices in added))

"""What a tenant sells: read once a run, written by imports."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from faktura.domain.articles import Article, Price, ProductGroup
from faktura.domain.tax import TaxGroup
from faktura.kernel.terms import ArticleUnit, Supply
from faktura.store.bulk import Row, bulk_write
from faktura.store.codec import from_json, to_json
from faktura.store.duplicates import refusing_duplicates
from faktura.store.tables import article, article_price, product_group, project, tax_group
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Project:
    """A brand or product line of a tenant; invoices never mix projects."""

    id: UUID
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All articles of a tenant, by id and by number."""

    articles: Mapping[UUID, Article]

    @property
    def by_number(self) -> dict[str, Article]:
        """Articles by their number."""
        return {found.number: found for found in self.articles.values()}


def read_catalogue(tx: Tx) -> Catalogue:
    """Every article with its group, tax group and prices: four reads, whatever their number."""
    groups = read_product_groups(tx)
    prices = _read_prices(tx)
    rows = tx.connection.execute(select(article).where(article.c.tenant_id == tx.tenant_id))
    return Catalogue(
        {
            row.id: Article(
                row.id,
                row.number,
                row.name,
                ArticleUnit(row.unit),
                Supply(row.supply),
                groups[row.product_group_key],
                tuple(prices.get(row.id, ())),
                row.description,
                row.html_description,
                row.recurring,
                row.cost_centre,
            )
            for row in rows
        }
    )


def article_projects(tx: Tx) -> dict[UUID, UUID]:
    """The project of each article that belongs to one (F049)."""
    rows = tx.connection.execute(
        select(article.c.id, article.c.project_id).where(
            article.c.tenant_id == tx.tenant_id, article.c.project_id.is_not(None)
        )
    )
    return {row.id: row.project_id for row in rows}


class CurrentCatalogue:
    """The catalogue as of each transaction: read again only when articles or prices were added."""

    def __init__(self) -> None:
        self._mark: tuple[int, int] | None = None
        self._catalogue = Catalogue({})

    def of(self, tx: Tx) -> Catalogue:
        """The catalogue that this transaction sees."""
        counts = [
            tx.connection.execute(
                select(func.count()).where(table.c.tenant_id == tx.tenant_id)
            ).scalar_one()
            for table in (article, article_price)
        ]
        mark = counts[0], counts[1]
        if mark != self._mark:
            self._mark, self._catalogue = mark, read_catalogue(tx)
        return self._catalogue


def _read_prices(tx: Tx) -> dict[UUID, list[Price]]:
    found: dict[UUID, list[Price]] = {}
    rows = tx.connection.execute(
        select(article_price)
        .where(article_price.c.tenant_id == tx.tenant_id)
        .order_by(article_price.c.article_id, article_price.c.no)
    )
    for row in rows:
        price = Price(
            row.unit_price, row.currency, row.valid_from, row.valid_until, row.from_quantity
        )
        found.setdefault(row.article_id, []).append(price)
    return found


def read_tax_groups(tx: Tx) -> dict[str, TaxGroup]:
    """Tax groups by key."""
    rows = tx.connection.execute(select(tax_group).where(tax_group.c.tenant_id == tx.tenant_id))
    return {row.key: from_json(row.data, TaxGroup) for row in rows}


def read_product_groups(tx: Tx) -> dict[str, ProductGroup]:
    """Product groups by key, each with its tax group."""
    taxes = read_tax_groups(tx)
    rows = tx.connection.execute(
        select(product_group).where(product_group.c.tenant_id == tx.tenant_id)
    )
    return {
        row.key: ProductGroup(row.key, row.name, taxes[row.tax_group_key], row.revenue_account)
        for row in rows
    }


def read_projects(tx: Tx) -> dict[str, Project]:
    """Projects by key."""
    rows = tx.connection.execute(select(project).where(project.c.tenant_id == tx.tenant_id))
    return {row.key: Project(row.id, row.key, row.name) for row in rows}


def write_projects(tx: Tx, projects: Iterable[Project]) -> None:
    """Add projects."""
    with refusing_duplicates("project key"):
        bulk_write(tx, project, [(tx.tenant_id, p.id, p.key, p.name) for p in projects])


def write_tax_groups(tx: Tx, groups: Iterable[TaxGroup]) -> None:
    """Add tax groups."""
    rows: list[Row] = [(tx.tenant_id, g.key, to_json(g, TaxGroup)) for g in groups]
    with refusing_duplicates("tax group key"):
        bulk_write(tx, tax_group, rows)


def write_product_groups(tx: Tx, groups: Iterable[ProductGroup]) -> None:
    """Add product groups; their tax groups exist."""
    rows: list[Row] = [
        (tx.tenant_id, g.key, g.name, g.tax_group.key, g.revenue_account) for g in groups
    ]
    with refusing_duplicates("product group key"):
        bulk_write(tx, product_group, rows)


def write_articles(tx: Tx, articles: Iterable[Article], project_ids: Mapping[UUID, UUID]) -> None:
    """Add articles with their prices; `project_ids` maps an article's id to its project's."""
    rows: list[Row] = []
    prices: list[Row] = []
    for new in articles:
        rows.append(
            (
                tx.tenant_id,
                new.id,
                new.number,
                project_ids.get(new.id),
                new.group.key,
                new.name,
                new.unit,
                new.supply,
                new.recurring,
                new.description,
                new.html_description,
                new.cost_centre,
            )
        )
        prices += _price_rows(tx, new.id, new.prices, first=1)
    with refusing_duplicates("article number"):
        bulk_write(tx, article, rows)
    bulk_write(tx, article_price, prices)


def append_prices(tx: Tx, added: Iterable[tuple[Article, Sequence[Price]]]) -> None:
    """Add prices behind those that each article has; raises NumberTaken where others were faster."""
    rows = [
        row
        for sold, prices in added
        for row in _price_rows(tx, sold.id, prices, first=len(sold.prices) + 1)
    ]
    with refusing_duplicates("price of an article"):
        bulk_write(tx, article_price, rows)


def _price_rows(tx: Tx, article_id: UUID, prices: Sequence[Price], *, first: int) -> list[Row]:
    return [
        (
            tx.tenant_id,
            article_id,
            no,
            price.unit_price,
            price.currency,
            price.valid_from,
            price.valid_until,
            price.from_quantity,
        )
        for no, price in enumerate(prices, first)
    ]

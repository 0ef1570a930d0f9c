"""What a tenant sells: read once a run, written by imports."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from faktura.domain.articles import Article, Price, ProductGroup
from faktura.domain.pauses import NO_POLICY, PausePolicy
from faktura.domain.tax import TaxGroup
from faktura.kernel.errors import NotFound
from faktura.kernel.terms import ArticleUnit, Supply
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.codec import from_json, to_json
from faktura.store.cost_columns import costs_from_text, costs_text
from faktura.store.duplicates import refusing_duplicates
from faktura.store.pages import page_after
from faktura.store.tables import article, article_price, product_group, project, tax_group
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Project:
    """A brand or product line of a tenant; invoices never mix projects.

    `api_enabled` says whether keys reach it (F114).
    """

    id: UUID
    key: str
    name: str
    api_enabled: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Articles of a tenant by id: all of them, or those that an act needs."""

    articles: Mapping[UUID, Article]


def read_catalogue(tx: Tx) -> Catalogue:
    """Every article with its group, tax group and prices: four reads, whatever their number."""
    rows = tx.connection.execute(select(article).where(article.c.tenant_id == tx.tenant_id))
    prices = _prices_of(
        tx.connection.execute(
            select(article_price)
            .where(article_price.c.tenant_id == tx.tenant_id)
            .order_by(article_price.c.article_id, article_price.c.no)
        )
    )
    return Catalogue(_articles(rows, read_product_groups(tx), prices))


def read_articles(tx: Tx, ids: Iterable[UUID]) -> Catalogue:
    """The catalogue of these articles alone: what one act needs does not grow with the house."""
    groups = read_product_groups(tx)
    found: dict[UUID, Article] = {}
    for batch in in_batches(sorted(set(ids))):
        rows = tx.connection.execute(
            select(article).where(article.c.tenant_id == tx.tenant_id, article.c.id.in_(batch))
        )
        prices = _prices_of(
            tx.connection.execute(
                select(article_price)
                .where(
                    article_price.c.tenant_id == tx.tenant_id, article_price.c.article_id.in_(batch)
                )
                .order_by(article_price.c.article_id, article_price.c.no)
            )
        )
        found |= _articles(rows, groups, prices)
    return Catalogue(found)


def _articles(
    rows: Iterable[Any], groups: Mapping[str, ProductGroup], prices: Mapping[UUID, list[Price]]
) -> dict[UUID, Article]:
    return {
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
            _policy(row),
            costs_from_text(row.costs),
        )
        for row in rows
    }


def _policy(row: Any) -> PausePolicy:
    extends, later, whole = row.pause_extends_term, row.pause_billed_later, row.whole_periods_only
    return PausePolicy(extends, later, whole) if extends or later or whole else NO_POLICY


def _prices_of(rows: Iterable[Any]) -> dict[UUID, list[Price]]:
    found: dict[UUID, list[Price]] = {}
    for row in rows:
        price = Price(
            row.unit_price, row.currency, row.valid_from, row.valid_until, row.from_quantity
        )
        found.setdefault(row.article_id, []).append(price)
    return found


class CurrentCatalogue:
    """The catalogue as of each transaction: read again only when an article came or changed."""

    def __init__(self) -> None:
        self._mark: tuple[int, int] | None = None
        self._catalogue = Catalogue({})

    def of(self, tx: Tx) -> Catalogue:
        """The catalogue that this transaction sees."""
        count, changes = tx.connection.execute(
            select(func.count(), func.coalesce(func.sum(article.c.changes), 0)).where(
                article.c.tenant_id == tx.tenant_id
            )
        ).one()
        mark = int(count), int(changes)
        if mark != self._mark:
            self._mark, self._catalogue = mark, read_catalogue(tx)
        return self._catalogue


def read_tax_groups(tx: Tx) -> dict[str, TaxGroup]:
    """Tax groups by key."""
    return {group.key: group for group in list_tax_groups(tx)}


def read_product_groups(tx: Tx) -> dict[str, ProductGroup]:
    """Product groups by key, each with its tax group."""
    return {group.key: group for group in list_product_groups(tx)}


def read_projects(tx: Tx) -> dict[str, Project]:
    """Projects by key."""
    return {found.key: found for found in list_projects(tx)}


def project_key(tx: Tx, project_id: UUID) -> str:
    """The key of the project of that id; raises NotFound."""
    found: str | None = tx.connection.execute(
        select(project.c.key).where(project.c.tenant_id == tx.tenant_id, project.c.id == project_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(f"there is no project {project_id}")
    return found


def list_projects(
    tx: Tx,
    *,
    projects: Collection[UUID] | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> list[Project]:
    """Projects by key, of those behind `after`; `projects` None means all of them."""
    query = select(project).where(project.c.tenant_id == tx.tenant_id)
    if projects is not None:
        query = query.where(project.c.id.in_(projects))
    rows = tx.connection.execute(page_after(query, project.c.key, after, limit))
    return [Project(row.id, row.key, row.name, row.api_enabled) for row in rows]


def list_tax_groups(
    tx: Tx, *, after: str | None = None, limit: int | None = None
) -> list[TaxGroup]:
    """Tax groups by key, of those behind `after`."""
    query = select(tax_group.c.data).where(tax_group.c.tenant_id == tx.tenant_id)
    rows = tx.connection.execute(page_after(query, tax_group.c.key, after, limit))
    return [from_json(row.data, TaxGroup) for row in rows]


def list_product_groups(
    tx: Tx, *, after: str | None = None, limit: int | None = None
) -> list[ProductGroup]:
    """Product groups by key, of those behind `after`, each with its tax group."""
    taxes = read_tax_groups(tx)
    query = select(product_group).where(product_group.c.tenant_id == tx.tenant_id)
    rows = tx.connection.execute(page_after(query, product_group.c.key, after, limit))
    return [
        ProductGroup(row.key, row.name, taxes[row.tax_group_key], row.revenue_account)
        for row in rows
    ]


def write_projects(tx: Tx, projects: Iterable[Project]) -> None:
    """Add projects."""
    with refusing_duplicates("project key"):
        bulk_write(
            tx, project, [(tx.tenant_id, p.id, p.key, p.name, p.api_enabled) for p in projects]
        )


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
                0,
                new.pause_policy.extends_term,
                new.pause_policy.billed_later,
                new.pause_policy.whole_periods_only,
                costs_text(new.costs),
            )
        )
        prices += _price_rows(tx, new.id, new.prices, first=1)
    with refusing_duplicates("article number"):
        bulk_write(tx, article, rows)
    bulk_write(tx, article_price, prices)


def append_prices(tx: Tx, added: Iterable[tuple[Article, Sequence[Price]]]) -> None:
    """Add prices behind those that each article has, which counts as a change of the article.

    Raises NumberTaken where others were faster.
    """
    rows: list[Row] = []
    changed = []
    for sold, prices in added:
        rows += _price_rows(tx, sold.id, prices, first=len(sold.prices) + 1)
        changed.append(sold.id)
    with refusing_duplicates("price of an article"):
        bulk_write(tx, article_price, rows)
    for batch in in_batches(changed):
        tx.connection.execute(
            update(article)
            .where(article.c.tenant_id == tx.tenant_id, article.c.id.in_(batch))
            .values(changes=article.c.changes + 1)
        )


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
